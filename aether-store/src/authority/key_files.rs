//! The keys that a log has had: a file for each, none ever replaced or removed.

use std::io;
#[cfg(feature = "keyring")]
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use aether_core::base::Timestamp;
use aether_core::record::{AuditActor, AuditKey, AuditReceipt};
#[cfg(feature = "keyring")]
use aether_core::record::{AuditKind, AuditQuery};

use super::key_file::{AuditKeyError, AuditKeyErrorKind, AuditKeyFile, Fault};
#[cfg(feature = "keyring")]
use super::keyring::AuditKeyring;
use super::log::AuditLog;
use super::options::PolicyStoreOptions;
use super::{PolicyStore, PolicyStoreErrorKind};

/// Digits of the name of a key behind `file-`.
const DIGITS: usize = 16;

/// The files of all keys of a log: the first one, by custom `.aether/audit.key`, and in a folder beside it,
/// `.aether/audit.keys`, one for each key that followed, called by the name of its key.
///
/// The head of the log tells which of them seals it now, so no file is ever renamed, replaced or removed: a
/// program that is killed while it changes the key leaves a log with a key. The keys from before are needed as
/// long as the log is to be verified, because rows are never removed.
///
/// # Examples
///
/// ```
/// use aether_core::base::{Cancel, Timestamp};
/// use aether_core::record::{AuditActor, AuditVerdict};
/// use aether_store::{
///     AuditKeyFile, AuditKeyFiles, AuditTrust, PolicyStore, PolicyStoreOptions, audit_key,
/// };
/// # let folder = tempfile::tempdir()?;
/// let (path, options) = (folder.path().join("authority.db"), PolicyStoreOptions::default());
/// let files = AuditKeyFiles::new(AuditKeyFile::new(folder.path().join("audit.key")));
/// let key = audit_key(None, &files, &path, &options, &mut || Ok([7; 32]))?;
/// let store = PolicyStore::open(&path, key, &options)?;
/// // From a source of randomness for secrets.
/// let (next, _) = files.rotate(&store, &[8; 32], AuditActor::User, Timestamp::from_unix_ms(0))?;
///
/// let found = audit_key(None, &files, &path, &options, &mut || panic!("there is one"))?;
/// assert_eq!(found.id(), next.id());
/// let verdict = store.log().verify(&AuditTrust::new(files.all()?), &Cancel::new())?;
/// assert_eq!(verdict, AuditVerdict::Valid { rows: 1 });
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct AuditKeyFiles {
    first: AuditKeyFile,
    #[cfg(feature = "keyring")]
    keyring: Option<AuditKeyring>,
}

impl AuditKeyFiles {
    /// The first file and the folder beside it, neither of which is looked at yet.
    #[must_use]
    pub fn new(first: AuditKeyFile) -> Self {
        Self {
            first,
            #[cfg(feature = "keyring")]
            keyring: None,
        }
    }

    /// Also looks in a keyring for keys that the log names and no file has. With the feature `keyring`.
    #[cfg(feature = "keyring")]
    #[must_use]
    pub fn with_keyring(mut self, keyring: AuditKeyring) -> Self {
        self.keyring = Some(keyring);
        self
    }

    /// The file of the first key.
    #[must_use]
    pub fn first(&self) -> &AuditKeyFile {
        &self.first
    }

    /// The folder of the keys that followed.
    #[must_use]
    pub fn folder(&self) -> PathBuf {
        self.first.path().with_extension("keys")
    }

    /// The file of a key that followed; `None` when it is not the name of a key of a file.
    fn following(&self, id: &str) -> Option<AuditKeyFile> {
        let digits = id.strip_prefix("file-")?;
        let is_hex = digits.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'));
        (digits.len() == DIGITS && is_hex).then(|| AuditKeyFile::new(self.folder().join(format!("{id}.key"))))
    }

    /// The key of this name that followed; `None` when it is nowhere.
    fn find(&self, id: &str) -> Result<Option<AuditKey>, AuditKeyError> {
        #[cfg(feature = "keyring")]
        if let Some(key) = self.keyring.as_ref().map_or(Ok(None), |keyring| keyring.find(id))? {
            return Ok(Some(key));
        }
        let Some(file) = self.following(id) else { return Ok(None) };
        match file.read() {
            Ok(key) if key.id() == id => Ok(Some(key)),
            Ok(_) => Err(Fault::OtherName(file.path().to_owned()).into()),
            Err(error) if error.kind() == AuditKeyErrorKind::Missing => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Every key that there is a file of, the first one in front and the others by name: what is trusted when
    /// the log is verified.
    ///
    /// # Errors
    ///
    /// Every [`AuditKeyErrorKind`] that says that a file is not one to trust.
    pub fn all(&self) -> Result<Vec<AuditKey>, AuditKeyError> {
        let mut keys = Vec::new();
        match self.first.read() {
            Ok(key) => keys.push(key),
            Err(error) if error.kind() == AuditKeyErrorKind::Missing => {}
            Err(error) => return Err(error),
        }
        let folder = self.folder();
        let failed = |source| Fault::Io { path: folder.clone(), source };
        let entries = match std::fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(keys),
            Err(error) => return Err(failed(error).into()),
        };
        let mut names = Vec::new();
        for entry in entries {
            let name = entry.map_err(failed)?.file_name();
            // What a program that was killed left of a new file has another name.
            names.extend(name.to_str().and_then(|name| name.strip_suffix(".key")).map(str::to_owned));
        }
        names.sort_unstable();
        for name in names {
            keys.extend(self.find(&name)?.filter(|key| keys.iter().all(|known| known.id() != key.id())));
        }
        Ok(keys)
    }

    /// Every key of [`all`](Self::all), and those of the keyring that the log announces.
    ///
    /// # Errors
    ///
    /// Those of [`all`](Self::all), and [`AuditKeyErrorKind::Log`] where the log cannot be read.
    pub fn of(&self, log: &AuditLog) -> Result<Vec<AuditKey>, AuditKeyError> {
        #[cfg_attr(not(feature = "keyring"), expect(unused_mut, reason = "only a keyring adds some"))]
        let mut keys = self.all()?;
        #[cfg(feature = "keyring")]
        if let Some(keyring) = &self.keyring {
            let mut names = std::collections::BTreeSet::new();
            let query =
                AuditQuery { kind: Some(AuditKind::KEY_ROTATED), limit: u32::MAX, ..AuditQuery::default() };
            log.visit(&query, &mut |row| {
                let record = row.record();
                names.extend(record.and_then(|it| it.entry.details.get(AuditKind::NEXT_KEY).cloned()));
                ControlFlow::Continue(())
            })
            .map_err(Fault::Log)?;
            for name in names {
                keys.extend(keyring.find(&name)?);
            }
        }
        #[cfg(not(feature = "keyring"))]
        let _ = log;
        Ok(keys)
    }

    /// The same as [`rotate`](Self::rotate) with the next key in the keyring. With the feature `keyring`.
    ///
    /// # Errors
    ///
    /// Those of [`AuditKeyring::create`] and of [`rotate`](Self::rotate); [`AuditKeyErrorKind::Io`] where there is
    /// no keyring.
    #[cfg(feature = "keyring")]
    pub fn rotate_into_keyring(
        &self,
        store: &PolicyStore,
        secret: &[u8; 32],
        by: AuditActor,
        at: Timestamp,
    ) -> Result<(AuditKey, AuditReceipt), AuditKeyError> {
        let keyring = self.keyring.as_ref().ok_or(Fault::Keyring(keyring_core::Error::NoDefaultStore))?;
        let key = keyring.create(secret)?;
        let receipt = store.rotate_key(key.clone(), by, at).map_err(Fault::Rotation)?;
        Ok((key, receipt))
    }

    /// Changes the key of a log: the next one is safe on disk before the row that announces it is written, and the
    /// head is under the next key in the transaction of that row. So a crash leaves the log under the key from
    /// before, and at most a file more, or under the next one, whose file is there.
    ///
    /// The secret must come from a source of randomness for secrets.
    ///
    /// # Errors
    ///
    /// [`AuditKeyErrorKind::BadKey`] for zeros, [`AuditKeyErrorKind::Exists`] for a secret that was a key
    /// already, [`AuditKeyErrorKind::Io`], and [`AuditKeyErrorKind::Log`] where the row could not be written, as
    /// to a log that is not in order.
    pub fn rotate(
        &self,
        store: &PolicyStore,
        secret: &[u8; 32],
        by: AuditActor,
        at: Timestamp,
    ) -> Result<(AuditKey, AuditReceipt), AuditKeyError> {
        let key = AuditKeyFile::key_of(secret)?;
        if self.first.read().is_ok_and(|first| first.id() == key.id()) {
            return Err(Fault::Exists(self.first.path().to_owned()).into());
        }
        let file = self.following(key.id()).ok_or_else(|| Fault::OtherName(self.folder()))?;
        let key = file.create(secret)?;
        let receipt = store.rotate_key(key.clone(), by, at).map_err(Fault::Rotation)?;
        Ok((key, receipt))
    }

    /// The key that the head of the log names, or the first one where it names none of these.
    pub(super) fn of_log(&self, store: &Path, options: &PolicyStoreOptions) -> Result<Found, AuditKeyError> {
        let first = match self.first.read() {
            Ok(key) => Some(key),
            Err(error) if error.kind() == AuditKeyErrorKind::Missing => None,
            Err(error) => return Err(error),
        };
        // Without a key that followed there is nothing to choose from, and the log need not be opened for it.
        #[cfg(feature = "keyring")]
        let has_keyring = self.keyring.is_some();
        #[cfg(not(feature = "keyring"))]
        let has_keyring = false;
        if let Some(first) = &first
            && !has_keyring
            && !self.folder().exists()
        {
            return Ok(Found::Key(first.clone()));
        }
        let head = match AuditLog::open(store, options).and_then(|log| log.head()) {
            Ok(head) => head,
            Err(error) if error.kind() == PolicyStoreErrorKind::Missing => {
                return Ok(first.map_or(Found::NoLog, Found::Key));
            }
            // With a key, whoever opens the file with it is told what is wrong.
            Err(error) => return first.map(Found::Key).ok_or_else(|| Fault::Log(error).into()),
        };
        let named = match &head {
            Some(head) if first.as_ref().is_none_or(|first| first.id() != head.key_id) => {
                self.find(&head.key_id)?
            }
            _ => None,
        };
        match named.or(first) {
            Some(key) => Ok(Found::Key(key)),
            // A key is made before its policy file, so one of a program that began meanwhile is there by now.
            None => match self.first.read() {
                Err(error) if error.kind() == AuditKeyErrorKind::Missing => Ok(Found::Lost),
                read => read.map(Found::Key),
            },
        }
    }
}

/// What the files of the keys say of a log.
#[derive(Debug)]
pub(super) enum Found {
    Key(AuditKey),
    /// There is a log, and no key.
    Lost,
    /// There is neither.
    NoLog,
}
