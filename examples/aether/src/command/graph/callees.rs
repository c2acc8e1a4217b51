//! `aether graph callees`.

use aether_core::port::EdgeRecord;
use clap::Args;

use super::{Ceiling, EdgesBody, Floor, Subject, has_more, heading, shown, unresolved};
use crate::failure::{Outcome, Stop};
use crate::human::Row;
use crate::output::Output;
use crate::paint::Tone;
use crate::places::Places;
use crate::session::Session;

/// Whom a symbol calls, inside the project and outside, and which of its calls are unresolved
#[derive(Args, Debug)]
pub(super) struct Callees {
    #[command(flatten)]
    subject: Subject,
    #[command(flatten)]
    floor: Floor,
    #[command(flatten)]
    ceiling: Ceiling,
}

impl Callees {
    pub(super) fn run(&self, session: &Session, out: &mut Output) -> Result<Outcome, Stop> {
        let id = session.select(&self.subject.symbol)?.id;
        let options = self.ceiling.exact().with_min_confidence(self.floor.min_confidence);
        let answer = session.checked(session.engine.callees(id, options)?);
        if out.is_json() {
            out.json_answer(&answer, EdgesBody::new(&answer.result))?;
            return Ok(Outcome::Done);
        }
        let (found, places) = (&answer.result, &session.places);
        heading(&shown(found, "call by", "calls by"), &found.symbol, places, out)?;
        if !found.edges.is_empty() {
            out.line("")?;
        }
        out.rows(&rows(&found.edges, places))?;
        if has_more(found) {
            self.ceiling.more(out)?;
        }
        unresolved(found, ("call is unresolved", "calls are unresolved"), places, out)?;
        out.line("")?;
        out.footer(&answer)?;
        Ok(Outcome::Done)
    }
}

/// Targets inside the project by file, then those outside.
fn rows(edges: &[EdgeRecord], places: &Places) -> Vec<Row> {
    let (inside, outside): (Vec<_>, Vec<_>) = edges.iter().partition(|edge| edge.dst_id.is_some());
    let inside = inside.into_iter().map(|edge| {
        let place = match (&edge.dst_file, edge.dst_name_line) {
            (Some(file), Some(line)) => places.show(file, line),
            _ => String::new(),
        };
        Row::of(edge.dst_file.as_ref().map_or("", |file| file.as_str())).cell(Tone::Place, place)
    });
    let outside = outside.into_iter().map(|_| Row::of(" ").cell(Tone::Dim, "outside"));
    let order = edges
        .iter()
        .filter(|edge| edge.dst_id.is_some())
        .chain(edges.iter().filter(|edge| edge.dst_id.is_none()));
    inside
        .chain(outside)
        .zip(order)
        .map(|(row, edge)| {
            row.cell(Tone::Strong, edge.dst_path.clone().unwrap_or_default())
                .cell(Tone::Dim, format!("line {}", edge.site_line))
                .doubt(edge)
        })
        .collect()
}
