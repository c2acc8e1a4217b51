//! The filter of system calls for commands that nobody has read.
//!
//! It takes the place of that of the engine, which lets through sockets that belong to no network namespace, and
//! `io_uring`, which makes sockets without the calls that are looked at; how much of it depends on the version.

use serde_json::{Value, json};

use super::super::spec::Sockets;

/// Calls that a build never needs and that have led out of containers, or lead around what holds a command back.
const DENIED: [&str; 55] = [
    // Keys of the kernel, which no namespace keeps apart.
    "add_key",
    "keyctl",
    "request_key",
    // Sockets, and much else, without calls that a filter sees.
    "io_uring_enter",
    "io_uring_register",
    "io_uring_setup",
    // Namespaces, in which whoever made them has all privileges, and mounts.
    "chroot",
    "fsconfig",
    "fsmount",
    "fsopen",
    "fspick",
    "mount",
    "mount_setattr",
    "move_mount",
    "open_tree",
    "open_tree_attr",
    "pivot_root",
    "setns",
    "umount",
    "umount2",
    "unshare",
    // Parts of the kernel with a history of faults.
    "bpf",
    "fanotify_init",
    "kcmp",
    "lookup_dcookie",
    "migrate_pages",
    "move_pages",
    "nfsservctl",
    "open_by_handle_at",
    "perf_event_open",
    "pidfd_getfd",
    "process_madvise",
    "userfaultfd",
    "uselib",
    "vm86",
    "vm86old",
    // What is root's: it is denied twice.
    "_sysctl",
    "acct",
    "clock_settime",
    "clock_settime64",
    "delete_module",
    "finit_module",
    "init_module",
    "ioperm",
    "iopl",
    "kexec_file_load",
    "kexec_load",
    "quotactl",
    "reboot",
    "setdomainname",
    "sethostname",
    "settimeofday",
    "swapoff",
    "swapon",
    "syslog",
];

/// Flags of `clone` that make namespaces: of cgroups, names of the machine, messages, users, processes, networks, and
/// mounts.
const NEW_NAMESPACE: [u64; 7] =
    [0x0200_0000, 0x0400_0000, 0x0800_0000, 0x1000_0000, 0x2000_0000, 0x4000_0000, 0x0002_0000];
/// What `clone3` ends with: its flags lie in memory, where no filter sees them; programs then take `clone`.
const NOT_THERE: u32 = 38;
/// Families of sockets: Unix, both of the Internet, netlink.
const UNIX: u64 = 1;
const INTERNET: [u64; 3] = [2, 10, 16];
/// Families are numbers below this one, also of systems to come.
const FAMILIES: u64 = 64;
/// The kernel looks at 32 bits of a family, whatever stands above them.
const INTEGER: u64 = 0xffff_ffff;

/// The filter as the client of Docker reads it. There is nothing in it about architectures, so that programs of no other
/// one than that of the machine run: they would have calls of other numbers.
pub(super) fn profile(sockets: Sockets) -> String {
    let deny = |names: &[&str]| json!({ "names": names, "action": "SCMP_ACT_ERRNO" });
    let mut calls = vec![deny(&DENIED)];
    let mut clone3 = deny(&["clone3"]);
    clone3["errnoRet"] = NOT_THERE.into();
    calls.push(clone3);
    for flag in NEW_NAMESPACE {
        let mut clone = deny(&["clone"]);
        clone["args"] = masked(0, flag, flag);
        // Its arguments stand in another order there.
        clone["excludes"] = json!({ "arches": ["s390", "s390x"] });
        calls.push(clone);
    }
    let is_allowed =
        |family: u64| family == UNIX || (sockets == Sockets::Internet && INTERNET.contains(&family));
    for family in (0..FAMILIES).filter(|family| !is_allowed(*family)) {
        let mut makers = deny(&["socket", "socketpair"]);
        makers["args"] = masked(0, INTEGER, family);
        calls.push(makers);
    }
    json!({ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": calls }).to_string()
}

/// That the bits `mask` of an argument are those of `value`.
fn masked(index: u32, mask: u64, value: u64) -> Value {
    json!([{ "index": index, "value": mask, "valueTwo": value, "op": "SCMP_CMP_MASKED_EQ" }])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Families that the filter denies.
    fn denied_families(sockets: Sockets) -> Vec<u64> {
        let profile: Value = serde_json::from_str(&profile(sockets)).expect("JSON");
        assert_eq!(profile["defaultAction"], "SCMP_ACT_ALLOW");
        let calls = profile["syscalls"].as_array().expect("rules").clone();
        assert!(calls.iter().all(|call| call["action"] == "SCMP_ACT_ERRNO"));
        let of_sockets = calls.iter().filter(|call| call["names"] == json!(["socket", "socketpair"]));
        of_sockets
            .map(|call| {
                assert_eq!(
                    call["args"][0]["value"], 0xffff_ffff_u64,
                    "bits above an integer would lead around it"
                );
                call["args"][0]["valueTwo"].as_u64().expect("a family")
            })
            .collect()
    }

    #[test]
    fn sockets_are_those_that_belong_to_a_namespace() {
        let all_but = |allowed: &[u64]| -> Vec<u64> { (0..64).filter(|it| !allowed.contains(it)).collect() };
        assert_eq!(denied_families(Sockets::Internet), all_but(&[1, 2, 10, 16]));
        assert_eq!(denied_families(Sockets::Unix), all_but(&[1]));
    }

    #[test]
    fn it_fits_into_a_pipe_before_anybody_reads() {
        assert!(profile(Sockets::Unix).len() < 32 * 1024);
    }
}
