//! Places on the network, compared by their parts.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{ResourceError, ResourceErrorKind};

/// Longest URL, in bytes.
const MAX_BYTES: usize = 4096;

/// A scheme, a host, a port and a path. As a scope it covers the same scheme, host and port, and the paths at
/// and below its own.
///
/// A host is ASCII, in any case (names beyond are written in their `xn--` form); `*.example.com` stands for
/// every host below `example.com`, itself excluded. User names, queries and fragments are refused: what is
/// not compared must not be there. So are `%`, backslashes and dots as components in paths, because two
/// programs read them in two ways.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(with = "String"))]
pub struct UrlScope {
    scheme: String,
    host: String,
    port: Option<u16>,
    /// Components of the path.
    path: Vec<String>,
}

impl UrlScope {
    /// Reads a URL such as `https://example.com:8443/api`.
    ///
    /// # Errors
    ///
    /// [`ResourceErrorKind::BadUrl`].
    pub fn parse(text: &str) -> Result<Self, ResourceError> {
        read(text).ok_or_else(|| ResourceError::new(ResourceErrorKind::BadUrl, text))
    }

    /// The host, in lower case.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Whether the host stands for many.
    #[must_use]
    pub fn is_pattern(&self) -> bool {
        self.host.starts_with('*')
    }

    /// Whether `other` lies in this place.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        self.scheme == other.scheme
            && self.port == other.port
            && host_covers(&self.host, &other.host)
            && other.path.starts_with(&self.path)
    }

    /// Whether the host is `domain` or lies below it, label by label.
    #[must_use]
    pub fn is_in_domain(&self, domain: &str) -> bool {
        let host = self.host.strip_prefix("*.").unwrap_or(&self.host);
        host == domain || host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'))
    }
}

fn host_covers(scope: &str, host: &str) -> bool {
    match scope.strip_prefix('*') {
        // `*.example.com` covers `*.a.example.com` too, but no scope covers a wider one than itself.
        Some(dot_domain) => scope == host || (host.len() > dot_domain.len() && host.ends_with(dot_domain)),
        None => scope == host,
    }
}

fn read(text: &str) -> Option<UrlScope> {
    if text.len() > MAX_BYTES || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return None;
    }
    let (scheme, rest) = text.split_once("://")?;
    let scheme = scheme.to_ascii_lowercase();
    let is_scheme = scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    if !scheme.starts_with(|first: char| first.is_ascii_alphabetic()) || !is_scheme {
        return None;
    }
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(read_port(port)?)),
        _ => (authority, None),
    };
    let host = host.to_ascii_lowercase();
    if !is_host(&host) {
        return None;
    }
    let path = path.strip_suffix('/').unwrap_or(path);
    let path: Vec<String> = match path {
        "" => Vec::new(),
        path => path.split('/').map(str::to_owned).collect(),
    };
    path.iter().all(|part| is_path_component(part)).then(|| {
        let port = port.or(default_port(&scheme));
        UrlScope { scheme, host, port, path }
    })
}

fn read_port(text: &str) -> Option<u16> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|&port| port != 0 && is_number)
}

fn default_port(scheme: &str) -> Option<u16> {
    match scheme {
        "http" | "ws" => Some(80),
        "https" | "wss" => Some(443),
        _ => None,
    }
}

/// A name of letters, digits and hyphens, an address of version 4, or one of version 6 in brackets.
fn is_host(host: &str) -> bool {
    if let Some(address) = host.strip_prefix('[') {
        let is_digit = |byte: u8| byte.is_ascii_hexdigit() || byte == b':' || byte == b'.';
        // Two spellings of one address are two hosts: a scope then covers less than it could, never more.
        return address
            .strip_suffix(']')
            .is_some_and(|address| address.contains(':') && address.bytes().all(is_digit));
    }
    let name = host.strip_prefix("*.").unwrap_or(host);
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    };
    name.len() <= 253 && name.split('.').all(is_label)
}

fn is_path_component(part: &str) -> bool {
    !part.is_empty() && part != "." && part != ".." && !part.contains(['%', '\\', '?', '#'])
}

impl fmt::Display for UrlScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme, self.host)?;
        if let Some(port) = self.port.filter(|&port| default_port(&self.scheme) != Some(port)) {
            write!(f, ":{port}")?;
        }
        self.path.iter().try_for_each(|part| write!(f, "/{part}"))
    }
}

impl TryFrom<String> for UrlScope {
    type Error = ResourceError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<UrlScope> for String {
    fn from(url: UrlScope) -> Self {
        url.to_string()
    }
}
