//! Jobs of requests, and what reports say of them.

use aether_core::change::CommandLine;

use super::*;

fn shape() -> Shape {
    Shape::new("rust:1".into())
}

fn request(network: NetworkAccess) -> RunRequest {
    let mut request = RunRequest::new(CommandLine::new("true", [] as [&str; 0]), "/");
    request.writable.clear();
    request.network = network;
    request
}

#[test]
fn a_network_that_is_not_known_to_be_held_back_is_refused() {
    use NetworkAccess::{Full, None, PrivateLoopback};
    for (network, enforces, is_refused) in [
        (Full, false, false),
        (PrivateLoopback, false, true),
        (PrivateLoopback, true, false),
        // Every pod has a loopback.
        (None, true, true),
    ] {
        let shape = Shape { enforces_policies: enforces, ..shape() };
        let mut request = request(network);
        let refused = shape.check(&request).err().map(|error| error.code);
        assert_eq!(refused, is_refused.then_some(ErrorCode::RUN_UNCONFINED), "{network:?} {enforces}");
        request.allow_unconfined = true;
        assert!(shape.check(&request).is_ok());
    }
}

#[test]
fn a_report_says_what_is_known() {
    let told = |network, enforces, lacks: Vec<&'static str>| {
        let shape = Shape { enforces_policies: enforces, ..shape() };
        let ended = Ended { lacks, filters_calls: true, ..Ended::default() };
        shape.report(&request(network), &ended).sandbox
    };
    let sandbox = told(NetworkAccess::PrivateLoopback, true, vec![]);
    assert!(sandbox.holds(&SandboxLayer::NETWORK_POLICY) && sandbox.holds(&SandboxLayer::CONTAINER));
    assert_eq!((sandbox.network, sandbox.writes_confined), (NetworkAccess::PrivateLoopback, true));
    // Allowed without, it reaches the network as far as anybody knows.
    let sandbox = told(NetworkAccess::PrivateLoopback, false, vec![]);
    assert!(!sandbox.holds(&SandboxLayer::NETWORK_POLICY));
    assert_eq!(sandbox.network, NetworkAccess::Full);
    let sandbox = told(NetworkAccess::Full, true, vec![]);
    assert!(!sandbox.holds(&SandboxLayer::NETWORK_POLICY));
    assert_eq!(sandbox.network, NetworkAccess::Full);
    let sandbox = told(NetworkAccess::PrivateLoopback, true, vec!["the command may be root"]);
    assert!(!sandbox.holds(&SandboxLayer::CONTAINER) && !sandbox.holds(&SandboxLayer::MOUNT_NAMESPACE));
    assert!(!sandbox.writes_confined);
}

#[track_caller]
fn check_folders(folder: &str, writable: &[&str], expected: &[(&str, bool)]) {
    let mut request = RunRequest::new(CommandLine::new("true", [] as [&str; 0]), folder);
    request.writable = writable.iter().map(PathBuf::from).collect();
    let job = shape().job(&request, "a".into(), Duration::ZERO).unwrap();
    let folders: Vec<(&str, bool)> =
        job.folders.iter().map(|(path, writable)| (path.to_str().unwrap(), *writable)).collect();
    assert_eq!(folders, expected);
}

#[test]
fn folders_of_a_pod_are_those_of_the_request() {
    check_folders("/a", &["/a"], &[("/a", true)]);
    check_folders("/a", &[], &[("/a", false)]);
    check_folders("/a", &["/a/out"], &[("/a", false), ("/a/out", true)]);
    check_folders("/a/b", &["/a", "/c"], &[("/a", true), ("/c", true)]);
}

#[test]
fn a_job_has_time_for_all_of_it_and_is_not_of_root() {
    let mut request = request(NetworkAccess::Full);
    request.limits.timeout_ms = 10_000;
    let job = |shape: Shape| shape.job(&request, "a".into(), Duration::from_secs(20));
    assert_eq!(job(shape()).unwrap().deadline_s, 150);
    for wrong in [Shape { user: 0, ..shape() }, Shape { group: 0, ..shape() }, Shape::new(" ".into())] {
        assert_eq!(job(wrong).unwrap_err().code, ErrorCode::RUN_IO);
    }
}

#[test]
fn labels_are_such_as_a_cluster_takes() {
    let folder = tempfile::tempdir().unwrap();
    let owner = Owner::new(folder.path()).unwrap();
    for (name, value) in labels(&owner, 1_700_000_000) {
        let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        assert!(value.len() <= MAX_LABEL && value.bytes().all(is_part), "{name}: {value}");
        assert!(value.ends_with(|c: char| c.is_ascii_alphanumeric()));
    }
}
