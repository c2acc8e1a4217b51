//! The effects that a permit can be for.

use super::Capability;

mod sealed {
    pub trait Sealed {}
}

/// A kind of effect. Functions that have it take a [`Permit`](super::Permit) of this type.
///
/// Sealed: the marker types of this module are all there are, so no type from elsewhere can stand for a set
/// of capabilities that nobody reviewed. Each capability belongs to exactly one of them.
pub trait Action: sealed::Sealed + std::fmt::Debug + Send + Sync + 'static {
    /// The name, such as `edit_files`.
    const NAME: &'static str;
    /// What can be asked for to get a permit of this type.
    const CAPABILITIES: &'static [Capability];
}

macro_rules! actions {
    ($($(#[$meta:meta])* $name:ident = $text:literal: [$($capability:ident),*];)*) => {
        $(
            $(#[$meta])*
            #[derive(Debug)]
            pub enum $name {}

            impl sealed::Sealed for $name {}

            impl Action for $name {
                const NAME: &'static str = $text;
                const CAPABILITIES: &'static [Capability] = &[$(Capability::$capability),*];
            }
        )*

        /// The capabilities of each action, for tests that none is missing.
        #[cfg(test)]
        pub(super) const ALL: &[(&str, &[Capability])] =
            &[$((<$name as Action>::NAME, <$name as Action>::CAPABILITIES)),*];
    };
}

actions! {
    /// Looks at what is there.
    Observe = "observe": [
        FilesRead, MemoryRead, MemoryUseInFutureTask, EmailReadMetadata, EmailReadBody, EmailAttachmentAccess,
        RouterOverrideTier
    ];
    /// Changes the user's files.
    EditFiles = "edit_files":
        [FilesCreate, FilesEdit, FilesRenameMove, FilesDelete, FilesBulkOp, BuildFilesEdit];
    /// Runs a command of the allowlist in the sandbox.
    RunCommand = "run_command": [CommandRun];
    /// Runs any command.
    RunShell = "run_shell": [ShellExec];
    /// Installs packages.
    InstallPackages = "install_packages": [PackageInstall];
    /// Talks to something outside of this machine.
    OpenSocket = "open_socket": [
        NetworkUse, InferenceRemote, RouterEscalateRemote, RouterAllowRemoteWithPrivate, IntegrationUse,
        IntegrationExternalApi, IntegrationTriggerAutomation, AutomationTrigger, EmailSend
    ];
    /// Takes data out of the store.
    ExportData = "export_data": [MemoryExport, TraceExport, AuditExport, ReportExport];
    /// Adds to what is remembered.
    WriteMemory = "write_memory": [MemoryWriteSession, MemoryWriteDurable, MemoryWriteExtractedPref];
    /// Takes away from what is remembered.
    DeleteMemory = "delete_memory": [MemoryDelete];
    /// Makes grants.
    ChangeGrants = "change_grants": [GrantAdmin];
    /// Changes the policy or its caps.
    ChangePolicy = "change_policy": [CostCapAdmin, PolicyAdmin];
    /// Acts on the user's desktop: browser, clipboard, devices, drafts of mail.
    UseDesktop = "use_desktop": [
        BrowserOpen, BrowserReadPage, BrowserExtractData, BrowserFillForm, BrowserUpload, BrowserDownload,
        BrowserSubmit, BrowserLoginReuse, EmailDraft, EmailEditDraft, ClipboardRead, ClipboardWrite,
        NotificationRead, MediaMic, MediaCamera, MediaScreenCapture
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What talks to something outside is what is denied offline, with what does so by other means.
    #[test]
    fn what_opens_sockets_goes_to_the_network() {
        for capability in Capability::ALL {
            let is_told = OpenSocket::CAPABILITIES.contains(capability) || capability.leaves_machine();
            assert!(capability.goes_to_network() || !is_told, "{}", capability.as_str());
        }
    }

    #[test]
    fn each_capability_belongs_to_one_action() {
        for capability in Capability::ALL {
            let homes: Vec<&str> =
                ALL.iter().filter(|(_, of)| of.contains(capability)).map(|(name, _)| *name).collect();
            assert_eq!(homes.len(), 1, "{} belongs to {homes:?}", capability.as_str());
        }
    }
}
