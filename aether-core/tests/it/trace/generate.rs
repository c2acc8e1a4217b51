//! Valid traces of every form, from a seed.

use std::collections::BTreeMap;

use aether_core::base::{ByteSpan, RelPath, Sha256Hash, Timestamp};
use aether_core::change::CheckRole;
use aether_core::change::{CommandLine, RunMode, RunReport, SandboxReport};
use aether_core::code::{Anchor, AnchorTarget, Confidence, SymbolId};
use aether_core::record::trace::{
    Abstain, AnchorResolver, AnchorState, Body, Budget, Candidate, Check, Count, Decide, DecideAction, Draft,
    Evidence, Header, Note, PatchApplied, Plan, Policy, Probe, ProbeOutcome, ProbeTool, RankedCandidate,
    Scratch, TraceBuilder, TraceId, Verify,
};

/// Numbers that look like chance and are the same for each seed (xorshift64*).
#[derive(Clone, Debug)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self((seed + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// Below `bound`.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % bound.max(1)
    }

    pub(crate) fn one_in(&mut self, bound: usize) -> bool {
        self.below(bound) == 0
    }

    pub(crate) fn hash(&mut self) -> Sha256Hash {
        Sha256Hash::of(&self.below(1 << 30).to_le_bytes())
    }

    pub(crate) fn pick<T: Clone>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())].clone()
    }
}

/// The files that the anchors of generated traces are in.
#[derive(Debug)]
pub(crate) struct Tree(BTreeMap<String, String>);

impl Tree {
    pub(crate) fn new() -> Self {
        let files = (0..5).map(|file| {
            let lines = (0..20).map(|line| format!("fn f{file}_{line}() {{ \"ä\"; }}\n"));
            (format!("src/m{file}.rs"), lines.collect::<String>())
        });
        Self(files.collect())
    }

    fn anchor(&self, random: &mut Random) -> Anchor {
        let (path, text) = self.0.iter().nth(random.below(self.0.len())).expect("there are files");
        let line = random.below(20);
        let start = text.match_indices('\n').map(|(at, _)| at + 1).nth(line).unwrap_or(0);
        let start = if start == text.len() { 0 } else { start };
        let end = text[start..].find('\n').map_or(text.len(), |at| start + at);
        let target = if random.one_in(2) {
            AnchorTarget::Symbol(SymbolId::from_bytes([random.below(255) as u8; 16]))
        } else {
            AnchorTarget::Heading(vec!["Überschrift \"1\"".to_owned(), "\u{1}".to_owned()])
        };
        let span = ByteSpan::new(start as u32, end as u32);
        Anchor::new(RelPath::new(path.as_str()).expect("a path"), target, text, span).expect("it fits")
    }
}

impl AnchorResolver for Tree {
    fn resolve(&self, anchor: &Anchor) -> AnchorState {
        match self.0.get(anchor.file.as_str()) {
            None => AnchorState::Unknown,
            Some(text) if anchor.locate(text) == Ok(anchor.span) => AnchorState::Resolves,
            Some(_) => AnchorState::Stale,
        }
    }
}

const TEXTS: [&str; 6] = [
    "the loop drops the last word",
    "a \"quoted\" \\ path\tand\u{7f}\u{1}\u{2028}",
    "größer 😀 \u{fb33}",
    "",
    "line\nbreak \u{8}\u{c}\r",
    "\"hash\":\"sha256:0\"",
];

/// Writes one session.
struct Writer<'a> {
    random: Random,
    tree: &'a Tree,
    builder: TraceBuilder,
    used: Budget,
    time: Option<i64>,
    state: Sha256Hash,
    probes: Vec<(Count, Probe)>,
}

/// How a generated session ends.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Ending {
    Answer,
    Abstain,
    Finish,
}

/// A valid trace. The ending follows from the seed: seeds that differ by three end alike.
pub(crate) fn trace(seed: u64, tree: &Tree) -> Vec<u8> {
    let ending = [Ending::Finish, Ending::Answer, Ending::Abstain][(seed % 3) as usize];
    session(seed, tree, ending, 3)
}

/// A valid trace with this many rounds of probes and patches at most.
pub(crate) fn session(seed: u64, tree: &Tree, ending: Ending, rounds: usize) -> Vec<u8> {
    let mut random = Random::new(seed);
    let snapshot = random.hash();
    let budget = if random.one_in(2) {
        let mut budget = Budget::UNLIMITED;
        budget.tokens = Count::new(50_000_000);
        budget
    } else {
        Budget::UNLIMITED
    };
    let id = TraceId::new(format!("session-{seed:012}")).expect("an id");
    let started = Timestamp::from_unix_ms(1_763_683_200_000 + seed as i64);
    let policy = Policy::default().with_budget(budget);
    let mut header = Header::new(id, random.pick(&TEXTS), snapshot, "rustc 1.95.0", policy, started);
    if random.one_in(2) {
        header = header.with_script(random.hash());
    }
    let time = (seed % 4 != 3).then(|| started.unix_ms());
    let builder = TraceBuilder::new(header).expect("a header");
    let mut writer =
        Writer { random, tree, builder, used: Budget::ZERO, time, state: snapshot, probes: Vec::new() };
    writer.session(ending, rounds);
    writer.builder.finish()
}

impl Writer<'_> {
    fn session(&mut self, ending: Ending, rounds: usize) {
        self.aside();
        self.plan();
        self.probe(None);
        for _ in 0..self.random.below(rounds) {
            self.aside();
            self.probe(None);
            if self.random.one_in(3) {
                let draft = Draft::new(Body::Decide(Decide::new(DecideAction::Probe, "too little is known")));
                self.write(draft);
            }
            if self.random.one_in(4) {
                self.plan();
            }
        }
        match ending {
            Ending::Answer => {
                let evidence = self.evidence();
                let draft = Draft::new(Body::Decide(Decide::new(DecideAction::Answer, "")));
                let draft = self.claim(draft, 700).with_evidence(evidence);
                self.write(draft);
            }
            Ending::Abstain => {
                if self.random.one_in(2) {
                    self.write(Draft::new(Body::Decide(Decide::new(DecideAction::Abstain, "unsure"))));
                }
                let abstain = Abstain::new(self.random.pick(&TEXTS), "cargo", "cargo check");
                self.write(Draft::new(Body::Abstain(abstain)));
            }
            Ending::Finish => {
                for round in 0..=self.random.below(rounds) {
                    self.patch_round(round == 0);
                }
                self.write(Draft::new(Body::Decide(Decide::new(DecideAction::Finish, "green"))));
            }
        }
    }

    fn write(&mut self, draft: Draft) -> Count {
        let mut draft = draft.with_budget(self.used);
        if let Some(time) = &mut self.time {
            *time += self.random.below(1000) as i64;
            draft = draft.with_time(Timestamp::from_unix_ms(*time));
        }
        self.builder.event(draft).expect("the session goes on");
        self.builder.seq()
    }

    /// A remark or a scratch now and then.
    fn aside(&mut self) {
        match self.random.below(4) {
            0 => {
                let note = Note::new(self.random.pick(&TEXTS));
                self.write(Draft::new(Body::Note(note)));
            }
            1 => {
                let questions = vec![self.random.pick(&TEXTS).to_owned()];
                let draft = Draft::new(Body::Scratch(Scratch::new("hypotheses", questions)));
                let draft = self.claim(draft, 0);
                self.write(draft);
            }
            _ => {}
        }
    }

    fn claim(&mut self, draft: Draft, least: u16) -> Draft {
        let confidence = least + self.random.below(usize::from(1001 - least)) as u16;
        let anchors = (0..=self.random.below(3)).map(|_| self.tree.anchor(&mut self.random)).collect();
        draft.with_claim(self.random.pick(&TEXTS), Confidence::from_thousandths(confidence), anchors)
    }

    fn plan(&mut self) {
        let mut plan = Plan::new([self.random.pick(&TEXTS), "ask"]);
        if self.random.one_in(2) {
            plan.script = Some(self.random.hash());
        }
        self.write(Draft::new(Body::Plan(plan)));
    }

    fn probe(&mut self, candidate: Option<Candidate>) {
        let tool = self.random.pick(&[ProbeTool::INDEX, ProbeTool::CARGO, ProbeTool::new("of my own")]);
        let outcome = self.random.pick(&ProbeOutcome::ALL);
        let mut probe = Probe::new(
            tool,
            self.random.pick(&TEXTS),
            self.state,
            outcome,
            &self.used.tokens.get().to_le_bytes(),
        );
        probe.cache_hit = self.random.one_in(5);
        probe.candidate = candidate;
        probe.exit_code = self.random.one_in(2).then_some(-1);
        probe.diagnostics = self.random.one_in(2).then(|| self.random.hash());
        if !probe.cache_hit {
            self.used.probes = self.used.probes.plus(1);
        }
        self.used.tokens = self.used.tokens.plus(1 + self.random.below(1000) as u64);
        self.used.elapsed_ms = self.used.elapsed_ms.plus(self.random.below(1000) as u64);
        let draft = Draft::new(Body::Probe(probe.clone()));
        let draft = if self.random.one_in(2) { self.claim(draft, 0) } else { draft };
        let seq = self.write(draft);
        self.probes.push((seq, probe));
    }

    fn evidence(&mut self) -> Vec<Evidence> {
        let count = 1 + self.random.below(self.probes.len().min(3));
        let chosen = self.probes.iter().rev().take(count);
        chosen.map(|(seq, probe)| Evidence::new(*seq, probe, Confidence::from_thousandths(600))).collect()
    }

    fn patch_round(&mut self, must_stand: bool) {
        let (patch, other, after) = (self.random.hash(), self.random.hash(), self.random.hash());
        let candidate = Candidate::new(patch, Confidence::from_thousandths(640), "borrow.clone_arc");
        self.used.candidates = self.used.candidates.plus(1);
        self.probe(Some(candidate));
        let verify_first = self.random.one_in(2);
        if verify_first {
            self.verify(after, true);
        }
        let mut decide = Decide::patch(patch, "the only one that compiles");
        let mut rejected = RankedCandidate::new(other, Confidence::from_thousandths(300));
        rejected.rejected = Some("deletes a test".to_owned());
        let chosen = RankedCandidate::new(patch, Confidence::from_thousandths(900));
        decide.candidates = vec![chosen, rejected];
        let evidence = self.evidence();
        let draft = Draft::new(Body::Decide(decide));
        let draft = self.claim(draft, 850).with_evidence(evidence);
        self.write(draft);
        if !verify_first {
            self.verify(after, true);
        }
        let before = self.state;
        let lines = Count::new(1 + self.random.below(20) as u64);
        self.write(Draft::new(Body::Patch(PatchApplied::new(patch, before, after, lines))));
        self.state = after;
        if must_stand || self.random.one_in(2) {
            self.verify(after, true);
        } else {
            self.verify(after, false);
            let mut revert = PatchApplied::new(self.random.hash(), after, before, lines);
            revert.reverts = Some(patch);
            self.write(Draft::new(Body::Patch(revert)));
            self.state = before;
            self.verify(before, true);
        }
    }

    fn verify(&mut self, tree: Sha256Hash, green: bool) {
        let mut checks = vec![
            check(CheckRole::Check, "cargo check", Some(0)),
            check(CheckRole::Test, "cargo test -- 'two words'", if green { Some(0) } else { Some(101) }),
        ];
        if self.random.one_in(3) {
            checks.push(check(CheckRole::Lint, "cargo clippy", Some(0)));
        }
        self.used.commands = self.used.commands.plus(checks.len() as u64);
        self.write(Draft::new(Body::Verify(Verify::new(tree, checks))));
    }
}

pub(crate) fn check(role: CheckRole, command: &str, exit_code: Option<i32>) -> Check {
    let command = CommandLine::parse(command).expect("a command");
    let sandbox = SandboxReport::new(Vec::new(), Default::default(), true);
    let mut report = RunReport::new(command, RunMode::HOST, sandbox);
    report.exit_code = exit_code;
    report.stdout = "ok".to_owned();
    Check::new(role, &report)
}
