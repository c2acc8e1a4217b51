//! Keys of the audit log in the keyring of the system.

use std::fmt;
use std::sync::Arc;

use aether_core::record::AuditKey;
use keyring_core::{CredentialStore, Entry, Error};

use super::key_file::{AuditKeyError, Fault, named};

/// The first part of the names of keys that are in a keyring.
const PREFIX: &str = "keyring-";
const KEY_BYTES: usize = 32;

/// The keyring of the system: the Keychain on macOS, the Credential Manager on Windows, and elsewhere the Secret
/// Service that the session has on its bus, such as that of GNOME or of KeePassXC. Without such a service there
/// is none: the kernel's own keyring forgets what it holds when the machine starts again, and rows whose key is
/// forgotten can never be verified.
///
/// Its keys are called `keyring-` and 16 hex digits of a hash of the secret, and stand there under the service
/// `aether-audit` and their name. What runs as the user can ask for them as well as Aether can.
///
/// # Examples
///
/// ```
/// use aether_store::AuditKeyring;
/// let keyring = AuditKeyring::in_memory()?;
/// // From a source of randomness for secrets.
/// let key = keyring.create(&[7; 32])?;
/// assert_eq!(keyring.find(key.id())?.map(|found| found.id().to_owned()), Some(key.id().to_owned()));
/// assert!(keyring.create(&[7; 32]).is_err(), "it stays");
/// # Ok::<(), aether_store::AuditKeyError>(())
/// ```
#[derive(Clone)]
pub struct AuditKeyring(Home);

#[derive(Clone)]
enum Home {
    /// Asked for when it is needed: most programs have their key in a file.
    System,
    Memory(Arc<CredentialStore>),
}

impl fmt::Debug for AuditKeyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AuditKeyring").finish()
    }
}

impl AuditKeyring {
    /// What the keys stand under.
    pub const SERVICE: &'static str = "aether-audit";

    /// The keyring of this system, which is not looked at yet.
    #[must_use]
    pub fn of_system() -> Self {
        Self(Home::System)
    }

    /// A keyring in memory, for tests.
    ///
    /// # Errors
    ///
    /// [`AuditKeyErrorKind::Io`](super::AuditKeyErrorKind::Io) where it cannot be made.
    pub fn in_memory() -> Result<Self, AuditKeyError> {
        let store = keyring_core::mock::Store::new().map_err(Fault::Keyring)?;
        Ok(Self(Home::Memory(store)))
    }

    /// The key of this name; `None` where the keyring has none, and for names of other keys.
    ///
    /// # Errors
    ///
    /// [`AuditKeyErrorKind::BadKey`](super::AuditKeyErrorKind::BadKey) where something else stands under the name,
    /// and [`AuditKeyErrorKind::Io`](super::AuditKeyErrorKind::Io) where the keyring is locked or does not answer.
    pub fn find(&self, id: &str) -> Result<Option<AuditKey>, AuditKeyError> {
        if !id.starts_with(PREFIX) {
            return Ok(None);
        }
        let secret = match self.entry(id)?.get_secret() {
            Ok(secret) => secret,
            Err(Error::NoEntry) => return Ok(None),
            Err(error) => return Err(Fault::Keyring(error).into()),
        };
        let secret: [u8; KEY_BYTES] = secret.try_into().map_err(|_| Fault::OtherEntry(id.to_owned()))?;
        match named(PREFIX, &secret)? {
            key if key.id() == id => Ok(Some(key)),
            _ => Err(Fault::OtherEntry(id.to_owned()).into()),
        }
    }

    /// Keeps a new key; one that is there stays. The secret must come from a source of randomness for secrets.
    ///
    /// # Errors
    ///
    /// [`AuditKeyErrorKind::Exists`](super::AuditKeyErrorKind::Exists),
    /// [`AuditKeyErrorKind::BadKey`](super::AuditKeyErrorKind::BadKey) for zeros, and
    /// [`AuditKeyErrorKind::Io`](super::AuditKeyErrorKind::Io), also where the keyring does not give back what it
    /// was given.
    pub fn create(&self, secret: &[u8; KEY_BYTES]) -> Result<AuditKey, AuditKeyError> {
        let key = named(PREFIX, secret)?;
        if self.find(key.id())?.is_some() {
            return Err(Fault::EntryExists(key.id().to_owned()).into());
        }
        self.entry(key.id())?.set_secret(secret).map_err(Fault::Keyring)?;
        // Asked for once more before anything is sealed with it.
        match self.find(key.id())? {
            Some(kept) => Ok(kept),
            None => Err(Fault::Keyring(Error::NoEntry).into()),
        }
    }

    fn entry(&self, id: &str) -> Result<Entry, AuditKeyError> {
        let store = match &self.0 {
            Home::System => system().map_err(Fault::Keyring)?,
            Home::Memory(store) => Arc::clone(store),
        };
        Ok(store.build(Self::SERVICE, id, None).map_err(Fault::Keyring)?)
    }
}

#[cfg(target_os = "macos")]
fn system() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(apple_native_keyring_store::keychain::Store::new()?)
}

#[cfg(windows)]
fn system() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(windows_native_keyring_store::Store::new()?)
}

#[cfg(all(unix, not(target_os = "macos")))]
fn system() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(dbus_secret_service_keyring_store::Store::new()?)
}
