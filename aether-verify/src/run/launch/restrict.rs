//! Landlock and seccomp: what a thread, and all that is started from it, can never do again.

use std::path::{Path, PathBuf};

use aether_core::change::{LayerReport, NetworkAccess, SandboxLayer};
use landlock::{
    ABI, Access, AccessFs, AccessNet, Compatible, LandlockStatus, Ruleset, RulesetAttr, RulesetCreatedAttr,
    RulesetStatus, Scope, path_beneath_rules,
};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
    TargetArch,
};

/// The newest rules of Landlock that this was tested with. Newer systems enforce the same ones.
const TESTED: ABI = ABI::V7;

/// What holds around the thread already.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Around {
    /// Namespaces of network and mounts.
    Namespaces,
    /// Nothing.
    Nothing,
}

/// What came of restricting a thread.
#[derive(Debug)]
pub(super) struct Restricted {
    /// Each layer that was tried.
    pub(super) layers: Vec<LayerReport>,
    /// Whether files are kept from being written elsewhere.
    pub(super) files: bool,
    /// Whether sockets are kept as they should be.
    pub(super) sockets: bool,
}

/// Restricts the calling thread.
pub(super) fn restrict(writable: &[PathBuf], network: NetworkAccess, around: Around) -> Restricted {
    let mut layers = Vec::new();
    let without_tcp = around == Around::Nothing && network != NetworkAccess::Full;
    let files = landlock(writable, without_tcp, around, &mut layers);
    let sockets = match filter(network, around)
        .and_then(|program| seccompiler::apply_filter(&program).map_err(|error| error.to_string()))
    {
        Ok(()) => {
            layers.push(sockets_held(network, around));
            true
        }
        Err(error) => {
            layers.push(LayerReport::missing(SandboxLayer::SECCOMP_SOCKETS, error));
            false
        }
    };
    Restricted { layers, files, sockets }
}

/// Whether files that exist can also not be cut short, which the first versions of Landlock allow.
fn landlock(writable: &[PathBuf], without_tcp: bool, around: Around, layers: &mut Vec<LayerReport>) -> bool {
    match enforce_landlock(writable, without_tcp) {
        Err(error) => {
            layers.push(LayerReport::missing(SandboxLayer::LANDLOCK_FILES, error.clone()));
            if without_tcp {
                layers.push(LayerReport::missing(SandboxLayer::LANDLOCK_TCP, error));
            }
            false
        }
        Ok(abi) => {
            let mut lacks = Vec::new();
            if abi < ABI::V3 {
                lacks.push("files elsewhere can be cut short");
            }
            if abi < ABI::V6 {
                lacks.push("signals to other processes and abstract sockets are not kept back");
            }
            if around == Around::Nothing {
                lacks.push("modes, owners and times of files elsewhere can be changed");
            }
            let mut report = LayerReport::held(SandboxLayer::LANDLOCK_FILES);
            report.reason = (!lacks.is_empty()).then(|| lacks.join("; "));
            layers.push(report);
            if without_tcp {
                layers.push(if abi < ABI::V4 {
                    LayerReport::missing(SandboxLayer::LANDLOCK_TCP, "Landlock of this system is too old")
                } else {
                    LayerReport::held(SandboxLayer::LANDLOCK_TCP)
                });
            }
            abi >= ABI::V3
        }
    }
}

fn enforce_landlock(writable: &[PathBuf], without_tcp: bool) -> Result<ABI, String> {
    let text = |error: landlock::RulesetError| error.to_string();
    let mut ruleset = Ruleset::default()
        .set_compatibility(landlock::CompatLevel::BestEffort)
        .handle_access(AccessFs::from_write(TESTED))
        .map_err(text)?
        .scope(Scope::from_all(TESTED))
        .map_err(text)?;
    if without_tcp {
        ruleset = ruleset.handle_access(AccessNet::from_all(TESTED)).map_err(text)?;
    }
    let status = ruleset
        .create()
        .map_err(text)?
        // Devices are made nowhere: one of a disk would lead to every file on it.
        .add_rules(path_beneath_rules(
            writable,
            AccessFs::from_write(TESTED) & !(AccessFs::MakeBlock | AccessFs::MakeChar),
        ))
        .map_err(text)?
        .restrict_self()
        .map_err(text)?;
    match status.landlock {
        LandlockStatus::Available { effective_abi, .. } if status.ruleset != RulesetStatus::NotEnforced => {
            Ok(effective_abi)
        }
        LandlockStatus::NotEnabled => Err("Landlock is switched off".to_owned()),
        _ => Err("this system has no Landlock".to_owned()),
    }
}

/// What a command may write to besides its folders.
pub(super) fn harmless(around: Around) -> Vec<PathBuf> {
    let paths: &[&str] = match around {
        Around::Namespaces => &[
            "/dev/null",
            "/dev/zero",
            "/dev/full",
            "/dev/random",
            "/dev/urandom",
            "/dev/tty",
            "/dev/pts",
            "/dev/shm",
            super::mounts::TEMPORARY,
        ],
        // Not the terminals: they are those of the user.
        Around::Nothing => &["/dev/null", "/dev/zero", "/dev/full"],
    };
    paths.iter().map(|path| Path::new(path).to_owned()).collect()
}

fn sockets_held(network: NetworkAccess, around: Around) -> LayerReport {
    let mut report = LayerReport::held(SandboxLayer::SECCOMP_SOCKETS);
    report.reason = Some(
        match (around, network) {
            (Around::Namespaces, NetworkAccess::Full) => "kernel keys and io_uring alone are denied",
            (Around::Namespaces, NetworkAccess::PrivateLoopback) => {
                "Unix, Internet and netlink sockets, all of this namespace"
            }
            (Around::Namespaces, _) => "Unix sockets alone",
            (Around::Nothing, NetworkAccess::Full) => "no Unix sockets but pairs",
            (Around::Nothing, _) => "Unix sockets alone, and none of them can be connected but pairs",
        }
        .to_owned(),
    );
    report
}

/// The filter of system calls.
///
/// `io_uring` is denied because it makes sockets without the calls that are looked at; keys of the kernel
/// because no namespace keeps those of the user apart.
fn filter(network: NetworkAccess, around: Around) -> Result<BpfProgram, String> {
    let mut rules = Rules::default();
    for call in [libc::SYS_io_uring_setup, libc::SYS_add_key, libc::SYS_keyctl, libc::SYS_request_key] {
        rules.deny(call, Vec::new())?;
    }
    let unix = as_value(libc::AF_UNIX);
    let makers = [libc::SYS_socket, libc::SYS_socketpair];
    match (around, network) {
        (Around::Namespaces, NetworkAccess::Full) => {}
        (Around::Namespaces, NetworkAccess::PrivateLoopback) => {
            // No others, because not all of them belong to the network namespace: AF_VSOCK reaches the host
            // of a virtual machine.
            let families = [libc::AF_UNIX, libc::AF_INET, libc::AF_INET6, libc::AF_NETLINK].map(as_value);
            for call in makers {
                rules.deny(call, families.iter().map(|family| (0, SeccompCmpOp::Ne, *family)).collect())?;
            }
        }
        (Around::Namespaces, _) => {
            for call in makers {
                rules.deny(call, vec![(0, SeccompCmpOp::Ne, unix)])?;
            }
        }
        (Around::Nothing, _) => {
            // Sockets of services have names in the file system, which a filter cannot read. So nothing can be
            // connected, and no kind of socket is there that sends without being connected.
            let kind = SeccompCmpOp::MaskedEq(0xf);
            for call in makers {
                for without in [libc::SOCK_DGRAM, libc::SOCK_RAW] {
                    rules.deny(
                        call,
                        vec![(0, SeccompCmpOp::Eq, unix), (1, kind.clone(), as_value(without))],
                    )?;
                }
            }
            if network == NetworkAccess::Full {
                rules.deny(libc::SYS_socket, vec![(0, SeccompCmpOp::Eq, unix)])?;
            } else {
                for call in makers {
                    rules.deny(call, vec![(0, SeccompCmpOp::Ne, unix)])?;
                }
                rules.deny(libc::SYS_connect, Vec::new())?;
            }
        }
    }
    rules.compile()
}

fn as_value(constant: libc::c_int) -> u64 {
    u64::from(constant.unsigned_abs())
}

/// Calls that are denied, each under the conditions of one of its rules.
#[derive(Default)]
struct Rules(std::collections::BTreeMap<i64, Vec<SeccompRule>>);

impl Rules {
    /// Denies a call when all conditions hold: number of the argument, comparison, value.
    fn deny(&mut self, call: i64, conditions: Vec<(u8, SeccompCmpOp, u64)>) -> Result<(), String> {
        let mut numbers = vec![call];
        if cfg!(target_arch = "x86_64") {
            // The same call by the numbers of x32, which some systems take from programs of this architecture.
            numbers.push(call | 0x4000_0000);
        }
        for number in numbers {
            let rules = self.0.entry(number).or_default();
            if conditions.is_empty() {
                // A call without rules is denied whatever its arguments.
                rules.clear();
                continue;
            }
            let conditions: Result<Vec<_>, _> = conditions
                .iter()
                .map(|(index, operator, value)| {
                    SeccompCondition::new(*index, SeccompCmpArgLen::Dword, operator.clone(), *value)
                })
                .collect();
            let rule = conditions.and_then(SeccompRule::new).map_err(|error| error.to_string())?;
            rules.push(rule);
        }
        Ok(())
    }

    fn compile(self) -> Result<BpfProgram, String> {
        let architecture = architecture().ok_or("seccomp is not known on this architecture")?;
        let denied = SeccompAction::Errno(libc::EPERM.unsigned_abs());
        SeccompFilter::new(self.0, SeccompAction::Allow, denied, architecture)
            .and_then(BpfProgram::try_from)
            .map_err(|error| error.to_string())
    }
}

fn architecture() -> Option<TargetArch> {
    if cfg!(target_arch = "x86_64") {
        Some(TargetArch::x86_64)
    } else if cfg!(target_arch = "aarch64") {
        Some(TargetArch::aarch64)
    } else if cfg!(target_arch = "riscv64") {
        Some(TargetArch::riscv64)
    } else {
        None
    }
}
