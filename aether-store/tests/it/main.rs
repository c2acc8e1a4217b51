//! Integration tests of the store.

mod apply;
mod support;
