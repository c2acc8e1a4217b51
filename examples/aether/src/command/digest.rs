//! `aether digest`.

use std::path::PathBuf;

use aether_core::base::Sha256Hash;
use clap::Args;
use serde::Serialize;

use crate::failure::{Outcome, Stop};
use crate::output::Output;
use crate::session::{Context, Session};

/// Print a hash of what the index says: equal for equal sources, wherever and whenever
#[derive(Args, Debug)]
pub(crate) struct Digest {
    /// Root of the repository, in place of --workspace
    #[arg(value_name = "PATH")]
    path: Option<PathBuf>,
}

#[derive(Debug, Serialize)]
struct Body {
    digest: Sha256Hash,
}

impl Digest {
    pub(crate) fn run(&self, context: Context<'_>, out: &mut Output) -> Result<Outcome, Stop> {
        let session = Session::start(context, self.path.as_deref(), out)?;
        let digest = session.engine.digest()?;
        if out.is_json() {
            out.json(Body { digest })?;
        } else {
            out.line(&digest.to_string())?;
        }
        Ok(Outcome::Done)
    }
}
