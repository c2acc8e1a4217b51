//! Values that every other family builds on: hashes, canonical JSON, paths, spans, limits, errors.

#[cfg(feature = "proptest1")]
pub mod strategies;

mod base64;
mod cancel;
mod config;
mod error;
mod hash;
mod json;
mod limits;
mod path;
mod span;
mod time;
mod vocabulary;

pub use base64::{decode_base64, encode_base64};
pub use cancel::{Cancel, Cancelled};
pub use config::{
    Config, ConfigError, ConfigErrorKind, ConfigWarning, ContainerConfig, IndexConfig, KubernetesConfig,
    PolicySection, SearchConfig, StorageConfig, VerifyConfig,
};
pub use error::ErrorCode;
pub use hash::{Sha256Hash, Sha256HashError, Sha256Hasher};
pub(crate) use hash::{blake3_text, fingerprint, read_hex, write_hex};
pub(crate) use json::canonical_text;
pub use json::{CanonicalJsonError, CanonicalJsonErrorKind, canonical_json};
pub use limits::{IndexLimits, LimitExceeded};
pub use path::{RelPath, RelPathError, RelPathErrorKind};
pub use span::{ByteSpan, LineSpan};
pub use time::{Timestamp, TimestampError};
pub(crate) use vocabulary::open_vocabulary;
