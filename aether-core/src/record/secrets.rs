//! Secrets of well-known shapes in a text, and the text without them: for whatever leaves the machine.

use crate::base::ByteSpan;

/// A shape that a secret has.
///
/// New kinds may come; a reader that does not know one treats it as any other secret.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum SecretKind {
    /// A private key in PEM, from its first line to its last.
    PrivateKey,
    /// An access key of AWS.
    AwsKey,
    /// A token of GitHub.
    GithubToken,
    /// A token of GitLab.
    GitlabToken,
    /// A token of Slack.
    SlackToken,
    /// A key of a provider of models, such as `sk-…`.
    ModelKey,
    /// A key of Google's services.
    GoogleKey,
    /// A signed JSON Web Token (RFC 7519).
    WebToken,
    /// The password of a URL.
    UrlPassword,
    /// What is assigned to a name such as `password` or `api_key`, when it looks as if drawn by chance.
    Assigned,
}

impl SecretKind {
    /// The name that stands in place of the secret.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PrivateKey => "private_key",
            Self::AwsKey => "aws_key",
            Self::GithubToken => "github_token",
            Self::GitlabToken => "gitlab_token",
            Self::SlackToken => "slack_token",
            Self::ModelKey => "model_key",
            Self::GoogleKey => "google_key",
            Self::WebToken => "web_token",
            Self::UrlPassword => "url_password",
            Self::Assigned => "assigned",
        }
    }
}

/// Where a secret stands.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub struct Secret {
    /// Its shape.
    pub kind: SecretKind,
    /// Its bytes in the text, half-open; whatever is there only to name it stands outside.
    pub span: ByteSpan,
}

/// A token that begins with a mark: the kind, the mark, the letters behind it and how many there are at least.
type Token = (SecretKind, &'static str, fn(u8) -> bool, usize);

const TOKENS: [Token; 20] = [
    (SecretKind::AwsKey, "AKIA", is_base32, 16),
    (SecretKind::AwsKey, "ASIA", is_base32, 16),
    (SecretKind::GithubToken, "ghp_", is_alphanumeric, 36),
    (SecretKind::GithubToken, "gho_", is_alphanumeric, 36),
    (SecretKind::GithubToken, "ghu_", is_alphanumeric, 36),
    (SecretKind::GithubToken, "ghs_", is_alphanumeric, 36),
    (SecretKind::GithubToken, "ghr_", is_alphanumeric, 36),
    (SecretKind::GithubToken, "github_pat_", is_word, 22),
    (SecretKind::GitlabToken, "glpat-", is_token, 20),
    (SecretKind::GitlabToken, "gldt-", is_token, 20),
    (SecretKind::GitlabToken, "glrt-", is_token, 20),
    (SecretKind::SlackToken, "xoxa-", is_token, 20),
    (SecretKind::SlackToken, "xoxb-", is_token, 20),
    (SecretKind::SlackToken, "xoxp-", is_token, 20),
    (SecretKind::SlackToken, "xoxr-", is_token, 20),
    (SecretKind::SlackToken, "xoxs-", is_token, 20),
    (SecretKind::ModelKey, "sk-ant-", is_token, 20),
    (SecretKind::ModelKey, "sk-proj-", is_token, 20),
    (SecretKind::ModelKey, "sk-", is_token, 20),
    (SecretKind::GoogleKey, "AIza", is_token, 35),
];

/// Ends of names that a secret is assigned to, in lower case and without `_` and `-`.
const NAMES: [&str; 10] = [
    "password",
    "passwd",
    "passphrase",
    "pwd",
    "secret",
    "token",
    "apikey",
    "accesskey",
    "secretkey",
    "privatekey",
];

/// Shortest rest of a private key, in bytes: below that the text is about keys.
const SHORTEST_KEY: usize = 16;
/// Shortest value that is taken for a secret because of the name that it is assigned to.
const SHORTEST_ASSIGNED: usize = 12;

/// Finds the secrets of well-known shapes in a text, in the order in which they stand there; none overlap.
///
/// What has no shape is not found: a password of plain words, a key in a form of its own. Hashes, ids and
/// names in ordinary code have none of the shapes.
///
/// # Examples
///
/// ```
/// use aether_core::record::{SecretKind, find_secrets};
/// let found = find_secrets("key = AKIAIOSFODNN7EXAMPLE");
/// assert_eq!(found[0].kind, SecretKind::AwsKey);
/// assert_eq!((found[0].span.start, found[0].span.end), (6, 26));
/// ```
#[must_use]
pub fn find_secrets(text: &str) -> Vec<Secret> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    // Where the last secret ended: what follows it follows no word.
    let mut behind = 0;
    while at < bytes.len() {
        let secret = private_key(text, at)
            .or_else(|| {
                let starts = at == behind || starts_word(bytes, at);
                starts.then(|| token(bytes, at).or_else(|| web_token(bytes, at)))?
            })
            .or_else(|| url_password(bytes, at))
            .or_else(|| assigned(bytes, at));
        match secret {
            Some((kind, start, end)) => {
                // Texts above 4 GiB have no spans, and are for nobody to export.
                let (Ok(from), Ok(to)) = (u32::try_from(start), u32::try_from(end)) else { return found };
                found.push(Secret { kind, span: ByteSpan::new(from, to) });
                at = end;
                behind = end;
            }
            None => at += 1,
        }
    }
    found
}

/// The text with `[redacted:<kind>]` in place of each secret. What is in quotes stays in quotes, and JSON
/// stays JSON. Redacting twice gives the same as once.
#[must_use]
pub fn redact_secrets(text: &str) -> String {
    let mut redacted = String::with_capacity(text.len());
    let mut rest = 0;
    for secret in find_secrets(text) {
        let (start, end) = (secret.span.start as usize, secret.span.end as usize);
        redacted.push_str(text.get(rest..start).unwrap_or_default());
        redacted.push_str("[redacted:");
        redacted.push_str(secret.kind.as_str());
        redacted.push(']');
        rest = end;
    }
    redacted.push_str(text.get(rest..).unwrap_or_default());
    redacted
}

type Found = Option<(SecretKind, usize, usize)>;

/// A private key from `-----BEGIN … PRIVATE KEY-----` to the end of its last line; without that line, as
/// far as there are letters of base 64 and line breaks, also those that JSON writes as `\n`.
fn private_key(text: &str, at: usize) -> Found {
    const BEGIN: &str = "-----BEGIN ";
    let rest = text.get(at..)?.strip_prefix(BEGIN)?;
    let label = rest.split("-----").next()?;
    if label.len() > 40 || !label.ends_with("PRIVATE KEY") || !label.bytes().all(is_label) {
        return None;
    }
    let start = at + BEGIN.len() + label.len() + 5;
    let bytes = text.as_bytes();
    let mut end = start;
    loop {
        match (bytes.get(end), bytes.get(end + 1)) {
            (Some(b'\\'), Some(b'n' | b'r')) => end += 2,
            (Some(byte), _) if is_alphanumeric(*byte) || b"+/=\n\r :,-".contains(byte) => end += 1,
            _ => break,
        }
    }
    let body = text.get(start..end)?;
    let last = format!("-----END {label}-----");
    let length = body.find(&last).map_or(body.len(), |found| found + last.len());
    (length >= SHORTEST_KEY).then_some((SecretKind::PrivateKey, at, start + length))
}

fn token(bytes: &[u8], at: usize) -> Found {
    TOKENS.iter().find_map(|(kind, mark, is_letter, least)| {
        let rest = bytes.get(at..)?.strip_prefix(mark.as_bytes())?;
        let length = run(rest, *is_letter);
        let value = rest.get(..length)?;
        // An access key has one length; names in code such as `sk-some-long-class-name` have no digits.
        let fits = match kind {
            SecretKind::AwsKey => length == *least && !rest.get(length).is_some_and(|byte| is_word(*byte)),
            _ => length >= *least && is_mixed(value),
        };
        fits.then_some((*kind, at, at + mark.len() + length))
    })
}

/// Three parts of base 64 for URLs, the first two of which are JSON objects.
fn web_token(bytes: &[u8], at: usize) -> Found {
    let part = |from: usize, least: usize| {
        let length = run(bytes.get(from..)?, is_token);
        (length >= least).then_some(from + length)
    };
    let object = |from: usize| bytes.get(from..)?.starts_with(b"eyJ").then(|| part(from, 10))?;
    let dot = |at: usize| (bytes.get(at) == Some(&b'.')).then_some(at + 1);
    let end = part(dot(object(dot(object(at)?)?)?)?, 16)?;
    Some((SecretKind::WebToken, at, end))
}

/// What stands between the name and the host of a URL: `://name:password@host`.
fn url_password(bytes: &[u8], at: usize) -> Found {
    let rest = bytes.get(at..)?.strip_prefix(b"://")?;
    let is_part = |byte: u8| byte > b' ' && !b"/@:\"'`<>{}$[]\\".contains(&byte);
    let name = run(rest, is_part);
    let password = rest.get(name..)?.strip_prefix(b":")?;
    let length = run(password, is_part);
    let start = at + 3 + name + 1;
    (length >= 3 && password.get(length) == Some(&b'@')).then_some((
        SecretKind::UrlPassword,
        start,
        start + length,
    ))
}

/// A value behind a name, with `=` or `:` between them and maybe quotes around either.
fn assigned(bytes: &[u8], at: usize) -> Found {
    if !matches!(bytes.get(at), Some(b'=' | b':')) || !is_named(bytes.get(..at)?) {
        return None;
    }
    let start = at + 1 + opening(bytes.get(at + 1..)?);
    let rest = bytes.get(start..)?;
    // The padding of base 64 is only at the end: so no value reaches into the next one, and each is read once.
    let length = run(rest, is_value);
    let padding = rest.get(length..)?.iter().take(2).take_while(|byte| **byte == b'=').count();
    let value = rest.get(..length + padding)?;
    let is_secret = value.len() >= SHORTEST_ASSIGNED && is_mixed(value) && is_drawn(value);
    // What is called, indexed or continued is an expression.
    let is_expression = rest.get(value.len()).is_some_and(|byte| b"([{<:".contains(byte));
    (is_secret && !is_expression).then_some((SecretKind::Assigned, start, start + value.len()))
}

/// Length of spaces and quotes in front of a value; a backslash counts as part of a quote alone, because in
/// JSON it may belong to the value.
fn opening(bytes: &[u8]) -> usize {
    let mut length = 0;
    while length < 16 {
        match (bytes.get(length), bytes.get(length + 1)) {
            (Some(b' ' | b'\t' | b'"' | b'\'' | b'`'), _) => length += 1,
            (Some(b'\\'), Some(b'"')) => length += 2,
            _ => break,
        }
    }
    length
}

/// Whether a text ends with a name that a secret is assigned to, quotes and spaces behind it left out.
fn is_named(before: &[u8]) -> bool {
    let letters = before
        .iter()
        .rev()
        .take(64)
        .skip_while(|byte| b" \t\"'\\".contains(byte))
        .take_while(|byte| is_word(**byte) || **byte == b'-')
        .filter(|byte| is_alphanumeric(**byte))
        .map(u8::to_ascii_lowercase);
    let reversed: Vec<u8> = letters.collect();
    NAMES.iter().any(|name| {
        reversed.len() >= name.len() && name.bytes().rev().eq(reversed.iter().copied().take(name.len()))
    })
}

fn starts_word(bytes: &[u8], at: usize) -> bool {
    at.checked_sub(1).and_then(|before| bytes.get(before)).is_none_or(|before| {
        // In JSON a line break in front of a token is the letter `n` behind a backslash.
        !is_token(*before) || (at >= 2 && bytes.get(at - 2) == Some(&b'\\') && b"nrt".contains(before))
    })
}

fn run(bytes: &[u8], is_letter: impl Fn(u8) -> bool) -> usize {
    bytes.iter().take_while(|byte| is_letter(**byte)).count()
}

/// Letters and digits, and not in one case with the digits of hexadecimal alone: that is a hash.
fn is_mixed(value: &[u8]) -> bool {
    let has = |is: fn(&u8) -> bool| value.iter().any(is);
    has(u8::is_ascii_digit) && has(u8::is_ascii_alphabetic) && !value.iter().all(u8::is_ascii_hexdigit)
}

/// Whether a value looks as if it was drawn by chance: of many letters, and with digits or signs in more
/// places than a name in code has them.
fn is_drawn(value: &[u8]) -> bool {
    let mut seen = [false; 256];
    value.iter().for_each(|byte| seen[usize::from(*byte)] = true);
    let distinct = seen.iter().filter(|seen| **seen).count();
    let changes =
        value.windows(2).filter(|pair| pair[0].is_ascii_digit() != pair[1].is_ascii_digit()).count();
    distinct >= 8 && (changes >= 3 || value.iter().any(|byte| b"+/=~!@#%^&*".contains(byte)))
}

fn is_alphanumeric(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
}

fn is_label(byte: u8) -> bool {
    matches!(byte, b'A'..=b'Z' | b'0'..=b'9' | b' ')
}

fn is_base32(byte: u8) -> bool {
    matches!(byte, b'A'..=b'Z' | b'0'..=b'9')
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Also base 64 for URLs.
fn is_token(byte: u8) -> bool {
    is_word(byte) || byte == b'-'
}

fn is_value(byte: u8) -> bool {
    is_word(byte) || b"-+/.~!@#%^&*".contains(&byte)
}
