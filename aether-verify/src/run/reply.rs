//! What the launcher tells the runner: one line for each thing.

use std::ffi::OsStr;
use std::io::{self, Write};

use aether_core::base::ErrorCode;
use aether_core::change::{LayerReport, NetworkAccess, SandboxLayer};

use super::order::{network_of, network_word};

/// One line of the launcher.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Reply {
    /// Whether a layer of the sandbox is in force.
    Layer(LayerReport),
    /// All layers are in force that will be: what the command can reach, and whether it is kept from
    /// writing elsewhere.
    Confined { network: NetworkAccess, writes_confined: bool },
    /// The command ended by itself, with this code.
    Exited(i32),
    /// This signal ended the command.
    Signalled(i32),
    /// The command was not started.
    Failed { code: ErrorCode, message: String },
}

impl Reply {
    /// Writes it as one line, in one piece.
    pub(super) fn send(&self, to: &mut impl Write) -> io::Result<()> {
        let mut line = self.to_line();
        line.push('\n');
        to.write_all(line.as_bytes())
    }

    /// The reply that a line holds, without its end; nothing if it is not one.
    pub(super) fn parse(line: &str) -> Option<Self> {
        let mut parts = line.splitn(3, '\t');
        let key = parts.next()?;
        let value = parts.next()?;
        let text = parts.next();
        Some(match key {
            "held" | "missing" => {
                let mut report = LayerReport::held(SandboxLayer::new(value));
                report.held = key == "held";
                report.reason = text.map(str::to_owned);
                Self::Layer(report)
            }
            "confined" => Self::Confined {
                network: network_of(OsStr::new(value))?,
                writes_confined: match text? {
                    "writes" => true,
                    "nothing" => false,
                    _ => return None,
                },
            },
            "exited" => Self::Exited(value.parse().ok()?),
            "signalled" => Self::Signalled(value.parse().ok()?),
            "failed" => Self::Failed { code: ErrorCode::new(value), message: text?.to_owned() },
            _ => return None,
        })
    }

    fn to_line(&self) -> String {
        match self {
            Self::Layer(report) => {
                let key = if report.held { "held" } else { "missing" };
                match &report.reason {
                    Some(reason) => format!("{key}\t{}\t{}", report.layer.as_str(), one_line(reason)),
                    None => format!("{key}\t{}", report.layer.as_str()),
                }
            }
            Self::Confined { network, writes_confined } => format!(
                "confined\t{}\t{}",
                network_word(*network),
                if *writes_confined { "writes" } else { "nothing" }
            ),
            Self::Exited(code) => format!("exited\t{code}"),
            Self::Signalled(signal) => format!("signalled\t{signal}"),
            Self::Failed { code, message } => format!("failed\t{}\t{}", code.as_str(), one_line(message)),
        }
    }
}

fn one_line(text: &str) -> String {
    text.replace(['\n', '\r'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(reply: Reply, line: &str) {
        let mut bytes = Vec::new();
        reply.send(&mut bytes).unwrap();
        assert_eq!(String::from_utf8(bytes).unwrap(), format!("{line}\n"));
        assert_eq!(Reply::parse(line), Some(reply));
    }

    #[test]
    fn replies_are_lines_that_read_back() {
        check(Reply::Layer(LayerReport::held(SandboxLayer::PID_NAMESPACE)), "held\tpid_namespace");
        check(
            Reply::Layer(LayerReport::missing(SandboxLayer::LANDLOCK_TCP, "not there\tat all")),
            "missing\tlandlock_tcp\tnot there\tat all",
        );
        check(
            Reply::Confined { network: NetworkAccess::PrivateLoopback, writes_confined: true },
            "confined\tprivate_loopback\twrites",
        );
        check(
            Reply::Confined { network: NetworkAccess::Full, writes_confined: false },
            "confined\tfull\tnothing",
        );
        check(Reply::Exited(-1), "exited\t-1");
        check(Reply::Signalled(9), "signalled\t9");
        check(
            Reply::Failed { code: ErrorCode::RUN_NOT_FOUND, message: "no such file".into() },
            "failed\trun.not_found\tno such file",
        );
    }

    #[test]
    fn a_message_of_two_lines_stays_one_reply() {
        let mut bytes = Vec::new();
        let reply = Reply::Failed { code: ErrorCode::RUN_IO, message: "a\nexited\t0".into() };
        reply.send(&mut bytes).unwrap();
        assert_eq!(bytes.iter().filter(|byte| **byte == b'\n').count(), 1);
    }

    #[test]
    fn what_is_no_reply_is_nothing() {
        for line in
            ["", "held", "exited\tx", "confined\tfull", "confined\tsome\twrites", "failed\tx", "hello\tx"]
        {
            assert_eq!(Reply::parse(line), None, "{line:?}");
        }
    }
}
