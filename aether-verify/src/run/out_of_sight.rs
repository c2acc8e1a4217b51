//! Files that hold secrets, by the places where programs keep them.

use std::path::{Path, PathBuf};

/// Places of secrets below the home folder of a user: keys, tokens, passwords, sessions of browsers.
///
/// Meant for [`HostRunner::with_hidden`](crate::HostRunner::with_hidden); a place that is not there is no error.
///
/// # Examples
///
/// ```
/// use std::path::Path;
/// let secrets = aether_verify::secrets_of_home(Path::new("/srv/user"));
/// assert!(secrets.contains(&Path::new("/srv/user/.ssh").to_owned()));
/// ```
#[must_use]
pub fn secrets_of_home(home: &Path) -> Vec<PathBuf> {
    [
        ".ssh",
        ".gnupg",
        ".aws",
        ".azure",
        ".kube",
        ".docker",
        ".netrc",
        ".git-credentials",
        ".pgpass",
        ".npmrc",
        ".pypirc",
        ".password-store",
        ".mozilla",
        ".config/gcloud",
        ".config/gh",
        ".config/git/credentials",
        ".config/google-chrome",
        ".config/chromium",
        ".local/share/keyrings",
    ]
    .iter()
    .map(|place| home.join(place))
    .collect()
}

/// Places of secrets below the home folder of cargo, the rest of which its commands must read.
///
/// # Examples
///
/// ```
/// use std::path::Path;
/// let secrets = aether_verify::secrets_of_cargo(Path::new("/srv/user/.cargo"));
/// assert!(secrets.contains(&Path::new("/srv/user/.cargo/credentials.toml").to_owned()));
/// ```
#[must_use]
pub fn secrets_of_cargo(cargo_home: &Path) -> Vec<PathBuf> {
    ["credentials", "credentials.toml"].iter().map(|place| cargo_home.join(place)).collect()
}
