//! Namespaces: of users, network, mounts, processes and messages between processes.
#![cfg_attr(not(test), expect(clippy::disallowed_methods, reason = "behind a permit to run"))]

use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::process::{Command, Stdio};

use aether_core::change::{LayerReport, NetworkAccess, SandboxLayer};
use nix::sched::{CloneFlags, unshare};
use rustix::net::{AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType};
use rustix::process::Signal;
use rustix::thread::{CapabilitySet, CapabilitySets};

use super::{Failed, tell};
use crate::run::order::Enter;

/// What the process inside needs until it gave up its privileges: to mount, to bring the loopback up, and
/// to give up.
const NEEDED: [CapabilitySet; 3] =
    [CapabilitySet::SYS_ADMIN, CapabilitySet::NET_ADMIN, CapabilitySet::SETPCAP];

/// Makes the namespaces, starts the launcher again inside of them, and waits for it.
pub(super) fn enter(enter: &Enter, control: &mut UnixStream) -> Result<(), Failed> {
    rustix::process::setsid().map_err(|error| Failed::io("could not leave the session", error))?;
    // Read first: inside of a user namespace without a map they are those of nobody.
    let (user, group) = (rustix::process::geteuid().as_raw(), rustix::process::getegid().as_raw());
    let mut spaces = CloneFlags::CLONE_NEWNS | CloneFlags::CLONE_NEWPID | CloneFlags::CLONE_NEWIPC;
    if enter.network != NetworkAccess::Full {
        spaces |= CloneFlags::CLONE_NEWNET;
    }
    match unshare(spaces | CloneFlags::CLONE_NEWUSER) {
        Ok(()) => {
            map_to_itself(user, group)
                .map_err(|error| Failed::confine("could not map the user into its namespace", error))?;
            keep_privileges()
                .map_err(|error| Failed::confine("could not keep privileges in the namespace", error))?;
            tell(control, LayerReport::held(SandboxLayer::USER_NAMESPACE))?;
        }
        // Some machines forbid user namespaces; who may administer the system needs none for the others.
        Err(of_user) => {
            unshare(spaces).map_err(|_| Failed::confine("could not make a user namespace", of_user))?;
            let reason = format!("could not be made: {of_user}; the others were made as administrator");
            tell(control, LayerReport::missing(SandboxLayer::USER_NAMESPACE, reason))?;
        }
    }
    let stdin: OwnedFd =
        control.try_clone().map_err(|error| Failed::io("could not hand on the socket", error))?.into();
    let (program, arguments) = enter
        .launcher
        .split_first()
        .ok_or_else(|| Failed::io("could not start the launcher inside", "it has no name"))?;
    let mut child = Command::new(program)
        .args(arguments)
        .env_clear()
        .stdin(Stdio::from(stdin))
        .spawn()
        .map_err(|error| Failed::confine("could not start the launcher inside", error))?;
    child.wait().map_err(|error| Failed::io("could not wait for the launcher inside", error))?;
    Ok(())
}

/// Ends this process when the one that started it ends: nobody would wait for it any more.
pub(super) fn end_with_parent() -> Result<(), Failed> {
    rustix::process::set_parent_process_death_signal(Some(Signal::KILL))
        .map_err(|error| Failed::io("could not tie the launcher to its parent", error))
}

/// Brings the loopback up, where there is to be one.
pub(super) fn arrange_network(network: NetworkAccess) -> Result<Option<LayerReport>, Failed> {
    match network {
        NetworkAccess::Full => return Ok(None),
        NetworkAccess::PrivateLoopback => {
            loopback_up().map_err(|error| Failed::confine("could not bring the loopback up", error))?;
        }
        _ => {}
    }
    Ok(Some(LayerReport::held(SandboxLayer::NETWORK_NAMESPACE)))
}

/// Gives up every privilege for good: also a program that runs as root can neither uncover what was hidden,
/// nor write where it was forbidden, nor make devices.
pub(super) fn drop_privileges() -> Result<(), Failed> {
    let failed = |error| Failed::confine("could not give up privileges", error);
    rustix::thread::set_no_new_privs(true).map_err(failed)?;
    let held = rustix::thread::capabilities(None).map_err(failed)?;
    if held.permitted.is_empty() {
        // A user without privileges, who can neither gain any nor take them from the bounds.
        return Ok(());
    }
    for bit in 0..u64::BITS {
        let capability = CapabilitySet::from_bits_retain(1 << bit);
        match rustix::thread::remove_capability_from_bounding_set(capability) {
            Ok(()) => {}
            // The first one that this system does not have.
            Err(rustix::io::Errno::INVAL) => break,
            Err(error) => return Err(failed(error)),
        }
    }
    rustix::thread::clear_ambient_capability_set().map_err(failed)?;
    let none = CapabilitySets {
        effective: CapabilitySet::empty(),
        permitted: CapabilitySet::empty(),
        inheritable: CapabilitySet::empty(),
    };
    rustix::thread::set_capabilities(None, none).map_err(failed)
}

/// Makes the user and the group the same inside as outside, and the only ones.
fn map_to_itself(user: u32, group: u32) -> io::Result<()> {
    // Without this, who is not privileged may not map a group.
    std::fs::write("/proc/self/setgroups", "deny")?;
    std::fs::write("/proc/self/uid_map", format!("{user} {user} 1"))?;
    std::fs::write("/proc/self/gid_map", format!("{group} {group} 1"))
}

/// Lets the program that is started next keep what it needs although its user is not root.
fn keep_privileges() -> rustix::io::Result<()> {
    let mut sets = rustix::thread::capabilities(None)?;
    for capability in NEEDED {
        sets.inheritable |= capability;
    }
    rustix::thread::set_capabilities(None, sets)?;
    for capability in NEEDED {
        rustix::thread::configure_capability_in_ambient_set(capability, true)?;
    }
    Ok(())
}

/// Asks the network of this namespace to bring its loopback up, which is always its first interface.
fn loopback_up() -> io::Result<()> {
    const RTM_NEWLINK: u16 = 16;
    const NLM_F_REQUEST: u16 = 1;
    const NLM_F_ACK: u16 = 4;
    const IFF_UP: u32 = 1;
    const LOOPBACK: i32 = 1;
    const MESSAGE_BYTES: u32 = 32;
    let socket = rustix::net::socket_with(
        AddressFamily::NETLINK,
        SocketType::RAW,
        SocketFlags::CLOEXEC,
        None, // NETLINK_ROUTE, which is 0
    )?;
    // rtnetlink(7): a header of 16 bytes, and an `ifinfomsg` of 16 bytes.
    let mut message = Vec::with_capacity(MESSAGE_BYTES as usize);
    message.extend_from_slice(&MESSAGE_BYTES.to_ne_bytes());
    message.extend_from_slice(&RTM_NEWLINK.to_ne_bytes());
    message.extend_from_slice(&(NLM_F_REQUEST | NLM_F_ACK).to_ne_bytes());
    message.extend_from_slice(&[0; 8]); // its number, and that of the sender
    message.extend_from_slice(&[0; 4]); // any family, any type
    message.extend_from_slice(&LOOPBACK.to_ne_bytes());
    message.extend_from_slice(&IFF_UP.to_ne_bytes()); // the flags,
    message.extend_from_slice(&IFF_UP.to_ne_bytes()); // and which of them to change
    rustix::net::send(&socket, &message, SendFlags::empty())?;
    let mut answer = [0; 128];
    let (length, _) = rustix::net::recv(&socket, &mut answer[..], RecvFlags::empty())?;
    // The answer is a header and the negative number of an error, or 0.
    match answer.get(16..20).and_then(|bytes| bytes.try_into().ok()) {
        Some(bytes) if length >= 20 => match i32::from_ne_bytes(bytes) {
            0 => Ok(()),
            error => Err(io::Error::from_raw_os_error(-error)),
        },
        _ => Err(io::Error::new(io::ErrorKind::InvalidData, "the answer of the network is too short")),
    }
}
