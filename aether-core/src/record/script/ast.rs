//! What a script says.

use std::fmt;

use super::{ScriptError, ScriptErrorKind};
use crate::base::Sha256Hash;
use crate::change::CheckRole;
use crate::code::Confidence;
use crate::record::trace::{Budget, Count, ProbeOutcome, ProbeTool};

/// Most statements of one script.
pub(super) const MAX_STATEMENTS: usize = 10_000;
/// Deepest nesting of branches: each level costs a frame of the parser.
pub(super) const MAX_DEPTH: usize = 32;

/// A plan as a program: what the session may use, and what it does.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Script {
    budget: Budget,
    statements: Vec<Statement>,
}

impl Script {
    /// A script of these statements. An `else` without statements is the same as none.
    ///
    /// # Errors
    ///
    /// [`ScriptErrorKind::TooLong`] and [`ScriptErrorKind::TooDeep`].
    pub fn new(budget: Budget, statements: Vec<Statement>) -> Result<Self, ScriptError> {
        let mut open: Vec<(&[Statement], usize)> = vec![(&statements, 0)];
        let mut count = 0;
        while let Some((block, depth)) = open.pop() {
            count += block.len();
            if count > MAX_STATEMENTS {
                let detail = format!("script has more than {MAX_STATEMENTS} statements");
                return Err(ScriptError::new(ScriptErrorKind::TooLong, detail));
            }
            for statement in block {
                if let Statement::If { then, otherwise, .. } = statement {
                    if depth == MAX_DEPTH {
                        return Err(too_deep());
                    }
                    open.push((then, depth + 1));
                    open.push((otherwise, depth + 1));
                }
            }
        }
        Ok(Self { budget, statements })
    }

    /// What the session may use.
    #[must_use]
    pub fn budget(&self) -> &Budget {
        &self.budget
    }

    /// What it does.
    #[must_use]
    pub fn statements(&self) -> &[Statement] {
        &self.statements
    }

    /// SHA-256 of the canonical text.
    #[must_use]
    pub fn hash(&self) -> Sha256Hash {
        Sha256Hash::of(self.to_string().as_bytes())
    }
}

pub(super) fn too_deep() -> ScriptError {
    let detail = format!("branches are nested deeper than {MAX_DEPTH} levels");
    ScriptError::new(ScriptErrorKind::TooDeep, detail)
}

/// A name of a probe or of a candidate: `[a-z][a-z0-9_]*`, 64 bytes at most.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Name(String);

impl Name {
    /// Takes a name.
    ///
    /// # Errors
    ///
    /// [`ScriptErrorKind::BadName`] for a text of another form.
    pub fn new(text: impl Into<String>) -> Result<Self, ScriptError> {
        let text = text.into();
        if is_name(&text) {
            Ok(Self(text))
        } else {
            let detail = "name is not a letter a to z and then letters, digits and `_`, 64 at most";
            Err(ScriptError::new(ScriptErrorKind::BadName, detail))
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

pub(super) fn is_name(text: &str) -> bool {
    text.len() <= 64
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'))
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// What is claimed, how sure that will be, and what it cites.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Claim {
    /// The claim.
    pub text: String,
    /// Least confidence that the session must reach.
    pub confidence: Confidence,
    /// The places that it cites, each `path#symbol` or `path#heading`.
    pub anchors: Vec<String>,
}

impl Claim {
    /// A claim.
    #[must_use]
    pub fn new(text: impl Into<String>, confidence: Confidence, anchors: Vec<String>) -> Self {
        Self { text: text.into(), confidence, anchors }
    }
}

/// One step of a script. An old reader takes an unknown one for an error, so a new one comes with a new
/// version of the language.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Statement {
    /// What is to be found out.
    Plan {
        /// In words.
        text: String,
    },
    /// Asks a tool.
    Probe {
        /// What the answer is called.
        name: Name,
        /// Whom.
        tool: ProbeTool,
        /// What.
        target: String,
        /// What it uses beside the one probe.
        costs: Budget,
    },
    /// Goes on only where a probe says this; elsewhere the session makes another plan.
    Expect {
        /// The probe.
        name: Name,
        /// What it has to say.
        outcome: ProbeOutcome,
    },
    /// Goes one of two ways by what a probe said.
    If {
        /// The probe.
        name: Name,
        /// What it has to say for the first way.
        outcome: ProbeOutcome,
        /// The first way.
        then: Vec<Statement>,
        /// The second way.
        otherwise: Vec<Statement>,
    },
    /// Ends with an answer.
    Answer {
        /// The answer.
        claim: Claim,
    },
    /// Decides for a patch.
    Decide {
        /// The patch.
        candidate: Name,
        /// Why it is right.
        claim: Claim,
    },
    /// Runs a command on the tree that a patch makes.
    Verify {
        /// What the command shows.
        role: CheckRole,
        /// The patch.
        candidate: Name,
        /// The command.
        command: String,
        /// What it uses beside the one command.
        costs: Budget,
    },
    /// Applies a patch.
    Patch {
        /// The patch.
        candidate: Name,
        /// Most lines that it may change.
        lines: Count,
    },
    /// Ends with the patches that stand.
    Finish,
    /// Ends without an answer.
    Abstain {
        /// Why.
        reason: String,
        /// Whom to ask next.
        tool: ProbeTool,
        /// What to ask next.
        target: String,
    },
}

/// The kind of a step, by which a policy forbids it.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum StatementKind {
    /// [`Statement::Plan`].
    Plan,
    /// [`Statement::Probe`].
    Probe,
    /// [`Statement::Expect`].
    Expect,
    /// [`Statement::If`].
    If,
    /// [`Statement::Answer`].
    Answer,
    /// [`Statement::Decide`].
    Decide,
    /// [`Statement::Verify`].
    Verify,
    /// [`Statement::Patch`].
    Patch,
    /// [`Statement::Finish`].
    Finish,
    /// [`Statement::Abstain`].
    Abstain,
}

impl Statement {
    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> StatementKind {
        match self {
            Self::Plan { .. } => StatementKind::Plan,
            Self::Probe { .. } => StatementKind::Probe,
            Self::Expect { .. } => StatementKind::Expect,
            Self::If { .. } => StatementKind::If,
            Self::Answer { .. } => StatementKind::Answer,
            Self::Decide { .. } => StatementKind::Decide,
            Self::Verify { .. } => StatementKind::Verify,
            Self::Patch { .. } => StatementKind::Patch,
            Self::Finish => StatementKind::Finish,
            Self::Abstain { .. } => StatementKind::Abstain,
        }
    }
}

pub(super) fn role_name(role: CheckRole) -> &'static str {
    match role {
        CheckRole::Check => "check",
        CheckRole::Test => "test",
        CheckRole::Lint => "lint",
        CheckRole::Format => "format",
    }
}
