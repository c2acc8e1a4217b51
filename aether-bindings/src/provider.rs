//! Providers of semantic records and vectors: what keeps those that wait on the outside within limits, and one
//! for tests.

mod calls;
mod limited;
mod mock;
#[cfg(feature = "remote")]
mod openai;

pub use calls::CallLimits;
pub use limited::{LimitedEmbeddings, LimitedProvider};
pub use mock::MockProvider;
#[cfg(feature = "remote")]
pub use openai::{EndpointError, OpenAiCompat, SocketPermits};
