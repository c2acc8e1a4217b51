//! Messages of JSON-RPC 2.0 (jsonrpc.org/specification): what every surface that speaks it reads and writes.
//!
//! Here are the messages alone. How they are framed (a length in front, or one a line) and where they go is for the
//! surface to say; which method does what, for the engine behind it.
//!
//! # Examples
//!
//! ```
//! use aether_core::rpc::{Incoming, RpcLimits, RpcMessage, RpcMethod, RpcResponse, read_rpc};
//!
//! let bytes = br#"{"jsonrpc":"2.0","id":7,"method":"cargo.check","params":{}}"#;
//! let Ok(Incoming::One(RpcMessage::Request(request))) = read_rpc(bytes, &RpcLimits::default()) else {
//!     unreachable!()
//! };
//! assert_eq!(RpcMethod::new(&request.method), RpcMethod::CARGO_CHECK);
//!
//! let answer = RpcResponse::of(request.id, Ok(serde_json::json!({ "green": true })));
//! let text = serde_json::to_string(&answer)?;
//! assert_eq!(text, r#"{"id":7,"jsonrpc":"2.0","result":{"green":true}}"#);
//! # Ok::<(), serde_json::Error>(())
//! ```

mod error;
mod id;
mod message;
mod method;
mod read;

pub use error::{RpcError, RpcErrorCode};
pub use id::RpcId;
pub use message::{RpcMessage, RpcRequest, RpcResponse};
pub use method::{CancelParams, ProgressParams, RpcMethod};
pub use read::{Incoming, RpcLimits, read_rpc};

/// Version of the records of this module; that of the protocol is 2.0. *Experimental.*
pub const SCHEMA_VERSION: u32 = 1;
