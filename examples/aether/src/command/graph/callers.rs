//! `aether graph callers`.

use clap::Args;

use super::{Ceiling, EdgesBody, Floor, Subject, first, heading, sites, unresolved};
use crate::failure::{Outcome, Stop};
use crate::human::count;
use crate::output::Output;
use crate::records::{NamedEdge, SymbolFields};
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
        let options = self.ceiling.options().with_min_confidence(self.floor.min_confidence);
        let mut answer = session.checked(session.engine.callers(id, options)?);
        let has_more = self.ceiling.cut(&mut answer.result.edges);
        let unresolved_total = answer.result.unresolved.len() as u64;
        if out.is_json() {
            self.ceiling.cut(&mut answer.result.unresolved);
            let found = &answer.result;
            let body = EdgesBody {
                symbol: SymbolFields::new(&found.symbol),
                edges: NamedEdge::all(&found.edges),
                has_more,
                unresolved: NamedEdge::all(&found.unresolved),
                unresolved_total,
            };
            out.json_answer(&answer, body)?;
            return Ok(Outcome::Done);
        }
        let (found, places) = (&answer.result, &session.places);
        let number = count(found.edges.len() as u64, "call of", "calls of");
        heading(&first(number, has_more), &found.symbol, places, out)?;
        if !found.edges.is_empty() {
            out.line("")?;
        }
        sites(&found.edges, places, out)?;
        if has_more {
            self.ceiling.more(out)?;
        }
        unresolved(
            &found.unresolved,
            ("unresolved call goes by this name", "unresolved calls go by this name"),
            places,
            out,
        )?;
        out.line("")?;
        out.footer(&answer)?;
        Ok(Outcome::Done)
    }
}
