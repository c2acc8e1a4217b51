//! Another file system within the tree, in a name space of its own so that nobody else sees it.

use std::process::Command;

use aether_core::change::{FileMode, FilePatch, FileState};
use aether_core::conformance::skip;
use aether_verify::PatchOptions;

use super::case::{Input, create, edit, hand_in, path, refusal};
use super::sandbox::{Sandbox, put};

const CHILD: &str = "AETHER_MOUNT_CHILD";

fn mount(arguments: &[&str]) {
    let status = Command::new("mount").args(arguments).status().expect("mount can be run");
    assert!(status.success(), "mount {arguments:?}: {status}");
}

/// Mounts a file system at `mounted` and a folder of the same one at `bound`.
fn prepare(sandbox: &Sandbox) {
    let tree = sandbox.tree();
    for name in ["mounted", "bound"] {
        std::fs::create_dir(tree.join(name)).expect("a folder can be made");
    }
    mount(&["-t", "tmpfs", "none", &tree.join("mounted").to_string_lossy()]);
    mount(&["--bind", &sandbox.outside().to_string_lossy(), &tree.join("bound").to_string_lossy()]);
    put(&tree.join("mounted/there.txt"), b"there\n");
}

/// The part that runs in a name space of its own. As a test of its own it does nothing.
#[test]
fn child() {
    if std::env::var_os(CHILD).is_none() {
        return;
    }
    let options = PatchOptions::default();
    let secret = FileState::of(path("bound/secret.txt"), FileMode::Regular, b"secret\n");
    let removal = FilePatch::delete(secret).and_then(|file| aether_core::change::Patch::new(vec![file]));
    let refused = [
        ("new file on it", Input::Diff(create("mounted/new.txt"))),
        ("new file deep on it", Input::Diff(create("mounted/new/new.txt"))),
        ("change on it", Input::Diff(edit("mounted/there.txt", "there"))),
        ("new file at the place of it", Input::Diff(create("mounted"))),
        ("new file through a bound folder", Input::Diff(create("bound/new.txt"))),
        ("change through a bound folder", Input::Diff(edit("bound/secret.txt", "secret"))),
        ("removal through a bound folder", Input::Patch(removal.expect("a patch"))),
    ];
    for (name, input) in refused {
        let outcome = refusal(&input, &options, false, "patch.other_file_system", &prepare);
        assert!(outcome.is_ok(), "{name}: {outcome:?}");
    }
    let sandbox = Sandbox::new();
    prepare(&sandbox);
    hand_in(&sandbox.tree(), &Input::Diff(create("beside.txt")), &options, false)
        .expect("beside it there is no harm");
}

#[test]
fn another_file_system_is_not_entered() {
    let possible = Command::new("unshare").args(["-rm", "true"]).output();
    match possible {
        Ok(output) if output.status.success() => {}
        other => {
            return skip(
                "another_file_system_is_not_entered",
                format!("no name space can be made here: {other:?}"),
            );
        }
    }
    let output = Command::new("unshare")
        .arg("-rm")
        .arg(std::env::current_exe().expect("this program"))
        .args(["--exact", "hostile::mount::child", "--nocapture"])
        .env(CHILD, "1")
        .output()
        .expect("it can be run");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}{}", String::from_utf8_lossy(&output.stdout));
}
