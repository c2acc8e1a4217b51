//! Requests, notifications and responses.

use serde::de::{Deserializer, Error};
use serde::ser::{SerializeMap, Serializer};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::error::RpcError;
use super::id::RpcId;
#[cfg(doc)]
use super::method::RpcMethod;

/// The version of the protocol, which every message names.
const VERSION: &str = "2.0";

/// A request; without an id it is a notification, and is never answered. Names of methods are in [`RpcMethod`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct RpcRequest {
    /// What the response is paired by; absent in a notification.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub id: Option<RpcId>,
    jsonrpc: Version,
    /// Name of the method.
    pub method: String,
    /// Its parameters: an object or a list.
    #[serde(default, deserialize_with = "structured", skip_serializing_if = "Option::is_none")]
    pub params: Option<Value>,
}

impl RpcRequest {
    /// A request that is answered.
    #[must_use]
    pub fn new(id: impl Into<RpcId>, method: impl ToString, params: Option<Value>) -> Self {
        Self { id: Some(id.into()), ..Self::notification(method, params) }
    }

    /// A notification.
    #[must_use]
    pub fn notification(method: impl ToString, params: Option<Value>) -> Self {
        Self { id: None, jsonrpc: Version, method: method.to_string(), params }
    }

    /// Whether nobody waits for an answer.
    #[must_use]
    pub fn is_notification(&self) -> bool {
        self.id.is_none()
    }
}

/// The answer to a request: a result or an error, and never both.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct RpcResponse {
    /// That of the request; absent (`null`) where it could not be read.
    pub id: Option<RpcId>,
    /// What came of it.
    pub outcome: Result<Value, RpcError>,
}

impl RpcResponse {
    /// The answer to the request of this id.
    #[must_use]
    pub fn of(id: Option<RpcId>, outcome: Result<Value, RpcError>) -> Self {
        Self { id, outcome }
    }
}

impl Serialize for RpcResponse {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(3))?;
        // In the order of their names, as everywhere.
        if let Err(error) = &self.outcome {
            map.serialize_entry("error", error)?;
        }
        map.serialize_entry("id", &self.id)?;
        map.serialize_entry("jsonrpc", VERSION)?;
        if let Ok(result) = &self.outcome {
            map.serialize_entry("result", result)?;
        }
        map.end()
    }
}

/// The written form of a response.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default, deserialize_with = "present")]
    error: Option<RpcError>,
    #[serde(deserialize_with = "Option::deserialize")]
    id: Option<RpcId>,
    #[expect(dead_code, reason = "that it is there is all that it says")]
    jsonrpc: Version,
    #[serde(default, deserialize_with = "present")]
    result: Option<Value>,
}

impl<'de> Deserialize<'de> for RpcResponse {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = Written::deserialize(deserializer)?;
        let outcome = match (written.result, written.error) {
            (Some(result), None) => Ok(result),
            (None, Some(error)) => Err(error),
            _ => return Err(D::Error::custom("a response has either a result or an error")),
        };
        Ok(Self { id: written.id, outcome })
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for RpcResponse {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "RpcResponse".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let (error, id) = (generator.subschema_for::<RpcError>(), generator.subschema_for::<Option<RpcId>>());
        schemars::json_schema!({
            "type": "object",
            "description": "The answer to a request: a result or an error, and never both.",
            "properties": {
                "error": error,
                "id": id,
                "jsonrpc": generator.subschema_for::<Version>(),
                "result": { "description": "What came of it." },
            },
            "required": ["id", "jsonrpc"],
            "additionalProperties": false,
            "oneOf": [{ "required": ["result"] }, { "required": ["error"] }],
        })
    }
}

/// What can come.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum RpcMessage {
    /// A request or a notification.
    Request(RpcRequest),
    /// The response to a request of one's own.
    Response(RpcResponse),
}

/// The word `2.0`, and no other.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct Version;

impl Serialize for Version {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(VERSION)
    }
}

impl<'de> Deserialize<'de> for Version {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match &*String::deserialize(deserializer)? {
            VERSION => Ok(Self),
            other => Err(D::Error::custom(format!("{other:?} is not version 2.0"))),
        }
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Version {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "RpcVersion".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "const": VERSION, "description": "Version of the protocol." })
    }
}

/// A member that is there: `null` is a value like any other, or none that fits.
fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// Parameters, which are an object or a list.
fn structured<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    match Value::deserialize(deserializer)? {
        value @ (Value::Object(_) | Value::Array(_)) => Ok(Some(value)),
        _ => Err(D::Error::custom("parameters are an object or a list")),
    }
}
