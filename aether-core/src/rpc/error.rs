//! Why a request was not done.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::base::ErrorCode;

/// The number of an error. Those from -32768 to -32000 are reserved by the protocol.
///
/// Open: a reader keeps a number that it does not know.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RpcErrorCode(pub i64);

impl RpcErrorCode {
    /// What came is no JSON.
    pub const PARSE_ERROR: Self = Self(-32_700);
    /// What came is JSON and no request, or goes beyond a limit.
    pub const INVALID_REQUEST: Self = Self(-32_600);
    /// There is no such method.
    pub const METHOD_NOT_FOUND: Self = Self(-32_601);
    /// The parameters are none of the method.
    pub const INVALID_PARAMS: Self = Self(-32_602);
    /// It failed for a reason that is a defect of the server.
    pub const INTERNAL_ERROR: Self = Self(-32_603);
    /// It failed; the stable code in `data.code` says of what.
    pub const FAILED: Self = Self(-32_000);
    /// The policy does not allow it, or wants to be asked.
    pub const NOT_ALLOWED: Self = Self(-32_001);
    /// It was cancelled, by the number that the Language Server Protocol has for that.
    pub const CANCELLED: Self = Self(-32_800);
}

/// Why a request was not done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[error("{message} ({code})", code = code.0)]
#[non_exhaustive]
pub struct RpcError {
    /// Its number.
    pub code: RpcErrorCode,
    /// More about it; of an error of Aether its stable code, as `{"code": "patch.stale"}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<Value>,
    /// A sentence for people.
    pub message: String,
}

impl RpcError {
    /// An error of the protocol.
    #[must_use]
    pub fn new(code: RpcErrorCode, message: impl Into<String>) -> Self {
        Self { code, data: None, message: message.into() }
    }

    /// An error of Aether: the number by its kind, the stable code beside it.
    ///
    /// # Examples
    ///
    /// ```
    /// use aether_core::base::ErrorCode;
    /// use aether_core::rpc::{RpcError, RpcErrorCode};
    /// let error = RpcError::of(&ErrorCode::POLICY_DENIED, "editing files is denied");
    /// assert_eq!(error.code, RpcErrorCode::NOT_ALLOWED);
    /// assert_eq!(error.stable_code(), Some(ErrorCode::POLICY_DENIED));
    /// ```
    #[must_use]
    pub fn of(code: &ErrorCode, message: impl Into<String>) -> Self {
        let number = match code.as_str() {
            _ if *code == ErrorCode::INTERNAL => RpcErrorCode::INTERNAL_ERROR,
            _ if *code == ErrorCode::CANCELLED => RpcErrorCode::CANCELLED,
            text if text.starts_with("policy.") => RpcErrorCode::NOT_ALLOWED,
            text if text.starts_with("usage.") => RpcErrorCode::INVALID_PARAMS,
            _ => RpcErrorCode::FAILED,
        };
        Self { data: Some(json!({ "code": code.as_str() })), ..Self::new(number, message) }
    }

    /// The stable code beside the number, where there is one.
    #[must_use]
    pub fn stable_code(&self) -> Option<ErrorCode> {
        Some(ErrorCode::new(self.data.as_ref()?.get("code")?.as_str()?))
    }
}
