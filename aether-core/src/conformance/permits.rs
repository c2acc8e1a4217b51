//! Permits for tests, by the gate as everybody gets them: a policy that lets most things happen, and a user who
//! says yes to the rest, once.

use std::collections::{BTreeMap, BTreeSet};

use super::{MemoryAudit, MemoryGrants};
use crate::authority::{
    Action, ActionRequest, Answer, Capability, Choice, EditFiles, Outcome, Permit, PolicyConfig, PolicyGate,
    Preset, ProvenanceTag, Resource, RunCommand,
};
use crate::base::{RelPath, Sha256Hash, Timestamp};
use crate::change::{CommandLine, Patch};

/// A permit for `request`, which a user who sits in front of the test allows.
///
/// # Panics
///
/// When the policy denies it whoever says yes.
#[track_caller]
pub fn permit<A: Action>(mut request: ActionRequest) -> Permit<A> {
    request.provenance.insert(ProvenanceTag::Session);
    request.is_attended = true;
    let (audit, grants) = (MemoryAudit::default(), MemoryGrants::default());
    let mut policy = PolicyConfig::new(Preset::PowerUser);
    policy.commands = request.resources.iter().filter_map(command_of).cloned().collect();
    let gate = PolicyGate::new(policy, &audit, &grants).expect("the policy can be in force");
    let now = Timestamp::from_unix_ms(0);
    for _ in 0..2 {
        match gate.authorize::<A>(&request, now).outcome {
            Outcome::Allow(permit) => return permit,
            Outcome::Ask(ticket) => {
                let answer = Answer::of_user(Choice::Once);
                gate.answer(&ticket.id, &answer, now).expect("the user may answer");
            }
            other => panic!("{other:?}"),
        }
    }
    panic!("a yes of the user is not enough");
}

/// A permit to run `command`.
#[track_caller]
pub fn run_permit(command: &CommandLine) -> Permit<RunCommand> {
    let mut request = ActionRequest::new("run", "test", Capability::CommandRun);
    request.resources.push(Resource::from(command.clone()));
    permit(request)
}

/// The permits for what applying `patch` needs.
#[must_use]
#[track_caller]
pub fn edit_permits(
    patch: &Patch,
    needs: &BTreeMap<Capability, BTreeSet<RelPath>>,
) -> Vec<Permit<EditFiles>> {
    let permits = needs.iter().map(|(&capability, paths)| edit_permit(patch.hash(), capability, paths));
    permits.collect()
}

/// The permit to take an applied patch back.
#[track_caller]
pub fn revert_permit<'a>(
    patch: Sha256Hash,
    paths: impl IntoIterator<Item = &'a RelPath>,
) -> Permit<EditFiles> {
    edit_permit(patch, Capability::FilesEdit, paths)
}

#[track_caller]
fn edit_permit<'a>(
    patch: Sha256Hash,
    capability: Capability,
    paths: impl IntoIterator<Item = &'a RelPath>,
) -> Permit<EditFiles> {
    let mut request = ActionRequest::new(format!("edit-{}", capability.as_str()), "test", capability);
    request.resources = paths.into_iter().cloned().map(Resource::from).collect();
    request.content = Some(patch);
    permit(request)
}

fn command_of(resource: &Resource) -> Option<&CommandLine> {
    match resource {
        Resource::Command(command) => Some(command),
        _ => None,
    }
}
