//! Containers of requests, without an engine.

use aether_core::change::CommandLine;

use super::*;

fn shown() -> Shown {
    Shown {
        folder: "/srv/project".into(),
        writable: vec!["/srv/project/target".into(), "/srv/other".into()],
        visible: vec!["/srv/cargo".into()],
        hidden: vec![
            ("/srv/cargo/credentials".into(), false),
            ("/srv/cargo/keys".into(), true),
            // Not visible anyway.
            ("/srv/home/.ssh".into(), true),
            ("/srv/home/.netrc".into(), false),
        ],
        sockets: vec!["/srv/other/agent.sock".into(), "/run/service.sock".into()],
        owner: (1000, 100),
        own_user: Some(1000),
    }
}

fn asked() -> RunRequest {
    let mut request = RunRequest::new(CommandLine::new("cargo", ["check"]), "/srv/project");
    request.environment = vec![("B".into(), "1".into()), ("A".into(), "2".into()), ("B".into(), "3".into())];
    request
}

fn image() -> ContainerImage {
    ContainerImage {
        environment: vec![("RUSTUP_HOME".into(), "/usr/local/rustup".into()), ("PATH".into(), "/bin".into())],
        volumes: vec!["/data".into(), "/srv/other".into(), "/tmp".into()],
    }
}

fn spec_of(request: &RunRequest, shown: &Shown, facts: &EngineFacts) -> Result<ContainerSpec, RunError> {
    Shape::new("image:1".into()).spec(request, shown, facts, &image(), "name-1".into())
}

#[test]
fn a_request_makes_exactly_this_container() {
    let mut facts = EngineFacts::new("1");
    facts.sockets = vec!["/srv/project/engine.sock".into(), "/run/docker.sock".into()];
    let found = spec_of(&asked(), &shown(), &facts).expect("a container");
    let mut expected = ContainerSpec::new("name-1", "image:1");
    expected.command = Some(CommandLine::new("cargo", ["check"]));
    expected.environment = vec![("A".into(), "2".into()), ("B".into(), "3".into())];
    expected.without_variables = vec!["HOSTNAME".into(), "PATH".into(), "RUSTUP_HOME".into()];
    expected.folder = Some("/srv/project".into());
    expected.mounts = vec![
        ContainerMount::read_only("/srv/cargo"),
        ContainerMount::covered("/srv/cargo/credentials"),
        ContainerMount::writable("/srv/other"),
        ContainerMount::covered("/srv/other/agent.sock"),
        ContainerMount::read_only("/srv/project"),
        ContainerMount::covered("/srv/project/engine.sock"),
        ContainerMount::writable("/srv/project/target"),
    ];
    expected.empty_folders = vec![
        EmptyFolder::writable("/tmp", 2 * 1024 * 1024 * 1024),
        EmptyFolder::read_only("/srv/cargo/keys"),
        EmptyFolder::read_only("/data"),
    ];
    expected.sockets = Some(Sockets::Internet);
    expected.user = Some((1000, 100));
    expected.max_memory_bytes = Some(8 * 1024 * 1024 * 1024);
    expected.max_processes = Some(4096);
    expected.max_shared_bytes = Some(2 * 1024 * 1024 * 1024);
    assert_eq!(found, expected);
}

#[test]
fn a_folder_that_is_writable_is_mounted_once() {
    let mut shown = shown();
    shown.writable = vec!["/srv/project".into()];
    let mounts = spec_of(&asked(), &shown, &EngineFacts::new("1")).expect("a container").mounts;
    let of_project: Vec<_> =
        mounts.iter().filter(|mount| mount.target == Path::new("/srv/project")).collect();
    assert_eq!(of_project, [&ContainerMount::writable("/srv/project")]);
}

#[test]
fn root_of_an_engine_without_privileges_is_its_user() {
    let mut facts = EngineFacts::new("1");
    facts.is_rootless = true;
    let mut shown = shown();
    let user = |shown: &Shown| spec_of(&asked(), shown, &facts).expect("a container").user;
    assert_eq!(user(&shown), Some((0, 0)));
    shown.own_user = Some(1001);
    assert_eq!(user(&shown), Some((1000, 100)));
}

#[test]
fn what_an_engine_cannot_limit_is_not_asked_for_and_is_told() {
    let mut facts = EngineFacts::new("1");
    assert_eq!(sandbox(&asked(), &facts).layers[0].reason, None);
    facts.limits_memory = false;
    facts.limits_processes = false;
    let spec = spec_of(&asked(), &shown(), &facts).expect("a container");
    assert_eq!((spec.max_memory_bytes, spec.max_processes), (None, None));
    let reason = sandbox(&asked(), &facts).layers[0].reason.clone().expect("a reason");
    for part in ["memory", "processes"] {
        assert!(reason.contains(part), "{reason}");
    }
}

#[track_caller]
fn check_refused(change: impl FnOnce(&mut RunRequest, &mut Shown), code: ErrorCode) {
    let (mut request, mut shown) = (asked(), shown());
    change(&mut request, &mut shown);
    assert_eq!(spec_of(&request, &shown, &EngineFacts::new("1")).expect_err("it is refused").code, code);
}

#[test]
fn what_no_container_should_have_is_refused() {
    for place in ["/", "/proc", "/sys/fs", "/dev/shm"] {
        check_refused(|_, shown| shown.folder = place.into(), ErrorCode::RUN_IO);
        check_refused(|_, shown| shown.writable = vec![place.into()], ErrorCode::RUN_IO);
        check_refused(|_, shown| shown.visible = vec![place.into()], ErrorCode::RUN_IO);
    }
    check_refused(|request, _| request.command.program.clear(), ErrorCode::RUN_NOT_FOUND);
}

#[track_caller]
fn check_network(asked_for: NetworkAccess, network: &ContainerNetwork, sockets: Sockets, layer: bool) {
    let mut request = asked();
    request.network = asked_for;
    let facts = EngineFacts::new("1");
    let spec = spec_of(&request, &shown(), &facts).expect("a container");
    assert_eq!((&spec.network, spec.sockets), (network, Some(sockets)), "{asked_for:?}");
    let report = sandbox(&request, &facts);
    assert_eq!(report.network, asked_for);
    assert!(report.holds(&SandboxLayer::SECCOMP_SOCKETS));
    assert_eq!(report.holds(&SandboxLayer::NETWORK_NAMESPACE), layer, "{asked_for:?}");
}

#[test]
fn the_network_is_what_was_asked_for() {
    check_network(NetworkAccess::None, &ContainerNetwork::Loopback, Sockets::Unix, true);
    check_network(NetworkAccess::PrivateLoopback, &ContainerNetwork::Loopback, Sockets::Internet, true);
    let bridge = ContainerNetwork::Named("bridge".into());
    check_network(NetworkAccess::Full, &bridge, Sockets::Internet, false);
}

#[test]
fn without_a_filter_of_calls_nothing_is_run_that_may_not_reach_the_network() {
    let mut facts = EngineFacts::new("1");
    facts.filters_calls = false;
    let mut request = asked();
    let tried = |request: &RunRequest| spec_of(request, &shown(), &facts).map_err(|error| error.code);
    assert_eq!(tried(&request), Err(ErrorCode::RUN_UNCONFINED));
    request.allow_unconfined = true;
    assert_eq!(tried(&request).expect("it is allowed").sockets, None);
    assert_eq!(sandbox(&request, &facts).network, NetworkAccess::Full);
    assert!(!sandbox(&request, &facts).holds(&SandboxLayer::SECCOMP_SOCKETS));
    request.allow_unconfined = false;
    request.network = NetworkAccess::Full;
    assert!(tried(&request).is_ok());
}

#[track_caller]
fn check_end(code: Option<i32>, exit_code: Option<i32>, signal: Option<i32>) {
    let end = ContainerEnd { code, ..ContainerEnd::default() };
    let report = report_of(&asked(), &EngineFacts::new("1"), &end, 5);
    assert_eq!((report.exit_code, report.signal), (exit_code, signal), "{code:?}");
}

#[test]
fn codes_from_128_on_stand_for_signals() {
    check_end(None, None, None);
    check_end(Some(0), Some(0), None);
    check_end(Some(127), Some(127), None);
    check_end(Some(128), Some(128), None);
    check_end(Some(129), None, Some(1));
    check_end(Some(137), None, Some(9));
    check_end(Some(192), None, Some(64));
    check_end(Some(193), Some(193), None);
    check_end(Some(255), Some(255), None);
}

#[test]
fn what_the_limit_of_memory_did_is_told_beside_what_is_lacking() {
    let mut facts = EngineFacts::new("1");
    facts.limits_processes = false;
    let end = ContainerEnd { is_out_of_memory: true, ..ContainerEnd::default() };
    let report = report_of(&asked(), &facts, &end, 5);
    assert_eq!(
        report.sandbox.layers[0].reason.as_deref(),
        Some("the engine cannot limit processes; the limit of 5 bytes of memory ended a process")
    );
}
