//! What a container is made of, whichever engine makes it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use aether_core::change::CommandLine;

/// A container, as it is to be made.
///
/// # Examples
///
/// ```
/// use aether_core::change::CommandLine;
/// use aether_verify::{ContainerMount, ContainerNetwork, ContainerSpec};
///
/// let mut spec = ContainerSpec::new("check-1", "docker.io/library/rust:1.95");
/// spec.command = Some(CommandLine::new("cargo", ["check", "--offline"]));
/// spec.mounts = vec![ContainerMount::writable("/srv/scratch")];
/// assert_eq!(spec.network, ContainerNetwork::Loopback);
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct ContainerSpec {
    /// Its name, which no other container of the engine has: letters and digits of ASCII, `_`, `.` and `-`.
    pub name: String,
    /// The image, which has to be there: it is never fetched.
    pub image: String,
    /// The command; that of the image where there is none.
    pub command: Option<CommandLine>,
    /// Variables of its environment.
    pub environment: Vec<(String, String)>,
    /// Variables that the image or the engine would set and that are not to be there.
    pub without_variables: Vec<String>,
    /// The folder that the command starts in; that of the image where there is none.
    pub folder: Option<PathBuf>,
    /// What it sees of this machine. One that lies in another one comes on top of it.
    pub mounts: Vec<ContainerMount>,
    /// Folders that are empty at first, in memory.
    pub empty_folders: Vec<EmptyFolder>,
    /// Number of its user and of its group; those of the image where there are none.
    pub user: Option<(u32, u32)>,
    /// What it reaches.
    pub network: ContainerNetwork,
    /// Its TCP ports that can be reached on the loopback of this machine, each by a port that the engine
    /// chooses.
    pub ports: Vec<u16>,
    /// What it may do.
    pub privileges: ContainerPrivileges,
    /// Which sockets it may make, and that it makes none of the system calls that a build never needs: those of
    /// namespaces, mounts, keys and parts of the kernel. Where there is no value, the engine's own filter is in force.
    pub sockets: Option<Sockets>,
    /// Most memory of all its processes, in bytes; swap counts.
    pub max_memory_bytes: Option<u64>,
    /// Most processes and threads at a time.
    pub max_processes: Option<u32>,
    /// Most bytes of shared memory; what the engine gives where there is no number.
    pub max_shared_bytes: Option<u64>,
    /// Names and values by which it is found again.
    pub labels: BTreeMap<String, String>,
}

impl ContainerSpec {
    /// A container of an image: confined, without a network, without any file of this machine, without limits.
    #[must_use]
    pub fn new(name: impl Into<String>, image: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            image: image.into(),
            command: None,
            environment: Vec::new(),
            without_variables: Vec::new(),
            folder: None,
            mounts: Vec::new(),
            empty_folders: Vec::new(),
            user: None,
            network: ContainerNetwork::default(),
            ports: Vec::new(),
            privileges: ContainerPrivileges::default(),
            sockets: None,
            max_memory_bytes: None,
            max_processes: None,
            max_shared_bytes: None,
            labels: BTreeMap::new(),
        }
    }
}

/// A file or folder of this machine in a container.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub struct ContainerMount {
    /// Its absolute path on this machine.
    pub source: PathBuf,
    /// Its absolute path in the container.
    pub target: PathBuf,
    /// Whether it can be written.
    pub access: MountAccess,
}

impl ContainerMount {
    /// A path that can be read at the same place.
    ///
    /// What is mounted below it on this machine is not there: the engine could not make it read-only.
    #[must_use]
    pub fn read_only(path: impl Into<PathBuf>) -> Self {
        let target = path.into();
        Self { source: target.clone(), target, access: MountAccess::ReadOnly }
    }

    /// A path that can be written at the same place, with all that is mounted below it.
    #[must_use]
    pub fn writable(path: impl Into<PathBuf>) -> Self {
        Self { access: MountAccess::Writable, ..Self::read_only(path) }
    }

    /// A file or socket that is there and empty.
    #[must_use]
    pub fn covered(path: impl Into<PathBuf>) -> Self {
        Self { source: PathBuf::from("/dev/null"), ..Self::read_only(path) }
    }
}

/// Whether what is mounted can be written.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum MountAccess {
    /// It can be read.
    ReadOnly,
    /// It can be written, too.
    Writable,
}

/// A folder in memory.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub struct EmptyFolder {
    /// Its absolute path in the container.
    pub path: PathBuf,
    /// Most bytes that it may hold, for every user of the container; it cannot be written where there is no
    /// number.
    pub max_bytes: Option<u64>,
}

impl EmptyFolder {
    /// A folder for everybody, which may hold programs.
    #[must_use]
    pub fn writable(path: impl Into<PathBuf>, max_bytes: u64) -> Self {
        Self { path: path.into(), max_bytes: Some(max_bytes) }
    }

    /// A folder that stays empty.
    #[must_use]
    pub fn read_only(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), max_bytes: None }
    }
}

/// What a container reaches.
#[derive(Clone, Debug, Default, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum ContainerNetwork {
    /// A loopback of its own.
    #[default]
    Loopback,
    /// What a network of the engine reaches; `bridge` is the one that engines have from the start.
    Named(String),
}

/// What a container may do.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum ContainerPrivileges {
    /// Nothing: its own files are read-only, it has no capabilities, and a first process that is not the
    /// command waits for orphans. For commands that nobody has read.
    #[default]
    Confined,
    /// What engines give by default, but no new privileges. For services from images that somebody chose.
    OfImage,
}

/// Sockets that a container may make.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Sockets {
    /// Those between processes of one machine.
    Unix,
    /// Those, and those of the Internet and of netlink, which belong to a network namespace as well.
    Internet,
}
