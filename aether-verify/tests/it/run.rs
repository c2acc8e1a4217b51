//! The runner of this machine: what comes of a command, and what it is held to.

use crate::run_support::*;

#[test]
fn smoke() {
    for kind in KINDS {
        let report = run_script(kind, "id; pwd; ls -la / /dev /run /tmp; ls /proc; cat /proc/self/status | grep -i cap; ls -la /proc/self/fd; ip addr; echo hi > x; cat x; echo oops >&2; touch /root/x; mount | head -50; exit 3");
        println!("{}\n{}\n{:#?}", report.stdout, report.stderr, report.sandbox);
        println!("{:?} {:?} {}ms", report.exit_code, report.signal, report.duration_ms);
    }
}
