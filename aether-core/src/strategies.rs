//! Strategies of `proptest` 1.x for contract types: valid values of every form.
//!
//! # Examples
//!
//! ```
//! use aether_core::base::RelPath;
//! use aether_core::strategies;
//! use proptest::prelude::*;
//!
//! proptest!(|(path in strategies::rel_path())| {
//!     prop_assert_eq!(RelPath::from_bytes(&path.to_bytes()), Ok(path));
//! });
//! ```

mod facts;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::sample::select;

pub use facts::file_facts;

use crate::base::{RelPath, Timestamp};
use crate::code::{Confidence, Edge, EdgeKind, EdgeTarget, Resolution, SymbolId};

/// Paths of one to four components, among them names that are not UTF-8, hold a backslash or are
/// hidden. Not the root.
pub fn rel_path() -> impl Strategy<Value = RelPath> {
    vec(file_name(), 1..=4).prop_filter_map("`..` leads out of the repository", |components| {
        RelPath::from_bytes(&components.join(&b'/')).ok()
    })
}

fn file_name() -> impl Strategy<Value = Vec<u8>> {
    let any_bytes = vec(any::<u8>(), 1..12).prop_map(|mut bytes| {
        bytes.iter_mut().filter(|byte| matches!(byte, 0 | b'/')).for_each(|byte| *byte = b'_');
        bytes
    });
    prop_oneof![
        6 => "[a-z][a-z0-9_]{0,8}(\\.rs)?".prop_map(String::into_bytes),
        2 => "\\PC{1,8}".prop_map(|name| name.replace('/', "_").into_bytes()),
        1 => any_bytes,
    ]
}

/// Any id; small ones often, so that two of them are sometimes equal.
pub fn symbol_id() -> impl Strategy<Value = SymbolId> {
    let small = (0_u8..8).prop_map(|byte| SymbolId::from_bytes([byte; 16]));
    prop_oneof![small, any::<[u8; 16]>().prop_map(SymbolId::from_bytes)]
}

/// Any confidence, the bounds often.
pub fn confidence() -> impl Strategy<Value = Confidence> {
    prop_oneof![Just(0), Just(1000), 0_u16..=1000].prop_map(Confidence::from_thousandths)
}

/// Any time that can be written.
pub fn timestamp() -> impl Strategy<Value = Timestamp> {
    any::<i64>().prop_map(|ms| Timestamp::from_unix_ms(ms % 300_000_000_000_000))
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
