//! TraceScript: a plan as a small program that can be read, checked and hashed before anything is done.
//!
//! The grammar is in `docs/SCHEMAS.md`, section "TraceScript". A script has one canonical text, that of its
//! [`Display`](std::fmt::Display): what is printed and parsed is the same script, and what is parsed and
//! printed twice is the same text.
//!
//! # Examples
//!
//! ```
//! use aether_core::record::script::{ScriptPolicy, check_script, parse_script};
//!
//! let text = r#"
//! tracescript 1;
//! budget probes 1, commands 4, candidates 1;
//! plan "find where the last word is lost";
//! probe words = index "count_words";
//! if words confirmed {
//!     decide patch c1 "the loop ends too early" confidence 900 anchors "src/lib.rs#count_words";
//!     verify check c1 "cargo check";
//!     verify test c1 "cargo test";
//!     patch c1 lines 3;
//!     verify check c1 "cargo check";
//!     verify test c1 "cargo test";
//!     decide finish;
//! } else {
//!     abstain "there is no such function" next docs "count_words";
//! }
//! "#;
//! let parsed = parse_script(text)?;
//! let witness = check_script(&parsed, &ScriptPolicy::default()).map_err(|found| format!("{found:?}"))?;
//! assert_eq!(witness.worst_case.commands.get(), 4);
//!
//! let hasty = parse_script(r#"tracescript 1; budget nothing; plan "p"; patch c1 lines 1;"#)?;
//! let violations = check_script(&hasty, &ScriptPolicy::default()).err().unwrap_or_default();
//! assert_eq!(violations[0].rule.id(), "script.order.patch_before_decide");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod ast;
mod check;
mod error;
mod lexer;
mod parse;
mod print;
mod rule;

pub use ast::{Claim, Name, Script, Statement, StatementKind};
pub use check::{ScriptPolicy, check_script};
pub use error::{ScriptError, ScriptErrorKind};
pub use parse::{ParsedScript, parse_script};
pub use rule::{ScriptRule, ScriptViolation, Witness, WitnessEntry};

/// Version of the language and of the records of its checker. *Experimental.*
pub const SCHEMA_VERSION: u32 = 1;
