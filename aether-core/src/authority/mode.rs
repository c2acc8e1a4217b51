//! How an action comes to be approved, and the presets that say so for every capability.

use serde::{Deserialize, Serialize};

/// How a capability is approved.
///
/// A closed set: a reader refuses a value that it does not know.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum ApprovalMode {
    /// Never, whatever is granted: a hard block.
    Block,
    /// Never, in this preset.
    Deny,
    /// Only as a draft that somebody else makes real.
    DraftOnly,
    /// When somebody says so, or a grant covers it.
    Ask,
    /// When somebody said so once for the task.
    PerTask,
    /// Without asking where the resource lies in the scope of the policy; elsewhere when somebody says so.
    InScope,
    /// Without asking.
    Auto,
}

impl ApprovalMode {
    /// Each of them, the strictest first.
    pub const ALL: [Self; 7] =
        [Self::Block, Self::Deny, Self::DraftOnly, Self::Ask, Self::PerTask, Self::InScope, Self::Auto];

    /// Whether some action can go through: with a grant, after asking, or by itself.
    #[must_use]
    pub const fn is_open(self) -> bool {
        !matches!(self, Self::Block | Self::Deny)
    }
}

/// How long a grant lasts, without the task or session that it is for.
///
/// A closed set: a reader refuses a value that it does not know.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum DurationKind {
    /// One action.
    Once,
    /// One task.
    Task,
    /// One session.
    Session,
    /// Until it expires.
    Persistent,
}

/// A named set of approval modes.
///
/// A closed set: a reader refuses a value that it does not know.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Preset {
    /// Looks and changes nothing.
    Observer,
    /// Changes what each task was allowed to.
    #[default]
    Assistant,
    /// Works by itself and asks about what cannot be undone.
    Operator,
    /// Everything that is not asked about each time.
    PowerUser,
}

impl Preset {
    /// Each of them, the one that may least first.
    pub const ALL: [Self; 4] = [Self::Observer, Self::Assistant, Self::Operator, Self::PowerUser];

    /// The name, such as `power_user`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Observer => "observer",
            Self::Assistant => "assistant",
            Self::Operator => "operator",
            Self::PowerUser => "power_user",
        }
    }
}
