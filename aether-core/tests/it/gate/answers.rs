//! Tickets and what answers make of them.

use aether_core::authority::{
    Answer, Answered, Capability, ChangeGrants, Choice, DurationKind, EditFiles, Grant, GrantDuration,
    Outcome, PolicyErrorKind, PolicyGate, Preset, Reason, Resource, Ticket, TicketId,
};
use aether_core::port::GrantStore;
use aether_core::record::{AuditActor, AuditKind};

use super::{Kept, at, check_denied, policy, request};

fn ask(gate: &PolicyGate<'_>, capability: Capability) -> Ticket {
    let decision = gate.authorize::<EditFiles>(&request("r", capability), at(1));
    match decision.outcome {
        Outcome::Ask(ticket) => *ticket,
        other => panic!("not asked: {other:?}"),
    }
}

fn granted(answered: Answered) -> Grant {
    match answered {
        Answered::Granted(grant) => *grant,
        other => panic!("not granted: {other:?}"),
    }
}

#[test]
fn a_yes_makes_a_grant_for_what_was_asked() {
    let kept = Kept::default();
    let gate = kept.gate(policy(Preset::Assistant));
    let ticket = ask(&gate, Capability::FilesDelete);
    assert_eq!((ticket.once_only, ticket.usual_duration), (true, DurationKind::Once));
    let grant = granted(gate.answer(&ticket.id, &Answer::of_user(Choice::Once), at(2)).expect("answered"));
    assert_eq!(grant.content, ticket.request.content);
    assert_eq!(grant.expires_at, at(2 + 900));
    assert_eq!(kept.rows().pop().expect("a row").entry.kind, AuditKind::TICKET_ANSWERED);
    let mut other = request("r", Capability::FilesDelete);
    other.content = Some(aether_core::base::Sha256Hash::of(b"other"));
    assert_eq!(gate.authorize::<EditFiles>(&other, at(3)).outcome.as_str(), "ask");
    other = request("r", Capability::FilesDelete);
    other.resources.push(Resource::path("src/b.rs").expect("a path"));
    assert_eq!(gate.authorize::<EditFiles>(&other, at(3)).outcome.as_str(), "ask");
    assert!(gate.authorize::<EditFiles>(&ticket.request, at(3)).allowed().is_some());
}

/// In the predecessor, the duration that the user chose was ignored, and a request without a task got one
/// called "default-task".
#[test]
fn the_duration_is_the_one_that_was_chosen() {
    let kept = Kept::default();
    let gate = kept.gate(policy(Preset::Assistant));
    for (choice, expected, seconds) in [
        (Choice::Once, GrantDuration::Once, 900),
        (Choice::ForTask, GrantDuration::Task("task".to_owned()), 86_400),
        (Choice::ForSession, GrantDuration::Session("session".to_owned()), 86_400),
        (Choice::Persistent { ms: 5000 }, GrantDuration::Persistent(5000), 5),
    ] {
        let kept = Kept::default();
        let gate = kept.gate(policy(Preset::Assistant));
        let ticket = ask(&gate, Capability::FilesRenameMove);
        let grant = granted(gate.answer(&ticket.id, &Answer::of_user(choice), at(2)).expect("answered"));
        assert_eq!((grant.duration, grant.expires_at), (expected, at(2 + seconds)));
    }
    let mut asked = request("r", Capability::FilesRenameMove);
    asked.task = None;
    let Outcome::Ask(ticket) = gate.authorize::<EditFiles>(&asked, at(1)).outcome else {
        panic!("not asked")
    };
    let refused = gate.answer(&ticket.id, &Answer::of_user(Choice::ForTask), at(2)).expect_err("no task");
    assert_eq!(refused.kind(), PolicyErrorKind::BadDuration);
    let never = Answer::of_user(Choice::Persistent { ms: 0 });
    assert_eq!(
        gate.answer(&ticket.id, &never, at(2)).expect_err("no time").kind(),
        PolicyErrorKind::BadDuration
    );
    // What was refused left the ticket open.
    assert!(gate.answer(&ticket.id, &Answer::of_user(Choice::ForSession), at(2)).is_ok());
}

/// A grant for a task does not approve what is of high risk.
#[test]
fn what_is_of_high_risk_is_granted_once() {
    let kept = Kept::default();
    let gate = kept.gate(policy(Preset::PowerUser));
    let ticket = ask(&gate, Capability::FilesDelete);
    for choice in [Choice::ForTask, Choice::ForSession, Choice::Persistent { ms: 1000 }] {
        let refused = gate.answer(&ticket.id, &Answer::of_user(choice), at(2)).expect_err("too long");
        assert_eq!(refused.kind(), PolicyErrorKind::BadDuration);
    }
    // One that got into the store all the same does not serve.
    let asked = request("r", Capability::FilesDelete);
    let mut grant = super::once("g", &asked);
    grant.duration = GrantDuration::Task("task".to_owned());
    kept.grants.insert(&grant).expect("a grant");
    assert_eq!(gate.authorize::<EditFiles>(&asked, at(3)).outcome.as_str(), "ask");
}

/// In the predecessor, proving anew who one is was ignored.
#[test]
fn administration_needs_somebody_who_proved_who_they_are() {
    let kept = Kept::default();
    let gate = kept.gate(policy(Preset::PowerUser));
    let asked = request("r", Capability::GrantAdmin);
    let Outcome::Ask(ticket) = gate.authorize::<ChangeGrants>(&asked, at(1000)).outcome else {
        panic!("not asked")
    };
    assert!(ticket.needs_reauthentication);
    let mut answer = Answer::of_user(Choice::Once);
    for too_late in [None, Some(at(1001 - 301)), Some(at(1002))] {
        answer.authenticated_at = too_late;
        let refused = gate.answer(&ticket.id, &answer, at(1001)).expect_err("not proved");
        assert_eq!(refused.kind(), PolicyErrorKind::NeedsReauthentication);
    }
    answer.authenticated_at = Some(at(1001 - 300));
    assert!(gate.answer(&ticket.id, &answer, at(1001)).is_ok());
}

#[test]
fn a_ticket_is_answered_once_in_time_and_by_the_user() {
    let kept = Kept::default();
    let gate = kept.gate(policy(Preset::Assistant));
    let kind = |id: &TicketId, by: AuditActor, choice, now| {
        let mut answer = Answer::of_user(choice);
        answer.by = by;
        let rows = kept.rows().len();
        let foreseen = gate.check_answer(id, &answer, now);
        assert_eq!(kept.rows().len(), rows, "looking writes nothing");
        if let Ok(ticket) = &foreseen {
            assert_eq!(ticket.id, *id);
        }
        let error = gate.answer(id, &answer, now).err().map(|error| error.kind());
        assert_eq!(foreseen.err().map(|error| error.kind()), error);
        error
    };
    let ticket = ask(&gate, Capability::FilesDelete);
    let agent = || AuditActor::Agent("fixer".to_owned());
    assert_eq!(kind(&ticket.id, agent(), Choice::Once, at(2)), Some(PolicyErrorKind::NotTheUser));
    assert_eq!(kind(&ticket.id, agent(), Choice::Deny, at(2)), Some(PolicyErrorKind::NotTheUser));
    assert_eq!(kind(&ticket.id, AuditActor::System, Choice::Once, at(2)), Some(PolicyErrorKind::NotTheUser));
    let late = at(1 + 900);
    assert_eq!(kind(&ticket.id, AuditActor::User, Choice::Once, late), Some(PolicyErrorKind::TicketExpired));
    assert_eq!(kind(&ticket.id, AuditActor::User, Choice::Once, at(0)), Some(PolicyErrorKind::TicketExpired));
    assert_eq!(kind(&ticket.id, AuditActor::System, Choice::Deny, at(2)), None);
    assert_eq!(kept.rows().pop().expect("a row").entry.reason.as_deref(), Some(Reason::UserDenied.id()));
    assert_eq!(kind(&ticket.id, AuditActor::User, Choice::Once, at(2)), Some(PolicyErrorKind::TicketClosed));
    let unknown = TicketId::new("tkt:unknown");
    assert_eq!(kind(&unknown, AuditActor::User, Choice::Once, at(2)), Some(PolicyErrorKind::UnknownTicket));
}

#[test]
fn no_makes_no_grant() {
    let kept = Kept::default();
    let gate = kept.gate(policy(Preset::Assistant));
    for (choice, expected) in [(Choice::Deny, Answered::Denied), (Choice::DeferToDraft, Answered::Draft)] {
        let ticket = ask(&gate, Capability::FilesDelete);
        assert_eq!(gate.answer(&ticket.id, &Answer::of_user(choice), at(2)).expect("answered"), expected);
        assert_eq!(gate.authorize::<EditFiles>(&ticket.request, at(3)).outcome.as_str(), "ask");
    }
}

#[test]
fn an_answer_that_is_not_written_down_grants_nothing() {
    let kept = Kept::default();
    let gate = kept.gate(policy(Preset::Assistant));
    let ticket = ask(&gate, Capability::FilesDelete);
    kept.audit.refuse_rows(true);
    let failed = gate.answer(&ticket.id, &Answer::of_user(Choice::Once), at(2)).expect_err("no row");
    assert_eq!(failed.kind(), PolicyErrorKind::AuditWriteFailed);
    kept.audit.refuse_rows(false);
    assert_eq!(kept.grants.find("fixer", &[Capability::FilesDelete], at(2)).expect("grants"), vec![]);
    // A ticket that cannot be kept is no question: nobody could answer it.
    kept.grants.set_failing(true);
    let decision = gate.authorize::<EditFiles>(&ticket.request, at(3));
    check_denied(&decision.outcome, Reason::LedgerCorrupt);
}
