//! `aether graph callers`.

use clap::Args;

use super::{Ceiling, EdgesBody, Floor, Subject, has_more, heading, shown, sites, unresolved};
use crate::failure::{Outcome, Stop};
use crate::output::Output;
use crate::session::Session;

/// Who calls a symbol, and which unresolved calls may
#[derive(Args, Debug)]
pub(super) struct Callers {
    #[command(flatten)]
    subject: Subject,
    #[command(flatten)]
    floor: Floor,
    #[command(flatten)]
    ceiling: Ceiling,
}

impl Callers {
    pub(super) fn run(&self, session: &Session, out: &mut Output) -> Result<Outcome, Stop> {
        let id = session.select(&self.subject.symbol)?.id;
        let options = self.ceiling.exact().with_min_confidence(self.floor.min_confidence);
        let answer = session.checked(session.engine.callers(id, options)?);
        if out.is_json() {
            out.json_answer(&answer, EdgesBody::new(&answer.result))?;
            return Ok(Outcome::Done);
        }
        let (found, places) = (&answer.result, &session.places);
        heading(&shown(found, "call of", "calls of"), &found.symbol, places, out)?;
        if !found.edges.is_empty() {
            out.line("")?;
        }
        sites(&found.edges, places, out)?;
        if has_more(found) {
            self.ceiling.more(out)?;
        }
        unresolved(
            found,
            ("unresolved call goes by this name", "unresolved calls go by this name"),
            places,
            out,
        )?;
        out.line("")?;
        out.footer(&answer)?;
        Ok(Outcome::Done)
    }
}
