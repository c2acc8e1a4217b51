//! Canonical JSON (RFC 8785), the only form over which a hash is taken.

mod floats;

use serde::Serialize;
use serde_json::Value;

/// Integers beyond ±2^53 are not exact in every JSON reader (RFC 8785, section 3.2.2.3).
const MAX_SAFE_INTEGER: u64 = 1 << 53;

/// Writes `value` in the canonical form of RFC 8785.
///
/// Keys are ordered by UTF-16 code units, there is no white space, and strings carry only the
/// escapes that the RFC prescribes. Floating-point numbers are refused, `NaN` and the infinities
/// included: a record that is hashed holds none (`docs/adr/0004`).
///
/// # Errors
///
/// [`CanonicalJsonErrorKind::Float`] and [`CanonicalJsonErrorKind::UnsafeInteger`] for numbers that
/// have no single exact form, [`CanonicalJsonErrorKind::Serialize`] when `value` is not JSON.
///
/// # Examples
///
/// ```
/// use aether_core::base::canonical_json;
/// let text = canonical_json(&serde_json::json!({"b": 1, "a": [true, null]}))?;
/// assert_eq!(text, r#"{"a":[true,null],"b":1}"#);
/// # Ok::<(), aether_core::base::CanonicalJsonError>(())
/// ```
pub fn canonical_json<T: Serialize + ?Sized>(value: &T) -> Result<String, CanonicalJsonError> {
    if let Some(float) = floats::first_float(value) {
        return Err(Repr::Float(float).into());
    }
    let value = serde_json::to_value(value).map_err(Repr::Serialize)?;
    let mut out = String::new();
    write_value(&value, &mut out)?;
    Ok(out)
}

/// Writes a value whose members already stand in the order that RFC 8785 asks for, and which holds no
/// numbers but small whole ones: then the plain form is the canonical one, at a fraction of the cost.
pub(crate) fn canonical_text<T: Serialize>(value: &T) -> Result<String, CanonicalJsonError> {
    Ok(serde_json::to_string(value).map_err(Repr::Serialize)?)
}

fn write_value(value: &Value, out: &mut String) -> Result<(), CanonicalJsonError> {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => {
            let magnitude = match (number.as_u64(), number.as_i64()) {
                (Some(value), _) => value,
                (None, Some(value)) => value.unsigned_abs(),
                (None, None) => return Err(Repr::Float(number.to_string()).into()),
            };
            if magnitude > MAX_SAFE_INTEGER {
                return Err(Repr::UnsafeInteger(number.to_string()).into());
            }
            out.push_str(&number.to_string());
        }
        Value::String(text) => write_string(text, out),
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_value(item, out)?;
            }
            out.push(']');
        }
        Value::Object(members) => {
            let mut sorted: Vec<_> = members.iter().collect();
            sorted.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
            out.push('{');
            for (index, (key, item)) in sorted.into_iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_string(key, out);
                out.push(':');
                write_value(item, out)?;
            }
            out.push('}');
        }
    }
    Ok(())
}

fn write_string(text: &str, out: &mut String) {
    use std::fmt::Write as _;

    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            control if control < ' ' => {
                // Writing to a `String` cannot fail.
                let _ = write!(out, "\\u{:04x}", u32::from(control));
            }
            other => out.push(other),
        }
    }
    out.push('"');
}

/// Why a value has no canonical JSON form.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct CanonicalJsonError(#[from] Repr);

/// What a caller may branch on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum CanonicalJsonErrorKind {
    /// A floating-point number.
    Float,
    /// An integer beyond ±2^53.
    UnsafeInteger,
    /// The value does not serialise to JSON at all.
    Serialize,
}

impl CanonicalJsonError {
    /// The kind of this error.
    #[must_use]
    pub fn kind(&self) -> CanonicalJsonErrorKind {
        match self.0 {
            Repr::Float(_) => CanonicalJsonErrorKind::Float,
            Repr::UnsafeInteger(_) => CanonicalJsonErrorKind::UnsafeInteger,
            Repr::Serialize(_) => CanonicalJsonErrorKind::Serialize,
        }
    }
}

#[derive(Debug, thiserror::Error)]
enum Repr {
    #[error("floating-point number {0} has no canonical form")]
    Float(String),
    #[error("integer {0} is beyond 2^53")]
    UnsafeInteger(String),
    #[error("value is not JSON")]
    Serialize(#[source] serde_json::Error),
}
