//! What a command that changes or runs something needs: the policy and the plan of the configuration, the runner,
//! the audit log with its key, the log of traces, and somebody to ask.

use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use aether_bindings::engine::{
    AuditKeyFile, ChangeOptions, ChangePorts, Engine, HostRunner, Launcher, Ledger, LedgerOptions,
    OutputFiles, PolicyStore, PolicyStoreOptions, RunnerChoice, VerifyPlan, audit_key, choose_runner,
    secrets_of_cargo, secrets_of_home,
};
#[cfg(target_os = "linux")]
use aether_bindings::engine::{ContainerRunner, DockerEngine};
use aether_core::authority::{
    Answer, Choice, DurationKind, PolicyConfig, PolicyProfile, Preset, ProvenanceTag, Resource, RiskClass,
    Ticket,
};
use aether_core::base::{Config, ErrorCode, Timestamp};
use aether_core::change::{Acceptance, CheckStep, CommandLine, RunMode};
use aether_core::port::{Runner, TraceLog};
use aether_core::record::AuditKey;
use aether_core::record::provenance::{Proposer, ProposerKind};
use aether_core::record::trace::TraceId;

use crate::failure::{Failure, Stop};

/// The argument that makes this program the launcher of sandboxes.
pub(crate) const LAUNCH: &str = "sandbox-launch";
/// The variable with the key of the audit log, as 64 hex digits.
const KEY_VARIABLE: &str = "AETHER_AUDIT_KEY";
/// The variables that the commands of a verification see.
const ENVIRONMENT: [&str; 9] =
    ["PATH", "HOME", "CARGO_HOME", "RUSTUP_HOME", "RUSTUP_TOOLCHAIN", "LANG", "LC_ALL", "USER", "TERM"];

/// Where what was asked, decided and granted is kept.
pub(crate) fn authority_file(root: &Path) -> PathBuf {
    root.join(Engine::FOLDER).join("authority.db")
}

fn key_file(root: &Path) -> PathBuf {
    root.join(Engine::FOLDER).join("audit.key")
}

/// Where the key that signs is kept.
pub(crate) fn signing_key_file(root: &Path) -> PathBuf {
    root.join(Engine::FOLDER).join("signing.key")
}

/// Where the log of traces is.
pub(crate) fn ledger_folder(root: &Path) -> PathBuf {
    root.join(Engine::FOLDER).join("ledger")
}

/// Audit log, grants and costs of a workspace, and the key of the log: that of the environment, else that of its
/// file.
pub(crate) fn open_authority(root: &Path, config: &Config) -> Result<(PolicyStore, AuditKey), Stop> {
    Engine::prepare(root)?;
    let path = authority_file(root);
    let options = PolicyStoreOptions::default().with_busy_timeout_ms(config.storage.busy_timeout_ms);
    let given = std::env::var(KEY_VARIABLE).ok().map(|hex| AuditKey::from_hex("environment", hex.trim()));
    let given = given
        .transpose()
        .map_err(|error| Failure::new(ErrorCode::AUDIT_BAD_KEY, format!("{KEY_VARIABLE}: {error}")))?;
    let mut fresh = || {
        let mut secret = [0; 32];
        getrandom::fill(&mut secret).map_err(std::io::Error::other)?;
        Ok(secret)
    };
    let key = audit_key(given, &AuditKeyFile::new(key_file(root)), &path, &options, &mut fresh)
        .map_err(|error| Failure::caused(error.code(), &error))?;
    let store = PolicyStore::open(&path, key.clone(), &options)
        .map_err(|error| Failure::of_policy_file(&error).about(&path))?;
    Ok((store, key))
}

/// The log of traces, to be written; others may write it at the same time.
pub(crate) fn open_ledger(root: &Path, config: &Config) -> Result<Ledger, Stop> {
    Engine::prepare(root)?;
    let ledger = Ledger::open(&ledger_folder(root), &ledger_options(config));
    Ok(ledger.map_err(|error| Failure::of_log(&error))?)
}

/// The log of traces as it is; nothing is made and nobody is waited for.
pub(crate) fn read_ledger(root: &Path) -> Result<Ledger, Stop> {
    let ledger = Ledger::open_read_only(&ledger_folder(root), &LedgerOptions::default());
    Ok(ledger.map_err(|error| Failure::of_log(&error))?)
}

pub(crate) fn open_traces(root: &Path, config: &Config) -> Result<Arc<dyn TraceLog>, Stop> {
    Ok(Arc::new(open_ledger(root, config)?))
}

pub(crate) fn read_traces(root: &Path) -> Result<Arc<dyn TraceLog>, Stop> {
    Ok(Arc::new(read_ledger(root)?))
}

/// What commands of verifications printed, beside the log of traces.
pub(crate) fn outputs(root: &Path) -> OutputFiles {
    OutputFiles::new(ledger_folder(root).join("outputs"))
}

fn ledger_options(config: &Config) -> LedgerOptions {
    // Each waits for many others, none of which takes long; the index has one writer.
    let patience = config.storage.busy_timeout_ms.saturating_mul(2);
    LedgerOptions::default().with_busy_timeout_ms(patience)
}

/// Who is asked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asking {
    /// Whether everything that may be answered so is answered with yes.
    pub(crate) yes: bool,
}

impl Asking {
    /// Whether somebody can answer.
    pub(crate) fn is_attended() -> bool {
        std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
    }

    /// Asks the person in front of the terminal. What runs at build is asked about there alone.
    pub(crate) fn ask(self, ticket: &Ticket) -> Option<Answer> {
        let at_terminal_alone = ticket.needs_reauthentication || ticket.risk == RiskClass::Critical;
        if self.yes && !at_terminal_alone {
            return Some(Answer::of_user(yes(ticket)));
        }
        if !Self::is_attended() {
            return None;
        }
        let mut stderr = std::io::stderr();
        let about: Vec<String> = ticket.request.resources.iter().map(ToString::to_string).collect();
        let question = format!(
            "{} wants {}: {}\n{} risk, {}\nallow it {}? Type `yes`: ",
            ticket.request.actor,
            ticket.request.capability.as_str(),
            about.join(", "),
            format!("{:?}", ticket.risk).to_lowercase(),
            ticket.reason,
            if yes(ticket) == Choice::ForTask { "for this command" } else { "this once" },
        );
        stderr.write_all(question.as_bytes()).and_then(|()| stderr.flush()).ok()?;
        let mut line = String::new();
        std::io::stdin().lock().read_line(&mut line).ok()?;
        let choice = if line.trim() == "yes" { yes(ticket) } else { Choice::Deny };
        let mut answer = Answer::of_user(choice);
        // Whoever types at the terminal of the user is taken for the user.
        answer.authenticated_at = Some(now());
        Some(answer)
    }
}

/// A yes that reaches as far as the request needs: a number of commands is one task.
fn yes(ticket: &Ticket) -> Choice {
    let is_task = ticket.usual_duration == DurationKind::Task && !ticket.once_only;
    if is_task && ticket.request.task.is_some() { Choice::ForTask } else { Choice::Once }
}

/// What a verification runs.
pub(crate) fn plan(root: &Path, config: &Config) -> Result<VerifyPlan, Failure> {
    let steps = config.verify.commands.iter().map(|text| Ok(CheckStep::of(command(text)?)));
    let mut plan = VerifyPlan::new(steps.collect::<Result<_, Failure>>()?);
    plan.environment = environment(root, config);
    plan.limits.timeout_ms = config.verify.timeout_ms;
    plan.reruns = config.verify.reruns;
    Ok(plan)
}

/// What formats changed files.
pub(crate) fn formatter(config: &Config) -> Result<Option<CommandLine>, Failure> {
    let text = config.verify.formatter.trim();
    if text.is_empty() { Ok(None) } else { command(text).map(Some) }
}

fn command(text: &str) -> Result<CommandLine, Failure> {
    CommandLine::parse(text)
        .map_err(|error| Failure::new(ErrorCode::CONFIG_SYNTAX, format!("`{text}` is {error}")))
}

/// The policy of the configuration.
pub(crate) fn policy(config: &Config) -> Result<PolicyConfig, Failure> {
    let section = &config.policy;
    let preset = Preset::ALL.into_iter().find(|preset| preset.as_str() == section.preset);
    let mut policy = PolicyConfig::new(preset.unwrap_or(Preset::Operator));
    if section.profile.eq_ignore_ascii_case(PolicyProfile::Relaxed.as_str()) {
        policy.profile = PolicyProfile::Relaxed;
    }
    policy.thresholds.max_changed_lines = section.max_changed_lines;
    policy.check().map_err(|error| Failure::new(error.code(), format!("[policy]: {error}")))?;
    Ok(policy)
}

/// Who changes what.
pub(crate) fn options(
    root: &Path,
    config: &Config,
    proposer: Option<&str>,
) -> Result<ChangeOptions, Failure> {
    let proposer = match proposer {
        Some(name) => Proposer::new(ProposerKind::TOOL, name),
        None => Proposer::new(ProposerKind::USER, "user"),
    };
    let mut policy = policy(config)?;
    policy.commands.extend(formatter(config)?);
    let mut options = ChangeOptions::new(session_id()?, "aether", proposer, policy, plan(root, config)?);
    // Whoever types the command wants it.
    options.provenance.push(ProvenanceTag::Session);
    options.is_attended = Asking::is_attended();
    options.acceptance = Acceptance::default().with_refused_warnings(config.policy.refuse_warnings);
    Ok(options)
}

/// The ports over the workspace at `root`.
pub(crate) fn ports(
    root: &Path,
    config: &Config,
    asking: Asking,
    traces: Traces,
) -> Result<ChangePorts, Stop> {
    let authority = Arc::new(open_authority(root, config)?.0);
    let ports = ChangePorts::new(runner(root, config)?, authority.clone(), authority, now)
        .with_approve(move |ticket| asking.ask(ticket))
        .with_outputs(Arc::new(outputs(root)));
    Ok(match traces {
        Traces::None => ports,
        Traces::Written => ports.with_traces(open_traces(root, config)?),
        Traces::Read => ports.with_traces(read_traces(root)?),
    })
}

/// What a command does with the log of traces.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Traces {
    None,
    Read,
    Written,
}

/// The runner that the configuration names.
fn runner(root: &Path, config: &Config) -> Result<Arc<dyn Runner>, Failure> {
    let mut commands = plan(root, config)?.commands();
    commands.extend(formatter(config)?);
    let host = host_runner(root)?.with_allowed(commands.clone());
    Ok(choose_runner(&RunnerChoice::of(&config.verify), |mode| {
        if *mode == RunMode::HOST {
            return Some(Arc::new(host.clone()));
        }
        #[cfg(target_os = "linux")]
        if *mode == RunMode::CONTAINER {
            return Some(Arc::new(container_runner(root, config)?.with_allowed(commands.clone())));
        }
        None
    }))
}

fn host_runner(root: &Path) -> Result<HostRunner, Failure> {
    let program = std::env::current_exe()
        .map_err(|error| Failure::new(ErrorCode::RUN_IO, format!("this program is not found: {error}")))?;
    let mut runner = HostRunner::new(Launcher::new(program, [LAUNCH]), Instant::now)
        // What could forge what is written down, and the configuration of cargo of the tree, which is not that of
        // the copy.
        .with_hidden([
            key_file(root),
            signing_key_file(root),
            authority_file(root),
            ledger_folder(root),
            root.join(Engine::FOLDER).join(Engine::PROVENANCE_FOLDER),
            root.join(".cargo"),
        ]);
    if let Some(home) = std::env::var_os("HOME").map(PathBuf::from) {
        runner = runner.with_hidden(secrets_of_home(&home));
    }
    if let Some(cargo) = cargo_home() {
        runner = runner.with_hidden(secrets_of_cargo(&cargo));
    }
    Ok(runner)
}

/// A runner for containers, where there is a client of an engine on the search path.
#[cfg(target_os = "linux")]
fn container_runner(root: &Path, config: &Config) -> Option<ContainerRunner> {
    let path = std::env::var_os("PATH")?;
    let client = std::env::split_paths(&path).map(|folder| folder.join("docker")).find(|it| it.is_file())?;
    let host = std::env::var("DOCKER_HOST").unwrap_or_default();
    let socket = host.strip_prefix("unix://").unwrap_or("/var/run/docker.sock").to_owned();
    let engine = Arc::new(DockerEngine::new(client, socket, Instant::now));
    let state = root.join(Engine::FOLDER).join("run");
    let mut runner = ContainerRunner::new(engine, config.verify.container.image.clone(), state);
    if let Some(cargo) = cargo_home() {
        // The packages that are there, so that nothing has to be fetched.
        runner = runner.with_visible([cargo.join("registry"), cargo.join("git")]);
        runner = runner.with_hidden(secrets_of_cargo(&cargo));
    }
    Some(runner)
}

fn cargo_home() -> Option<PathBuf> {
    let in_home = || Some(PathBuf::from(std::env::var_os("HOME")?).join(".cargo"));
    std::env::var_os("CARGO_HOME").map(PathBuf::from).or_else(in_home)
}

/// The variables that commands see: those of this machine, or of the image that they run in.
fn environment(root: &Path, config: &Config) -> Vec<(String, String)> {
    #[cfg(target_os = "linux")]
    if RunnerChoice::of(&config.verify).mode == RunMode::CONTAINER
        && let Some(runner) = container_runner(root, config)
        && let Ok(mut variables) = futures::executor::block_on(runner.image_environment())
    {
        if let Some(cargo) = cargo_home() {
            variables.retain(|(name, _)| name != "CARGO_HOME");
            variables.push(("CARGO_HOME".to_owned(), cargo.to_string_lossy().into_owned()));
        }
        return variables;
    }
    let _ = (root, config);
    ENVIRONMENT.iter().filter_map(|name| Some(((*name).to_owned(), std::env::var(name).ok()?))).collect()
}

/// Where an export goes.
pub(crate) fn destination(path: &Path) -> Result<Resource, Failure> {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    Resource::path(&absolute.to_string_lossy())
        .map_err(|error| Failure::usage(format!("{}: {error}", path.display())))
}

/// A name for this session, which no other has on this machine.
fn session_id() -> Result<TraceId, Failure> {
    let mut chance = [0; 4];
    getrandom::fill(&mut chance)
        .map_err(|error| Failure::new(ErrorCode::INTERNAL, format!("no chance on this system: {error}")))?;
    let name = format!("aether-{}-{:08x}", now().unix_ms(), u32::from_le_bytes(chance));
    TraceId::new(name).map_err(|error| Failure::new(ErrorCode::INTERNAL, error.to_string()))
}

pub(crate) fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_unix_ms(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
