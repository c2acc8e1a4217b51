//! Reads what comes from somebody whom nobody knows.

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value, json};

use super::error::{RpcError, RpcErrorCode};
use super::id::RpcId;
use super::message::{RpcMessage, RpcRequest, RpcResponse};

/// How much a reader takes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct RpcLimits {
    /// Longest message, in bytes. Default 8 MiB.
    pub max_bytes: usize,
    /// Deepest nesting, 100 at most. Default 64.
    pub max_depth: u32,
    /// Most messages of a batch. Default 256.
    pub max_batch: usize,
}

impl Default for RpcLimits {
    fn default() -> Self {
        Self { max_bytes: 8 * 1024 * 1024, max_depth: 64, max_batch: 256 }
    }
}

/// What came.
#[derive(Clone, Debug, PartialEq)]
pub enum Incoming {
    /// One message.
    One(RpcMessage),
    /// Several at once. What is no message is the response that says so; a server answers with one list of the
    /// responses, or with nothing where all are notifications.
    Batch(Vec<Result<RpcMessage, RpcResponse>>),
}

/// Reads the bytes of a message, without its frame.
///
/// # Errors
///
/// The response to send: [`RpcErrorCode::PARSE_ERROR`] for what is no JSON or no UTF-8, and
/// [`RpcErrorCode::INVALID_REQUEST`] for what is no message, has a key twice, or goes beyond a limit, with the id of
/// the request where there is one that can be read. No input panics.
pub fn read_rpc(bytes: &[u8], limits: &RpcLimits) -> Result<Incoming, RpcResponse> {
    let refused = |code, why: String| RpcResponse::of(None, Err(RpcError::new(code, why)));
    if bytes.len() > limits.max_bytes {
        let why = format!("the message is longer than {} bytes", limits.max_bytes);
        return Err(refused(RpcErrorCode::INVALID_REQUEST, why));
    }
    let text = std::str::from_utf8(bytes)
        .map_err(|error| refused(RpcErrorCode::PARSE_ERROR, format!("the message is not UTF-8: {error}")))?;
    let fault = Cell::new(None);
    let walk = Walk { fault: &fault, depth: limits.max_depth.min(MAX_DEPTH) };
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let read = walk.deserialize(&mut deserializer).and_then(|value| deserializer.end().map(|()| value));
    let value = match (read, fault.take()) {
        (Ok(value), _) => value,
        (Err(_), Some(why)) => return Err(refused(RpcErrorCode::INVALID_REQUEST, why)),
        (Err(error), None) => {
            return Err(refused(RpcErrorCode::PARSE_ERROR, format!("the message is no JSON: {error}")));
        }
    };
    match value {
        Value::Array(items) if items.is_empty() => {
            Err(refused(RpcErrorCode::INVALID_REQUEST, "the batch is empty".to_owned()))
        }
        Value::Array(items) if items.len() > limits.max_batch => {
            let why = format!("the batch has more than {} messages", limits.max_batch);
            Err(refused(RpcErrorCode::INVALID_REQUEST, why))
        }
        Value::Array(items) => Ok(Incoming::Batch(items.into_iter().map(message).collect())),
        one => message(one).map(Incoming::One),
    }
}

/// The message that a value is, or the response that says why it is none.
fn message(value: Value) -> Result<RpcMessage, RpcResponse> {
    let is_response = value.as_object().is_some_and(|members| !members.contains_key("method"));
    let has = |name: &str| value.get(name).is_some();
    let id = value.get("id").and_then(|id| serde_json::from_value::<RpcId>(id.clone()).ok());
    let read = if is_response && (has("result") || has("error")) {
        serde_json::from_value::<RpcResponse>(value).map(RpcMessage::Response)
    } else {
        serde_json::from_value::<RpcRequest>(value).map(RpcMessage::Request)
    };
    read.map_err(|error| {
        let why = format!("it is no message of JSON-RPC 2.0: {error}");
        RpcResponse::of(id, Err(RpcError::new(RpcErrorCode::INVALID_REQUEST, why)))
    })
}

/// Below the depth at which the reader of JSON stops by itself, so that the error says what it is.
const MAX_DEPTH: u32 = 100;

/// Reads a value and stops at a key that comes twice and beyond the depth.
#[derive(Clone, Copy)]
struct Walk<'a> {
    fault: &'a Cell<Option<String>>,
    /// How many levels are left.
    depth: u32,
}

impl Walk<'_> {
    fn stop<E: Error>(self, why: String) -> E {
        self.fault.set(Some(why));
        E::custom("refused")
    }

    fn deeper<E: Error>(self) -> Result<Self, E> {
        match self.depth.checked_sub(1) {
            Some(depth) => Ok(Self { depth, ..self }),
            None => Err(self.stop("the message is nested too deeply".to_owned())),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(json!(number))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut read = Vec::new();
        while let Some(item) = items.next_element_seed(inner)? {
            read.push(item);
        }
        Ok(Value::Array(read))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut read = Map::new();
        while let Some(key) = members.next_key::<String>()? {
            if read.contains_key(&key) {
                return Err(self.stop(format!("the key {key:?} comes twice")));
            }
            let value = members.next_value_seed(inner)?;
            read.insert(key, value);
        }
        Ok(Value::Object(read))
    }
}
