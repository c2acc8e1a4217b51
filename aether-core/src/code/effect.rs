//! What a function does beside giving a value, and how it can fail.

use serde::{Deserialize, Serialize};

use super::{Confidence, SymbolId};
use crate::base::{RelPath, open_vocabulary};

/// Version of the records of effects. *Experimental.*
pub const SCHEMA_VERSION: u32 = 1;

open_vocabulary! {
    /// A kind of effect. Open: unknown values survive a round trip.
    EffectKind {
        /// Reads files or folders, or what the system knows of them.
        FILES_READ = "files_read";
        /// Makes, changes, moves or removes files or folders.
        FILES_WRITE = "files_write";
        /// Talks over a network or a local socket.
        NETWORK = "network";
        /// Reads or changes the environment of the process: variables, arguments, the current folder.
        ENVIRONMENT = "environment";
        /// Starts, signals or waits for processes.
        PROCESS = "process";
        /// Ends the process.
        EXIT = "exit";
        /// Reads a clock or sleeps.
        TIME = "time";
        /// Depends on chance.
        RANDOM = "random";
        /// Reads standard input.
        INPUT = "input";
        /// Writes to standard output or standard error.
        OUTPUT = "output";
        /// Starts or waits for threads.
        THREADS = "threads";
        /// Changes what outlives the call and everybody sees: a `static`.
        GLOBAL_STATE = "global_state";
        /// Changes what a caller lends it: `&mut self`, a `&mut` parameter.
        MUTATES = "mutates";
        /// Has code that the compiler does not check.
        UNSAFE = "unsafe";
        /// Gives an error that it makes itself.
        RETURNS_ERROR = "returns_error";
        /// Gives an error on that it got from what it called: `?`.
        PASSES_ERROR = "passes_error";
        /// Panics in so many words: `panic!`, `todo!`.
        PANIC = "panic";
        /// Panics where something does not hold that was taken for granted: `assert!`, `unwrap`, `expect`.
        ASSERTION = "assertion";
        /// Panics where what was taken for impossible happens: `unreachable!`.
        UNREACHABLE = "unreachable";
        /// Panics where an index or a length does not fit.
        INDEX = "index";
        /// Panics where a divisor is zero, or a number overflows in a build that checks.
        ARITHMETIC = "arithmetic";
        /// Calls what could not be resolved or is not known: it may have any other effect.
        UNKNOWN = "unknown";
        /// Told in words alone.
        STATED = "stated";
    }
}

impl EffectKind {
    /// Whether it is a way to fail rather than something that is done: an error that is given, a panic.
    #[must_use]
    pub fn is_failure(&self) -> bool {
        [Self::RETURNS_ERROR, Self::PASSES_ERROR].contains(self) || self.is_panic()
    }

    /// Whether it ends in a panic.
    #[must_use]
    pub fn is_panic(&self) -> bool {
        [Self::PANIC, Self::ASSERTION, Self::UNREACHABLE, Self::INDEX, Self::ARITHMETIC].contains(self)
    }
}

/// One step on the way from a function to an effect: a call, and last what has the effect.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct EffectStep {
    /// The function whose body it stands in.
    pub symbol: SymbolId,
    /// Its file.
    pub file: RelPath,
    /// Byte of the site in that file.
    pub at: u32,
    /// Line of the site, from 1.
    pub line: u32,
    /// What stands there: the call, the macro, the operator.
    pub text: String,
}

impl EffectStep {
    /// A step.
    #[must_use]
    pub fn new(symbol: SymbolId, file: RelPath, at: u32, line: u32, text: String) -> Self {
        Self { symbol, file, at, line, text }
    }
}

/// An effect of a function and the likeliest way that leads to it.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Effect {
    /// Kind.
    pub kind: EffectKind,
    /// How likely it is that a caller meets it: of panics less with each call on the way, because who
    /// calls may have made sure that it cannot happen.
    pub confidence: Confidence,
    /// The way, from the function itself to the origin; never empty.
    pub steps: Vec<EffectStep>,
}

impl Effect {
    /// An effect.
    #[must_use]
    pub fn new(kind: EffectKind, confidence: Confidence, steps: Vec<EffectStep>) -> Self {
        Self { kind, confidence, steps }
    }
}
