//! Programs that are killed while they write, and programs whose disk is full: what was acknowledged is there.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use aether_core::authority::{
    Capability, Cost, CostCaps, CostReservation, GrantId, GrantStatus, LedgerError,
};
use aether_core::port::{AuditSink as _, CostLedger as _, GrantStore as _};
use aether_core::record::{AuditQuery, AuditRow, AuditVerdict};
use aether_store::{PolicyStore, PolicyStoreError, PolicyStoreErrorKind, PolicyStoreOptions};

use super::{Place, at, entry, key, once};

const FOLDER: &str = "AETHER_POLICY_TEST_FOLDER";
const ROUND: &str = "AETHER_POLICY_TEST_ROUND";
/// Kills of one run of the tests; `AETHER_POLICY_KILLS` asks for more.
const KILLS: usize = 25;
/// Programs that write to one file at the same time.
const WRITERS: usize = 2;

/// Not a test by itself: the program that is killed, or whose file may not grow. It writes until it is or
/// cannot, and tells of all that was acknowledged.
#[test]
fn program_that_writes() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let round = std::env::var(ROUND).expect("a round");
    let path = std::path::Path::new(&folder).join("authority.db");
    let options = PolicyStoreOptions::default().with_busy_timeout_ms(60_000);
    let store = PolicyStore::open(&path, key("k", 7), &options).expect("it opens");
    println!("\nopen");
    let failed =
        (0..).find_map(|number| write(&store, &round, number).err()).expect("it ends when it cannot");
    let source = std::error::Error::source(&failed).expect("a cause");
    let kind = source.downcast_ref::<PolicyStoreError>().expect("one of the file").kind();
    // One more, which must not be taken for one behind a row that may or may not be there.
    let again = store.append(entry("again"), at(1)).map_err(|error| error.code().to_string());
    println!("\nfailed {kind:?} {again:?}.");
}

/// A row, a grant that is used up, and a cost, each told of when it is acknowledged.
#[expect(clippy::print_stdout, reason = "the test that started this program reads it")]
fn write(store: &PolicyStore, round: &str, number: usize) -> Result<(), LedgerError> {
    let actor = format!("{round}-{number}");
    let receipt = store.append(entry(&actor), at(1))?;
    println!("\nrow {} {actor}.", receipt.seq);
    let mut grant = once(number);
    grant.id = GrantId::new(format!("grt:{actor}"));
    store.insert(&grant)?;
    store.consume(std::slice::from_ref(&grant.id), at(1))?;
    println!("\ngrant {}.", grant.id);
    let cost = CostReservation::new(actor.clone(), None, at(1), Cost::new(1, 0));
    store.reserve(&cost, &CostCaps::default())?;
    println!("\ncost {actor}.");
    Ok(())
}

fn program(place: &Place, round: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.args(["--exact", "policy::kill::program_that_writes", "--nocapture", "--test-threads=1"]);
    command.env(FOLDER, place.folder()).env(ROUND, round);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Lets a program acknowledge so many things, kills it, and gives all that it acknowledged.
fn kill_after(mut child: Child, count: usize) -> Vec<String> {
    let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
    let is_told = |line: &String| ["row ", "grant ", "cost "].iter().any(|kind| line.starts_with(kind));
    let mut said: Vec<String> =
        lines.by_ref().map(|line| line.expect("a line")).filter(|line| is_told(line)).take(count).collect();
    child.kill().expect("a process of ours");
    let status = child.wait().expect("it ended");
    // Killed, and not ended by itself: 9 is SIGKILL.
    #[cfg(unix)]
    assert_eq!(std::os::unix::process::ExitStatusExt::signal(&status), Some(9), "{said:?}");
    said.extend(lines.map_while(Result::ok).filter(is_told));
    // A line that was cut off by the kill has no full stop.
    said.retain_mut(|line| line.pop() == Some('.'));
    said
}

#[test]
fn nothing_acknowledged_is_lost_when_programs_are_killed() {
    let kills = std::env::var("AETHER_POLICY_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(KILLS);
    let place = Place::new();
    let mut told = Vec::new();
    for round in 0..kills {
        let children: Vec<Child> = (0..WRITERS)
            .map(|writer| program(&place, &format!("{round}.{writer}")).spawn().expect("it starts"))
            .collect();
        for (writer, child) in children.into_iter().enumerate() {
            // At another place each time: a round is three writes with two transactions in the second.
            told.extend(kill_after(child, 1 + (round * 7 + writer * 3) % 11));
        }
        let store = place.open();
        store.check().unwrap_or_else(|error| panic!("round {round}: {error}"));
    }
    let store = place.open();
    let all = AuditQuery { limit: u32::MAX, ..AuditQuery::default() };
    let rows = store.rows(&all).expect("rows");
    let rows: BTreeSet<String> = rows
        .iter()
        .filter_map(AuditRow::record)
        .map(|record| match record.entry.actor {
            aether_core::record::AuditActor::Agent(actor) => format!("row {} {actor}", record.seq),
            other => panic!("{other:?}"),
        })
        .collect();
    let used: BTreeSet<String> = rusqlite::Connection::open(place.path())
        .expect("a database")
        .prepare("SELECT id FROM grants WHERE state = 'used'")
        .expect("a statement")
        .query_map((), |row| Ok(format!("grant {}", row.get::<_, String>(0)?)))
        .expect("grants")
        .collect::<Result<_, _>>()
        .expect("grants");
    let mut costs = 0;
    for line in &told {
        match line.strip_prefix("cost ") {
            Some(request) => {
                costs += 1;
                let again = CostReservation::new(request, None, at(1), Cost::new(1, 0));
                assert!(store.reserve(&again, &CostCaps::default()).is_err(), "{line} was lost");
            }
            None => assert!(rows.contains(line) || used.contains(line), "{line} was lost"),
        }
    }
    let day = store.spend(&CostReservation::new("", None, at(1), Cost::ZERO)).expect("costs").day.tokens;
    assert!(day >= costs, "{day} of {costs}");
    // The gate never uses up what it did not find: each grant that a program left is used or active.
    let left = store.find("fixer", &[Capability::FilesEdit], at(1)).expect("grants");
    assert!(left.iter().all(|grant| matches!(grant.status, GrantStatus::Used(_) | GrantStatus::Active)));
    println!("{} kills, {} acknowledged writes, none lost", kills * WRITERS, told.len());
    assert!(told.len() > kills * WRITERS, "{}", told.len());
    assert_eq!(place.verdict(), AuditVerdict::Valid { rows: rows.len() as u64 });
}

/// The test above sees what it looks for: rows of a program that was killed are not there when its log is not.
#[test]
fn a_row_that_is_only_in_the_log_beside_the_file_is_missed_without_it() {
    let place = Place::new();
    let told = kill_after(program(&place, "0").spawn().expect("it starts"), 1);
    assert!(told[0].starts_with("row 1 "), "{told:?}");
    std::fs::remove_file(place.folder().join("authority.db-wal")).expect("the log of the program");
    assert_eq!(place.verdict(), AuditVerdict::Valid { rows: 0 });
}

/// A file that may not become longer: the system refuses to write behind some length.
#[cfg(unix)]
#[test]
fn a_disk_that_takes_no_more_loses_nothing_and_is_told() {
    let place = Place::with_rows(1);
    let inner = program(&place, "0");
    let mut command = Command::new("sh");
    // The signal for such a write would end the program; blocks have 512 bytes.
    command.arg("-c").arg("trap '' XFSZ; ulimit -f 600; exec \"$0\" \"$@\"").arg(inner.get_program());
    command.args(inner.get_args()).env(FOLDER, place.folder()).env(ROUND, "0");
    let output = command.stdin(Stdio::null()).output().expect("it ran");
    let said = String::from_utf8(output.stdout).expect("text");
    let failed: Vec<&str> = said.lines().filter(|line| line.starts_with("failed ")).collect();
    let kinds =
        [PolicyStoreErrorKind::Io, PolicyStoreErrorKind::DiskFull].map(|kind| format!("failed {kind:?} "));
    assert!(
        failed.len() == 1 && kinds.iter().any(|kind| failed[0].starts_with(kind)),
        "{said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(failed[0].contains("Err(\"policy.audit_failed\")"), "{failed:?}");
    let acknowledged: u64 = said
        .lines()
        .filter_map(|line| line.strip_prefix("row ")?.split_once(' ')?.0.parse().ok())
        .max()
        .expect("rows");
    assert!(acknowledged > 2);
    // With room again, everything is there, and the log goes on.
    let store = place.open();
    store.append(entry("afterwards"), at(2)).expect("a row");
    let AuditVerdict::Valid { rows } = place.verdict() else { panic!("{:?}", place.verdict()) };
    assert!(rows > acknowledged, "{rows} of {acknowledged}");
}
