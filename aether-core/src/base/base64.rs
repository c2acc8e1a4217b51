//! Base 64 as RFC 4648 has it in section 4: the standard alphabet, padded, and one text for each value.

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Writes bytes in base 64 (RFC 4648, section 4), padded.
///
/// # Examples
///
/// ```
/// use aether_core::base::{decode_base64, encode_base64};
/// assert_eq!(encode_base64(b"fooba"), "Zm9vYmE=");
/// assert_eq!(decode_base64("Zm9vYmE=").as_deref(), Some(&b"fooba"[..]));
/// ```
#[must_use]
pub fn encode_base64(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let word = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            let digit = DIGITS[(word >> (18 - 6 * place) & 63) as usize];
            text.push(if place <= chunk.len() { char::from(digit) } else { '=' });
        }
    }
    text
}

/// Reads base 64 (RFC 4648, section 4); `None` unless the text is exactly what [`encode_base64`] writes
/// for some bytes: padded, without white space, and with zeros in the bits that say nothing.
#[must_use]
pub fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let text = text.as_bytes();
    if !text.len().is_multiple_of(4) {
        return None;
    }
    let digits = match text {
        [digits @ .., b'=', b'='] | [digits @ .., b'='] => digits,
        digits => digits,
    };
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    for chunk in digits.chunks(4) {
        let mut word = 0;
        for place in 0..4 {
            word = word << 6 | chunk.get(place).map_or(Some(0), |digit| value(*digit))?;
        }
        // Two digits make one byte, three make two; one digit alone makes none.
        let count = chunk.len().checked_sub(1).filter(|count| *count > 0)?;
        let all = [(word >> 16) as u8, (word >> 8) as u8, word as u8];
        let (said, unsaid) = all.split_at(count);
        if unsaid.iter().any(|byte| *byte != 0) {
            return None;
        }
        bytes.extend_from_slice(said);
    }
    Some(bytes)
}

fn value(digit: u8) -> Option<u32> {
    let value = match digit {
        b'A'..=b'Z' => digit - b'A',
        b'a'..=b'z' => digit - b'a' + 26,
        b'0'..=b'9' => digit - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    };
    Some(u32::from(value))
}
