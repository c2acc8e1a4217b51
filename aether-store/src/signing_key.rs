//! The file of the key that signs checkpoints and tips: readable by its owner alone, and never replaced.

use std::io;
use std::path::{Path, PathBuf};

use aether_core::base::{ErrorCode, decode_base64, encode_base64};
use aether_core::record::{NoteError, Signer as _};

use crate::ed25519::Ed25519Signer;
use crate::secret_file::{self, SecretFault};

/// What the text of a private key begins with.
const PREFIX: &str = "PRIVATE+KEY+";
/// The byte that stands for Ed25519.
const ED25519: u8 = 1;
const SEED_BYTES: usize = 32;
/// Longest file that is read, in bytes; its name is what makes one longer than a line.
const MAX_BYTES: usize = 1024;

/// Why there is no key to sign with.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct SigningKeyError(#[from] Fault);

/// What a caller may branch on.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum SigningKeyErrorKind {
    /// There is no key file.
    Missing,
    /// There is a key file already.
    Exists,
    /// The file is a link, a folder or something else that is no file.
    NotAFile,
    /// Others than its owner may read or write the file.
    OpenToOthers,
    /// The file belongs to another user.
    NotOwned,
    /// The file is not the text of a private key of Ed25519 with the id that belongs to it.
    BadKey,
    /// The name is none of a key, or longer than 256 bytes.
    BadName,
    /// The file could not be read or written.
    Io,
    /// No random bytes could be had.
    NoRandomness,
}

impl SigningKeyError {
    /// The kind of this error.
    #[must_use]
    pub fn kind(&self) -> SigningKeyErrorKind {
        match &self.0 {
            Fault::Missing(_) => SigningKeyErrorKind::Missing,
            Fault::Exists(_) => SigningKeyErrorKind::Exists,
            Fault::NotAFile(_) => SigningKeyErrorKind::NotAFile,
            Fault::OpenToOthers { .. } => SigningKeyErrorKind::OpenToOthers,
            Fault::NotOwned { .. } => SigningKeyErrorKind::NotOwned,
            Fault::BadKey { .. } => SigningKeyErrorKind::BadKey,
            Fault::LongName | Fault::Name(_) => SigningKeyErrorKind::BadName,
            Fault::Io { .. } => SigningKeyErrorKind::Io,
            Fault::NoRandomness(_) => SigningKeyErrorKind::NoRandomness,
        }
    }

    /// The stable code of this error.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        match self.kind() {
            SigningKeyErrorKind::Missing => ErrorCode::SIGNING_NO_KEY,
            SigningKeyErrorKind::Exists => ErrorCode::SIGNING_KEY_EXISTS,
            SigningKeyErrorKind::NotAFile
            | SigningKeyErrorKind::OpenToOthers
            | SigningKeyErrorKind::NotOwned => ErrorCode::SIGNING_UNSAFE_KEY,
            SigningKeyErrorKind::BadKey | SigningKeyErrorKind::BadName => ErrorCode::SIGNING_BAD_KEY,
            SigningKeyErrorKind::Io | SigningKeyErrorKind::NoRandomness => ErrorCode::STORE_IO,
        }
    }
}

#[derive(Debug, thiserror::Error)]
enum Fault {
    #[error("signing key {} is not there", .0.display())]
    Missing(PathBuf),
    #[error("signing key {} is there already", .0.display())]
    Exists(PathBuf),
    #[error("signing key {} is a link, or no file", .0.display())]
    NotAFile(PathBuf),
    #[error("signing key {} has the mode {mode:o}: others than its owner may use it", .path.display())]
    OpenToOthers { path: PathBuf, mode: u32 },
    #[error("signing key {} belongs to the user {owner}", .path.display())]
    NotOwned { path: PathBuf, owner: u32 },
    // Never quotes the file.
    #[error("signing key {} is no private key: {why}", .path.display())]
    BadKey { path: PathBuf, why: &'static str },
    #[error("name of a key is longer than {MAX_NAME_BYTES} bytes")]
    LongName,
    #[error(transparent)]
    Name(#[from] NoteError),
    #[error("signing key {} could not be used", .path.display())]
    Io {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("no random bytes could be had for a signing key")]
    NoRandomness(#[source] io::Error),
}

impl Fault {
    fn of(path: &Path, fault: SecretFault) -> Self {
        let path = path.to_owned();
        match fault {
            SecretFault::Missing => Self::Missing(path),
            SecretFault::Exists => Self::Exists(path),
            SecretFault::NotAFile => Self::NotAFile(path),
            SecretFault::OpenToOthers(mode) => Self::OpenToOthers { path, mode },
            SecretFault::NotOwned(owner) => Self::NotOwned { path, owner },
            SecretFault::TooLong => Self::BadKey { path, why: "it is longer than a key" },
            SecretFault::Io(source) => Self::Io { path, source },
        }
    }
}

/// Longest name of a key that is written.
const MAX_NAME_BYTES: usize = 256;

/// The file of a private key of Ed25519, by custom `.aether/signing.key`: one line in the form of Go's
/// `sumdb/note`, `PRIVATE+KEY+<name>+<id in hex>+<base 64 of the type 0x01 and the 32 bytes of the seed>`, and
/// a line feed. So whatever signs notes with that form can use the key, too.
///
/// On systems other than Unix, neither owner nor permissions of the file are looked at.
///
/// # Examples
///
/// ```
/// use aether_core::record::Signer as _;
/// use aether_store::{SigningKeyErrorKind, SigningKeyFile};
/// # let folder = tempfile::tempdir()?;
/// let path = folder.path().join("signing.key");
/// assert_eq!(SigningKeyFile::open(&path).expect_err("none").kind(), SigningKeyErrorKind::Missing);
/// let made = SigningKeyFile::create(&path, "example.com/ledger")?;
/// assert_eq!(SigningKeyFile::open(&path)?.key(), made.key());
/// let again = SigningKeyFile::create(&path, "example.com/ledger").expect_err("it stays");
/// assert_eq!(again.kind(), SigningKeyErrorKind::Exists);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct SigningKeyFile;

impl SigningKeyFile {
    /// Makes a key from the randomness of the system and keeps it: the file is complete and safe on disk before
    /// it has its name, and one that is there stays. The name should be a URL without scheme such as
    /// `example.com/ledger`, of at most 256 bytes.
    ///
    /// # Errors
    ///
    /// [`SigningKeyErrorKind::Exists`], [`SigningKeyErrorKind::BadName`], [`SigningKeyErrorKind::NoRandomness`]
    /// and [`SigningKeyErrorKind::Io`].
    pub fn create(path: &Path, name: &str) -> Result<Ed25519Signer, SigningKeyError> {
        let mut seed = [0; SEED_BYTES];
        getrandom::fill(&mut seed).map_err(|error| Fault::NoRandomness(io::Error::other(error)))?;
        if name.len() > MAX_NAME_BYTES {
            return Err(Fault::LongName.into());
        }
        let signer = Ed25519Signer::from_seed(name, &seed).map_err(Fault::Name)?;
        secret_file::create(path, text(&signer, &seed).as_bytes()).map_err(|fault| Fault::of(path, fault))?;
        Ok(signer)
    }

    /// Opens the key.
    ///
    /// # Errors
    ///
    /// Every [`SigningKeyErrorKind`] that says that the file is not one to trust. It is left as it is.
    pub fn open(path: &Path) -> Result<Ed25519Signer, SigningKeyError> {
        let bytes = secret_file::read(path, MAX_BYTES).map_err(|fault| Fault::of(path, fault))?;
        parse(&bytes).map_err(|why| Fault::BadKey { path: path.to_owned(), why }.into())
    }
}

fn text(signer: &Ed25519Signer, seed: &[u8; SEED_BYTES]) -> String {
    let id = u32::from_be_bytes(signer.key().id());
    let typed = [&[ED25519], seed.as_slice()].concat();
    format!("{PREFIX}{}+{id:08x}+{}\n", signer.key().name(), encode_base64(&typed))
}

fn parse(bytes: &[u8]) -> Result<Ed25519Signer, &'static str> {
    let line = std::str::from_utf8(bytes).map_err(|_| "it is not UTF-8")?;
    let key = line.strip_suffix('\n').ok_or("it does not end with a line feed")?;
    let key = key.strip_prefix(PREFIX).ok_or("it does not begin with PRIVATE+KEY+")?;
    // The name has no plus, but base 64 may.
    let (name, rest) = key.split_once('+').ok_or("it has no name")?;
    let (_, encoded) = rest.split_once('+').ok_or("it has no id")?;
    let typed = decode_base64(encoded).ok_or("its secret is not base 64")?;
    let [ED25519, seed @ ..] = typed.as_slice() else { return Err("it is not one of Ed25519") };
    let seed: [u8; SEED_BYTES] = seed.try_into().map_err(|_| "its secret has not 32 bytes")?;
    if seed == [0; SEED_BYTES] {
        return Err("its secret is all zeros");
    }
    let signer = Ed25519Signer::from_seed(name, &seed).map_err(|_| "its name is none of a key")?;
    // Also refuses an id in another case or of another key.
    if text(&signer, &seed) == line { Ok(signer) } else { Err("it has the id of another one") }
}
