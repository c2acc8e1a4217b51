//! The runner of this machine: what comes of a command, and what it is held to.

use std::fs;
use std::io::Write;
use std::os::fd::AsFd;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use aether_core::base::{Cancel, Config, ErrorCode};
use aether_core::change::{CommandLine, NetworkAccess, RunMode, RunReport, SandboxLayer, SandboxReport};
use aether_core::conformance::{run_permit, skip};
use aether_core::port::{RunError, RunRequest, Runner};
use aether_verify::{
    HostRunner, Launcher, RunnerChoice, SandboxKind, UnavailableRunner, choose_runner, secrets_of_cargo,
};

use crate::run_support::*;

#[test]
fn a_report_tells_what_came_of_the_command() {
    for kind in KINDS {
        let report = run_script(kind, "echo out; echo err >&2; exit 3");
        assert_eq!(report.stdout, "out\n");
        assert_eq!(report.stderr, "err\n");
        assert_eq!(report.exit_code, Some(3));
        assert_eq!(report.signal, None);
        assert_eq!(report.mode, RunMode::HOST);
        assert_eq!(report.fallback_reason, None);
        assert!(!report.timed_out && !report.cancelled && !report.truncated && !report.is_green());
        assert_eq!(report.command, sh("echo out; echo err >&2; exit 3"));
        assert!(run_script(kind, "true").is_green());
    }
}

#[test]
fn a_signal_that_ends_the_command_is_told() {
    for kind in KINDS {
        for (name, number) in [("TERM", 15), ("KILL", 9), ("SEGV", 11), ("ABRT", 6)] {
            let report = run_script(kind, &format!("kill -{name} $$; sleep 100"));
            assert_eq!((report.exit_code, report.signal), (None, Some(number)), "{kind:?} {name}");
        }
    }
}

#[test]
fn arguments_are_arguments_and_no_shell_reads_them() {
    let (_keep, folder) = scratch();
    let command = CommandLine::new("printf", ["%s|", "two words", "$HOME", "; touch injected", "\u{e9}", ""]);
    for kind in KINDS {
        let report = run(&runner(kind, &command), &request(&command, &folder)).unwrap();
        assert_eq!(report.stdout, "two words|$HOME|; touch injected|\u{e9}||");
        assert!(!folder.join("injected").exists());
    }
}

#[test]
fn only_a_command_that_is_allowed_exactly_runs() {
    let (_keep, folder) = scratch();
    let allowed = CommandLine::new("touch", ["a"]);
    for (program, arguments) in [
        ("touch", vec!["b"]),
        ("touch", vec!["a", "b"]),
        ("touch", vec![]),
        ("/usr/bin/touch", vec!["a"]),
        ("touch ", vec!["a"]),
    ] {
        let command = CommandLine::new(program, arguments);
        let error = run(&runner(SandboxKind::Strongest, &allowed), &request(&command, &folder)).unwrap_err();
        assert_eq!(error.code, ErrorCode::RUN_NOT_ALLOWED, "{command}");
    }
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
    assert!(run(&runner(SandboxKind::Strongest, &allowed), &request(&allowed, &folder)).unwrap().is_green());
    assert!(folder.join("a").exists());
}

#[test]
fn the_environment_is_what_was_given() {
    let (_keep, folder) = scratch();
    let command = CommandLine::new("env", [] as [&str; 0]);
    for kind in KINDS {
        let mut request = request(&command, &folder);
        request.environment.push(("WITH_LINES".into(), "a\nB=c".into()));
        request.environment.push(("EMPTY".into(), String::new()));
        request.environment.push(("TMPDIR".into(), folder.display().to_string()));
        let path = request.environment[0].1.clone();
        let report = run(&runner(kind, &command), &request).unwrap();
        let mut found: Vec<&str> = report.stdout.lines().collect();
        found.sort_unstable();
        let path = format!("PATH={path}");
        let temporary = format!("TMPDIR={}", folder.display());
        assert_eq!(found, ["B=c", "EMPTY=", &path, &temporary, "WITH_LINES=a"], "{kind:?}");
    }
}

#[test]
fn a_variable_that_is_none_is_refused() {
    let (_keep, folder) = scratch();
    let command = sh("true");
    for (name, value) in [("", "x"), ("A=B", "x"), ("A\0", "x"), ("A", "x\0")] {
        let mut request = request(&command, &folder);
        request.environment.push((name.into(), value.into()));
        let error = run(&runner(SandboxKind::Strongest, &command), &request).unwrap_err();
        assert_eq!(error.code, ErrorCode::RUN_IO, "{name:?}={value:?}");
    }
}

#[test]
fn a_program_is_found_on_the_path_of_the_request_alone() {
    let (_keep, folder) = scratch();
    let script = |place: &str, mode: u32| {
        let path = folder.join(place);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, format!("#!/bin/sh\necho {place}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    };
    script("one/tool", 0o644);
    script("two/tool", 0o755);
    script("own", 0o755);
    fs::create_dir_all(folder.join("zero/tool")).unwrap();
    let at = |name: &str| folder.join(name).display().to_string();
    let found = |program: &str, path: Option<String>| -> Result<String, RunError> {
        let command = CommandLine::new(program, [] as [&str; 0]);
        let mut request = RunRequest::new(command.clone(), &folder);
        request.environment = path.map(|path| ("PATH".to_owned(), path)).into_iter().collect();
        run(&runner(SandboxKind::Strongest, &command), &request).map(|report| report.stdout)
    };
    // A folder of that name, and a file that cannot be run, are passed by.
    let path = format!("{}:{}:{}:/usr/bin", at("zero"), at("one"), at("two"));
    assert_eq!(found("tool", Some(path)).unwrap(), "two/tool\n");
    assert_eq!(found("./own", None).unwrap(), "own\n");
    assert_eq!(found(&at("two/tool"), None).unwrap(), "two/tool\n");
    for (program, path) in [
        ("tool", None),
        ("tool", Some(String::new())),
        ("own", Some(".:two:".to_owned())),
        ("tool", Some(at("one"))),
        ("./one/tool", None),
        ("./two", None),
        ("/nowhere/tool", Some("/usr/bin".to_owned())),
        ("", Some("/usr/bin".to_owned())),
    ] {
        let error = found(program, path.clone()).unwrap_err();
        assert_eq!(error.code, ErrorCode::RUN_NOT_FOUND, "{program:?} on {path:?}: {error}");
    }
}

#[test]
fn a_program_whose_interpreter_is_missing_is_not_found() {
    let (_keep, folder) = scratch();
    let path = folder.join("tool");
    fs::write(&path, "#!/nowhere/interpreter\n").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    let command = CommandLine::new("./tool", [] as [&str; 0]);
    for kind in KINDS {
        let error = run(&runner(kind, &command), &request(&command, &folder)).unwrap_err();
        assert_eq!(error.code, ErrorCode::RUN_NOT_FOUND, "{error}");
    }
}

#[test]
fn the_time_limit_ends_everything_that_was_started() {
    for kind in KINDS {
        let (_keep, folder) = scratch();
        let number = odd_number();
        // A child, one in a session of its own, and one whose parent is gone; all hold the outputs open.
        let script = format!(
            "sleep {number} & setsid sleep {number} & setsid sh -c 'sleep {number} & sleep {number} & exit' & sleep {number}"
        );
        let command = sh(&script);
        let mut request = request(&command, &folder);
        request.limits.timeout_ms = 400;
        let report = run(&runner(kind, &command), &request).unwrap();
        assert!(report.timed_out && !report.cancelled && !report.is_green());
        assert_eq!((report.exit_code, report.signal), (None, Some(9)));
        assert!((400..4000).contains(&report.duration_ms), "{}", report.duration_ms);
        assert_eq!(processes_of(&format!("sleep\0{number}")), [] as [&str; 0], "{kind:?}");
    }
}

#[test]
fn what_a_command_leaves_behind_ends_with_it() {
    for kind in KINDS {
        let number = odd_number();
        let script = format!(
            "for i in 1 2 3 4 5; do setsid sh -c 'setsid sleep {number} & exit' & done; wait; echo done"
        );
        let report = run_script(kind, &script);
        assert!(report.is_green() && report.stdout == "done\n", "{report:?}");
        assert_eq!(processes_of(&format!("sleep\0{number}")), [] as [&str; 0], "{kind:?}");
        assert!(report.duration_ms < 4000);
    }
}

#[test]
fn a_command_can_be_cancelled() {
    for kind in KINDS {
        let (_keep, folder) = scratch();
        let number = odd_number();
        let command = sh(&format!("echo begun; setsid sleep {number} & touch begun; sleep {number}"));
        let runner = runner(kind, &command);
        let mut request = request(&command, &folder);
        // So that it fails if it cannot.
        request.limits.timeout_ms = 20_000;
        let cancel = Cancel::new();
        let from_elsewhere = cancel.clone();
        let begun = folder.join("begun");
        let other = std::thread::spawn(move || {
            wait_until("the command has begun", || begun.exists());
            from_elsewhere.cancel();
        });
        let report =
            futures::executor::block_on(runner.run(run_permit(&request.command), &request, &cancel)).unwrap();
        other.join().unwrap();
        assert!(report.cancelled && !report.timed_out && !report.is_green());
        assert_eq!(report.stdout, "begun\n");
        assert_eq!(processes_of(&format!("sleep\0{number}")), [] as [&str; 0], "{kind:?}");
    }
}

#[test]
fn dropping_the_future_ends_the_command() {
    for kind in KINDS {
        let (_keep, folder) = scratch();
        let number = odd_number();
        let command = sh(&format!("setsid sleep {number} & touch begun; sleep {number}"));
        let runner = runner(kind, &command);
        let request = request(&command, &folder);
        let cancel = Cancel::new();
        let mut future = runner.run(run_permit(&request.command), &request, &cancel);
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        assert!(future.as_mut().poll(&mut context).is_pending());
        let sleeping = || processes_of(&format!("sleep\0{number}")).len();
        wait_until("the command has begun", || folder.join("begun").exists() && sleeping() == 2);
        drop(future);
        wait_until("the command has ended", || sleeping() == 0);
    }
}

/// Tells this program, when it is started as the embedder that is killed, what to run: sandbox, folder, number.
const EMBEDDER: &str = "AETHER_TEST_HOST_EMBEDDER";

#[test]
fn embedder_that_is_killed() {
    let Some(plan) = std::env::var_os(EMBEDDER) else { return };
    let plan = plan.into_string().unwrap();
    let [kind, folder, number] = plan.split('\n').collect::<Vec<_>>().try_into().unwrap();
    let kind = KINDS.into_iter().find(|it| format!("{it:?}") == kind).unwrap();
    // One in the group of the command, one in a session of its own, and one whose parent is gone.
    let command = sh(&format!(
        "sleep {number} & setsid sleep {number} & setsid sh -c 'setsid sleep {number} & exit' & touch begun; sleep {number}"
    ));
    run(&runner(kind, &command), &request(&command, Path::new(folder))).unwrap();
}

#[test]
fn what_an_embedder_started_ends_when_it_is_killed() {
    for kind in KINDS {
        let (_keep, folder) = scratch();
        let number = odd_number();
        let mut embedder = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "run::embedder_that_is_killed", "--nocapture"])
            .env(EMBEDDER, format!("{kind:?}\n{}\n{number}", folder.display()))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let sleeping = || processes_of(&format!("sleep\0{number}")).len();
        wait_until("the command has begun", || folder.join("begun").exists() && sleeping() == 4);
        // Not even its destructors run.
        embedder.kill().unwrap();
        embedder.wait().unwrap();
        wait_until("all that it started has ended", || sleeping() == 0);
    }
}

#[test]
fn a_run_that_was_cancelled_before_it_began_starts_nothing_that_stays() {
    let (_keep, folder) = scratch();
    let number = odd_number();
    let command = sh(&format!("sleep {number}"));
    let cancel = Cancel::new();
    cancel.cancel();
    for kind in KINDS {
        let runner = runner(kind, &command);
        let mut request = request(&command, &folder);
        request.limits.timeout_ms = 20_000;
        let report =
            futures::executor::block_on(runner.run(run_permit(&request.command), &request, &cancel)).unwrap();
        assert!(report.cancelled && report.exit_code.is_none());
        assert_eq!(processes_of(&format!("sleep\0{number}")), [] as [&str; 0]);
    }
}

#[test]
fn much_output_is_cut_and_neither_waits_nor_fills_memory() {
    let (_keep, folder) = scratch();
    let command = sh("echo first; echo first >&2; head -c 1073741824 /dev/zero; echo last; echo last >&2");
    let mut request = request(&command, &folder);
    request.limits.max_output_bytes = 4096;
    let before = memory_kib();
    let report = run(&runner(SandboxKind::Strongest, &command), &request).unwrap();
    let grown = memory_kib().saturating_sub(before);
    assert!(report.truncated && report.is_green(), "{:?}", report.exit_code);
    assert!(report.stdout.starts_with("first\n") && report.stdout.ends_with("last\n"));
    assert!(report.stdout.contains(&format!("\n[{} bytes left out]\n", 1_073_741_824 + 11 - 4096)));
    assert!(report.stdout.len() < 4096 + 64);
    assert_eq!(report.stderr, "first\nlast\n");
    assert!(grown < 64 * 1024, "memory grew by {grown} KiB");
}

/// The most memory that this process ever had, in KiB.
fn memory_kib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[test]
fn bytes_that_are_not_text_are_marked() {
    for kind in KINDS {
        let report = run_script(kind, r"printf 'a\377b\303'; printf '\303\251' >&2");
        assert_eq!(report.stdout, "a\u{fffd}b\u{fffd}");
        assert_eq!(report.stderr, "\u{e9}");
    }
}

#[test]
fn nothing_is_open_but_an_empty_input_and_the_outputs() {
    // A file that this process leaves open for its children by mistake.
    let file = fs::File::open("/etc/passwd").unwrap();
    rustix::io::fcntl_setfd(file.as_fd(), rustix::io::FdFlags::empty()).unwrap();
    let inherited = Command::new("ls").arg("/proc/self/fd").output().unwrap();
    assert!(inherited.stdout.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).count() > 4);
    for kind in KINDS {
        // The fourth is the folder that is listed.
        let report = run_script(kind, "ls /proc/self/fd; cat; readlink /proc/self/fd/0");
        assert_eq!(report.stdout, "0\n1\n2\n3\n/dev/null\n", "{kind:?}");
    }
}

#[test]
fn a_folder_must_be_there_by_its_plain_path() {
    let (_keep, folder) = scratch();
    let outside = scratch();
    fs::create_dir(folder.join("real")).unwrap();
    std::os::unix::fs::symlink(&outside.1, folder.join("link")).unwrap();
    fs::write(folder.join("file"), "").unwrap();
    let command = sh("true");
    let runner = runner(SandboxKind::Strongest, &command);
    let check = |path: &Path, writable: &Path| {
        let mut request = request(&command, path);
        request.writable = vec![writable.to_owned()];
        run(&runner, &request).map(|report| report.exit_code).map_err(|error| error.code)
    };
    assert_eq!(check(&folder, &folder.join("real")), Ok(Some(0)));
    for bad in ["link", "file", "missing", "real/../real/.."] {
        let bad = folder.join(bad);
        assert_eq!(check(&folder, &bad), Err(ErrorCode::RUN_IO), "{}", bad.display());
        assert_eq!(check(&bad, &folder), Err(ErrorCode::RUN_IO), "{}", bad.display());
    }
    assert_eq!(check(&folder, Path::new("real")), Err(ErrorCode::RUN_IO));
    assert_eq!(check(&folder, Path::new("/")), Err(ErrorCode::RUN_IO));
}

#[test]
fn a_folder_that_is_not_writable_is_seen_and_read_only() {
    let (_keep, folder) = scratch();
    fs::create_dir_all(folder.join("target/deep")).unwrap();
    fs::write(folder.join("source"), "text").unwrap();
    let command = sh(
        "cat source; touch target/new target/deep/new && ln -f target/deep/new target/moved && echo ok; touch new",
    );
    for kind in KINDS {
        let mut request = request(&command, &folder);
        // One inside of the other: files are still moved between them.
        request.writable = vec![folder.join("target"), folder.join("target/deep")];
        let report = run(&runner(kind, &command), &request).unwrap();
        assert_eq!(report.stdout, "textok\n", "{kind:?}: {}", report.stderr);
        assert!(!report.is_green());
        assert!(folder.join("target/moved").exists() && !folder.join("new").exists());
    }
}

#[test]
fn each_run_has_a_temporary_folder_of_its_own_that_goes_with_it() {
    let base = scratch();
    for kind in KINDS {
        let (_keep, folder) = scratch();
        let command = sh(
            "t=${TMPDIR:-/tmp}; ls -A $t | grep -v '^\\.tmp' ; echo x > $t/left && cat $t/left; echo $t > where",
        );
        let runner = runner(kind, &command).with_temporary_folder(&base.1);
        for _ in 0..2 {
            let report = run(&runner, &request(&command, &folder)).unwrap();
            assert_eq!(report.stdout, "x\n", "{kind:?}: {}", report.stderr);
        }
        let place = fs::read_to_string(folder.join("where")).unwrap();
        assert!(!Path::new(place.trim()).join("left").exists());
    }
    assert_eq!(fs::read_dir(&base.1).unwrap().count(), 0);
}

#[test]
fn temporary_files_have_a_limit() {
    let Some(runner_of) = in_namespaces("temporary_files_have_a_limit") else { return };
    let (_keep, folder) = scratch();
    let command = sh(
        "cd /tmp; head -c 3000000 /dev/zero > big; head -c 3000000 /dev/zero > /dev/shm/big; stat -c %s big /dev/shm/big",
    );
    let report =
        run(&runner_of(&command).with_temporary_bytes(1 << 20), &request(&command, &folder)).unwrap();
    assert_eq!(report.stdout, "1048576\n1048576\n", "{}", report.stderr);
}

#[test]
fn what_is_hidden_is_out_of_sight_and_what_is_visible_in_it_is_not() {
    let Some(runner_of) = in_namespaces("what_is_hidden_is_out_of_sight") else { return };
    let (_keep, folder) = scratch();
    let home = elsewhere();
    let home = fs::canonicalize(home.path()).unwrap();
    fs::create_dir_all(home.join("secret/public")).unwrap();
    for file in ["secret/key", "secret/public/key.pub", "credentials.toml", "plain"] {
        fs::create_dir_all(home.join(file).parent().unwrap()).unwrap();
        fs::write(home.join(file), "text").unwrap();
    }
    let script = format!(
        "cd {}; cat plain secret/key; cat secret/public/key.pub credentials.toml; ls secret; ls -A /run; echo x > secret/new; echo x > secret/public/new",
        home.display()
    );
    let command = sh(&script);
    let runner = runner_of(&command)
        .with_hidden([home.join("secret"), home.join("missing")])
        .with_hidden(secrets_of_cargo(&home))
        .with_visible([home.join("secret/public")]);
    let report = run(&runner, &request(&command, &folder)).unwrap();
    assert_eq!(report.stdout, "texttextpublic\n", "{}", report.stderr);
    assert!(!home.join("secret/new").exists() && !home.join("secret/public/new").exists());
}

#[test]
fn a_socket_that_nobody_named_is_out_of_sight() {
    let base = elsewhere();
    let socket = fs::canonicalize(base.path()).unwrap().join("a b.sock");
    let _listener = UnixListener::bind(&socket).unwrap();
    let Some(runner_of) = in_namespaces("a_socket_that_nobody_named_is_out_of_sight") else { return };
    let (_keep, folder) = scratch();
    let command = sh(&format!("test -S '{}' && echo there; echo looked", socket.display()));
    let report = run(&runner_of(&command), &request(&command, &folder)).unwrap();
    assert_eq!(report.stdout, "looked\n");
    assert!(fs::symlink_metadata(&socket).unwrap().mode() & 0o170_000 == 0o140_000);
}

#[test]
fn the_network_is_what_the_request_says_at_most() {
    let (_keep, folder) = scratch();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        while let Ok((mut stream, _)) = listener.accept() {
            let _ = stream.write_all(b"reached\n");
        }
    });
    let script = format!(
        "(exec 3<>/dev/tcp/127.0.0.1/{port} && head -n 1 <&3) 2>/dev/null; grep -c . /proc/net/dev; test -e /sys/class/net/lo; ip -o addr show up 2>/dev/null | grep -c 127.0.0.1"
    );
    let command = CommandLine::new("bash", ["-c", &script]);
    let check = |kind: SandboxKind, asked: NetworkAccess, reached: bool, expected: NetworkAccess| {
        let mut request = request(&command, &folder);
        request.network = asked;
        let report = run(&runner(kind, &command), &request).unwrap();
        assert_eq!(report.stdout.starts_with("reached\n"), reached, "{kind:?} {asked:?}: {}", report.stdout);
        assert_eq!(report.sandbox.network, expected, "{kind:?} {asked:?}");
        assert!(report.sandbox.writes_confined);
        report
    };
    check(SandboxKind::Restricted, NetworkAccess::None, false, NetworkAccess::None);
    check(SandboxKind::Restricted, NetworkAccess::PrivateLoopback, false, NetworkAccess::None);
    check(SandboxKind::Restricted, NetworkAccess::Full, true, NetworkAccess::Full);
    if in_namespaces("the_network_is_what_the_request_says_at_most").is_some() {
        let none = check(SandboxKind::Namespaces, NetworkAccess::None, false, NetworkAccess::None);
        assert!(none.stdout.ends_with("\n0\n") || none.stdout.ends_with("3\n"), "{}", none.stdout);
        let own = check(
            SandboxKind::Namespaces,
            NetworkAccess::PrivateLoopback,
            false,
            NetworkAccess::PrivateLoopback,
        );
        assert!(own.sandbox.holds(&SandboxLayer::NETWORK_NAMESPACE));
        let full = check(SandboxKind::Namespaces, NetworkAccess::Full, true, NetworkAccess::Full);
        assert!(!full.sandbox.holds(&SandboxLayer::NETWORK_NAMESPACE));
        assert!(full.sandbox.holds(&SandboxLayer::MOUNT_NAMESPACE));
    }
}

#[test]
fn a_launcher_that_is_none_is_told() {
    let (_keep, folder) = scratch();
    let command = sh("true");
    for program in ["/nowhere/launcher", "relative", "/bin/true", "/bin/false", "/bin/cat", "/usr/bin/yes"] {
        let launcher = Launcher::new(program, [] as [&str; 0]);
        let runner = HostRunner::new(launcher, Instant::now).with_allowed([command.clone()]);
        assert!(!matches!(program, "relative" | "/bin/true") || runner.probe().is_err());
        let error = run(&runner, &request(&command, &folder)).unwrap_err();
        assert!(matches!(error.code.as_str(), "run.unavailable" | "run.io"), "{program}: {error:?}");
    }
}

#[test]
fn a_probe_puts_the_same_layers_in_force_as_a_run() {
    for kind in KINDS {
        let command = sh("true");
        let probed = runner(kind, &command).probe().unwrap();
        assert_eq!(probed, run_script(kind, "true").sandbox);
        println!("{kind:?}: {probed:#?}");
    }
}

#[test]
fn the_strongest_sandbox_is_taken() {
    let Some(_) = in_namespaces("the_strongest_sandbox_is_taken") else { return };
    let report = run_script(SandboxKind::Strongest, "true");
    assert!(report.sandbox.holds(&SandboxLayer::PID_NAMESPACE));
}

#[test]
fn many_commands_run_at_once() {
    let threads: Vec<_> = (0..8)
        .map(|number| {
            std::thread::spawn(move || {
                for kind in KINDS {
                    let report = run_script(kind, &format!("echo {number}; sleep 0.1; cat /proc/self/comm"));
                    assert_eq!(report.stdout, format!("{number}\ncat\n"));
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
}

#[test]
fn a_permit_for_another_command_runs_nothing() {
    let (_keep, folder) = scratch();
    let command = sh("touch ran");
    for kind in KINDS {
        let runner = runner(kind, &command);
        let request = request(&command, &folder);
        let permit = run_permit(&sh("touch run"));
        let error = futures::executor::block_on(runner.run(permit, &request, &Cancel::new())).unwrap_err();
        assert_eq!(error.code, ErrorCode::RUN_NOT_ALLOWED);
        assert!(!folder.join("ran").exists());
    }
}

#[test]
fn modes_that_are_not_there_say_so() {
    let request = RunRequest::new(sh("true"), "/");
    let check = |runner: UnavailableRunner, mode: RunMode, code: ErrorCode| {
        assert_eq!(runner.mode(), mode);
        let error =
            futures::executor::block_on(runner.run(run_permit(&request.command), &request, &Cancel::new()))
                .unwrap_err();
        assert_eq!(error.code, code);
    };
    check(UnavailableRunner::microvm(), RunMode::MICROVM, ErrorCode::RUN_MICROVM_NOT_ENABLED);
    check(UnavailableRunner::new(RunMode::KUBERNETES), RunMode::KUBERNETES, ErrorCode::RUN_UNAVAILABLE);
}

/// A runner of somebody else: small virtual machines, as far as anybody here knows.
#[derive(Debug)]
struct OfSomebodyElse(RunMode);

#[async_trait::async_trait]
impl Runner for OfSomebodyElse {
    fn mode(&self) -> RunMode {
        self.0.clone()
    }

    async fn run(
        &self,
        _permit: aether_core::authority::Permit<aether_core::authority::RunCommand>,
        request: &RunRequest,
        _cancel: &Cancel,
    ) -> Result<RunReport, RunError> {
        let sandbox = SandboxReport::new(Vec::new(), NetworkAccess::None, true);
        let mut report = RunReport::new(request.command.clone(), self.mode(), sandbox);
        report.exit_code = Some(0);
        Ok(report)
    }
}

#[test]
fn a_runner_of_somebody_else_is_what_enables_small_virtual_machines() {
    let request = RunRequest::new(sh("true"), "/");
    let run_by = |config: &str, own: Option<RunMode>| {
        let (config, _) = Config::parse(config).unwrap();
        let runner = choose_runner(&RunnerChoice::of(&config.verify), |mode| {
            let own = own.clone().filter(|_| *mode == RunMode::MICROVM)?;
            Some(Arc::new(OfSomebodyElse(own)))
        });
        assert_eq!(runner.mode(), RunMode::MICROVM);
        futures::executor::block_on(runner.run(run_permit(&request.command), &request, &Cancel::new()))
    };
    let microvm = "[verify]\nmode = 'microvm'";
    assert_eq!(run_by(microvm, None).unwrap_err().code, ErrorCode::RUN_MICROVM_NOT_ENABLED);
    let report = run_by(microvm, Some(RunMode::MICROVM)).unwrap();
    assert!(report.is_green());
    assert_eq!((report.mode, report.fallback_reason), (RunMode::MICROVM, None));
    // One that runs commands elsewhere is not taken for one that was asked for.
    let error = run_by(microvm, Some(RunMode::HOST)).unwrap_err();
    assert_eq!(error.code, ErrorCode::RUN_UNAVAILABLE);
    assert!(error.message.contains("`microvm` is one for `host`"), "{error}");
}

/// The suite again, as a user without privileges. Landlock and namespaces are different things for root.
#[test]
fn all_of_it_holds_for_a_user_without_privileges() {
    if std::env::var_os(FOLDER_OF_NOBODY).is_some() {
        return;
    }
    let test = "all_of_it_holds_for_a_user_without_privileges";
    if fs::metadata("/proc/self").unwrap().uid() != 0 {
        skip(test, "this is no root; the other tests are such a run");
        return;
    }
    let folder = for_everybody();
    fs::copy(env!("CARGO_BIN_EXE_aether-sandbox-launch"), launcher_in(folder.path())).unwrap();
    let tests = folder.path().join("tests");
    fs::copy(std::env::current_exe().unwrap(), &tests).unwrap();
    let output = Command::new("setpriv")
        .args(["--reuid=65534", "--regid=65534", "--clear-groups", "--"])
        .arg(&tests)
        .current_dir(folder.path())
        .args(["run::", "--test-threads=2"])
        .env(FOLDER_OF_NOBODY, folder.path())
        .output();
    let output = match output {
        Ok(output) => output,
        Err(error) => {
            skip(test, format!("no setpriv: {error}"));
            return;
        }
    };
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}\n{}", String::from_utf8_lossy(&output.stderr));
    let passed = text.matches(" ... ok").count();
    assert!(passed >= 30, "only {passed} passed:\n{text}");
}

#[test]
fn nobody_waits_for_a_command_that_hangs_on() {
    // It closes its outputs and stays; the report comes when it ends, not before.
    let report = run_script(SandboxKind::Strongest, "exec >&- 2>&-; sleep 0.3");
    assert!(report.is_green() && report.duration_ms >= 300);
    assert!(Duration::from_millis(report.duration_ms) < Duration::from_secs(5));
}

/// Runs `script` from a thread for which the system has none of the calls `missing`.
fn on_a_poorer_system(missing: &[i64], script: &str, allow: bool) -> Result<RunReport, RunError> {
    use seccompiler::{BpfProgram, SeccompAction, SeccompFilter, TargetArch};
    let missing = missing.iter().map(|call| (*call, Vec::new())).collect();
    let script = script.to_owned();
    let on_it = move || {
        let (_keep, folder) = scratch();
        let denied = SeccompAction::Errno(libc::ENOSYS.unsigned_abs());
        let architecture = TargetArch::try_from(std::env::consts::ARCH).unwrap();
        let filter = SeccompFilter::new(missing, SeccompAction::Allow, denied, architecture).unwrap();
        seccompiler::apply_filter(&BpfProgram::try_from(filter).unwrap()).unwrap();
        let command = sh(&script);
        let mut request = request(&command, &folder);
        request.allow_unconfined = allow;
        run(&runner(SandboxKind::Strongest, &command), &request)
    };
    std::thread::spawn(on_it).join().unwrap()
}

#[test]
fn where_namespaces_are_missing_the_rest_holds_and_the_report_says_why() {
    let report =
        on_a_poorer_system(&[libc::SYS_unshare], "touch in; touch /dev/shm/out-$$; echo", false).unwrap();
    assert!(report.sandbox.writes_confined);
    assert_eq!(report.sandbox.network, NetworkAccess::None);
    let layer = |layer: &SandboxLayer| {
        report.sandbox.layers.iter().find(|report| report.layer == *layer).unwrap().reason.clone().unwrap()
    };
    assert!(layer(&SandboxLayer::USER_NAMESPACE).contains("ENOSYS"), "{report:#?}");
    assert!(report.stderr.contains("/dev/shm/out"), "{}", report.stderr);
}

#[test]
fn what_cannot_be_confined_is_refused_unless_that_is_allowed() {
    let no_landlock = [libc::SYS_unshare, libc::SYS_landlock_create_ruleset];
    let no_filter = [libc::SYS_unshare, libc::SYS_seccomp];
    for (missing, network) in [(no_landlock, NetworkAccess::None), (no_filter, NetworkAccess::Full)] {
        let error = on_a_poorer_system(&missing, "true", false).unwrap_err();
        assert_eq!(error.code, ErrorCode::RUN_UNCONFINED, "{error}");
        let report = on_a_poorer_system(&missing, "true", true).unwrap();
        assert!(report.is_green());
        assert!(!report.sandbox.writes_confined);
        assert_eq!(report.sandbox.network, network);
    }
}

#[test]
fn namespaces_hold_writes_back_where_landlock_is_missing() {
    let Some(_) = in_namespaces("namespaces_hold_writes_back_where_landlock_is_missing") else { return };
    let base = elsewhere();
    let script = format!(
        "touch in && echo in; touch {}/out /proc/sys/kernel/hostname /sys/out",
        base.path().display()
    );
    let report = on_a_poorer_system(&[libc::SYS_landlock_create_ruleset], &script, false).unwrap();
    assert!(report.sandbox.writes_confined && !report.sandbox.holds(&SandboxLayer::LANDLOCK_FILES));
    assert_eq!(report.stdout, "in\n");
    assert_eq!(report.stderr.matches("Read-only file system").count(), 3, "{}", report.stderr);
    assert_eq!(fs::read_dir(base.path()).unwrap().count(), 0);
}
