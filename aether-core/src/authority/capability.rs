//! The capabilities, and what each preset says of them, as one table.
//!
//! The table is that of the companion's design, with the places resolved where it contradicted itself:
//!
//! - `shell_exec` was to be asked about under Operator, and blocked there by a hard block. The block ran first,
//!   so `block` stands here.
//! - `files_delete` is of high risk and was approved by task under Power User, while a grant for a task must
//!   not approve what is of high risk. It is asked about.
//! - `shell_exec` and `package_install` are of critical risk: where the general matrix says `ask`, so do the
//!   rows. Where matrix and rows differ, such as for files under Observer, the rows hold.
//!
//! Rows that a coding agent needs were added: see [`Capability::BuildFilesEdit`] and those of the network, of
//! commands, exports and administration.

use serde::{Deserialize, Serialize};

use super::class::{CapabilityClass, RiskClass};
use super::mode::{ApprovalMode, DurationKind, Preset};

macro_rules! capabilities {
    ($($name:ident = $text:literal, $class:ident, $risk:ident:
        $observer:ident $assistant:ident $operator:ident $power_user:ident, $duration:ident; $doc:literal)*) => {
        /// Something that an agent may be allowed to do.
        ///
        /// A closed set, so that no request falls through the table: a reader refuses a value that it does
        /// not know.
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[non_exhaustive]
        pub enum Capability {
            $(#[doc = $doc] $name,)*
        }

        impl Capability {
            /// Each of them, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The name, such as `files_edit`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }

            const fn row(self) -> Row {
                match self {
                    $(Self::$name => Row {
                        class: CapabilityClass::$class,
                        risk: RiskClass::$risk,
                        modes: [
                            ApprovalMode::$observer,
                            ApprovalMode::$assistant,
                            ApprovalMode::$operator,
                            ApprovalMode::$power_user,
                        ],
                        duration: DurationKind::$duration,
                    },)*
                }
            }
        }
    };
}

struct Row {
    class: CapabilityClass,
    risk: RiskClass,
    modes: [ApprovalMode; 4],
    duration: DurationKind,
}

// name = text, class, risk: Observer Assistant Operator PowerUser, duration; meaning
capabilities! {
    FilesRead = "files_read", Files, Low: Deny InScope Auto Auto, Session; "Reads files."
    FilesCreate = "files_create", Files, Medium: Deny PerTask Auto Auto, Task; "Makes files."
    FilesEdit = "files_edit", Files, Medium: Deny PerTask Auto Auto, Task; "Changes files."
    FilesRenameMove = "files_rename_move", Files, Medium: Deny Ask PerTask Auto, Task; "Renames or moves files."
    FilesDelete = "files_delete", Files, High: Deny Ask Ask Ask, Once; "Deletes files."
    FilesBulkOp = "files_bulk_op", Files, High: Deny Ask Ask Ask, Once; "Changes many files at once."
    BuildFilesEdit = "build_files_edit", Files, Critical: Deny Ask Ask Ask, Once; "Changes files that run when the project is built or opened."
    CommandRun = "command_run", Process, Medium: Deny PerTask Auto Auto, Task; "Runs a command of the allowlist in the sandbox."
    ShellExec = "shell_exec", Process, Critical: Block Block Block Ask, Once; "Runs any command, without a sandbox."
    PackageInstall = "package_install", Process, Critical: Block Block Block Ask, Once; "Installs packages."
    NetworkUse = "network_use", Network, Medium: Deny Ask PerTask InScope, Task; "Opens a connection to a host."
    InferenceRemote = "inference_remote", Network, Medium: Deny Ask PerTask Auto, Task; "Sends a question to a provider of inference elsewhere."
    RouterEscalateRemote = "router_escalate_remote", Network, Medium: Deny Ask PerTask Auto, Task; "Goes from a local model to one elsewhere."
    RouterOverrideTier = "router_override_tier", Admin, Low: Deny Auto Auto Auto, Session; "Chooses another tier of models."
    RouterAllowRemoteWithPrivate = "router_allow_remote_with_private", Network, High: Deny Ask Ask Ask, Once; "Lets private context go to a provider elsewhere."
    BrowserOpen = "browser_open", Browser, Low: Deny InScope Auto Auto, Session; "Opens a page."
    BrowserReadPage = "browser_read_page", Browser, Low: Deny Auto Auto Auto, Session; "Reads an open page."
    BrowserExtractData = "browser_extract_data", Browser, Medium: Deny PerTask Auto Auto, Task; "Takes data out of a page."
    BrowserFillForm = "browser_fill_form", Browser, Medium: Deny Ask PerTask Auto, Task; "Fills a form."
    BrowserUpload = "browser_upload", Browser, High: Deny Ask Ask Ask, Once; "Uploads a file."
    BrowserDownload = "browser_download", Browser, Medium: Deny PerTask PerTask Auto, Task; "Downloads a file."
    BrowserSubmit = "browser_submit", Browser, High: Deny Ask Ask Ask, Once; "Submits a form."
    BrowserLoginReuse = "browser_login_reuse", Browser, High: Deny Deny Ask Ask, Once; "Uses a session that is logged in."
    EmailReadMetadata = "email_read_metadata", Email, Low: Deny PerTask Auto Auto, Session; "Reads who wrote when."
    EmailReadBody = "email_read_body", Email, Medium: Deny PerTask PerTask Auto, Task; "Reads mail."
    EmailDraft = "email_draft", Email, Low: Deny Auto Auto Auto, Session; "Writes a draft."
    EmailEditDraft = "email_edit_draft", Email, Low: Deny Auto Auto Auto, Session; "Changes a draft."
    EmailSend = "email_send", Email, High: Deny Ask Ask Ask, Once; "Sends mail."
    EmailAttachmentAccess = "email_attachment_access", Email, High: Deny Ask Ask Ask, Once; "Opens an attachment."
    ClipboardRead = "clipboard_read", Desktop, Low: Ask Auto Auto Auto, Session; "Reads the clipboard."
    ClipboardWrite = "clipboard_write", Desktop, Low: Ask Auto Auto Auto, Session; "Writes the clipboard."
    NotificationRead = "notification_read", Desktop, Low: Deny Auto Auto Auto, Session; "Reads notifications."
    AutomationTrigger = "automation_trigger", Integration, High: Deny Ask Ask Ask, Once; "Starts an automation."
    MemoryRead = "memory_read", Memory, Low: Auto Auto Auto Auto, Session; "Reads what is remembered."
    MemoryWriteSession = "memory_write_session", Memory, Low: Auto Auto Auto Auto, Session; "Remembers for the session."
    MemoryWriteDurable = "memory_write_durable", Memory, Medium: Deny PerTask Auto Auto, Task; "Remembers for good."
    MemoryWriteExtractedPref = "memory_write_extracted_pref", Memory, Medium: Deny Ask PerTask Auto, Task; "Remembers a preference that nobody stated."
    MemoryUseInFutureTask = "memory_use_in_future_task", Memory, Low: Deny Auto Auto Auto, Persistent; "Uses what it remembers in a later task."
    MemoryExport = "memory_export", Export, High: Deny Ask Ask Ask, Once; "Takes what is remembered out of the store."
    MemoryDelete = "memory_delete", Memory, Medium: Deny Ask Ask PerTask, Once; "Forgets."
    MediaMic = "media_mic", Desktop, Medium: Ask PerTask Auto Auto, Session; "Listens."
    MediaCamera = "media_camera", Desktop, High: Ask Ask Ask Ask, Session; "Looks through the camera."
    MediaScreenCapture = "media_screen_capture", Desktop, High: Deny Ask Ask Ask, Once; "Looks at the screen."
    IntegrationUse = "integration_use", Integration, Medium: Deny PerTask Auto Auto, Session; "Uses another service."
    IntegrationExternalApi = "integration_external_api", Integration, Medium: Deny PerTask PerTask Auto, Task; "Calls another service over the network."
    IntegrationTriggerAutomation = "integration_trigger_automation", Integration, High: Deny Ask Ask Ask, Once; "Starts an automation of another service."
    TraceExport = "trace_export", Export, High: Deny Ask Ask Ask, Once; "Takes traces out of the store."
    AuditExport = "audit_export", Export, High: Deny Ask Ask Ask, Once; "Takes the audit log out of the store."
    ReportExport = "report_export", Export, Low: Ask InScope Auto Auto, Session; "Writes a report to a file: what the index says, a picture of it, the end of a log."
    GrantAdmin = "grant_admin", Admin, Critical: Deny Ask Ask Ask, Once; "Makes grants without a ticket."
    CostCapAdmin = "cost_cap_admin", Admin, Critical: Deny Ask Ask Ask, Once; "Raises a cap on cost, or starts its count anew."
    PolicyAdmin = "policy_admin", Admin, Critical: Deny Ask Ask Ask, Once; "Changes the policy."
}

impl Capability {
    /// The kind of thing that it acts on.
    #[must_use]
    pub const fn class(self) -> CapabilityClass {
        self.row().class
    }

    /// How much harm it can do.
    #[must_use]
    pub const fn risk(self) -> RiskClass {
        self.row().risk
    }

    /// What `preset` says of it.
    #[must_use]
    pub const fn mode(self, preset: Preset) -> ApprovalMode {
        self.row().modes[preset as usize]
    }

    /// How long a grant of it lasts where the answer does not say.
    ///
    /// What is of high or critical risk is granted once, whatever the table says of sessions.
    #[must_use]
    pub const fn usual_duration(self) -> DurationKind {
        let row = self.row();
        if row.risk.asks_each_time() { DurationKind::Once } else { row.duration }
    }

    /// Whether it may be granted for that long: what is of high or critical risk for one action alone.
    #[must_use]
    pub fn allows_duration(self, duration: DurationKind) -> bool {
        duration == DurationKind::Once || !self.risk().asks_each_time()
    }

    /// Whether it asks a model that is not on this machine.
    #[must_use]
    pub const fn is_remote_inference(self) -> bool {
        matches!(self, Self::InferenceRemote | Self::RouterEscalateRemote)
    }

    /// Whether what it is given can leave the machine.
    #[must_use]
    pub const fn leaves_machine(self) -> bool {
        self.is_remote_inference()
            || matches!(
                self,
                Self::NetworkUse
                    | Self::BrowserFillForm
                    | Self::BrowserUpload
                    | Self::BrowserSubmit
                    | Self::EmailSend
                    | Self::IntegrationExternalApi
                    | Self::IntegrationTriggerAutomation
            )
    }

    /// Whether it goes to the network, or may: what must not happen offline.
    #[must_use]
    pub const fn goes_to_network(self) -> bool {
        self.leaves_machine()
            || matches!(
                self,
                Self::PackageInstall
                    | Self::RouterAllowRemoteWithPrivate
                    | Self::BrowserOpen
                    | Self::BrowserDownload
                    | Self::BrowserLoginReuse
                    | Self::AutomationTrigger
                    | Self::IntegrationUse
            )
    }

    /// Whether it hands data to others in one piece: what must not happen while nobody looks.
    #[must_use]
    pub const fn is_upload(self) -> bool {
        matches!(self, Self::BrowserUpload | Self::MemoryExport | Self::TraceExport | Self::AuditExport)
    }

    /// Whether it changes files.
    #[must_use]
    pub const fn writes_files(self) -> bool {
        matches!(
            self,
            Self::FilesCreate
                | Self::FilesEdit
                | Self::FilesRenameMove
                | Self::FilesDelete
                | Self::FilesBulkOp
                | Self::BuildFilesEdit
        )
    }

    /// Whether a request must name the hash of what it would do, so that nothing else is done instead.
    #[must_use]
    pub const fn needs_content(self) -> bool {
        self.writes_files()
    }

    /// Whether the answer to a ticket needs somebody who proved anew who they are.
    #[must_use]
    pub const fn needs_reauthentication(self) -> bool {
        matches!(self, Self::GrantAdmin | Self::CostCapAdmin | Self::PolicyAdmin)
    }

    /// Whether it stays possible when nothing else is: it looks, and only inside.
    #[must_use]
    pub const fn is_safe(self) -> bool {
        matches!(self, Self::FilesRead | Self::MemoryRead)
    }
}
