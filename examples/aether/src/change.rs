//! What a command that changes or runs something needs: the policy and the plan of the configuration, the runner,
//! the audit log with its key, the log of traces, and somebody to ask.

use std::collections::BTreeSet;
use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use aether_bindings::engine::{
    AuditKeyFile, AuditKeyFiles, AuditLog, ChangeOptions, ChangePorts, Engine, Export, HostRunner, Launcher,
    Ledger, LedgerOptions, OutputFiles, PolicyStore, PolicyStoreOptions, RunnerChoice, VerifyPlan, audit_key,
    choose_runner, secrets_of_cargo, secrets_of_home,
};
#[cfg(target_os = "linux")]
use aether_bindings::engine::{ContainerRunner, DockerEngine, KubernetesCluster, KubernetesRunner};
use aether_core::authority::{
    Answer, Choice, DegradedMode, DurationKind, PolicyConfig, PolicyProfile, Preset, ProvenanceTag,
    RiskClass, Ticket,
};
use aether_core::base::{Config, ErrorCode, Timestamp};
use aether_core::change::{Acceptance, CheckStep, CommandLine, RunMode};
use aether_core::port::{Runner, TraceLog};
use aether_core::record::AuditKey;
use aether_core::record::provenance::{Proposer, ProposerKind};
use aether_core::record::trace::TraceId;

use crate::failure::{Failure, Stop};
use crate::session::{Context, Workspace};

/// The argument that makes this program the launcher of sandboxes.
pub(crate) const LAUNCH: &str = "sandbox-launch";
/// The variable with the key of the audit log, as 64 hex digits.
const KEY_VARIABLE: &str = "AETHER_AUDIT_KEY";
/// What a key of the environment is called in the rows.
pub(crate) const GIVEN_KEY: &str = "environment";
/// The variables that the commands of a verification see.
const ENVIRONMENT: [&str; 9] =
    ["PATH", "HOME", "CARGO_HOME", "RUSTUP_HOME", "RUSTUP_TOOLCHAIN", "LANG", "LC_ALL", "USER", "TERM"];

/// Where what was asked, decided and granted is kept.
pub(crate) fn authority_file(root: &Path) -> PathBuf {
    root.join(Engine::FOLDER).join("authority.db")
}

/// Where the keys of the audit log are kept that are not in the environment.
pub(crate) fn key_files(root: &Path) -> AuditKeyFiles {
    let files = AuditKeyFiles::new(AuditKeyFile::new(root.join(Engine::FOLDER).join("audit.key")));
    #[cfg(feature = "keyring")]
    let files = files.with_keyring(aether_bindings::engine::AuditKeyring::of_system());
    files
}

/// The key of the audit log that the environment has.
fn given_key() -> Result<Option<AuditKey>, Failure> {
    let given = std::env::var(KEY_VARIABLE).ok().map(|hex| AuditKey::from_hex(GIVEN_KEY, hex.trim()));
    given
        .transpose()
        .map_err(|error| Failure::new(ErrorCode::AUDIT_BAD_KEY, format!("{KEY_VARIABLE}: {error}")))
}

/// Every key that rows of the audit log may be sealed with.
pub(crate) fn trusted_keys(root: &Path, log: &AuditLog) -> Result<Vec<AuditKey>, Failure> {
    let mut keys = key_files(root).of(log).map_err(|error| Failure::caused(error.code(), &error))?;
    keys.extend(given_key()?);
    Ok(keys)
}

/// A secret of the length of a key, from the randomness of the system.
pub(crate) fn fresh_secret() -> std::io::Result<[u8; 32]> {
    let mut secret = [0; 32];
    getrandom::fill(&mut secret).map_err(std::io::Error::other)?;
    Ok(secret)
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
    let key = audit_key(given_key()?, &key_files(root), &path, &options, &mut fresh_secret)
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
        Some(at_terminal(choice))
    }
}

/// What somebody says at the terminal of the user, who is taken for the user.
fn at_terminal(choice: Choice) -> Answer {
    let mut answer = Answer::of_user(choice);
    answer.authenticated_at = Some(now());
    answer
}

/// The yes that somebody at the terminal would give.
pub(crate) fn foreseen_yes(ticket: &Ticket) -> Answer {
    at_terminal(yes(ticket))
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
    options.degraded = chosen_modes(config);
    options.acceptance = Acceptance::default().with_refused_warnings(config.policy.refuse_warnings);
    Ok(options)
}

/// What the configuration switches off.
pub(crate) fn chosen_modes(config: &Config) -> BTreeSet<DegradedMode> {
    config.policy.offline.then_some(DegradedMode::Offline).into_iter().collect()
}

/// Whether a command that has to prove a change has no program here.
pub(crate) fn lacks_proof(config: &Config, plan: &VerifyPlan) -> bool {
    if RunnerChoice::of(&config.verify).mode != RunMode::HOST {
        return false;
    }
    let path = plan.environment.iter().find(|(name, _)| name == "PATH").map(|(_, value)| value.as_str());
    let folders: Vec<PathBuf> = std::env::split_paths(path.unwrap_or_default()).collect();
    let is_there = |program: &str| {
        let file = program.to_owned() + std::env::consts::EXE_SUFFIX;
        // One with a path is looked for in the copy, when it is run.
        program.contains(std::path::is_separator) || folders.iter().any(|it| it.join(&file).is_file())
    };
    plan.steps.iter().any(|step| step.blocks() && !is_there(&step.command.program))
}

/// Writes a file that somebody asked for by its name: with a permit, as a whole or not at all.
pub(crate) fn export_file<T>(
    engine: &Engine,
    config: &Config,
    path: &Path,
    write: impl FnOnce(&mut dyn std::io::Write) -> Result<T, Stop>,
) -> Result<T, Stop> {
    let root = engine.workspace();
    let authority = Arc::new(open_authority(root, config).map_err(unwritten)?.0);
    let ports = ChangePorts::new(Arc::new(host_runner(root)?), authority.clone(), authority, now)
        .with_approve(|ticket| Asking { yes: false }.ask(ticket));
    let proposer = Proposer::new(ProposerKind::USER, "user");
    let plan = VerifyPlan::new(Vec::new());
    let mut options = ChangeOptions::new(session_id()?, "aether", proposer, policy(config)?, plan);
    options.provenance.push(ProvenanceTag::Session);
    options.is_attended = Asking::is_attended();
    options.degraded = chosen_modes(config);
    let session = engine.change(&ports, &options)?;
    session.export_file(Export::Report, &absolute(path), |_, sink| write(sink))
}

/// The same with a text that is there, for a command that needs no index.
pub(crate) fn export_text(
    context: Context<'_>,
    workspace: Workspace,
    config: &Config,
    path: &Path,
    text: &str,
) -> Result<(), Stop> {
    let engine = workspace.open_apart(context, config.clone())?;
    export_file(&engine, config, path, |sink| {
        sink.write_all(text.as_bytes()).map_err(|error| Stop::writing(&error))
    })
}

/// Why an export to a file needs `.aether`.
fn unwritten(stop: Stop) -> Stop {
    match stop {
        Stop::Failed(mut failure) => {
            failure.message = format!(
                "{}; a file that is written is told in the audit log; without --output nothing has to be",
                failure.message
            );
            Stop::Failed(failure)
        }
        stop => stop,
    }
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
        #[cfg(target_os = "linux")]
        if *mode == RunMode::KUBERNETES {
            return Some(Arc::new(kubernetes_runner(root, config)?.with_allowed(commands.clone())));
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
            key_files(root).first().path().to_owned(),
            key_files(root).folder(),
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
    let client = on_search_path("docker")?;
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

/// A runner for jobs of a cluster, where there is a client of Kubernetes on the search path. The client finds the
/// cluster as it does for its user.
#[cfg(target_os = "linux")]
fn kubernetes_runner(root: &Path, config: &Config) -> Option<KubernetesRunner> {
    let section = &config.verify.kubernetes;
    let client = on_search_path("kubectl")?;
    // What is not UTF-8 is nothing that it would read; the key of the log is nothing that it may.
    let variables = std::env::vars_os()
        .filter(|(name, _)| name != KEY_VARIABLE)
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    let mut cluster =
        KubernetesCluster::new(client, section.namespace.clone(), Instant::now).with_environment(variables);
    if !section.context.is_empty() {
        cluster = cluster.with_context(section.context.clone());
    }
    let state = root.join(Engine::FOLDER).join("run");
    let runner = KubernetesRunner::new(cluster, section.image.clone(), state, now).with_variables_of_image([
        "PATH",
        "RUSTUP_HOME",
        "RUSTUP_TOOLCHAIN",
        "CARGO_HOME",
        "LANG",
        "LC_ALL",
    ]);
    Some(if section.network_policy_enforced { runner.with_network_policy_enforced() } else { runner })
}

#[cfg(target_os = "linux")]
fn on_search_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|it| it.is_file())
}

fn cargo_home() -> Option<PathBuf> {
    let in_home = || Some(PathBuf::from(std::env::var_os("HOME")?).join(".cargo"));
    std::env::var_os("CARGO_HOME").map(PathBuf::from).or_else(in_home)
}

/// The variables that commands see: those of this machine, or of where they run instead.
fn environment(root: &Path, config: &Config) -> Vec<(String, String)> {
    #[cfg(target_os = "linux")]
    {
        let choice = RunnerChoice::of(&config.verify);
        let modes = [Some(choice.mode), choice.fallback].into_iter().flatten();
        // What is not there is not where they run.
        for mode in modes.take_while(|mode| *mode != RunMode::HOST) {
            if let Some(variables) = environment_of(&mode, root, config) {
                return variables;
            }
        }
    }
    let _ = (root, config);
    ENVIRONMENT.iter().filter_map(|name| Some(((*name).to_owned(), std::env::var(name).ok()?))).collect()
}

/// The variables of a mode that does not run commands on this machine, if it can run them now.
#[cfg(target_os = "linux")]
fn environment_of(mode: &RunMode, root: &Path, config: &Config) -> Option<Vec<(String, String)>> {
    if *mode == RunMode::CONTAINER {
        let runner = container_runner(root, config)?;
        let mut variables = futures::executor::block_on(runner.image_environment()).ok()?;
        if let Some(cargo) = cargo_home() {
            variables.retain(|(name, _)| name != "CARGO_HOME");
            variables.push(("CARGO_HOME".to_owned(), cargo.to_string_lossy().into_owned()));
        }
        return Some(variables);
    }
    if *mode == RunMode::KUBERNETES {
        let runner = kubernetes_runner(root, config)?;
        futures::executor::block_on(runner.ready()).ok()?;
        // The rest is what the image says.
        return Some(vec![("HOME".to_owned(), "/tmp".to_owned())]);
    }
    None
}

/// A path that does not depend on the current folder.
pub(crate) fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
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
