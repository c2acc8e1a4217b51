//! Integration tests of the store.

mod apply;
mod conformance;
mod support;
