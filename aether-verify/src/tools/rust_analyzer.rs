//! rust-analyzer: types, references, definitions and quick-fixes.

use std::fmt;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use aether_core::authority::{Permit, RunCommand};
use aether_core::base::{Cancel, RelPath};
use aether_core::change::{CommandLine, RunReport};
use aether_core::port::{RunError, RunRequest, Runner};
use serde_json::{Value, json};

use super::error::{Cause, ToolError};
use super::lsp::Client;
use super::pipes::Pipes;
use super::places::{Encoding, QuickFix, TextRange, ToolLocation, ToolPosition, location, to_wire, uri_of};

const TOOL: &str = "rust-analyzer";
/// Most locations of one answer.
const MAX_LOCATIONS: usize = 10_000;
/// Most quick-fixes of one answer.
const MAX_FIXES: usize = 100;

/// How rust-analyzer is run and asked.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ToolOptions {
    /// The program, by its absolute path.
    pub program: PathBuf,
    /// The root of the project, by its plain path.
    pub root: PathBuf,
    /// A folder of this client's own, by its plain path; the pipes are in it.
    pub pipes: PathBuf,
    /// Folders that the tool may write in addition, such as a target folder.
    pub writable: Vec<PathBuf>,
    /// Its environment.
    pub environment: Vec<(String, String)>,
    /// Longest time of one question. Default 60 seconds, since the first waits until the project is known.
    pub timeout: Duration,
    /// How often a question is asked at most that the tool was too busy for. Default 5.
    pub attempts: u32,
    /// Whether build scripts are run and procedural macros are expanded, which runs code of the project. Default no.
    pub runs_project_code: bool,
}

impl ToolOptions {
    /// rust-analyzer at `program` on the project at `root`, with its pipes in `pipes`.
    #[must_use]
    pub fn new(program: impl Into<PathBuf>, root: impl Into<PathBuf>, pipes: impl Into<PathBuf>) -> Self {
        Self {
            program: program.into(),
            root: root.into(),
            pipes: pipes.into(),
            writable: Vec::new(),
            environment: Vec::new(),
            timeout: Duration::from_secs(60),
            attempts: 5,
            runs_project_code: false,
        }
    }

    /// The command that is run: what a runner has to allow, and the permit has to be for.
    #[must_use]
    pub fn command(&self) -> CommandLine {
        let (input, output) = Pipes::paths(&self.pipes);
        let text = |path: &Path| path.to_string_lossy().into_owned();
        let script = "exec \"$0\" < \"$1\" > \"$2\"";
        let words = ["-c".to_owned(), script.to_owned(), text(&self.program), text(&input), text(&output)];
        CommandLine::new("/bin/sh", words)
    }
}

/// The rust-analyzer on a search path, as in the variable `PATH`.
///
/// # Errors
///
/// [`ToolErrorKind::ToolUnavailable`](super::ToolErrorKind::ToolUnavailable) where there is none.
pub fn find_rust_analyzer(search_path: &str) -> Result<PathBuf, ToolError> {
    let folders = search_path.split(':').map(Path::new).filter(|folder| folder.is_absolute());
    let found = folders.map(|folder| folder.join(TOOL)).find(|path| path.is_file());
    found
        .ok_or_else(|| Cause::Missing { tool: TOOL, why: "it is in no folder of the PATH".to_owned() }.into())
}

type Running = Pin<Box<dyn Future<Output = Result<RunReport, RunError>> + Send>>;

/// Fails where the process has ended.
fn check_alive(running: &mut Running) -> Result<(), ToolError> {
    let mut context = Context::from_waker(Waker::noop());
    let cause = match running.as_mut().poll(&mut context) {
        Poll::Pending => return Ok(()),
        Poll::Ready(Err(source)) => Cause::Run { tool: TOOL, source },
        Poll::Ready(Ok(report)) => {
            let said = report.stderr.lines().last().unwrap_or_default();
            Cause::Missing { tool: TOOL, why: format!("it has ended: {said}") }
        }
    };
    // What has ended is not polled again.
    *running = Box::pin(async {
        Err(RunError::new(aether_core::base::ErrorCode::RUN_UNAVAILABLE, "it has ended before"))
    });
    Err(cause.into())
}

/// A rust-analyzer that runs in the sandbox of a runner. Dropping it ends it.
///
/// Its methods wait: call them where waiting does no harm. It sees files as they are on disk.
pub struct RustAnalyzer {
    // In this order: the client stops reading before the process ends and the pipes go.
    client: Client,
    running: Running,
    _pipes: Pipes,
    root: PathBuf,
    encoding: Encoding,
}

impl fmt::Debug for RustAnalyzer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RustAnalyzer").field("root", &self.root).finish_non_exhaustive()
    }
}

impl RustAnalyzer {
    /// Starts rust-analyzer by a runner whose `run` starts a command when it is first polled, as
    /// [`HostRunner`](crate::HostRunner) does, and waits until it knows the project.
    ///
    /// # Errors
    ///
    /// [`ToolErrorKind::ToolUnavailable`](super::ToolErrorKind::ToolUnavailable) where it cannot be run, and every
    /// other [`ToolErrorKind`](super::ToolErrorKind).
    pub fn start(
        runner: Arc<dyn Runner>,
        permit: Permit<RunCommand>,
        options: &ToolOptions,
        clock: fn() -> Instant,
    ) -> Result<Self, ToolError> {
        let missing = |why: std::io::Error| Cause::Missing { tool: TOOL, why: why.to_string() };
        let pipes = Pipes::make(&options.pipes).map_err(missing)?;
        let (input, output) = pipes.open().map_err(missing)?;
        let client =
            Client::new(input, output, options.timeout, options.attempts.max(1), clock).map_err(missing)?;
        let mut request = RunRequest::new(options.command(), &options.root);
        request.writable.clone_from(&options.writable);
        request.writable.push(options.pipes.clone());
        request.environment.clone_from(&options.environment);
        // Until it is dropped.
        request.limits.timeout_ms = u64::MAX;
        let running: Running = Box::pin(async move { runner.run(permit, &request, &Cancel::new()).await });
        let mut tool =
            Self { client, running, _pipes: pipes, root: options.root.clone(), encoding: Encoding::Utf16 };
        check_alive(&mut tool.running)?;
        tool.initialize(options.runs_project_code)?;
        Ok(tool)
    }

    fn initialize(&mut self, runs_project_code: bool) -> Result<(), ToolError> {
        let parameters = json!({
            "processId": null,
            "rootUri": uri_of(&self.root),
            "workspaceFolders": [{ "uri": uri_of(&self.root), "name": "root" }],
            "capabilities": {
                "general": { "positionEncodings": ["utf-8", "utf-16"] },
                "textDocument": {
                    "hover": { "contentFormat": ["plaintext"] },
                    "definition": { "linkSupport": false },
                    "codeAction": {
                        "codeActionLiteralSupport": { "codeActionKind": { "valueSet": ["quickfix"] } },
                        "isPreferredSupport": true
                    }
                },
                "window": { "workDoneProgress": true },
                "experimental": { "serverStatusNotification": true }
            },
            "initializationOptions": {
                "checkOnSave": false,
                "cargo": { "buildScripts": { "enable": runs_project_code } },
                "procMacro": { "enable": runs_project_code }
            }
        });
        let answer = self.ask("initialize", &parameters)?;
        if answer["capabilities"]["positionEncoding"] == "utf-8" {
            self.encoding = Encoding::Utf8;
        }
        self.client.notify("initialized", json!({}))?;
        let running = &mut self.running;
        self.client.wait_until_quiescent(&mut || check_alive(running))
    }

    fn ask(&mut self, method: &str, parameters: &Value) -> Result<Value, ToolError> {
        let running = &mut self.running;
        self.client.request(method, parameters, &mut || check_alive(running))
    }

    /// Tells the tool of a file as it is on disk; gives its text and where it is.
    fn show(&mut self, file: &RelPath) -> Result<(String, Value), ToolError> {
        let path = self.root.join(file.as_str());
        let text = std::fs::read_to_string(&path).map_err(|error| Cause::Failed {
            method: "textDocument/didOpen".to_owned(),
            message: format!("{file}: {error}"),
        })?;
        let uri = uri_of(&path);
        let document = json!({ "uri": uri, "languageId": "rust", "version": 1, "text": text });
        self.client.notify("textDocument/didOpen", json!({ "textDocument": document }))?;
        Ok((text, json!({ "uri": uri })))
    }

    /// Asks something of a place in a file.
    fn ask_at(
        &mut self,
        method: &str,
        file: &RelPath,
        at: ToolPosition,
        more: &[(&str, Value)],
    ) -> Result<Value, ToolError> {
        let (text, document) = self.show(file)?;
        let mut parameters =
            json!({ "textDocument": document, "position": to_wire(&text, at, self.encoding) });
        for (name, value) in more {
            parameters[*name] = value.clone();
        }
        let answer = self.ask(method, &parameters);
        self.client.notify("textDocument/didClose", json!({ "textDocument": document }))?;
        answer
    }

    /// What the tool says of what stands at a place: its type or declaration, and its documentation.
    ///
    /// # Errors
    ///
    /// Every [`ToolErrorKind`](super::ToolErrorKind).
    pub fn type_of(&mut self, file: &RelPath, at: ToolPosition) -> Result<Option<String>, ToolError> {
        let answer = self.ask_at("textDocument/hover", file, at, &[])?;
        let contents = &answer["contents"];
        let text = contents["value"].as_str().or(contents.as_str());
        Ok(text.map(str::to_owned).filter(|text| !text.is_empty()))
    }

    /// Where what stands at a place is used, its declaration included.
    ///
    /// # Errors
    ///
    /// Every [`ToolErrorKind`](super::ToolErrorKind).
    pub fn find_refs(&mut self, file: &RelPath, at: ToolPosition) -> Result<Vec<ToolLocation>, ToolError> {
        let context = ("context", json!({ "includeDeclaration": true }));
        let answer = self.ask_at("textDocument/references", file, at, &[context])?;
        Ok(self.locations(&answer))
    }

    /// Where what stands at a place is declared.
    ///
    /// # Errors
    ///
    /// Every [`ToolErrorKind`](super::ToolErrorKind).
    pub fn goto_def(&mut self, file: &RelPath, at: ToolPosition) -> Result<Vec<ToolLocation>, ToolError> {
        let answer = self.ask_at("textDocument/definition", file, at, &[])?;
        Ok(self.locations(&answer))
    }

    /// What the tool proposes to mend in a part of a file. Proposals without edits are left out.
    ///
    /// # Errors
    ///
    /// Every [`ToolErrorKind`](super::ToolErrorKind).
    pub fn quick_fixes(&mut self, file: &RelPath, range: TextRange) -> Result<Vec<QuickFix>, ToolError> {
        let (text, document) = self.show(file)?;
        let wire = |at| to_wire(&text, at, self.encoding);
        let parameters = json!({
            "textDocument": document,
            "range": { "start": wire(range.start), "end": wire(range.end) },
            "context": { "diagnostics": [], "only": ["quickfix"] }
        });
        let answer = self.ask("textDocument/codeAction", &parameters);
        self.client.notify("textDocument/didClose", json!({ "textDocument": document }))?;
        let answer = answer?;
        let actions = answer.as_array().into_iter().flatten().take(MAX_FIXES);
        let fixes = actions.filter_map(|action| self.fix(action)).filter(|fix| !fix.edits.is_empty());
        Ok(fixes.collect())
    }

    fn fix(&self, action: &Value) -> Option<QuickFix> {
        let mut edits = Vec::new();
        let changes = action["edit"]["changes"].as_object().into_iter().flatten();
        let changes = changes.map(|(uri, edits)| (Value::from(uri.as_str()), edits));
        let documents = action["edit"]["documentChanges"].as_array().into_iter().flatten();
        let documents = documents.map(|change| (change["textDocument"]["uri"].clone(), &change["edits"]));
        for (uri, list) in changes.chain(documents) {
            for edit in list.as_array().into_iter().flatten() {
                let place = location(&self.root, &uri, &edit["range"], self.encoding)?;
                edits.push((place, edit["newText"].as_str()?.to_owned()));
            }
        }
        let title = action["title"].as_str()?.to_owned();
        Some(QuickFix { title, is_preferred: action["isPreferred"] == true, edits })
    }

    fn locations(&self, answer: &Value) -> Vec<ToolLocation> {
        let one = answer.is_object().then_some(answer);
        let all = answer.as_array().into_iter().flatten().chain(one).take(MAX_LOCATIONS);
        all.filter_map(|it| location(&self.root, &it["uri"], &it["range"], self.encoding)).collect()
    }
}
