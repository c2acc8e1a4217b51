//! `aether policy`.

use std::collections::BTreeSet;

use aether_bindings::engine::PolicyStore;
use aether_core::authority::{
    Answer, ApprovalMode, Capability, CapabilityClass, Choice, DegradedMode, Grant, GrantId, PolicyConfig,
    PolicyError, PolicyGate, RevokeReason, RevokeScope, Ticket, TicketId,
};
use aether_core::base::ErrorCode;
use aether_core::port::GrantStore as _;
use aether_core::record::AuditActor;
use clap::{ArgGroup, Args, Subcommand};
use serde::Serialize;

use crate::change::{Asking, chosen_modes, foreseen_yes, now, open_authority, policy};
use crate::failure::{Failure, Outcome, Stop};
use crate::human::{Row, count};
use crate::output::Output;
use crate::paint::Tone;
use crate::session::{Context, Workspace};

/// Most grants and tickets that are shown.
const SHOWN: u32 = 1_000;

/// See what may be done, allow what was asked for, take grants back
#[derive(Args, Debug)]
pub(crate) struct Policy {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Show(Show),
    Grant(Allow),
    Revoke(Revoke),
}

/// Show the policy in force, the grants that hold, and the tickets that wait for an answer
#[derive(Args, Debug)]
struct Show {}

/// Answer a ticket with yes; asks at the terminal
#[derive(Args, Debug)]
struct Allow {
    /// The ticket
    #[arg(value_name = "TICKET")]
    ticket: String,
    /// Answer with no
    #[arg(long)]
    deny: bool,
    /// Say what the answer would be about, whether it still could be given, and give none
    #[arg(long)]
    dry_run: bool,
}

/// Take grants back
#[derive(Args, Debug)]
#[command(group = ArgGroup::new("scope").args(["grant", "all", "capability", "class", "actor"]).required(true))]
struct Revoke {
    /// A grant
    #[arg(value_name = "GRANT")]
    grant: Option<String>,
    /// All of them
    #[arg(long)]
    all: bool,
    /// Those of a capability, such as files_edit
    #[arg(long, value_name = "NAME")]
    capability: Option<String>,
    /// Those of a class, such as files
    #[arg(long, value_name = "NAME")]
    class: Option<String>,
    /// Those of an agent
    #[arg(long, value_name = "NAME")]
    actor: Option<String>,
    /// Say how many there are and take none back
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, Serialize)]
struct Shown<'a> {
    policy: &'a PolicyConfig,
    degraded: &'a BTreeSet<DegradedMode>,
    modes: Vec<Mode>,
    grants: &'a [Grant],
    tickets: &'a [Ticket],
}

#[derive(Debug, Serialize)]
struct Mode {
    capability: Capability,
    mode: ApprovalMode,
}

impl Policy {
    pub(crate) fn run(&self, context: Context<'_>, out: &mut Output) -> Result<Outcome, Stop> {
        let workspace = Workspace::find(context.common, None)?;
        let config = workspace.config(out)?;
        let policy = policy(&config)?;
        let modes = chosen_modes(&config);
        let (authority, _) = open_authority(workspace.root(), &config)?;
        match &self.command {
            Command::Show(_) => {
                let grants = authority.grants_in_force(now(), SHOWN)?;
                let tickets = authority.open_tickets(now(), SHOWN)?;
                show(&policy, &modes, &grants, &tickets, out)
            }
            Command::Grant(command) => {
                let gate = gate(policy, &modes, &authority)?;
                command.run(&gate, &authority, out)
            }
            Command::Revoke(command) => {
                let gate = gate(policy, &modes, &authority)?;
                command.run(&gate, &authority, out)
            }
        }
    }
}

fn gate<'a>(
    policy: PolicyConfig,
    modes: &BTreeSet<DegradedMode>,
    authority: &'a PolicyStore,
) -> Result<PolicyGate<'a>, Failure> {
    let gate = PolicyGate::new(policy, authority, authority)
        .map_err(|error| Failure::caused(error.code(), &error))?;
    Ok(modes.iter().fold(gate, |gate, mode| gate.with_degraded(*mode)))
}

fn failed(error: aether_core::authority::LedgerError) -> Failure {
    Failure::caused(error.code().clone(), &error)
}

impl Allow {
    fn run(&self, gate: &PolicyGate<'_>, store: &PolicyStore, out: &mut Output) -> Result<Outcome, Stop> {
        let id = TicketId::new(self.ticket.clone());
        let (ticket, _) = store.ticket(&id).map_err(failed)?.ok_or_else(|| {
            let message = format!("there is no ticket {id}");
            Failure::new(ErrorCode::POLICY_UNKNOWN_TICKET, message)
        })?;
        let mut answer = if self.deny { Answer::of_user(Choice::Deny) } else { foreseen_yes(&ticket) };
        let refused = |error: PolicyError| Failure::caused(error.code(), &error);
        // Nobody is asked about what cannot be answered any more.
        gate.check_answer(&id, &answer, now()).map_err(refused)?;
        if !self.dry_run {
            if !self.deny {
                answer = Asking { yes: false }.ask(&ticket).ok_or_else(|| {
                    let message = "only the user may approve, at a terminal";
                    Failure::new(ErrorCode::POLICY_NOT_THE_USER, message)
                })?;
            }
            gate.answer(&id, &answer, now()).map_err(refused)?;
        }
        let word = if answer.choice.approves() { "allowed" } else { "denied" };
        let request = &ticket.request;
        if out.is_json() {
            out.json(serde_json::json!({ "dry_run": self.dry_run, "ticket": id, "answer": word, "request": request }))?;
        } else if self.dry_run {
            let about = told(&request.resources);
            out.line(&format!("{id} would be {word}: {} {about}", request.capability.as_str()))?;
        } else {
            out.line(&format!("{id} is {word}"))?;
        }
        Ok(Outcome::Done)
    }
}

impl Revoke {
    fn run(&self, gate: &PolicyGate<'_>, store: &PolicyStore, out: &mut Output) -> Result<Outcome, Stop> {
        let scope = self.scope()?;
        let (grants, is_recorded) = if self.dry_run {
            (store.count_revocable(&scope)?, true)
        } else {
            let revocation = gate
                .revoke(&scope, RevokeReason::UserRevoked, AuditActor::User, now())
                .map_err(|error| Failure::caused(error.code(), &error))?;
            (revocation.grants, revocation.audit.is_some())
        };
        if out.is_json() {
            out.json(serde_json::json!({ "dry_run": self.dry_run, "revoked": grants }))?;
        } else {
            let word = if self.dry_run { "would be taken back" } else { "taken back" };
            out.line(&format!("{} {word}", count(grants, "grant", "grants")))?;
        }
        if !is_recorded {
            out.note("the audit log could not be written");
        }
        Ok(Outcome::Done)
    }

    fn scope(&self) -> Result<RevokeScope, Failure> {
        let unknown = |what: &str, name: &str| Failure::usage(format!("there is no {what} {name}"));
        Ok(match (&self.grant, &self.capability, &self.class, &self.actor) {
            (Some(grant), ..) => RevokeScope::Grant(GrantId::new(grant.clone())),
            (_, Some(name), ..) => {
                let found = Capability::ALL.iter().find(|it| it.as_str() == name);
                RevokeScope::Capability(*found.ok_or_else(|| unknown("capability", name))?)
            }
            (_, _, Some(name), _) => {
                let found = CapabilityClass::ALL.into_iter().find(|it| it.as_str() == name);
                RevokeScope::Class(found.ok_or_else(|| unknown("class", name))?)
            }
            (_, _, _, Some(actor)) => RevokeScope::Actor(actor.clone()),
            _ => RevokeScope::All,
        })
    }
}

fn show(
    policy: &PolicyConfig,
    degraded: &BTreeSet<DegradedMode>,
    grants: &[Grant],
    tickets: &[Ticket],
    out: &mut Output,
) -> Result<Outcome, Stop> {
    let modes = Capability::ALL.iter().map(|it| Mode { capability: *it, mode: policy.mode(*it) });
    if out.is_json() {
        out.json(Shown { policy, degraded, modes: modes.collect(), grants, tickets })?;
        return Ok(Outcome::Done);
    }
    let thresholds = &policy.thresholds;
    let row = |name: &str, value: String| Row::of("").cell(Tone::Dim, name).cell(Tone::Strong, value);
    out.rows(&[
        row("preset", policy.preset.as_str().to_owned()),
        row("profile", policy.profile.as_str().to_owned()),
        row("changed lines at most", thresholds.max_changed_lines.to_string()),
        row("confidence of answers", thousandths(thresholds.tau_answer)),
        row("confidence of patches", thousandths(thresholds.tau_patch)),
    ])?;
    for mode in degraded {
        let mode = serde_json::to_value(mode).unwrap_or_default();
        out.line(&format!("degraded: {}", mode.as_str().unwrap_or_default()))?;
    }
    out.line("")?;
    let open = modes.filter(|it| it.mode.is_open());
    let rows: Vec<Row> = open
        .map(|it| {
            let mode = serde_json::to_value(it.mode).unwrap_or_default();
            Row::of("")
                .cell(Tone::Plain, it.capability.as_str())
                .cell(Tone::Dim, mode.as_str().unwrap_or_default())
        })
        .collect();
    out.rows(&rows)?;
    for grant in grants {
        let about = told(&grant.resources);
        out.line(&format!("grant {} for {}: {} {about}", grant.id, grant.actor, grant.capability.as_str()))?;
    }
    for ticket in tickets {
        let request = &ticket.request;
        let about = told(&request.resources);
        out.line(&format!(
            "ticket {} of {}: {} {about}",
            ticket.id,
            request.actor,
            request.capability.as_str()
        ))?;
    }
    Ok(Outcome::Done)
}

fn told(resources: &[aether_core::authority::Resource]) -> String {
    resources.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

fn thousandths(value: u16) -> String {
    format!("{:.2}", f64::from(value) / 1_000.0)
}
