//! What the runner tells the launcher: words that end with NUL, in a frame with its length in front.

use std::ffi::{OsStr, OsString};
use std::io::{self, Read, Write};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

use aether_core::change::NetworkAccess;

/// Longest frame, in bytes. The system takes 2 MiB of arguments and environment at most by default, and up
/// to 6 MiB; this leaves room for the folders.
const MAX_FRAME_BYTES: u32 = 16 * 1024 * 1024;

/// What a process of the launcher is to do.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Order {
    /// Make namespaces, and start the program of the launcher again inside of them.
    Enter(Enter),
    /// Arrange what is visible, restrict itself, and run the command as the init of its namespace.
    Inside(Job),
    /// Restrict itself where no namespaces are, and run the command.
    Restricted(Job),
}

/// How to go into namespaces.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Enter {
    /// The program of the launcher, and its arguments.
    pub(super) launcher: Vec<OsString>,
    /// Whether the network stays that of the machine.
    pub(super) network: NetworkAccess,
}

/// A command, and what to confine it to.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Job {
    /// The program, absolute; absent for a probe, which starts nothing.
    pub(super) program: Option<PathBuf>,
    /// What the program is called by, and its arguments.
    pub(super) arguments: Vec<OsString>,
    /// Its environment.
    pub(super) environment: Vec<(OsString, OsString)>,
    /// The folder it starts in.
    pub(super) folder: PathBuf,
    /// Folders that it may write in.
    pub(super) writable: Vec<PathBuf>,
    /// What is put out of sight where there is a mount namespace.
    pub(super) hidden: Vec<PathBuf>,
    /// What stays in sight below something hidden.
    pub(super) visible: Vec<PathBuf>,
    /// What it may reach at most.
    pub(super) network: NetworkAccess,
    /// Most bytes of each of the private folders that lie in memory.
    pub(super) temporary_bytes: u64,
    /// Whether to start it where it can write elsewhere or reach the network.
    pub(super) allow_unconfined: bool,
}

/// A word that is no part of an order: the two sides are not of one version.
#[derive(Debug, thiserror::Error)]
#[error("the launcher and the runner do not speak the same language: {0:?}")]
pub(super) struct UnknownWord(OsString);

impl Order {
    /// Writes it as one frame.
    pub(super) fn send(&self, to: &mut impl Write) -> io::Result<()> {
        let mut payload = Vec::new();
        for word in self.words() {
            if word.as_bytes().contains(&0) {
                return Err(io::Error::new(io::ErrorKind::InvalidInput, "a word of the command holds NUL"));
            }
            payload.extend_from_slice(word.as_bytes());
            payload.push(0);
        }
        let length = u32::try_from(payload.len()).ok().filter(|length| *length <= MAX_FRAME_BYTES);
        let Some(length) = length else {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                format!("the command and its environment are longer than {MAX_FRAME_BYTES} bytes"),
            ));
        };
        to.write_all(&length.to_le_bytes())?;
        to.write_all(&payload)
    }

    /// Reads one frame, and nothing after it: what follows is for another process.
    pub(super) fn receive(from: &mut impl Read) -> io::Result<Self> {
        let mut length = [0; 4];
        from.read_exact(&mut length)?;
        let length = u32::from_le_bytes(length);
        if length > MAX_FRAME_BYTES {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "an order is too long"));
        }
        let mut payload = Vec::new();
        from.take(u64::from(length)).read_to_end(&mut payload)?;
        if payload.len() as u64 != u64::from(length) {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if payload.pop() != Some(0) {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "an order does not end with NUL"));
        }
        let words = payload.split(|byte| *byte == 0).map(|word| OsString::from_vec(word.to_vec()));
        Self::from_words(words).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
    }

    fn words(&self) -> Vec<OsString> {
        let mut words = Vec::new();
        match self {
            Self::Enter(enter) => {
                words.push(word("stage", "enter"));
                words.extend(enter.launcher.iter().map(|part| word("launcher", part)));
                words.push(word("network", network_word(enter.network)));
            }
            Self::Inside(job) => {
                words.push(word("stage", "inside"));
                job.words(&mut words);
            }
            Self::Restricted(job) => {
                words.push(word("stage", "restricted"));
                job.words(&mut words);
            }
        }
        words
    }

    fn from_words(words: impl IntoIterator<Item = OsString>) -> Result<Self, UnknownWord> {
        let mut stage = OsString::new();
        let mut enter = Enter { launcher: Vec::new(), network: NetworkAccess::None };
        let mut job = Job::empty();
        for word in words {
            let (key, value) = split(&word).ok_or_else(|| UnknownWord(word.clone()))?;
            match key {
                b"stage" => stage = value,
                b"launcher" => enter.launcher.push(value),
                b"network" => {
                    let network = network_of(&value).ok_or_else(|| UnknownWord(word.clone()))?;
                    enter.network = network;
                    job.network = network;
                }
                b"program" => job.program = Some(value.into()),
                b"argument" => job.arguments.push(value),
                b"environment" => {
                    let (name, value) = split(&value).ok_or_else(|| UnknownWord(word.clone()))?;
                    job.environment.push((OsString::from_vec(name.to_vec()), value));
                }
                b"folder" => job.folder = value.into(),
                b"writable" => job.writable.push(value.into()),
                b"hidden" => job.hidden.push(value.into()),
                b"visible" => job.visible.push(value.into()),
                b"temporary_bytes" => {
                    job.temporary_bytes = value
                        .to_str()
                        .and_then(|text| text.parse().ok())
                        .ok_or_else(|| UnknownWord(word.clone()))?;
                }
                b"unconfined" if value == "allowed" => job.allow_unconfined = true,
                _ => return Err(UnknownWord(word)),
            }
        }
        match stage.as_bytes() {
            b"enter" => Ok(Self::Enter(enter)),
            b"inside" => Ok(Self::Inside(job)),
            b"restricted" => Ok(Self::Restricted(job)),
            _ => Err(UnknownWord(stage)),
        }
    }
}

impl Job {
    fn empty() -> Self {
        Self {
            program: None,
            arguments: Vec::new(),
            environment: Vec::new(),
            folder: PathBuf::from("/"),
            writable: Vec::new(),
            hidden: Vec::new(),
            visible: Vec::new(),
            network: NetworkAccess::None,
            temporary_bytes: 0,
            allow_unconfined: false,
        }
    }

    fn words(&self, words: &mut Vec<OsString>) {
        let path = |key: &str, path: &Path| word(key, path.as_os_str());
        words.extend(self.program.iter().map(|program| path("program", program)));
        words.extend(self.arguments.iter().map(|argument| word("argument", argument)));
        for (name, value) in &self.environment {
            let mut pair = name.clone();
            pair.push("=");
            pair.push(value);
            words.push(word("environment", pair));
        }
        words.push(path("folder", &self.folder));
        words.extend(self.writable.iter().map(|folder| path("writable", folder)));
        words.extend(self.hidden.iter().map(|hidden| path("hidden", hidden)));
        words.extend(self.visible.iter().map(|visible| path("visible", visible)));
        words.push(word("network", network_word(self.network)));
        words.push(word("temporary_bytes", self.temporary_bytes.to_string()));
        if self.allow_unconfined {
            words.push(word("unconfined", "allowed"));
        }
    }
}

fn word(key: &str, value: impl AsRef<OsStr>) -> OsString {
    let mut word = OsString::from(key);
    word.push("=");
    word.push(value);
    word
}

fn split(word: &OsStr) -> Option<(&[u8], OsString)> {
    let bytes = word.as_bytes();
    let at = bytes.iter().position(|byte| *byte == b'=')?;
    Some((&bytes[..at], OsString::from_vec(bytes[at + 1..].to_vec())))
}

/// The word of a kind of access; one that is not known here is the least.
pub(super) fn network_word(network: NetworkAccess) -> &'static str {
    match network {
        NetworkAccess::Full => "full",
        NetworkAccess::PrivateLoopback => "private_loopback",
        _ => "none",
    }
}

/// The kind of access of a word.
pub(super) fn network_of(word: &OsStr) -> Option<NetworkAccess> {
    match word.as_bytes() {
        b"full" => Some(NetworkAccess::Full),
        b"private_loopback" => Some(NetworkAccess::PrivateLoopback),
        b"none" => Some(NetworkAccess::None),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn any_word() -> impl Strategy<Value = OsString> {
        vec(1_u8.., 0..20).prop_map(OsString::from_vec)
    }

    fn any_name() -> impl Strategy<Value = OsString> {
        "[A-Za-z_][A-Za-z0-9_]{0,8}".prop_map(OsString::from)
    }

    fn any_network() -> impl Strategy<Value = NetworkAccess> {
        prop_oneof![
            Just(NetworkAccess::None),
            Just(NetworkAccess::PrivateLoopback),
            Just(NetworkAccess::Full)
        ]
    }

    prop_compose! {
        fn any_job()(
            program in proptest::option::of(any_word()),
            arguments in vec(any_word(), 0..4),
            environment in vec((any_name(), any_word()), 0..4),
            folder in any_word(),
            paths in vec(vec(any_word(), 0..3), 3),
            network in any_network(),
            temporary_bytes: u64,
            allow_unconfined: bool,
        ) -> Job {
            let paths: Vec<Vec<PathBuf>> =
                paths.into_iter().map(|paths| paths.into_iter().map(PathBuf::from).collect()).collect();
            Job {
                program: program.map(PathBuf::from),
                arguments,
                environment,
                folder: folder.into(),
                writable: paths[0].clone(),
                hidden: paths[1].clone(),
                visible: paths[2].clone(),
                network,
                temporary_bytes,
                allow_unconfined,
            }
        }
    }

    fn any_order() -> impl Strategy<Value = Order> {
        prop_oneof![
            (vec(any_word(), 0..3), any_network())
                .prop_map(|(launcher, network)| Order::Enter(Enter { launcher, network })),
            any_job().prop_map(Order::Inside),
            any_job().prop_map(Order::Restricted),
        ]
    }

    proptest! {
        #[test]
        fn orders_come_back_as_they_were_sent_and_leave_what_follows(first in any_order(), second in any_order()) {
            let mut bytes = Vec::new();
            first.send(&mut bytes).unwrap();
            second.send(&mut bytes).unwrap();
            let mut rest = bytes.as_slice();
            prop_assert_eq!(Order::receive(&mut rest).unwrap(), first);
            prop_assert_eq!(Order::receive(&mut rest).unwrap(), second);
            prop_assert!(rest.is_empty());
        }

        #[test]
        fn no_bytes_make_the_reader_panic(bytes in vec(any::<u8>(), 0..200)) {
            let _ = Order::receive(&mut bytes.as_slice());
            let mut framed = u32::try_from(bytes.len()).unwrap().to_le_bytes().to_vec();
            framed.extend_from_slice(&bytes);
            let _ = Order::receive(&mut framed.as_slice());
        }
    }

    #[test]
    fn a_length_that_is_too_long_is_refused_before_anything_is_read() {
        let error = Order::receive(&mut u32::MAX.to_le_bytes().as_slice()).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidData);
    }

    #[test]
    fn nul_in_a_word_is_refused_when_it_is_sent() {
        let mut job = Job::empty();
        job.arguments.push(OsString::from("a\0b"));
        let error = Order::Inside(job).send(&mut Vec::new()).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
    }
}
