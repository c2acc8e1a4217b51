//! Strategies of `proptest` 1.x for values of this group.
//!
//! # Examples
//!
//! ```
//! use aether_core::base::{RelPath, strategies};
//! use proptest::prelude::*;
//!
//! proptest!(|(path in strategies::rel_path())| {
//!     prop_assert_eq!(RelPath::from_bytes(&path.to_bytes()), Ok(path));
//! });
//! ```

use proptest::collection::vec;
use proptest::prelude::{Strategy, any, prop_oneof};

use super::{RelPath, Timestamp};

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

/// Any time that can be written.
pub fn timestamp() -> impl Strategy<Value = Timestamp> {
    any::<i64>().prop_map(|ms| Timestamp::from_unix_ms(ms % 300_000_000_000_000))
}
