//! The runner that uses containers, with a real engine.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use aether_core::base::{Cancel, ErrorCode};
use aether_core::change::{CommandLine, NetworkAccess, RunMode, RunReport, SandboxLayer};
use aether_core::conformance::run_permit;
use aether_core::port::{RunError, Runner};
use aether_verify::{ContainerRunner, DockerEngine, RunnerChoice, choose_runner};

use crate::docker_support::*;
use crate::run_support::{odd_number, scratch, sh, wait_until};

#[test]
fn a_report_tells_what_came_of_the_command() {
    let Some(docker) = docker("a_report_tells_what_came_of_the_command") else { return };
    let report = docker.run_script("echo out; echo err >&2; exit 3");
    assert_eq!((report.stdout.as_str(), report.stderr.as_str()), ("out\n", "err\n"));
    assert_eq!((report.exit_code, report.signal), (Some(3), None));
    assert_eq!((report.mode, report.fallback_reason), (RunMode::CONTAINER, None));
    assert!(!report.timed_out && !report.cancelled && !report.truncated);
    assert_eq!(report.command, sh("echo out; echo err >&2; exit 3"));
    assert!(docker.run_script("true").is_green());
}

#[test]
fn a_signal_that_ends_the_command_is_told() {
    let Some(docker) = docker("a_signal_that_ends_the_command_is_told") else { return };
    for (name, number) in [("TERM", 15), ("KILL", 9), ("ABRT", 6)] {
        let report = docker.run_script(&format!("kill -{name} $$; sleep 100"));
        assert_eq!((report.exit_code, report.signal), (None, Some(number)), "{name}");
    }
}

#[test]
fn arguments_are_arguments_and_no_shell_reads_them() {
    let Some(docker) = docker("arguments_are_arguments_and_no_shell_reads_them") else { return };
    let (_keep, folder) = scratch();
    let command =
        CommandLine::new("printf", ["%s|", "two words", "$HOME", "; touch injected", "\u{e9}", "", "--help"]);
    let report = run(&docker.runner(&command, &folder.join("state")), &request(&command, &folder)).unwrap();
    assert_eq!(report.stdout, "two words|$HOME|; touch injected|\u{e9}||--help|");
    assert!(!folder.join("injected").exists());
}

#[test]
fn only_a_command_that_is_allowed_and_permitted_exactly_runs() {
    let Some(docker) = docker("only_a_command_that_is_allowed_and_permitted_exactly_runs") else { return };
    let (_keep, folder) = scratch();
    let (allowed, other) = (CommandLine::new("touch", ["a"]), CommandLine::new("touch", ["b"]));
    let runner = docker.runner(&allowed, &folder.join("state"));
    let error = run(&runner, &request(&other, &folder)).unwrap_err();
    assert_eq!(error.code, ErrorCode::RUN_NOT_ALLOWED);
    let run_with =
        |permit| futures::executor::block_on(runner.run(permit, &request(&allowed, &folder), &Cancel::new()));
    assert_eq!(run_with(run_permit(&other)).unwrap_err().code, ErrorCode::RUN_NOT_ALLOWED);
    assert!(!folder.join("a").exists() && !folder.join("b").exists());
    assert!(run_with(run_permit(&allowed)).unwrap().is_green());
    assert!(folder.join("a").exists());
}

#[test]
fn the_environment_is_what_was_given() {
    let Some(docker) = docker("the_environment_is_what_was_given") else { return };
    let (_keep, folder) = scratch();
    let command = CommandLine::new("/bin/env", ["-0"]);
    let mut request = request(&command, &folder);
    let given = [
        ("HOME", "/somewhere"),
        ("A", "two words"),
        ("LINES", "one\ntwo"),
        ("EMPTY", ""),
        ("EQUAL", "a=b"),
        ("DOCKER_HOST", "unix:///nowhere"),
        ("DOCKER_CONTENT_TRUST", "1"),
        ("http_proxy", "http://127.0.0.1:1"),
    ];
    request.environment = given.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    let runner = docker.runner(&command, &folder.join("state"));
    let report = run(&runner, &request).unwrap();
    let mut found: Vec<&str> = report.stdout.split('\0').filter(|line| !line.is_empty()).collect();
    found.sort_unstable();
    let mut expected: Vec<String> = given.iter().map(|(name, value)| format!("{name}={value}")).collect();
    expected.sort_unstable();
    assert_eq!(found, expected);
    let of_image = futures::executor::block_on(runner.image_environment()).unwrap();
    assert!(of_image.contains(&("FROM_IMAGE".to_owned(), "yes".to_owned())), "{of_image:?}");
    for (name, value) in [("", "x"), ("A=B", "x"), ("A\0", "x"), ("A", "x\0")] {
        request.environment = vec![(name.into(), value.into())];
        assert_eq!(run(&runner, &request).unwrap_err().code, ErrorCode::RUN_IO, "{name:?}={value:?}");
    }
}

#[test]
fn a_program_that_is_not_there_is_told_from_one_that_says_so() {
    let Some(docker) = docker("a_program_that_is_not_there_is_told_from_one_that_says_so") else { return };
    let (_keep, folder) = scratch();
    fs::write(folder.join("tool"), "#!/nowhere/interpreter\n").unwrap();
    fs::set_permissions(folder.join("tool"), fs::Permissions::from_mode(0o755)).unwrap();
    fs::write(folder.join("text"), "x").unwrap();
    for program in ["nosuch", "/nowhere/tool", "./tool", "./text", "/bin", ""] {
        let command = CommandLine::new(program, [] as [&str; 0]);
        let error =
            run(&docker.runner(&command, &folder.join("state")), &request(&command, &folder)).unwrap_err();
        assert_eq!(error.code, ErrorCode::RUN_NOT_FOUND, "{program:?}: {error}");
    }
    let report = docker.run_script("nosuch; exit 127");
    assert_eq!(report.exit_code, Some(127), "{report:?}");
    assert_eq!(docker.run_script("exit 127").exit_code, Some(127));
}

#[test]
fn the_time_limit_kills_and_removes_the_container() {
    let Some(docker) = docker("the_time_limit_kills_and_removes_the_container") else { return };
    let (_keep, folder) = scratch();
    let number = odd_number();
    let command =
        sh(&format!("trap '' TERM; echo begun; sleep {number} & setsid sleep {number} & sleep {number}"));
    let mut request = request(&command, &folder);
    request.limits.timeout_ms = 700;
    let report = run(&docker.runner(&command, &folder.join("state")), &request).unwrap();
    assert!(report.timed_out && !report.cancelled && !report.is_green());
    assert_eq!((report.exit_code, report.signal), (None, Some(9)));
    assert_eq!(report.stdout, "begun\n");
    assert!((700..10_000).contains(&report.duration_ms), "{}", report.duration_ms);
    assert!(!docker.has_container(&number) && sleeping(&number) == 0);
}

fn sleeping(number: &str) -> usize {
    crate::run_support::processes_of(&format!("sleep\0{number}")).len()
}

#[test]
fn a_command_can_be_cancelled() {
    let Some(docker) = docker("a_command_can_be_cancelled") else { return };
    let (_keep, folder) = scratch();
    let number = odd_number();
    let command = sh(&format!("echo begun; touch begun; sleep {number}"));
    let runner = docker.runner(&command, &folder.join("state"));
    let mut request = request(&command, &folder);
    // So that it fails if it cannot.
    request.limits.timeout_ms = 20_000;
    let cancel = Cancel::new();
    let (from_elsewhere, begun) = (cancel.clone(), folder.join("begun"));
    let other = std::thread::spawn(move || {
        wait_until("the command has begun", || begun.exists());
        from_elsewhere.cancel();
    });
    let report = futures::executor::block_on(runner.run(run_permit(&command), &request, &cancel)).unwrap();
    other.join().unwrap();
    assert!(report.cancelled && !report.timed_out && !report.is_green());
    assert_eq!((report.stdout.as_str(), report.signal), ("begun\n", Some(9)));
    assert!(!docker.has_container(&number) && sleeping(&number) == 0);
    // Cancelled before it began: nothing is started.
    fs::remove_file(folder.join("begun")).unwrap();
    let report = futures::executor::block_on(runner.run(run_permit(&command), &request, &cancel)).unwrap();
    assert!(report.cancelled && report.exit_code.is_none() && report.signal.is_none());
    assert!(!folder.join("begun").exists());
}

#[test]
fn dropping_the_future_removes_the_container() {
    let Some(docker) = docker("dropping_the_future_removes_the_container") else { return };
    let (_keep, folder) = scratch();
    let number = odd_number();
    let command = sh(&format!("touch begun; sleep {number}"));
    let runner = docker.runner(&command, &folder.join("state"));
    let request = request(&command, &folder);
    let cancel = Cancel::new();
    let mut future = runner.run(run_permit(&command), &request, &cancel);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let start = Instant::now();
    // Each step of the run goes on when it is polled.
    while !folder.join("begun").exists() {
        assert!(future.as_mut().poll(&mut context).is_pending());
        assert!(start.elapsed() < Duration::from_secs(20), "it does not begin");
        std::thread::yield_now();
    }
    wait_until("it sleeps", || sleeping(&number) == 1);
    drop(future);
    wait_until("the container is gone", || !docker.has_container(&number) && sleeping(&number) == 0);
}

#[test]
fn much_output_is_cut_and_does_not_fill_memory() {
    let Some(docker) = docker("much_output_is_cut_and_does_not_fill_memory") else { return };
    let (_keep, folder) = scratch();
    let command = sh("yes 0123456789abcde | head -c 50000000; echo end; echo error >&2");
    let mut request = request(&command, &folder);
    request.limits.max_output_bytes = 1000;
    let before = memory_kib();
    let report = run(&docker.runner(&command, &folder.join("state")), &request).unwrap();
    let grown = memory_kib().saturating_sub(before);
    assert!(report.is_green() && report.truncated, "{:?}", report.stderr);
    assert!(report.stdout.starts_with("0123456789abcde\n") && report.stdout.ends_with("\nend\n"));
    assert!(report.stdout.contains("[49999004 bytes left out]"), "{}", report.stdout);
    assert_eq!(report.stderr, "error\n");
    // The other tests of this process need some, too.
    assert!(grown < 30_000, "{grown} KiB more");
}

fn memory_kib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

#[test]
fn its_input_is_closed() {
    let Some(docker) = docker("its_input_is_closed") else { return };
    let report = docker.run_script("cat; echo $?");
    assert_eq!(report.stdout, "0\n");
}

#[test]
fn it_writes_only_where_the_request_says() {
    let Some(docker) = docker("it_writes_only_where_the_request_says") else { return };
    let (_keep, folder) = scratch();
    fs::create_dir(folder.join("out, \"of\" order")).unwrap();
    fs::write(folder.join("source"), "source").unwrap();
    let places = ["/x", "/etc/x", "/bin/x", "/volume/x", "x", "/proc/sys/kernel/hostname", "/sys/x"];
    let tries: String = places.iter().map(|place| format!("echo x 2>&- >{place} && echo {place};")).collect();
    let command = sh(&format!(
        "{tries} cat source; cd out*; echo x >made && t=/tmp; echo >$t/t && echo inside; cp /bin/busybox $t/echo && $t/echo runs"
    ));
    let mut request = request(&command, &folder);
    request.writable = vec![folder.join("out, \"of\" order")];
    let report = run(&docker.runner(&command, &folder.join("state")), &request).unwrap();
    assert_eq!(report.stdout, "sourceinside\nruns\n", "{}", report.stderr);
    assert!(report.sandbox.writes_confined);
    assert!(folder.join("out, \"of\" order/made").exists() && !folder.join("x").exists());
    // Another run has another temporary folder.
    assert_eq!(docker.run_script("t=/tmp; [ -e $t/t ] || echo new").stdout, "new\n");
    request.writable = vec!["/".into()];
    let error = run(&docker.runner(&command, &folder.join("state")), &request).unwrap_err();
    assert_eq!(error.code, ErrorCode::RUN_IO);
}

#[test]
fn what_is_mounted_in_a_read_only_folder_cannot_be_written_with_any_client() {
    let test = "what_is_mounted_in_a_read_only_folder_cannot_be_written_with_any_client";
    let Some(docker) = docker(test) else { return };
    let (_keep, folder) = scratch();
    fs::create_dir(folder.join("other")).unwrap();
    let mounted = Command::new("mount").args(["-t", "tmpfs", "none"]).arg(folder.join("other")).status();
    assert!(mounted.unwrap().success());
    let clients: Vec<_> = ["/usr/bin/docker", "/usr/local/bin/docker"]
        .iter()
        .filter(|path| Path::new(path).is_file())
        .collect();
    let mut outputs = Vec::new();
    for client in &clients {
        let engine = DockerEngine::new(client, docker.socket(), Instant::now);
        let command = sh("echo x >other/x && echo written; ls -A");
        let runner = ContainerRunner::new(Arc::new(engine), IMAGE, folder.join("state"))
            .with_allowed([command.clone()]);
        let mut request = request(&command, &folder);
        request.writable.clear();
        outputs.push(run(&runner, &request).map(|report| report.stdout));
    }
    let is_written = folder.join("other/x").exists();
    assert!(Command::new("umount").arg(folder.join("other")).status().unwrap().success());
    assert!(!is_written);
    assert!(!clients.is_empty());
    for output in outputs {
        assert_eq!(output.unwrap(), "other\nstate\n");
    }
}

#[test]
fn its_user_is_the_owner_of_the_folder_and_has_no_privileges() {
    let Some(docker) = docker("its_user_is_the_owner_of_the_folder_and_has_no_privileges") else { return };
    let (_keep, folder) = scratch();
    let state = tempfile::tempdir().unwrap();
    let command = sh("id -u; id -g; touch made; grep -e ^Cap -e NoNew -e ^Seccomp: /proc/self/status");
    for (user, group) in [(0, 0), (12_345, 23_456)] {
        std::os::unix::fs::chown(&folder, Some(user), Some(group)).unwrap();
        let _ = fs::remove_file(folder.join("made"));
        let report = run(&docker.runner(&command, state.path()), &request(&command, &folder)).unwrap();
        let mut lines = report.stdout.lines();
        assert_eq!(lines.next(), Some(user.to_string().as_str()), "{report:?}");
        assert_eq!(lines.next(), Some(group.to_string().as_str()));
        let rest: Vec<&str> = lines.collect();
        for name in ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"] {
            assert!(rest.contains(&format!("{name}:\t0000000000000000").as_str()), "{rest:?}");
        }
        assert!(rest.contains(&"NoNewPrivs:\t1") && rest.contains(&"Seccomp:\t2"), "{rest:?}");
        assert_eq!(fs::metadata(folder.join("made")).unwrap().uid(), user);
    }
}

#[test]
fn the_report_says_what_held() {
    let Some(docker) = docker("the_report_says_what_held") else { return };
    let sandbox = docker.run_script("true").sandbox;
    assert_eq!(sandbox.network, NetworkAccess::PrivateLoopback);
    for layer in [
        SandboxLayer::CONTAINER,
        SandboxLayer::NETWORK_NAMESPACE,
        SandboxLayer::MOUNT_NAMESPACE,
        SandboxLayer::PID_NAMESPACE,
    ] {
        assert!(sandbox.holds(&layer), "{layer}: {sandbox:?}");
    }
    // Root of the container is root of the machine, if with no privileges.
    assert!(!sandbox.holds(&SandboxLayer::USER_NAMESPACE));
}

#[test]
fn processes_memory_and_temporary_files_have_limits() {
    let Some(docker) = docker("processes_memory_and_temporary_files_have_limits") else { return };
    let (_keep, folder) = scratch();
    let limited = |script: &str| -> RunReport {
        let command = sh(script);
        let runner = docker
            .runner(&command, &folder.join("state"))
            .with_max_processes(20)
            .with_max_memory_bytes(64 * 1024 * 1024)
            .with_temporary_bytes(1024 * 1024);
        run(&runner, &request(&command, &folder)).unwrap()
    };
    let report = limited("i=0; while [ $i -lt 40 ]; do sleep 30 & i=$((i+1)); done; exit 0");
    assert!(report.stderr.contains("can't fork"), "{report:?}");
    let report = limited("x=$(yes | head -c 200000000); echo survived");
    assert!(!report.is_green() && report.signal == Some(9), "{report:?}");
    let reason = report.sandbox.layers[0].reason.clone().unwrap_or_default();
    assert!(reason.contains("67108864 bytes of memory"), "{reason}");
    let report = limited(
        "t=/tmp; head -c 2000000 /dev/zero >$t/x; head -c 2000000 /dev/zero >/dev/shm/x; stat -c %s $t/x /dev/shm/x",
    );
    assert_eq!(report.stdout, "1048576\n1048576\n", "{report:?}");
}

#[test]
fn sockets_in_its_folders_and_that_of_the_engine_are_out_of_sight() {
    let Some(docker) = docker("sockets_in_its_folders_and_that_of_the_engine_are_out_of_sight") else {
        return;
    };
    let (_keep, folder) = scratch();
    let socket = folder.join("agent.sock");
    let _listener = UnixListener::bind(&socket).unwrap();
    let engine = docker.socket();
    // The name of the folder is the way to the socket that nobody hides by mistake.
    let script = format!(
        "for path in {} {}; do [ -S $path ] && echo seen $path; [ -e $path ] && echo there; done; true",
        socket.display(),
        engine.display()
    );
    let command = sh(&script);
    let runner = docker
        .runner(&command, &folder.join("state"))
        .with_visible([engine.parent().unwrap(), engine.as_path()]);
    let report = run(&runner, &request(&command, &folder)).unwrap();
    assert_eq!(report.stdout, "there\nthere\n", "{}", report.stderr);
    // Without our hands in it, they are seen.
    let volume = |path: &Path| format!("--volume={0}:{0}", path.display());
    let (own, of_engine) = (volume(&folder), volume(engine.parent().unwrap()));
    let seen = docker.call(&[
        "run",
        "--rm",
        "--network=none",
        &own,
        &of_engine,
        "--entrypoint=/bin/sh",
        IMAGE,
        "-c",
        &script,
    ]);
    assert_eq!(String::from_utf8_lossy(&seen.stdout).matches("seen").count(), 2, "{seen:?}");
}

#[test]
fn what_is_visible_can_be_read_and_what_is_hidden_in_it_cannot() {
    let Some(docker) = docker("what_is_visible_can_be_read_and_what_is_hidden_in_it_cannot") else { return };
    let (_keep, folder) = scratch();
    let home = tempfile::tempdir().unwrap();
    let at = |name: &str| home.path().join(name);
    fs::create_dir(at("keys")).unwrap();
    for name in ["keys/key", "token", "registry"] {
        fs::write(at(name), name).unwrap();
    }
    let command = sh(&format!("cd {}; cat registry token; ls -A keys; echo x >new", home.path().display()));
    let runner = docker
        .runner(&command, &folder.join("state"))
        .with_visible([home.path(), Path::new("/nowhere")])
        .with_hidden([at("keys"), at("token"), at("absent")]);
    let report = run(&runner, &request(&command, &folder)).unwrap();
    assert_eq!(report.stdout, "registry", "{}", report.stderr);
    assert!(!at("new").exists());
}

#[test]
fn the_network_is_what_the_request_says_at_most() {
    let Some(docker) = docker("the_network_is_what_the_request_says_at_most") else { return };
    let (_keep, folder) = scratch();
    let network = format!("aether-test-{}", odd_number());
    let made = docker.call(&["network", "create", &network]);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let format = "--format={{(index .IPAM.Config 0).Gateway}}";
    let gateway = docker.call(&["network", "inspect", format, &network]);
    let gateway = String::from_utf8(gateway.stdout).unwrap().trim().to_owned();
    let listener = std::net::TcpListener::bind((gateway.as_str(), 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        while let Ok((mut stream, _)) = listener.accept() {
            let _ = std::io::Write::write_all(&mut stream, b"reached\n");
        }
    });
    let command = sh(&format!(
        "nc -w 3 {gateway} {port} </dev/null; echo $?; nc -l -p 7777 -e echo local & sleep 0.3; nc 127.0.0.1 7777 </dev/null"
    ));
    let with = |access: NetworkAccess| -> Result<RunReport, RunError> {
        let mut request = request(&command, &folder);
        request.network = access;
        run(&docker.runner(&command, &folder.join("state")).with_network(&network), &request)
    };
    let [full, private, none] =
        [NetworkAccess::Full, NetworkAccess::PrivateLoopback, NetworkAccess::None].map(with);
    assert!(docker.call(&["network", "rm", &network]).status.success());
    for (report, access, output) in [
        (full.unwrap(), NetworkAccess::Full, "reached\n0\nlocal\n"),
        (private.unwrap(), NetworkAccess::PrivateLoopback, "1\nlocal\n"),
        // Not even a socket for it.
        (none.unwrap(), NetworkAccess::None, "1\n"),
    ] {
        assert_eq!((report.stdout.as_str(), report.sandbox.network), (output, access), "{}", report.stderr);
        assert!(report.sandbox.holds(&SandboxLayer::SECCOMP_SOCKETS));
        assert_eq!(report.sandbox.holds(&SandboxLayer::NETWORK_NAMESPACE), access != NetworkAccess::Full);
    }
}

#[test]
fn an_image_that_is_not_there_is_not_fetched() {
    let Some(docker) = docker("an_image_that_is_not_there_is_not_fetched") else { return };
    let (_keep, folder) = scratch();
    let command = sh("true");
    for (image, code) in [
        ("127.0.0.1:1/nosuch:1", ErrorCode::RUN_UNAVAILABLE),
        ("--privileged", ErrorCode::RUN_IO),
        ("a b", ErrorCode::RUN_IO),
        ("", ErrorCode::RUN_IO),
    ] {
        let runner = ContainerRunner::new(Arc::new(docker.engine()), image, folder.join("state"))
            .with_allowed([command.clone()]);
        let error = run(&runner, &request(&command, &folder)).unwrap_err();
        assert_eq!(error.code, code, "{image}: {error}");
        assert_eq!(
            error.message.contains("docker pull 127.0.0.1:1/nosuch:1"),
            code == ErrorCode::RUN_UNAVAILABLE
        );
        assert_eq!(futures::executor::block_on(runner.ready()).unwrap_err().code, code);
    }
}

#[test]
fn where_there_is_no_engine_the_fallback_of_the_configuration_is_taken() {
    let (_keep, folder) = scratch();
    let command = sh("echo ran");
    // The one side of a pair of sockets that nobody answers on.
    let hung = folder.join("hung.sock");
    let _listener = UnixListener::bind(&hung).unwrap();
    let client = program("docker").unwrap_or_else(|| "/usr/bin/docker".into());
    let mut lacks =
        vec![("/nowhere/docker".into(), folder.join("s")), (client.clone(), folder.join("absent.sock"))];
    if client.exists() {
        lacks.push((client, hung));
    }
    for (client, socket) in lacks {
        let engine = Arc::new(DockerEngine::new(client, &socket, Instant::now));
        let make = |mode: &RunMode| -> Option<Arc<dyn Runner>> {
            match mode.as_str() {
                "container" => Some(Arc::new(
                    ContainerRunner::new(engine.clone(), IMAGE, folder.join("state"))
                        .with_allowed([command.clone()]),
                )),
                "host" => Some(Arc::new(crate::run_support::runner(
                    aether_verify::SandboxKind::Strongest,
                    &command,
                ))),
                _ => None,
            }
        };
        let chosen = |text: &str| {
            let (config, _) = aether_core::base::Config::parse(text).unwrap();
            choose_runner(&RunnerChoice::of(&config.verify), make)
        };
        let request = crate::run_support::request(&command, &folder);
        let start = Instant::now();
        let error = run(&*chosen("[verify]\nmode = 'docker'"), &request).unwrap_err();
        assert_eq!(error.code, ErrorCode::RUN_UNAVAILABLE, "{error}");
        assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
        let report = run(&*chosen("[verify]\nmode = 'container'\nfallback = 'host'"), &request).unwrap();
        assert_eq!((report.stdout.as_str(), report.mode), ("ran\n", RunMode::HOST));
        assert_eq!(report.fallback_reason.as_deref(), Some(error.message.as_str()), "{}", socket.display());
        let error = run(&*chosen("[verify]\nmode = 'docker'\nfallback = 'microvm'"), &request).unwrap_err();
        assert_eq!(error.code, ErrorCode::RUN_MICROVM_NOT_ENABLED);
        assert!(error.message.contains("instead of it"), "{error}");
    }
}

#[test]
fn a_fallback_is_taken_only_where_the_first_is_not_there() {
    let Some(docker) = docker("a_fallback_is_taken_only_where_the_first_is_not_there") else { return };
    let (_keep, folder) = scratch();
    let (allowed, other) = (sh("echo ran"), sh("echo other"));
    let choice = RunnerChoice::of(&{
        let text = "[verify]\nmode = 'docker'\nfallback = 'host'";
        aether_core::base::Config::parse(text).unwrap().0.verify
    });
    let runner = choose_runner(&choice, |mode| match mode.as_str() {
        "container" => Some(Arc::new(docker.runner(&allowed, &folder.join("state"))) as Arc<dyn Runner>),
        _ => Some(Arc::new(crate::run_support::runner(aether_verify::SandboxKind::Strongest, &other))),
    });
    let report = run(&*runner, &request(&allowed, &folder)).unwrap();
    assert_eq!((report.mode, report.fallback_reason), (RunMode::CONTAINER, None));
    // An image that cannot be one is a mistake to be told, not a way that is not there.
    let mistaken = choose_runner(&choice, |mode| match mode.as_str() {
        "container" => {
            let engine = Arc::new(docker.engine());
            let runner = ContainerRunner::new(engine, "a b", folder.join("state"));
            Some(Arc::new(runner.with_allowed([other.clone()])) as Arc<dyn Runner>)
        }
        _ => Some(Arc::new(crate::run_support::runner(aether_verify::SandboxKind::Strongest, &other))),
    });
    let error = run(&*mistaken, &crate::run_support::request(&other, &folder)).unwrap_err();
    assert_eq!(error.code, ErrorCode::RUN_IO, "{error}");
    // What may not run in the one may not run in the other.
    let error = run(&*runner, &crate::run_support::request(&other, &folder)).unwrap_err();
    assert_eq!(error.code, ErrorCode::RUN_NOT_ALLOWED);
}

#[test]
fn many_commands_run_at_once() {
    let Some(docker) = docker("many_commands_run_at_once") else { return };
    let (_keep, folder) = scratch();
    let command = sh("t=/tmp; echo $$ >$t/x; cat $t/x | wc -l");
    let runner = docker.runner(&command, &folder.join("state"));
    std::thread::scope(|scope| {
        let runs: Vec<_> =
            (0..6).map(|_| scope.spawn(|| run(&runner, &request(&command, &folder)).unwrap())).collect();
        for report in runs {
            assert_eq!(report.join().unwrap().stdout, "1\n");
        }
    });
}

/// Tells this program, when it is started as the embedder that is killed, what to run: socket, client, folder, number.
const EMBEDDER: &str = "AETHER_TEST_EMBEDDER";

#[test]
fn embedder_that_is_killed() {
    let Some(plan) = std::env::var_os(EMBEDDER) else { return };
    let plan = plan.into_string().unwrap();
    let [socket, folder, number] = plan.split('\n').collect::<Vec<_>>().try_into().unwrap();
    let command = sh(&format!("touch begun-{number}; sleep {number}"));
    let engine = Arc::new(DockerEngine::new(program("docker").unwrap(), socket, Instant::now));
    let folder = Path::new(folder);
    let runner = ContainerRunner::new(engine, IMAGE, folder.join("state")).with_allowed([command.clone()]);
    run(&runner, &request(&command, folder)).unwrap();
}

#[test]
fn what_a_killed_embedder_left_behind_is_removed_at_the_next_start() {
    let test = "what_a_killed_embedder_left_behind_is_removed_at_the_next_start";
    let Some(docker) = docker(test) else { return };
    let (_keep, folder) = scratch();
    let embedder = |number: &str| {
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "run_container::embedder_that_is_killed", "--nocapture"])
            .env(EMBEDDER, format!("{}\n{}\n{number}", docker.socket().display(), folder.display()))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        wait_until("the command has begun", || folder.join(format!("begun-{number}")).exists());
        child
    };
    let (killed, living) = (odd_number(), odd_number());
    let mut one = embedder(&killed);
    let mut other = embedder(&living);
    one.kill().unwrap();
    one.wait().unwrap();
    assert!(docker.has_container(&killed), "the kill left nothing behind, so this shows nothing");
    // One with another state is somebody else, and removes nothing.
    assert!(docker.run_script("true").is_green());
    assert!(docker.has_container(&killed));
    let command = sh("true");
    let runner = docker.runner(&command, &folder.join("state"));
    assert!(run(&runner, &request(&command, &folder)).unwrap().is_green());
    let (is_left, lives) = (docker.has_container(&killed), docker.has_container(&living));
    other.kill().unwrap();
    other.wait().unwrap();
    assert!(!is_left && sleeping(&killed) == 0, "it is still there");
    assert!(lives, "that of a process that lives was removed");
    let removed = futures::executor::block_on(runner.clean_up()).unwrap();
    assert_eq!(removed.len(), 1, "{removed:?}");
    assert!(!docker.has_container(&living));
    drop(runner);
    assert_eq!(fs::read_dir(folder.join("state")).unwrap().count(), 0, "files of owners are left");
}
