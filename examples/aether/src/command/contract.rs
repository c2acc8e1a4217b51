//! `aether contract`.

mod edit;

use std::collections::BTreeMap;

use aether_bindings::engine::{ContractCheck, SetAnswer};
use aether_core::base::{ErrorCode, RelPath};
use aether_core::code::{Contract as Promise, Finding, RepositoryFile, Verdict};
use clap::{Args, Subcommand};
use serde::Serialize;

use crate::change::{Asking, Traces, options, ports};
use crate::failure::{Failure, Outcome, Stop};
use crate::human::{Row, count, way};
use crate::output::Output;
use crate::paint::Tone;
use crate::places::Places;
use crate::records::SymbolFields;
use crate::session::{Context, Session, Workspace};

/// Promise what symbols do and do not do, and check it
///
/// Contracts stand in `aether.toml` in the root of the repository, so that they are committed and reviewed
/// like code. `check` ends with exit code 1 when one is broken.
#[derive(Args, Debug)]
pub(crate) struct Contract {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Add(Add),
    List(List),
    Check(Check),
    Remove(Remove),
}

/// Add a contract to aether.toml; what is there stays as it is written
#[derive(Args, Debug)]
struct Add {
    /// A qualified name or the end of one; `*` stands for any text
    #[arg(value_name = "SYMBOL")]
    symbol: String,
    /// Kinds of effect that it must not have, such as network, panic, io
    #[arg(long, value_name = "KIND,…", value_delimiter = ',')]
    must_not: Vec<String>,
    /// Kinds of effect that it must have
    #[arg(long, value_name = "KIND,…", value_delimiter = ',')]
    must: Vec<String>,
    /// Members of its record that must stay as they are now, such as inputs, outputs, error_modes
    #[arg(long, value_name = "FIELD,…", value_delimiter = ',')]
    keep: Vec<String>,
    /// Why, for whoever breaks it
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// Say what would come of it and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Answer yes where the policy asks
    #[arg(long)]
    yes: bool,
}

/// List the contracts
#[derive(Args, Debug)]
struct List {}

/// Compare the contracts with the code; exit code 1 when one is broken
#[derive(Args, Debug)]
struct Check {
    /// Also fail where a promise cannot be shown, because something unknown is called
    #[arg(long)]
    strict: bool,
}

/// Remove the contracts of a symbol
#[derive(Args, Debug)]
struct Remove {
    /// The symbol, as it is written in the contract
    #[arg(value_name = "SYMBOL")]
    symbol: String,
    /// Say what would come of it and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Answer yes where the policy asks
    #[arg(long)]
    yes: bool,
}

#[derive(Debug, Serialize)]
struct Listed<'a> {
    contracts: &'a [Promise],
}

/// All contracts as they are after a change, and the change.
#[derive(Debug, Serialize)]
struct Changed<'a> {
    contracts: &'a [Promise],
    #[serde(flatten)]
    change: SetAnswer,
}

#[derive(Debug, Serialize)]
struct Checked<'a> {
    is_kept: bool,
    contracts: u64,
    symbols: u64,
    findings: Vec<Found<'a>>,
}

#[derive(Debug, Serialize)]
struct Found<'a> {
    contract: &'a str,
    reason: Option<&'a str>,
    symbol: Option<SymbolFields<'a>>,
    #[serde(flatten)]
    finding: &'a Finding,
}

impl Contract {
    pub(crate) fn run(&self, context: Context<'_>, out: &mut Output) -> Result<Outcome, Stop> {
        match &self.command {
            Command::Add(command) => command.run(context, out),
            Command::List(_) => list(context, out),
            Command::Check(command) => command.run(context, out),
            Command::Remove(command) => command.run(context, out),
        }
    }
}

impl Add {
    fn run(&self, context: Context<'_>, out: &mut Output) -> Result<Outcome, Stop> {
        let session = Session::start(context, None, out)?;
        let mut contract = Promise::new(&self.symbol);
        contract.must.clone_from(&self.must);
        contract.must_not.clone_from(&self.must_not);
        contract.reason.clone_from(&self.reason);
        if !self.keep.is_empty() {
            contract.keep = self.kept(&session)?;
        }
        let workspace = Workspace::find(context.common, None)?;
        let text = edit::with(&workspace.read_repository_text()?.unwrap_or_default(), &contract)?;
        // Nothing is written that could not be read.
        let file = RepositoryFile::parse(&text).map_err(|error| Failure::usage(error.to_string()))?;
        let change = write(context, workspace, &text, self.yes, self.dry_run)?;
        let checks = session.engine.check_contracts(&file.contracts[file.contracts.len() - 1..])?;
        if out.is_json() {
            out.json(Changed { contracts: &file.contracts, change })?;
            return Ok(Outcome::Done);
        }
        let word = if self.dry_run { "would be added" } else { "added" };
        out.line(&format!("{word}; {}", summary(&checks.result)))?;
        Ok(Outcome::Done)
    }

    fn kept(&self, session: &Session) -> Result<BTreeMap<String, Vec<String>>, Stop> {
        if self.symbol.contains('*') {
            return Err(Failure::usage("--keep takes what one symbol says; name one").into());
        }
        let id = session.select(&self.symbol)?.id;
        let record = session.engine.sir(id)?.result.record.and_then(|record| record.sir);
        let Some(sir) = record else {
            let message = format!("{} has no record of its own", self.symbol);
            return Err(Failure::new(ErrorCode::QUERY_NO_RECORD, message).into());
        };
        Ok(self.keep.iter().map(|field| (field.clone(), Promise::member(&sir, field))).collect())
    }
}

fn list(context: Context<'_>, out: &mut Output) -> Result<Outcome, Stop> {
    let file = Workspace::find(context.common, None)?.read_repository_file()?;
    let outcome = if file.contracts.is_empty() { Outcome::Nothing } else { Outcome::Done };
    if out.is_json() {
        out.json(Listed { contracts: &file.contracts })?;
        return Ok(outcome);
    }
    if file.contracts.is_empty() {
        out.line(&format!("no contract stands in {}", RepositoryFile::NAME))?;
    }
    let rows: Vec<Row> = file
        .contracts
        .iter()
        .map(|contract| {
            let keeps: Vec<&String> = contract.keep.keys().collect();
            let mut clauses = Vec::new();
            clauses.extend(contract.must.iter().map(|kind| format!("must {kind}")));
            clauses.extend(contract.must_not.iter().map(|kind| format!("must not {kind}")));
            clauses.extend(keeps.iter().map(|field| format!("keep {field}")));
            Row::of("")
                .cell(Tone::Strong, contract.symbol.clone())
                .cell(Tone::Plain, clauses.join(", "))
                .note(Tone::Dim, contract.reason.as_deref().unwrap_or(""))
        })
        .collect();
    out.rows(&rows)?;
    Ok(outcome)
}

impl Check {
    fn run(&self, context: Context<'_>, out: &mut Output) -> Result<Outcome, Stop> {
        let session = Session::start(context, None, out)?;
        let file = Workspace::find(context.common, None)?.read_repository_file()?;
        let answer = session.checked(session.engine.check_contracts(&file.contracts)?);
        let checks = &answer.result;
        let findings = || checks.iter().flat_map(|check| &check.findings);
        let is_kept = !findings().any(|(_, it)| self.strict || it.verdict == Verdict::Broken);
        let outcome = if is_kept { Outcome::Done } else { Outcome::Broken };
        let symbols = checks.iter().map(|check| check.symbols).sum();
        if out.is_json() {
            let told = checks.iter().flat_map(|check| {
                check.findings.iter().map(|(symbol, finding)| Found {
                    contract: &check.contract.symbol,
                    reason: check.contract.reason.as_deref(),
                    symbol: symbol.as_ref().map(SymbolFields::new),
                    finding,
                })
            });
            let body = Checked { is_kept, contracts: checks.len() as u64, symbols, findings: told.collect() };
            out.json_answer(&answer, body)?;
            return Ok(outcome);
        }
        print(checks, &session.places, out)?;
        out.line(&out.text(if is_kept { Tone::Plain } else { Tone::Bad }, &summary(checks)))?;
        out.footer(&answer)?;
        Ok(outcome)
    }
}

impl Remove {
    fn run(&self, context: Context<'_>, out: &mut Output) -> Result<Outcome, Stop> {
        let workspace = Workspace::find(context.common, None)?;
        let text = workspace.read_repository_text()?.unwrap_or_default();
        let (text, removed) = edit::without(&text, &self.symbol)?;
        if removed == 0 {
            let message = format!("no contract in {} is about {:?}", RepositoryFile::NAME, self.symbol);
            return Err(Failure::new(ErrorCode::QUERY_UNKNOWN_SYMBOL, message).into());
        }
        let file = RepositoryFile::parse(&text).map_err(|error| Failure::usage(error.to_string()))?;
        let change = write(context, workspace, &text, self.yes, self.dry_run)?;
        if out.is_json() {
            out.json(Changed { contracts: &file.contracts, change })?;
        } else {
            let word = if self.dry_run { "would remove" } else { "removed" };
            out.line(&format!("{word} {}", count(removed, "contract", "contracts")))?;
        }
        Ok(Outcome::Done)
    }
}

/// Gives the file of the repository this text, with a permit, as a patch that `aether patch revert` takes back.
fn write(
    context: Context<'_>,
    workspace: Workspace,
    text: &str,
    yes: bool,
    dry_run: bool,
) -> Result<SetAnswer, Stop> {
    let (config, _) = workspace.read_config()?;
    let root = workspace.root().to_owned();
    let ports = ports(&root, &config, Asking { yes }, Traces::None)?;
    let options = options(&root, &config, None)?;
    let path = RelPath::new(RepositoryFile::NAME).map_err(|error| Failure::usage(error.to_string()))?;
    let engine = workspace.open_apart(context, config)?;
    Ok(engine.change(&ports, &options)?.set_file(&path, text.as_bytes(), dry_run)?)
}

/// How many contracts, about how many symbols, and what came of them.
fn summary(checks: &[ContractCheck]) -> String {
    let of = |verdict| {
        let findings = checks.iter().flat_map(|check| &check.findings);
        findings.filter(|(_, it)| it.verdict == verdict).count()
    };
    let contracts = count(checks.len() as u64, "contract", "contracts");
    let symbols = count(checks.iter().map(|check| check.symbols).sum(), "symbol", "symbols");
    let (broken, not_shown) = (of(Verdict::Broken), of(Verdict::NotShown));
    format!("{contracts} about {symbols}: {broken} broken, {not_shown} not shown")
}

/// Findings of one weight that are shown to a person at most.
const MOST_SHOWN: usize = 20;

/// Shows what is broken, and then what could not be shown.
fn print(checks: &[ContractCheck], places: &Places, out: &mut Output) -> Result<(), Stop> {
    for (verdict, word, tone) in
        [(Verdict::Broken, "broken", Tone::Bad), (Verdict::NotShown, "not shown", Tone::Doubt)]
    {
        let mut rows = Vec::new();
        let mut count = 0;
        for check in checks {
            for (symbol, finding) in check.findings.iter().filter(|(_, it)| it.verdict == verdict) {
                count += 1;
                if count > MOST_SHOWN {
                    continue;
                }
                let (name, place) = match symbol {
                    Some(symbol) => {
                        (symbol.qualified_name.clone(), places.show(&symbol.file, symbol.name_line))
                    }
                    None => (check.contract.symbol.clone(), String::new()),
                };
                let row = Row::of("")
                    .cell(tone, word)
                    .cell(Tone::Strong, name)
                    .cell(Tone::Place, place)
                    .cell(Tone::Plain, finding.clause.replace('_', " "))
                    .note(Tone::Plain, &finding.message)
                    .note(Tone::Dim, &way(finding.effect.as_ref(), places))
                    .note(Tone::Dim, check.contract.reason.as_deref().unwrap_or(""));
                rows.push(row);
            }
        }
        out.rows(&rows)?;
        if count > MOST_SHOWN {
            out.line(
                &out.text(Tone::Dim, &format!("and {} more {word}; --json has them", count - MOST_SHOWN)),
            )?;
        }
        if count > 0 {
            out.line("")?;
        }
    }
    Ok(())
}
