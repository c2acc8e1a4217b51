//! Providers of semantic records: what keeps those that wait on the outside within limits, and one for tests.

mod limited;
mod mock;

pub use limited::{CallLimits, LimitedProvider};
pub use mock::MockProvider;
