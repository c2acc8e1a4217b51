//! DSSE, the envelope in which statements of in-toto are signed.

use serde::{Deserialize, Serialize};

use super::PatchProvenance;
use crate::base::{canonical_json, decode_base64, encode_base64};
use crate::record::{NoteError, Signer, Verifier};

/// The type of a statement of in-toto in an envelope.
pub const PAYLOAD_TYPE: &str = "application/vnd.in-toto+json";

/// A signature in an envelope.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "EnvelopeSignature"))]
#[non_exhaustive]
pub struct Signature {
    /// Names the key: its public half as C2SP `signed-note` writes it.
    pub keyid: String,
    /// The signature in base 64.
    pub sig: String,
}

/// A signed payload (Dead Simple Signing Envelope 1.0.2).
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Envelope {
    /// What the payload is.
    pub payload_type: String,
    /// The payload in base 64.
    pub payload: String,
    /// Signatures.
    pub signatures: Vec<Signature>,
}

/// An envelope that does not hold what it should.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum EnvelopeError {
    /// No signature of it is one of a known key.
    #[error("no signature of the envelope is one of a known key")]
    Unsigned,
    /// Its payload is not the statement of a patch.
    #[error("the envelope does not hold the statement of a patch")]
    NoStatement,
}

impl Envelope {
    /// Signs the statement of a patch.
    ///
    /// # Errors
    ///
    /// When the key cannot be used.
    pub fn sign(provenance: &PatchProvenance, signer: &dyn Signer) -> Result<Self, NoteError> {
        // A statement can always be written.
        let payload = canonical_json(&provenance.statement()).unwrap_or_default();
        let signature = signer.sign(&signed_bytes(PAYLOAD_TYPE, payload.as_bytes()))?;
        Ok(Self {
            payload_type: PAYLOAD_TYPE.to_owned(),
            payload: encode_base64(payload.as_bytes()),
            signatures: vec![Signature { keyid: signer.key().to_string(), sig: encode_base64(&signature) }],
        })
    }

    /// The record in the envelope, once a known key has signed it. The payload is read only then.
    ///
    /// # Errors
    ///
    /// [`EnvelopeError`].
    pub fn open(&self, known: &[&dyn Verifier]) -> Result<PatchProvenance, EnvelopeError> {
        let payload = decode_base64(&self.payload).ok_or(EnvelopeError::NoStatement)?;
        let signed = signed_bytes(&self.payload_type, &payload);
        let is_signed = self.signatures.iter().any(|signature| {
            let bytes = decode_base64(&signature.sig).unwrap_or_default();
            // The name of the key only says which to try.
            known.iter().any(|known| known.verify(&signed, &bytes))
        });
        if !is_signed {
            return Err(EnvelopeError::Unsigned);
        }
        let is_statement = self.payload_type == PAYLOAD_TYPE;
        let value: Option<serde_json::Value> = serde_json::from_slice(&payload).ok().filter(|_| is_statement);
        let predicate = value.filter(|value| value["predicateType"] == super::PREDICATE_TYPE);
        predicate
            .and_then(|mut value| serde_json::from_value(value["predicate"].take()).ok())
            .ok_or(EnvelopeError::NoStatement)
    }
}

/// What is signed: the pre-authentication encoding of DSSE.
fn signed_bytes(payload_type: &str, payload: &[u8]) -> Vec<u8> {
    let head = format!("DSSEv1 {} {payload_type} {} ", payload_type.len(), payload.len());
    [head.as_bytes(), payload].concat()
}

#[cfg(test)]
mod tests {
    /// The example of the protocol's page.
    #[test]
    fn what_is_signed_is_that_of_the_protocol() {
        let bytes = super::signed_bytes("http://example.com/HelloWorld", b"hello world");
        assert_eq!(bytes, b"DSSEv1 29 http://example.com/HelloWorld 11 hello world");
    }
}
