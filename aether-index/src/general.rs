//! Resolution for every language but Rust: names along scopes and imports, members along classes,
//! receivers as far as annotations, constructors and assignments tell what they are.
//!
//! Nothing is kept between two files but the tables of declarations, so that an answer depends on
//! the facts of a file and on the names that it asked others for, which is what [`keys`] note.
//!
//! [`keys`]: crate::rust::resolve::keys

mod classes;
mod edges;
mod infer;
mod modules;
mod names;
mod open;
mod overloads;
mod tables;
mod types;
mod value;

pub(crate) use edges::{End, GeneralEdge, Resolved};
pub(crate) use tables::General;
