//! Intents by a server: one that answers, one that does not, and those that would do harm.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use aether_bindings::provider::OpenAiCompat;
use aether_core::authority::{
    ActionRequest, Capability, OpenSocket, Outcome, Permit, PolicyConfig, PolicyGate, Preset, ProvenanceTag,
    Resource,
};
use aether_core::base::{ErrorCode, Timestamp};
use aether_core::code::Sir;
use aether_core::conformance::{MemoryAudit, MemoryGrants, permit};
use aether_core::port::{InferenceError, InferenceProvider as _, InferenceRequest};
use futures::executor::block_on;

use crate::support::{Repo, update};

fn request(source: &str) -> InferenceRequest {
    let repo = Repo::new(&[("Cargo.toml", "[package]\nname = \"a\"\n"), ("src/lib.rs", "pub fn one() {}\n")]);
    let engine = repo.engine();
    update(&engine);
    let symbol = engine.select("one").unwrap();
    let derived = engine.sir(symbol.id).unwrap().result.record.unwrap().sir.unwrap();
    InferenceRequest::new(symbol, source, derived)
}

fn allowed() -> Result<Permit<OpenSocket>, InferenceError> {
    let mut request = ActionRequest::new("ask", "test", Capability::InferenceRemote);
    request.resources.push(Resource::Provider(OpenAiCompat::PROVIDER.to_owned()));
    Ok(permit(request))
}

/// A server that reads one request and writes an answer, byte by byte as it is.
struct Server {
    endpoint: String,
    seen: Arc<Mutex<String>>,
    thread: JoinHandle<()>,
}

impl Server {
    fn answering(answer: impl FnOnce(&mut TcpStream) + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = format!("http://{}/v1", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(String::new()));
        let told = Arc::clone(&seen);
        let thread = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            *told.lock().unwrap() = read_request(&mut stream);
            answer(&mut stream);
        });
        Self { endpoint, seen, thread }
    }

    fn saying(status: &str, headers: &str, body: &str) -> Self {
        let text = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n{headers}\r\n{body}", body.len());
        Self::answering(move |stream| _ = stream.write_all(text.as_bytes()))
    }

    /// A server that says this as an intent.
    fn with_content(content: &str) -> Self {
        let content = serde_json::to_string(content).unwrap();
        Self::saying("200 OK", "", &format!("{{\"choices\":[{{\"message\":{{\"content\":{content}}}}}]}}"))
    }

    fn provider(&self) -> OpenAiCompat {
        OpenAiCompat::new(&self.endpoint, "small", allowed).unwrap().with_timeout(Duration::from_secs(20))
    }

    fn ask(self) -> Result<Sir, InferenceError> {
        let answer = block_on(self.provider().infer(&request("fn one() {}")));
        self.thread.join().unwrap();
        answer
    }

    #[track_caller]
    fn fails(self) -> InferenceError {
        self.ask().unwrap_err()
    }
}

fn read_request(stream: &mut TcpStream) -> String {
    let mut text = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let length = stream.read(&mut buffer).unwrap();
        text.extend_from_slice(&buffer[..length]);
        let so_far = String::from_utf8_lossy(&text).into_owned();
        let Some((head, body)) = so_far.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
        });
        if body.len() >= length.unwrap_or(0) {
            return so_far;
        }
    }
}

#[test]
fn an_intent_is_taken_and_nothing_else() {
    let server = Server::with_content("{\"intent\": \"Gives one.\", \"effects\": [\"none at all\"]}");
    let request = request("fn one() {}\nlet key = \"AKIAIOSFODNN7EXAMPLE\";");
    let provider = server.provider().with_key("secret-key");
    assert!(!format!("{provider:?}").contains("secret-key"));
    let sir = block_on(provider.infer(&request)).unwrap();
    assert_eq!(sir.intent, "Gives one.");
    let mut derived = request.derived.clone();
    derived.intent.clone_from(&sir.intent);
    assert_eq!(sir, derived, "what was derived stays");
    let seen = server.seen.lock().unwrap().clone();
    assert!(seen.starts_with("POST /v1/chat/completions HTTP/1.1\r\n"), "{seen}");
    assert!(seen.to_lowercase().contains("authorization: bearer secret-key\r\n"), "{seen}");
    let body: serde_json::Value = serde_json::from_str(seen.split_once("\r\n\r\n").unwrap().1).unwrap();
    assert_eq!((&body["model"], &body["stream"]), (&"small".into(), &false.into()));
    let content = body["messages"][1]["content"].as_str().unwrap();
    assert!(content.contains("fn one() {}") && content.contains("[redacted:"), "{content}");
    assert!(!content.contains("AKIAIOSFODNN7EXAMPLE"));
}

#[test]
fn what_models_add_is_left_out() {
    let intent = |content: &str| Server::with_content(content).ask().unwrap().intent;
    assert_eq!(intent("```json\n{\"intent\":\"a\"}\n```"), "a");
    assert_eq!(intent("```\n{\"intent\":\"a\"}```"), "a");
    assert_eq!(intent("{\"intent\":\" a\\n\\u001b[31mb\\u0000 \"}"), "a [31mb");
    let long = "é".repeat(5_000);
    let cut = intent(&format!("{{\"intent\":\"{long}\"}}"));
    assert!(cut.len() <= 2_048 && long.starts_with(&cut));
}

#[test]
fn an_answer_that_is_none_is_told() {
    for content in
        ["", "no JSON", "{}", "{\"intent\":1}", "{\"intent\":\" \"}", "[]", "{\"intent\":\"a\"} and more"]
    {
        let error = Server::with_content(content).fails();
        assert_eq!((error.code, error.is_transient), (ErrorCode::INFERENCE_BAD_RECORD, false), "{content}");
    }
    for body in ["", "{", "{\"choices\":[]}", "{\"choices\":[{}]}", "null", &"[".repeat(100_000)] {
        let error = Server::saying("200 OK", "", body).fails();
        assert_eq!(error.code, ErrorCode::INFERENCE_BAD_RECORD);
    }
}

#[test]
fn failures_of_the_server_keep_their_kind() {
    let of = |status: &str, headers: &str| {
        let error = Server::saying(status, headers, "{\"error\":\"no\"}").fails();
        (error.code, error.is_transient, error.retry_after.map(|wait| wait.as_secs()))
    };
    let rate = ErrorCode::INFERENCE_RATE_LIMITED;
    assert_eq!(of("429 Too Many Requests", "retry-after: 7\r\n"), (rate.clone(), true, Some(7)));
    assert_eq!(of("429 Too Many Requests", "retry-after: 99999999\r\n"), (rate.clone(), true, Some(3_600)));
    assert_eq!(of("429 Too Many Requests", "retry-after: soon\r\n"), (rate, true, None));
    let unavailable = ErrorCode::INFERENCE_UNAVAILABLE;
    assert_eq!(of("503 Busy", "retry-after: 1\r\n"), (unavailable.clone(), true, Some(1)));
    assert_eq!(of("500 No", ""), (unavailable.clone(), true, None));
    assert_eq!(of("404 No", ""), (unavailable, false, None));
    assert_eq!(of("401 No", ""), (ErrorCode::INFERENCE_REFUSED, false, None));
}

#[test]
fn a_server_that_hangs_or_never_ends_is_left() {
    // It takes the request and says nothing until the client has gone.
    let server = Server::answering(|stream| _ = stream.read(&mut [0; 1]));
    let provider = server.provider().with_timeout(Duration::from_millis(300));
    let error = block_on(provider.infer(&request("x"))).unwrap_err();
    assert_eq!((error.code, error.is_transient), (ErrorCode::INFERENCE_TIMEOUT, true));
    server.thread.join().unwrap();

    let server = Server::answering(|stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
        // Until the client has had enough.
        while stream
            .write_all(b"1000\r\n")
            .and_then(|()| stream.write_all(&[b'a'; 0x1000]))
            .and_then(|()| stream.write_all(b"\r\n"))
            .is_ok()
        {}
    });
    assert_eq!(server.fails().code, ErrorCode::INFERENCE_BAD_RECORD);

    let server = Server::answering(|stream| _ = stream.write_all(b"\0\xff not HTTP at all\r\n\r\n"));
    let error = server.fails();
    assert_eq!((error.code, error.is_transient), (ErrorCode::INFERENCE_UNAVAILABLE, true));
    let server = Server::saying("200 OK", "", "");
    let endpoint = server.endpoint.clone();
    let _ = server.ask();
    let gone = OpenAiCompat::new(&endpoint, "small", allowed).unwrap();
    let error = block_on(gone.infer(&request("x"))).unwrap_err();
    assert_eq!((error.code, error.is_transient), (ErrorCode::INFERENCE_UNAVAILABLE, true));
}

#[test]
fn a_redirect_is_not_followed() {
    let elsewhere = TcpListener::bind("127.0.0.1:0").unwrap();
    elsewhere.set_nonblocking(true).unwrap();
    let location = format!("location: http://{}/v1\r\n", elsewhere.local_addr().unwrap());
    for status in ["307 Temporary Redirect", "302 Found", "308 Permanent Redirect"] {
        let error = Server::saying(status, &location, "").fails();
        assert_eq!((error.code, error.is_transient), (ErrorCode::INFERENCE_UNAVAILABLE, false));
        assert!(elsewhere.accept().is_err(), "nobody was asked there");
    }
}

#[test]
fn source_goes_to_this_machine_alone() {
    for endpoint in [
        "https://127.0.0.1/v1",
        "http://example.com/v1",
        "http://10.0.0.1:8080/v1",
        "http://0.0.0.0:8080/v1",
        "http://localhost.example.com/v1",
        "http://127.0.0.1.example.com/v1",
        "http://user@127.0.0.1/v1",
        "http://127.0.0.1@example.com/v1",
        "http://127.0.0.1\\@example.com/v1",
        "http://example.com#@127.0.0.1/v1",
        "http:///v1",
        "127.0.0.1:8080",
        "http://127.0.0.1 .example.com/",
        "",
    ] {
        assert!(OpenAiCompat::new(endpoint, "small", allowed).is_err(), "{endpoint}");
    }
    for endpoint in
        ["http://127.0.0.1:8080/v1", "http://localhost:1/v1", "http://[::1]:8080/v1/", "http://127.1.2.3"]
    {
        assert!(OpenAiCompat::new(endpoint, "small", allowed).is_ok(), "{endpoint}");
    }
}

#[test]
fn without_a_permit_nobody_is_asked() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let endpoint = format!("http://{}/v1", listener.local_addr().unwrap());
    let other = || {
        let mut request = ActionRequest::new("ask", "test", Capability::InferenceRemote);
        request.resources.push(Resource::Provider("another".to_owned()));
        Ok(permit(request))
    };
    let denied = || {
        // Nobody allowed it: a gate as everybody has one asks.
        let (audit, grants) = (MemoryAudit::default(), MemoryGrants::default());
        let gate = PolicyGate::new(PolicyConfig::new(Preset::Assistant), &audit, &grants).unwrap();
        let mut request = ActionRequest::new("ask", "test", Capability::InferenceRemote);
        request.resources.push(Resource::Provider(OpenAiCompat::PROVIDER.to_owned()));
        request.provenance.insert(ProvenanceTag::Session);
        match gate.authorize::<OpenSocket>(&request, Timestamp::from_unix_ms(0)).outcome {
            Outcome::Allow(permit) => Ok(permit),
            _ => Err(InferenceError::lasting(ErrorCode::POLICY_ASK, "somebody has to allow it")),
        }
    };
    let asked = |provider: OpenAiCompat| block_on(provider.infer(&request("x"))).unwrap_err().code;
    assert_eq!(asked(OpenAiCompat::new(&endpoint, "small", other).unwrap()), ErrorCode::POLICY_DENIED);
    assert_eq!(asked(OpenAiCompat::new(&endpoint, "small", denied).unwrap()), ErrorCode::POLICY_ASK);
    assert!(listener.accept().is_err(), "nobody was asked");
}
