//! The engine of containers: services beside commands, with a real one.

use std::io::Read;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use aether_core::base::Cancel;
use aether_core::change::{CommandLine, RunLimits};
use aether_verify::{
    ContainerEngine, ContainerNetwork, ContainerPrivileges, ContainerSpec, DockerEngine, EngineErrorKind,
};
use futures::executor::block_on;

use crate::docker_support::{IMAGE, docker};
use crate::run_support::odd_number;

#[test]
fn a_service_stays_and_is_found_and_reached_and_removed() {
    let Some(docker) = docker("a_service_stays_and_is_found_and_reached_and_removed") else { return };
    let engine = docker.engine();
    let number = odd_number();
    let network = format!("aether-test-{number}");
    assert!(docker.call(&["network", "create", &network]).status.success());
    let names = [format!("service-{number}-a"), format!("service-{number}-b")];
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        for name in &names {
            let mut spec = ContainerSpec::new(name, IMAGE);
            spec.privileges = ContainerPrivileges::OfImage;
            spec.network = ContainerNetwork::Named(network.clone());
            spec.ports = vec![7000];
            let serve = format!("while :; do nc -l -p 7000 -e echo {name}; done");
            spec.command = Some(CommandLine::new("sh", ["-c", &serve]));
            spec.labels.insert("aether.test".into(), number.clone());
            block_on(engine.start(&spec)).unwrap();
            let error = block_on(engine.start(&spec)).unwrap_err();
            assert_eq!(error.kind(), EngineErrorKind::NameTaken, "{error}");
        }
        let found = block_on(engine.containers("aether.test", &number)).unwrap();
        assert_eq!(found.iter().map(|it| &it.name).collect::<Vec<_>>(), names.iter().collect::<Vec<_>>());
        for container in &found {
            assert!(container.is_running && container.labels["aether.test"] == number, "{container:?}");
            let address = container.ports[&7000];
            assert!(address.ip().is_loopback());
            assert_eq!(answer(address), format!("{}\n", container.name));
        }
        assert_eq!(block_on(engine.containers("aether.test", "another")).unwrap(), []);
        block_on(engine.remove(&names[0])).unwrap();
        // Once more is no error.
        block_on(engine.remove(&names[0])).unwrap();
        let left = block_on(engine.containers("aether.test", &number)).unwrap();
        assert_eq!(left.len(), 1);
        assert_eq!(left[0].name, names[1]);
    }));
    for name in &names {
        block_on(engine.remove(name)).unwrap();
    }
    assert!(docker.call(&["network", "rm", &network]).status.success());
    assert_eq!(block_on(engine.containers("aether.test", &number)).unwrap(), []);
    outcome.unwrap();
}

/// What a service says, once it listens.
#[track_caller]
fn answer(address: std::net::SocketAddr) -> String {
    let start = Instant::now();
    loop {
        let mut text = String::new();
        let read = TcpStream::connect(address).and_then(|mut stream| stream.read_to_string(&mut text));
        if read.is_ok() && !text.is_empty() {
            return text;
        }
        assert!(start.elapsed() < Duration::from_secs(10), "{read:?}");
        std::thread::yield_now();
    }
}

#[test]
fn a_service_that_cannot_be_started_leaves_nothing() {
    let Some(docker) = docker("a_service_that_cannot_be_started_leaves_nothing") else { return };
    let engine = docker.engine();
    let name = format!("service-{}", odd_number());
    let mut spec = ContainerSpec::new(&name, IMAGE);
    spec.privileges = ContainerPrivileges::OfImage;
    spec.command = Some(CommandLine::new("nosuch", [] as [&str; 0]));
    spec.labels.insert("aether.test".into(), name.clone());
    let error = block_on(engine.start(&spec)).unwrap_err();
    assert!(error.to_string().contains("nosuch"), "{error}");
    assert_eq!(block_on(engine.containers("aether.test", &name)).unwrap(), []);
    spec.image = "127.0.0.1:1/nosuch:1".into();
    assert_eq!(block_on(engine.start(&spec)).unwrap_err().kind(), EngineErrorKind::NoImage);
}

#[test]
fn a_run_under_a_name_that_is_taken_does_not_remove_who_has_it() {
    let Some(docker) = docker("a_run_under_a_name_that_is_taken_does_not_remove_who_has_it") else { return };
    let engine = docker.engine();
    let name = format!("service-{}", odd_number());
    let mut spec = ContainerSpec::new(&name, IMAGE);
    spec.command = Some(CommandLine::new("/bin/sleep", ["1000"]));
    spec.labels.insert("aether.test".into(), name.clone());
    block_on(engine.start(&spec)).unwrap();
    let error = block_on(engine.run(&spec, &RunLimits::default(), &Cancel::new())).unwrap_err();
    let found = block_on(engine.containers("aether.test", &name)).unwrap();
    block_on(engine.remove(&name)).unwrap();
    assert_eq!(error.kind(), EngineErrorKind::NameTaken);
    assert!(found.len() == 1 && found[0].is_running);
}

#[test]
fn an_engine_says_what_it_is() {
    let Some(docker) = docker("an_engine_says_what_it_is") else { return };
    let facts = block_on(docker.engine().facts()).unwrap();
    assert!(facts.version.starts_with(|c: char| c.is_ascii_digit()), "{facts:?}");
    assert_eq!(facts.sockets, [docker.socket()]);
    assert!(!facts.is_rootless && facts.limits_memory && facts.limits_processes, "{facts:?}");
    let image = block_on(docker.engine().image(IMAGE)).unwrap().unwrap();
    assert_eq!(image.volumes, [std::path::Path::new("/volume")]);
    assert_eq!(block_on(docker.engine().image("nosuch:1")).unwrap(), None);
}

#[test]
fn a_client_that_is_none_is_told() {
    for client in ["/bin/true", "/bin/false", "/nowhere/docker"] {
        let engine = DockerEngine::new(client, "/nowhere/socket", Instant::now);
        let mut spec = ContainerSpec::new("name", IMAGE);
        spec.command = Some(CommandLine::new("true", [] as [&str; 0]));
        let error = block_on(engine.run(&spec, &RunLimits::default(), &Cancel::new())).unwrap_err();
        let expected = match client {
            "/bin/false" => EngineErrorKind::Refused,
            _ => EngineErrorKind::Unavailable,
        };
        assert_eq!(error.kind(), expected, "{client}: {error}");
        let error = block_on(engine.facts()).unwrap_err();
        assert_eq!(error.kind(), expected, "{client}: {error}");
    }
}
