//! Answers as engines of several versions and kinds give them.

use super::*;

fn info(options: &str, limits: &str) -> String {
    format!(r#"{{"ServerVersion":"20.10.24","OSType":"linux","SecurityOptions":{options}{limits}}}"#)
}

const LIMITS: &str = r#","MemoryLimit":true,"SwapLimit":true,"PidsLimit":true"#;

#[test]
fn an_engine_says_what_it_can_hold_back() {
    let all = facts(&info(r#"["name=seccomp,profile=default"]"#, LIMITS)).expect("facts");
    assert_eq!(all, EngineFacts::new("20.10.24"));
    let rootless = r#"["name=seccomp,profile=builtin","name=rootless","name=cgroupns"]"#;
    assert!(facts(&info(rootless, LIMITS)).expect("facts").is_rootless);
    // It can, although it does not by itself.
    assert!(facts(&info(r#"["name=seccomp,profile=unconfined"]"#, LIMITS)).expect("facts").filters_calls);
    for options in ["null", "[]", r#"["name=apparmor"]"#] {
        assert!(!facts(&info(options, LIMITS)).expect("facts").filters_calls, "{options}");
    }
    let poor = facts(&info("[]", r#","MemoryLimit":false,"PidsLimit":false"#)).expect("facts");
    assert!(!poor.limits_memory && !poor.limits_processes);
    let swapping =
        facts(&info("[]", r#","MemoryLimit":true,"SwapLimit":false,"PidsLimit":true"#)).expect("facts");
    assert!(!swapping.limits_memory && swapping.limits_processes);
}

#[test]
fn an_engine_that_cannot_be_used_says_why() {
    for (json, part) in [
        (info(r#"["name=userns"]"#, LIMITS), "userns-remap"),
        (r#"{"ServerVersion":"28","OSType":"windows"}"#.to_owned(), "windows"),
        // The client says this much when it reaches nobody.
        (r#"{"ServerVersion":"","ServerErrors":["Cannot connect"]}"#.to_owned(), "does not say"),
        ("{}".to_owned(), "does not say"),
        ("not json".to_owned(), "cannot be read"),
        ("[1]".to_owned(), "cannot be read"),
        (String::new(), "cannot be read"),
    ] {
        let error = facts(&json).expect_err("it cannot be used");
        assert_eq!(error.kind(), EngineErrorKind::Unavailable);
        assert!(error.to_string().contains(part), "{error}");
    }
}

#[test]
fn an_image_has_variables_and_volumes() {
    let full = image(r#"{"Id":"sha256:0","Config":{"Env":["A=b=c","B"],"Volumes":{"/data":{},"/a":{}}}}"#);
    let full = full.expect("an image");
    assert_eq!(full.environment, [("A".into(), "b=c".into()), ("B".into(), String::new())]);
    assert_eq!(full.volumes, [PathBuf::from("/a"), PathBuf::from("/data")]);
    for bare in [r#"{"Config":{"Env":null,"Volumes":null}}"#, r#"{"Config":{}}"#, r#"{"Config":null}"#, "{}"]
    {
        assert_eq!(image(bare).expect("an image"), ContainerImage::default(), "{bare}");
    }
}

#[test]
fn containers_have_labels_and_ports() {
    let state = r#""State":{"Status":"running","Running":true,"ExitCode":0,"OOMKilled":false,"Error":""}"#;
    let lines = format!(
        "{{\"Name\":\"/b\",{state},\"Config\":{{\"Labels\":null}},\"NetworkSettings\":{{\"Ports\":null}}}}\n\n\
         {{\"Name\":\"/a\",{state},\"Config\":{{\"Labels\":{{\"x\":\"y,z=1\"}}}},\"NetworkSettings\":{{\"Ports\":{{\
         \"80/tcp\":[{{\"HostIp\":\"127.0.0.1\",\"HostPort\":\"32768\"}}],\"53/udp\":null,\"81/tcp\":null,\
         \"82/tcp\":[{{\"HostIp\":\"nowhere\",\"HostPort\":\"1\"}}]}}}}}}\n"
    );
    let found = containers(&lines).expect("containers");
    let mut a = Container::new("a", true);
    a.labels.insert("x".into(), "y,z=1".into());
    a.ports.insert(80, SocketAddr::from(([127, 0, 0, 1], 32768)));
    assert_eq!(found, [a, Container::new("b", true)]);
}
