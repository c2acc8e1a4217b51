//! Strategies of `proptest` 1.x for values of this group: valid ones of every form.
//!
//! # Examples
//!
//! ```
//! use aether_core::code::strategies;
//! use proptest::prelude::*;
//!
//! proptest!(|(facts in strategies::file_facts())| {
//!     prop_assert_eq!(facts.validate(), Ok(()));
//! });
//! ```

mod facts;

use proptest::option;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::sample::select;

pub use facts::file_facts;

use super::{Confidence, Edge, EdgeKind, EdgeTarget, Resolution, SymbolId};

/// Any id; small ones often, so that two of them are sometimes equal.
pub fn symbol_id() -> impl Strategy<Value = SymbolId> {
    let small = (0_u8..8).prop_map(|byte| SymbolId::from_bytes([byte; 16]));
    prop_oneof![small, any::<[u8; 16]>().prop_map(SymbolId::from_bytes)]
}

/// Any confidence, the bounds often.
pub fn confidence() -> impl Strategy<Value = Confidence> {
    prop_oneof![Just(0), Just(1000), 0_u16..=1000].prop_map(Confidence::from_thousandths)
}

/// Any target: a symbol, a path out of the project, or none.
pub fn edge_target() -> impl Strategy<Value = EdgeTarget> {
    prop_oneof![
        3 => symbol_id().prop_map(EdgeTarget::Symbol),
        2 => "(std|core)(::[a-z]{1,6}){1,3}".prop_map(|path| EdgeTarget::External(path.into())),
        1 => Just(EdgeTarget::Unresolved),
    ]
}

/// Any edge. Ends are random: a test that needs edges between symbols of its own sets them.
pub fn edge() -> impl Strategy<Value = Edge> {
    let what = (select(EdgeKind::ALL.to_vec()), select(Resolution::ALL.to_vec()), confidence());
    let site = (1_u32..10_000, any::<u32>(), "\\PC{0,20}");
    (symbol_id(), edge_target(), what, site).prop_map(
        |(source, target, (kind, resolution, confidence), (line, at, text))| Edge {
            source,
            kind,
            line,
            at,
            target,
            confidence,
            resolution,
            text,
        },
    )
}

/// Names of a language: words, raw ones, other alphabets.
fn name() -> impl Strategy<Value = String> {
    prop_oneof!["[a-zA-Z_][a-zA-Z0-9_]{0,6}", "[α-ωа-я]{1,4}", "<[A-Z][a-z]{1,3} as [A-Z][a-z]{1,3}>"]
}

fn maybe<S: Strategy>(strategy: S) -> impl Strategy<Value = Option<S::Value>> {
    option::of(strategy)
}
