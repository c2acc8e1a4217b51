//! Containers, as the client of Docker is told to make them.

use std::collections::BTreeMap;

use aether_core::change::CommandLine;

use super::super::super::spec::{EmptyFolder, Sockets};
use super::*;

fn words(spec: &ContainerSpec, purpose: Purpose, major: u32) -> Vec<String> {
    let call = create(spec, purpose, major).expect("it can be made");
    call.words.into_iter().map(|word| word.into_string().expect("text")).collect()
}

/// Everything that a container can have.
fn full() -> ContainerSpec {
    let mut spec = ContainerSpec::new("aether-run-x-0", "docker.io/library/rust:1.95");
    spec.command = Some(CommandLine::new("cargo", ["check", "--offline"]));
    spec.environment = vec![("A".into(), "secret".into()), ("DOCKER_HOST".into(), "b=c".into())];
    spec.without_variables = vec!["A".into(), "RUSTUP_HOME".into()];
    spec.folder = Some("/srv/scratch".into());
    spec.mounts = vec![
        ContainerMount::read_only("/srv/scratch"),
        ContainerMount::covered("/srv/scratch/agent.sock"),
        ContainerMount::writable("/srv/scratch/a,\"b"),
    ];
    spec.empty_folders = vec![EmptyFolder::writable("/tmp", 1000), EmptyFolder::read_only("/volume")];
    spec.sockets = Some(Sockets::Unix);
    spec.user = Some((1000, 100));
    spec.max_memory_bytes = Some(4096);
    spec.max_processes = Some(7);
    spec.max_shared_bytes = Some(2048);
    spec.labels = BTreeMap::from([("aether.run.state".into(), "sha256:0".into())]);
    spec
}

#[test]
fn a_confined_container_has_all_that_holds_it_back() {
    let expected = [
        "create",
        "--pull=never",
        "--name=aether-run-x-0",
        "--label=aether.run.state=sha256:0",
        "--log-driver=none",
        "--network=none",
        "--security-opt=no-new-privileges",
        "--security-opt=seccomp=/dev/stdin",
        "--init",
        "--read-only",
        "--cap-drop=ALL",
        "--ipc=private",
        "--no-healthcheck",
        "--memory=4096",
        "--memory-swap=4096",
        "--pids-limit=7",
        "--shm-size=2048",
        "--user=1000:100",
        "--workdir=/srv/scratch",
        "--mount=type=bind,src=/srv/scratch,dst=/srv/scratch,readonly,bind-recursive=disabled",
        "--mount=type=bind,src=/dev/null,dst=/srv/scratch/agent.sock,readonly,bind-recursive=disabled",
        "--mount=type=bind,\"src=/srv/scratch/a,\"\"b\",\"dst=/srv/scratch/a,\"\"b\"",
        "--tmpfs=/tmp:rw,exec,nosuid,nodev,mode=1777,size=1000",
        "--mount=type=tmpfs,dst=/volume,tmpfs-size=4096,readonly",
        "--env=A",
        "--env=DOCKER_HOST=b=c",
        "--env=RUSTUP_HOME",
        "--entrypoint=cargo",
        "docker.io/library/rust:1.95",
        "check",
        "--offline",
    ];
    assert_eq!(words(&full(), Purpose::Run, 28), expected);
    // What is secret is in the environment of the client, unless the client would read it.
    let call = create(&full(), Purpose::Run, 28).expect("it can be made");
    assert_eq!(call.input, Some(profile(Sockets::Unix)));
    assert_eq!(call.environment, [("A".to_owned(), "secret".to_owned())]);
}

#[test]
fn an_older_client_has_another_word_for_a_mount_alone() {
    let newer = words(&full(), Purpose::Run, 25);
    let older = words(&full(), Purpose::Run, 24);
    let replaced: Vec<String> =
        newer.iter().map(|word| word.replace("bind-recursive=disabled", "bind-nonrecursive=true")).collect();
    assert_ne!(older, newer);
    assert_eq!(older, replaced);
}

#[test]
fn a_service_has_what_its_image_has_and_its_ports() {
    let mut spec = ContainerSpec::new("database-1", "docker.io/library/postgres:17");
    spec.privileges = ContainerPrivileges::OfImage;
    spec.network = ContainerNetwork::Named("bridge".into());
    spec.ports = vec![5432, 80];
    let expected = [
        "create",
        "--pull=never",
        "--name=database-1",
        "--log-driver=local",
        "--network=bridge",
        "--publish=127.0.0.1::5432",
        "--publish=127.0.0.1::80",
        "--security-opt=no-new-privileges",
        "docker.io/library/postgres:17",
    ];
    assert_eq!(words(&spec, Purpose::Service, 20), expected);
}

#[track_caller]
fn check_refused(change: impl FnOnce(&mut ContainerSpec), kind: EngineErrorKind) {
    let mut spec = full();
    change(&mut spec);
    let error = create(&spec, Purpose::Run, 28).expect_err("it is refused");
    assert_eq!(error.kind(), kind, "{error}");
}

#[test]
fn what_would_be_read_as_something_else_is_refused() {
    let refused = EngineErrorKind::Refused;
    for name in ["", "a", "-a", "--rm", "a b", "a/b", "\u{e9}b", "a\0"] {
        check_refused(|spec| spec.name = name.into(), refused);
    }
    for image in ["", "-v", "--privileged", "a b", "a\nb", "$x", &"a".repeat(501)] {
        check_refused(|spec| spec.image = image.into(), refused);
    }
    for (name, value) in [("", "x"), ("A=B", "x"), ("A\0", "x"), ("A", "x\0")] {
        check_refused(|spec| spec.environment = vec![(name.into(), value.into())], refused);
    }
    check_refused(|spec| spec.empty_folders = vec![EmptyFolder::writable("/a:b", 1)], refused);
    check_refused(|spec| spec.command = Some(CommandLine::new("a", ["b\0"])), refused);
    for program in ["", "a\0"] {
        let command = CommandLine::new(program, [] as [&str; 0]);
        check_refused(|spec| spec.command = Some(command), EngineErrorKind::ProgramNotFound);
    }
    let latin = <std::ffi::OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(b"/\xe9");
    check_refused(|spec| spec.mounts = vec![ContainerMount::writable(latin)], refused);
}
