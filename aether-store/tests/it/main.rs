//! Integration tests of the store.

mod apply;
mod conformance;
mod opening;
mod questions;
mod support;
