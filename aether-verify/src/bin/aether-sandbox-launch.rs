//! The launcher of sandboxes as a program of its own, for those whose program cannot be one.

use std::process::ExitCode;

#[cfg(target_os = "linux")]
fn main() -> ExitCode {
    use std::os::fd::AsFd;

    match std::io::stdin().as_fd().try_clone_to_owned() {
        Ok(control) => aether_verify::launch(control),
        Err(_) => ExitCode::FAILURE,
    }
}

#[cfg(not(target_os = "linux"))]
fn main() -> ExitCode {
    ExitCode::FAILURE
}
