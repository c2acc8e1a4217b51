//! The Language Server Protocol, as far as a client that asks questions needs it.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Write as _};
use std::os::fd::AsFd as _;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec};
use serde_json::{Value, json};

use super::error::{Cause, ToolError};

/// Largest message that is taken.
const MAX_MESSAGE_BYTES: usize = 64 * 1024 * 1024;
/// Longest header of one.
const MAX_HEADER_BYTES: usize = 4 * 1024;
/// How often the thread that reads looks whether it should end.
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// The server has moved on since it was asked: the question is good, the moment was not.
const CONTENT_MODIFIED: i64 = -32_801;
const SERVER_CANCELLED: i64 = -32_802;
/// How long is waited before such a question is asked again, times how often it was.
const PAUSE: Duration = Duration::from_millis(100);

type Answer = Result<Value, (i64, String)>;

#[derive(Debug, Default)]
struct State {
    waiting: BTreeMap<i64, Sender<Answer>>,
    /// Why nothing comes any more.
    end: Option<String>,
    /// Whether the server says that it knows the project.
    is_quiescent: bool,
    should_end: bool,
}

/// A connection to a server.
#[derive(Debug)]
pub(super) struct Client {
    input: Arc<Mutex<File>>,
    state: Arc<Mutex<State>>,
    reader: Option<JoinHandle<()>>,
    next_id: i64,
    timeout: Duration,
    attempts: u32,
    clock: fn() -> Instant,
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Client {
    /// Follows the server that reads `input` and writes `output`.
    pub(super) fn new(
        input: File,
        output: File,
        timeout: Duration,
        attempts: u32,
        clock: fn() -> Instant,
    ) -> io::Result<Self> {
        let state = Arc::new(Mutex::new(State::default()));
        let input = Arc::new(Mutex::new(input));
        let (theirs, replies) = (Arc::clone(&state), Arc::clone(&input));
        let reader = std::thread::Builder::new().name("aether-tool".to_owned()).spawn(move || {
            let end = read_all(&output, &theirs, &replies);
            let mut state = lock(&theirs);
            state
                .end
                .get_or_insert(end.map_or_else(|error| error.to_string(), |()| "it was given up".to_owned()));
            // Whoever waits sees that nobody will answer.
            state.waiting.clear();
        })?;
        Ok(Self { input, state, reader: Some(reader), next_id: 1, timeout, attempts, clock })
    }

    /// Says that the server has ended, for whatever reason.
    pub(super) fn broken(&self) -> Cause {
        Cause::Broken(lock(&self.state).end.clone().unwrap_or_else(|| "it has ended".to_owned()))
    }

    pub(super) fn notify(&self, method: &str, parameters: Value) -> Result<(), ToolError> {
        let message = json!({ "jsonrpc": "2.0", "method": method, "params": parameters });
        Ok(send(&self.input, &message).map_err(|error| Cause::Broken(error.to_string()))?)
    }

    /// Asks, and asks again where the server was only busy. `alive` is asked while it waits, and ends it.
    pub(super) fn request(
        &mut self,
        method: &str,
        parameters: &Value,
        alive: &mut dyn FnMut() -> Result<(), ToolError>,
    ) -> Result<Value, ToolError> {
        let start = (self.clock)();
        let mut attempt = 0;
        loop {
            attempt += 1;
            match self.ask(method, parameters, start, alive)? {
                Ok(value) => return Ok(value),
                Err((CONTENT_MODIFIED | SERVER_CANCELLED, _)) if attempt < self.attempts => {
                    std::thread::sleep(PAUSE * attempt);
                }
                Err((_, message)) => return Err(Cause::Failed { method: method.to_owned(), message }.into()),
            }
        }
    }

    fn ask(
        &mut self,
        method: &str,
        parameters: &Value,
        start: Instant,
        alive: &mut dyn FnMut() -> Result<(), ToolError>,
    ) -> Result<Answer, ToolError> {
        let id = self.next_id;
        self.next_id += 1;
        let answer = {
            let mut state = lock(&self.state);
            if let Some(end) = &state.end {
                return Err(Cause::Broken(end.clone()).into());
            }
            let (sender, answer): (_, Receiver<Answer>) = channel();
            state.waiting.insert(id, sender);
            answer
        };
        let message = json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": parameters });
        send(&self.input, &message).map_err(|error| Cause::Broken(error.to_string()))?;
        loop {
            let left = self.timeout.saturating_sub((self.clock)().saturating_duration_since(start));
            match answer.recv_timeout(left.min(LOOK_EVERY)) {
                Ok(answer) => return Ok(answer),
                Err(RecvTimeoutError::Disconnected) => return Err(self.broken().into()),
                Err(RecvTimeoutError::Timeout) if left.is_zero() => break,
                Err(RecvTimeoutError::Timeout) => alive()?,
            }
        }
        lock(&self.state).waiting.remove(&id);
        let _ = self.notify("$/cancelRequest", json!({ "id": id }));
        let ms = u64::try_from(self.timeout.as_millis()).unwrap_or(u64::MAX);
        Err(Cause::Timeout { method: method.to_owned(), ms }.into())
    }

    /// Waits until the server knows the project, as long as for an answer.
    pub(super) fn wait_until_quiescent(
        &self,
        alive: &mut dyn FnMut() -> Result<(), ToolError>,
    ) -> Result<(), ToolError> {
        let start = (self.clock)();
        loop {
            {
                let state = lock(&self.state);
                if state.is_quiescent {
                    return Ok(());
                }
                if let Some(end) = &state.end {
                    return Err(Cause::Broken(end.clone()).into());
                }
            }
            if (self.clock)().saturating_duration_since(start) >= self.timeout {
                let ms = u64::try_from(self.timeout.as_millis()).unwrap_or(u64::MAX);
                return Err(Cause::Timeout { method: "experimental/serverStatus".to_owned(), ms }.into());
            }
            alive()?;
            std::thread::sleep(LOOK_EVERY / 5);
        }
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        lock(&self.state).should_end = true;
        if let Some(reader) = self.reader.take() {
            let _ = reader.join();
        }
    }
}

fn send(input: &Mutex<File>, message: &Value) -> io::Result<()> {
    let body = serde_json::to_vec(message)?;
    let mut bytes = format!("Content-Length: {}\r\n\r\n", body.len()).into_bytes();
    bytes.extend_from_slice(&body);
    lock(input).write_all(&bytes)
}

/// Reads messages until it should end, or something that is none comes.
fn read_all(output: &File, state: &Mutex<State>, replies: &Mutex<File>) -> io::Result<()> {
    let mut pending: Vec<u8> = Vec::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        while let Some(message) = take_message(&mut pending)? {
            take(&message, state, replies)?;
        }
        if lock(state).should_end {
            return Ok(());
        }
        let mut ends = [PollFd::new(output, PollFlags::IN)];
        let wait = Timespec { tv_sec: 0, tv_nsec: i64::from(LOOK_EVERY.subsec_nanos()) };
        match rustix::event::poll(&mut ends, Some(&wait)) {
            Ok(0) | Err(rustix::io::Errno::INTR) => continue,
            Ok(_) => {}
            Err(error) => return Err(error.into()),
        }
        match rustix::io::read(output.as_fd(), &mut buffer)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            length => pending.extend_from_slice(&buffer[..length]),
        }
    }
}

/// The next whole message of what came so far.
fn take_message(pending: &mut Vec<u8>) -> io::Result<Option<Value>> {
    let bad = |why: &str| io::Error::new(io::ErrorKind::InvalidData, why.to_owned());
    let Some(end) = pending.windows(4).position(|window| window == b"\r\n\r\n") else {
        return if pending.len() > MAX_HEADER_BYTES { Err(bad("a header without an end")) } else { Ok(None) };
    };
    let header = std::str::from_utf8(&pending[..end]).map_err(|_| bad("a header that is no text"))?;
    let length = header.split("\r\n").find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
    });
    let length = length.ok_or_else(|| bad("a header without a length"))?;
    if length > MAX_MESSAGE_BYTES {
        return Err(bad("a message above 64 MiB"));
    }
    let start = end + 4;
    let Some(body) = pending.get(start..start + length) else { return Ok(None) };
    let message = serde_json::from_slice(body).map_err(|_| bad("a message that is no JSON"))?;
    pending.drain(..start + length);
    Ok(Some(message))
}

/// Hands an answer to whoever waits, answers what the server asks, and notes what it says.
fn take(message: &Value, state: &Mutex<State>, replies: &Mutex<File>) -> io::Result<()> {
    let method = message["method"].as_str();
    match (method, message.get("id")) {
        (None, Some(id)) => {
            let waiting = id.as_i64().and_then(|id| lock(state).waiting.remove(&id));
            let error = message.get("error").filter(|error| !error.is_null());
            let answer = match error {
                Some(error) => Err((
                    error["code"].as_i64().unwrap_or(0),
                    error["message"].as_str().unwrap_or("no reason").to_owned(),
                )),
                None => Ok(message.get("result").cloned().unwrap_or(Value::Null)),
            };
            if let Some(waiting) = waiting {
                // Whoever gave up does not listen any more.
                let _ = waiting.send(answer);
            }
            Ok(())
        }
        (Some(method), Some(id)) => {
            let answer = match method {
                // Nothing is configured but what was said at the beginning.
                "workspace/configuration" => {
                    let count = message["params"]["items"].as_array().map_or(0, Vec::len);
                    json!({ "jsonrpc": "2.0", "id": id, "result": vec![Value::Null; count] })
                }
                "window/workDoneProgress/create"
                | "client/registerCapability"
                | "client/unregisterCapability" => {
                    json!({ "jsonrpc": "2.0", "id": id, "result": null })
                }
                _ => json!({
                    "jsonrpc": "2.0", "id": id,
                    "error": { "code": -32_601, "message": "this client only asks" }
                }),
            };
            send(replies, &answer)
        }
        (Some("experimental/serverStatus"), None) => {
            lock(state).is_quiescent = message["params"]["quiescent"] == true;
            Ok(())
        }
        _ => Ok(()),
    }
}
