//! Reading the audit log: row by row, however long it is.

use std::io::Write;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use aether_core::authority::{Capability, ExportData, Permit};
use aether_core::base::{Cancel, Cancelled, Timestamp};
use aether_core::record::{
    AuditKey, AuditMac, AuditQuery, AuditRow, AuditTip, AuditVerdict, AuditVerifier, ExpectedTip, SealedTip,
};
use rusqlite::{Connection, params};

use super::error::{Fault, PolicyStoreError};
use super::file::{Session, Shape};
use super::head::{self, COLUMNS, row_of};
use super::options::PolicyStoreOptions;

/// The audit log of a policy file, for reading alone: it needs no key, and changes nothing.
///
/// Each question has a connection of its own and sees one state of the log, while others go on writing.
///
/// # Examples
///
/// ```
/// use aether_core::base::{Cancel, Timestamp};
/// use aether_core::port::AuditSink as _;
/// use aether_core::record::{AuditActor, AuditEntry, AuditKey, AuditKind, AuditVerdict};
/// use aether_store::{AuditLog, AuditTrust, PolicyStore, PolicyStoreOptions};
/// # let folder = tempfile::tempdir()?;
/// let (path, options) = (folder.path().join("authority.db"), PolicyStoreOptions::default());
/// let key = AuditKey::new("test", &[7; 32])?;
/// let store = PolicyStore::open(&path, key.clone(), &options)?;
/// let entry = AuditEntry::new(AuditKind::POLICY_CHANGED, AuditActor::User);
/// store.append(entry, Timestamp::from_unix_ms(0))?;
///
/// let log = AuditLog::open(&path, &options)?;
/// let verdict = log.verify(&AuditTrust::new(vec![key]), &Cancel::new())?;
/// assert_eq!(verdict, AuditVerdict::Valid { rows: 1 });
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct AuditLog {
    path: PathBuf,
    shape: Shape,
    options: PolicyStoreOptions,
}

/// What a reader of the audit log trusts: keys, and ends of the log that were kept elsewhere.
#[derive(Clone, Debug, Default)]
pub struct AuditTrust {
    keys: Vec<AuditKey>,
    kept: Vec<SealedTip>,
}

impl AuditTrust {
    /// Trusts what these keys sealed: the present one and those before. Without any, a log is never valid,
    /// because whoever can compute hashes can have written it.
    #[must_use]
    pub fn new(keys: Vec<AuditKey>) -> Self {
        Self { keys, kept: Vec::new() }
    }

    /// Also holds the log against an end that it once had, whose seal one of the keys must have made.
    #[must_use]
    pub fn with_sealed_tip(mut self, tip: SealedTip) -> Self {
        self.kept.push(tip);
        self
    }

    /// Also holds the log against an end that it once had, of which the caller is certain: such as one that
    /// [`AuditTip::from_note`] read from a signed note.
    #[must_use]
    pub fn with_tip(mut self, tip: AuditTip) -> Self {
        // The seal stands for the certainty; where there is no key, seals are not looked at.
        let sealed = match self.keys.first() {
            Some(key) => tip.sealed(key),
            None => SealedTip::new(tip, "", AuditMac::from_bytes([0; 32])),
        };
        self.kept.push(sealed);
        self
    }
}

/// What was exported.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct AuditExport {
    /// Number of rows.
    pub rows: u64,
    /// The head of the log in the same state, to be kept with the rows: without it nobody can see that some
    /// at the end are missing. `None` where it is gone.
    pub tip: Option<SealedTip>,
}

impl AuditLog {
    /// Opens the log of the policy file at `path`.
    ///
    /// A file whose tables were changed is opened: [`AuditLog::verify`] and [`AuditLog::check_file`] say what
    /// is wrong.
    ///
    /// # Errors
    ///
    /// [`Missing`](super::PolicyStoreErrorKind::Missing),
    /// [`NewerVersion`](super::PolicyStoreErrorKind::NewerVersion),
    /// [`NotAPolicyFile`](super::PolicyStoreErrorKind::NotAPolicyFile), and those of reading.
    pub fn open(path: &Path, options: &PolicyStoreOptions) -> Result<Self, PolicyStoreError> {
        let log = Self::of(path, Shape::new()?, options);
        log.session()?;
        Ok(log)
    }

    pub(super) fn of(path: &Path, shape: Shape, options: &PolicyStoreOptions) -> Self {
        Self { path: path.to_owned(), shape, options: options.clone() }
    }

    fn session(&self) -> Result<Session, Fault> {
        Session::reader(&self.path, &self.shape, &self.options)
    }

    /// The head that is kept beside the rows; `None` where it is gone.
    ///
    /// # Errors
    ///
    /// Those of reading.
    pub fn head(&self) -> Result<Option<SealedTip>, PolicyStoreError> {
        Ok(self.session()?.read_any(head::read)?)
    }

    /// Gives the rows that are asked for to `each`, in the order of the log, until it breaks: with the memory
    /// of one row. Those of a window of time are found by an index. Rows that cannot be read as a record are
    /// told to a query without conditions only.
    ///
    /// # Errors
    ///
    /// Those of reading.
    pub fn visit(
        &self,
        query: &AuditQuery,
        each: &mut dyn FnMut(AuditRow) -> ControlFlow<()>,
    ) -> Result<(), PolicyStoreError> {
        Ok(self.session()?.read_any(|connection| visit_rows(connection, query, each))?)
    }

    /// Says whether the log is what was written: every row is read, and held against the head that is kept
    /// beside the rows and against the ends that are trusted.
    ///
    /// What this does not find is written down in `docs/FORMAT.md`, section "Policy file".
    ///
    /// # Errors
    ///
    /// [`Cancelled`](super::PolicyStoreErrorKind::Cancelled), and those of reading: where the file itself is
    /// damaged, there is no verdict on its rows.
    pub fn verify(&self, trust: &AuditTrust, cancel: &Cancel) -> Result<AuditVerdict, PolicyStoreError> {
        Ok(self.session()?.read_any(|connection| verdict(connection, trust, cancel))?)
    }

    /// Says whether the file holds together: its tables and triggers are those that belong there, and no
    /// index hides a row. Takes the time to read all of it.
    ///
    /// # Errors
    ///
    /// [`Damaged`](super::PolicyStoreErrorKind::Damaged), and those of reading.
    pub fn check_file(&self) -> Result<(), PolicyStoreError> {
        Ok(self.session()?.check_file()?)
    }

    /// Writes the rows that are asked for to `out`, each as the JSON of an [`AuditRow`] on a line, with the
    /// memory of one row. What was written before an error stays written.
    ///
    /// # Errors
    ///
    /// [`NotPermitted`](super::PolicyStoreErrorKind::NotPermitted) when the permit is not one for
    /// [`Capability::AuditExport`], [`Output`](super::PolicyStoreErrorKind::Output),
    /// [`Cancelled`](super::PolicyStoreErrorKind::Cancelled), and those of reading.
    pub fn export(
        &self,
        permit: Permit<ExportData>,
        query: &AuditQuery,
        out: &mut dyn Write,
        cancel: &Cancel,
    ) -> Result<AuditExport, PolicyStoreError> {
        if permit.capability() != Capability::AuditExport {
            return Err(Fault::NotPermitted.into());
        }
        let mut rows = 0;
        let tip = self.session()?.read_any(|connection| {
            let tip = head::read(connection)?;
            let mut failure = None;
            visit_rows(connection, query, &mut |row| match write_line(out, &row, cancel) {
                Ok(()) => {
                    rows += 1;
                    ControlFlow::Continue(())
                }
                Err(fault) => {
                    failure = Some(fault);
                    ControlFlow::Break(())
                }
            })?;
            failure.map_or(Ok(tip), Err)
        })?;
        out.flush().map_err(Fault::Output)?;
        Ok(AuditExport { rows, tip })
    }
}

fn write_line(out: &mut dyn Write, row: &AuditRow, cancel: &Cancel) -> Result<(), Fault> {
    cancel.check()?;
    let mut line = serde_json::to_string(row).map_err(Fault::Json)?;
    line.push('\n');
    out.write_all(line.as_bytes()).map_err(Fault::Output)
}

/// Rows behind a place in the log.
pub(super) fn rows_statement() -> String {
    format!("SELECT {COLUMNS} FROM audit_rows WHERE row > ?1 ORDER BY row")
}

/// Rows behind a place in the log, of a window of time. Only the numbers of these rows are put in order,
/// which SQLite does on disk where there are many.
pub(super) fn window_statement() -> String {
    format!(
        "SELECT {COLUMNS} FROM audit_rows WHERE row IN \
         (SELECT row FROM audit_rows WHERE at >= ?2 AND at < ?3 AND row > ?1) ORDER BY row"
    )
}

fn visit_rows(
    connection: &Connection,
    query: &AuditQuery,
    each: &mut dyn FnMut(AuditRow) -> ControlFlow<()>,
) -> Result<(), Fault> {
    let has_conditions = query.since.is_some()
        || query.until.is_some()
        || query.kind.is_some()
        || query.actor.is_some()
        || query.capability.is_some()
        || query.decision.is_some();
    // A row that was given a number below 1 is told from the beginning, too.
    let after = match query.after_seq {
        0 => i64::MIN,
        seq => i64::try_from(seq).unwrap_or(i64::MAX),
    };
    let has_window = query.since.is_some() || query.until.is_some();
    let mut statement =
        connection.prepare(&if has_window { window_statement() } else { rows_statement() })?;
    let mut rows = if has_window {
        // Written times have one length, so their order is that of their texts; each begins with a digit.
        let text =
            |time: Option<Timestamp>, open: &str| time.map_or(open.to_owned(), |time| time.to_string());
        statement.query(params![after, text(query.since, ""), text(query.until, ":")])?
    } else {
        statement.query([after])?
    };
    let mut left = query.limit;
    while left > 0
        && let Some(row) = rows.next()?
    {
        let row = row_of(row)?;
        if has_conditions && !row.record().is_some_and(|record| query.keeps(&record)) {
            continue;
        }
        left -= 1;
        if each(row).is_break() {
            break;
        }
    }
    Ok(())
}

fn verdict(connection: &Connection, trust: &AuditTrust, cancel: &Cancel) -> Result<AuditVerdict, Fault> {
    let beside = head::read(connection)?.map_or(ExpectedTip::Gone, ExpectedTip::Exactly);
    let mut verifier = AuditVerifier::new(trust.keys.clone(), beside);
    for tip in &trust.kept {
        verifier = verifier.expecting(ExpectedTip::AtLeast(tip.clone()));
    }
    let mut cancelled: Result<(), Cancelled> = Ok(());
    let all = AuditQuery { limit: u32::MAX, ..AuditQuery::default() };
    visit_rows(connection, &all, &mut |row| {
        cancelled = cancel.check();
        verifier.push(&row);
        if cancelled.is_err() || verifier.is_decided() {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    })?;
    cancelled?;
    Ok(verifier.finish())
}
