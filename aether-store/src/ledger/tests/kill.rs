//! Programs that are killed while they append: by chance, and at each step that a commit takes.

use std::io::{self, BufRead as _, BufReader};
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::model::Random;
use super::{event, events, small_segments};
use crate::ledger::disk::{Disk, Folder, Held};
use crate::ledger::{Doubt, Ledger, Trust, Verdict, verify_ledger};

/// Kills of one run of the tests; `AETHER_LEDGER_KILLS` asks for more.
const KILLS: u64 = 100;
const FOLDER: &str = "AETHER_LEDGER_TEST_FOLDER";
const STEP: &str = "AETHER_LEDGER_TEST_STEP";
const AT: &str = "AETHER_LEDGER_TEST_AT";

/// Where the program waits to be killed.
const STEPS: [&str; 7] = ["create", "named", "write", "half", "written", "sync", "synced"];

/// A folder that stops for good at the n-th time of a step, and says so.
#[derive(Debug)]
struct Stopping {
    folder: Folder,
    step: String,
    left: AtomicU64,
}

impl Stopping {
    fn at(&self, step: &str) {
        if step == self.step && self.left.fetch_sub(1, Ordering::SeqCst) == 1 {
            println!("\nat {step}");
            loop {
                std::thread::park();
            }
        }
    }
}

impl Disk for Stopping {
    fn lock(&self, patience: Duration) -> io::Result<Option<Box<dyn Held>>> {
        self.folder.lock(patience)
    }

    fn segments(&self) -> io::Result<Vec<u64>> {
        self.folder.segments()
    }

    fn create(&self, first: u64) -> io::Result<()> {
        self.at("create");
        self.folder.create(first)?;
        self.at("named");
        Ok(())
    }

    fn sync_folder(&self) -> io::Result<()> {
        self.folder.sync_folder()
    }

    fn length(&self, first: u64) -> io::Result<u64> {
        self.folder.length(first)
    }

    fn read_from(&self, first: u64, offset: u64) -> io::Result<Vec<u8>> {
        self.folder.read_from(first, offset)
    }

    fn read_at(&self, first: u64, offset: u64, length: usize) -> io::Result<Vec<u8>> {
        self.folder.read_at(first, offset, length)
    }

    fn write(&self, first: u64, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.at("write");
        let (one, two) = bytes.split_at(bytes.len() / 2);
        self.folder.write(first, offset, one)?;
        self.at("half");
        self.folder.write(first, offset + one.len() as u64, two)?;
        self.at("written");
        Ok(())
    }

    fn sync(&self, first: u64) -> io::Result<()> {
        self.at("sync");
        self.folder.sync(first)?;
        self.at("synced");
        Ok(())
    }

    fn truncate(&self, first: u64, length: u64) -> io::Result<()> {
        self.folder.truncate(first, length)
    }

    fn keep(&self, seq: u64, bytes: &[u8]) -> io::Result<()> {
        self.folder.keep(seq, bytes)
    }

    fn checkpoint(&self) -> io::Result<Option<Vec<u8>>> {
        self.folder.checkpoint()
    }

    fn set_checkpoint(&self, note: &[u8]) -> io::Result<()> {
        self.folder.set_checkpoint(note)
    }
}

/// Not a test by itself: the program that is killed. It appends from two threads until it is, and tells of
/// each event that was acknowledged.
#[test]
fn program_that_is_killed() {
    let Some(path) = std::env::var_os(FOLDER) else { return };
    let text = |name: &str| std::env::var(name).unwrap_or_default();
    let folder = Folder::writer(Path::new(&path)).expect("a folder");
    let left = AtomicU64::new(text(AT).parse().unwrap_or(u64::MAX));
    let disk = Stopping { folder, step: text(STEP), left };
    let ledger = Ledger::open_on(Box::new(disk), &small_segments()).expect("it opens after a kill");
    println!("\nopen");
    std::thread::scope(|scope| {
        for writer in [1, 2] {
            let ledger = &ledger;
            scope.spawn(move || {
                for number in 0.. {
                    let event = event(writer, number);
                    let seqs = ledger.append(&[&event]).expect("it appends");
                    println!("\nack {} {event}", seqs.start);
                }
            });
        }
    });
}

/// What a killed program had said.
struct Killed {
    acknowledged: Vec<(u64, String)>,
    /// Whether it was killed where it was to be.
    is_at_step: bool,
}

/// Runs the program and kills it, after some time or at a step.
fn kill(folder: &Path, step: Option<(&str, u64)>, random: &mut Random) -> Killed {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.args([
        "--exact",
        "ledger::tests::kill::program_that_is_killed",
        "--nocapture",
        "--test-threads=1",
    ]);
    command.env(FOLDER, folder).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    if let Some((step, at)) = step {
        command.env(STEP, step).env(AT, at.to_string());
    }
    let mut child = command.spawn().expect("it starts");
    let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
    let mut said: Vec<String> = Vec::new();
    let mut is_at_step = step.is_none();
    // Until it works, or stands where it is to be killed.
    for line in &mut lines {
        let line = line.expect("a line");
        is_at_step |= line.starts_with("at ");
        let is_ready = step.is_none() && line == "open";
        said.push(line);
        if is_ready || said.last().is_some_and(|line| line.starts_with("at ")) {
            break;
        }
    }
    if step.is_none() {
        std::thread::sleep(Duration::from_micros(random.below(20_000)));
    }
    child.kill().expect("a process of ours");
    let status = child.wait().expect("it ended");
    said.extend(lines.map_while(Result::ok));
    // Killed, and not ended by itself: 9 is SIGKILL.
    let mut errors = String::new();
    let _ = io::Read::read_to_string(&mut child.stderr.take().expect("its errors"), &mut errors);
    assert_eq!(status.signal(), Some(9), "{said:?} {errors}");
    let acknowledged = said.iter().filter_map(|line| {
        let (seq, event) = line.strip_prefix("ack ")?.split_once(' ')?;
        // A line that was cut off by the kill may have lost digits of its event.
        event.ends_with('}').then(|| (seq.parse().expect("a number"), event.to_owned()))
    });
    Killed { acknowledged: acknowledged.collect(), is_at_step }
}

#[test]
fn no_acknowledged_event_is_lost_when_the_program_is_killed() {
    let kills = std::env::var("AETHER_LEDGER_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(KILLS);
    let mut random = Random::new(kills);
    let folder = tempfile::tempdir().expect("a folder");
    let mut acknowledged = 0;
    let mut at_steps = 0;
    let mut size = 0;
    for round in 0..kills {
        let step = (round % 2 == 0).then(|| {
            let step = STEPS[(round / 2) as usize % STEPS.len()];
            // The first two belong to the beginning of a segment, which comes after some ten events.
            let at = if matches!(step, "create" | "named") { 1 } else { 2 + random.below(12) };
            (step, at)
        });
        let killed = kill(folder.path(), step, &mut random);
        assert!(killed.is_at_step, "round {round} {step:?}");
        at_steps += u64::from(step.is_some());
        acknowledged += killed.acknowledged.len();
        let ledger = Ledger::open(folder.path(), &small_segments()).expect("it opens after a kill");
        for (seq, event) in killed.acknowledged {
            let there = ledger.event(seq).expect("it reads");
            assert_eq!(there, Some(event), "round {round} {step:?}: event {seq}");
        }
        assert!(ledger.size() >= size, "round {round}: it shrank");
        size = ledger.size();
    }
    println!(
        "{kills} kills, {at_steps} of them at a chosen step; {acknowledged} acknowledged events, none lost"
    );
    assert!(acknowledged as u64 > kills, "{acknowledged}");
    let ledger = Ledger::open(folder.path(), &small_segments()).expect("it opens");
    assert_eq!(events(&ledger).len() as u64, size);
    let verdict = verify_ledger(folder.path(), &Trust::new("ledger", &[])).expect("it reads");
    let root = ledger.root();
    assert_eq!(verdict, Verdict::Indeterminate { size, root, doubt: Doubt::NoCheckpoint });
}

/// The test above sees what it looks for: an event that was acknowledged before it was safe is missed.
#[test]
fn an_event_that_was_acknowledged_too_early_is_missed() {
    let folder = tempfile::tempdir().expect("a folder");
    let killed = kill(folder.path(), Some(("synced", 3)), &mut Random::new(1));
    let (seq, _) = killed.acknowledged.last().expect("events").clone();
    // What such a program had written is what the disk had before its last acknowledgement.
    let path = folder.path().join(format!("{:020}.jsonl", 0));
    let text = std::fs::read_to_string(&path).expect("a segment");
    let before: String = text.split_inclusive('\n').take(seq as usize).collect();
    std::fs::write(&path, before).expect("it writes");
    let ledger = Ledger::open(folder.path(), &small_segments()).expect("it opens");
    assert_eq!(ledger.event(seq).expect("it reads"), None);
}
