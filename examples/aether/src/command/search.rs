//! `aether search`.

use aether_core::base::ErrorCode;
use aether_core::code::{Language, SearchAnswer, SearchHit, SearchMode, SearchQuery, SymbolKind};
use clap::Args;
use serde::Serialize;

use crate::failure::{Failure, Outcome, Stop};
use crate::human::Row;
use crate::output::Output;
use crate::paint::Tone;
use crate::session::{Context, Session};

/// Find symbols by words: names, signatures, documentation, bodies
///
/// A word that ends in `*` matches as a prefix, one in double quotes only as a name. Filters:
/// `language:rust`, `kind:fn,struct`, `path:src/io`; without words they list what they keep.
#[derive(Args, Debug)]
pub(crate) struct Search {
    /// Words and filters
    #[arg(value_name = "WORD")]
    query: Vec<String>,
    /// Languages to keep
    #[arg(long, value_name = "NAME,…", value_delimiter = ',')]
    language: Vec<String>,
    /// Kinds to keep, such as function, method, struct
    #[arg(long, value_name = "KIND,…", value_delimiter = ',')]
    kind: Vec<String>,
    /// Parts of paths to keep; * stands for any text
    #[arg(long, value_name = "TEXT,…", value_delimiter = ',')]
    path: Vec<String>,
    /// How to search: by words, by meaning, or by both [default: search.mode of the configuration, lexical]
    #[arg(long, value_name = "MODE", value_parser = ["lexical", "semantic", "hybrid"])]
    mode: Option<String>,
    /// Most hits [default: search.limit of the configuration, 20]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    limit: Option<u32>,
}

#[derive(Debug, Serialize)]
struct Body<'a> {
    hits: &'a [SearchHit],
    mode_requested: SearchMode,
    mode_used: SearchMode,
    fallback_reason: Option<&'a str>,
}

impl Search {
    pub(crate) fn run(&self, context: Context<'_>, out: &mut Output) -> Result<Outcome, Stop> {
        let mut query = self.query();
        if query == SearchQuery::parse("", 1) {
            let message = "the query is empty; give words, or a filter such as kind:struct";
            return Err(Failure::new(ErrorCode::QUERY_BAD_SYNTAX, message).into());
        }
        let session = Session::start(context, None, out)?;
        query.limit = self.limit.unwrap_or(session.config.search.limit);
        let mode = self.mode.as_deref().unwrap_or(&session.config.search.mode);
        let mode = SearchMode::named(mode).unwrap_or_default();
        if mode != SearchMode::Lexical && !context.common.no_update {
            session.engine.refresh_vectors()?;
        }
        let answer = session.checked(session.engine.search(&query, mode)?);
        let SearchAnswer { hits, mode_requested, mode_used, fallback_reason, .. } = &answer.result;
        let outcome = if hits.is_empty() { Outcome::Nothing } else { Outcome::Done };
        if out.is_json() {
            let (mode_requested, mode_used) = (*mode_requested, *mode_used);
            let fallback_reason = fallback_reason.as_deref();
            out.json_answer(&answer, Body { hits, mode_requested, mode_used, fallback_reason })?;
            return Ok(outcome);
        }
        if hits.is_empty() {
            out.line("nothing found")?;
            if let Some(stranger) = query.kinds.iter().find(|kind| !SymbolKind::KNOWN.contains(kind)) {
                let known: Vec<&str> = SymbolKind::KNOWN.iter().map(SymbolKind::as_str).collect();
                out.line(&format!("no kind is called `{stranger}`: there are {}", known.join(", ")))?;
            }
        }
        let rows: Vec<Row> = hits
            .iter()
            .map(|hit| {
                Row::of(&hit.file)
                    .cell(Tone::Place, session.places.show(&hit.file, hit.name_line))
                    .cell(Tone::Dim, hit.kind.as_str())
                    .cell(Tone::Strong, hit.qualified_name.clone())
                    .note(Tone::Plain, &hit.snippet)
                    .note(Tone::Dim, hit.intent.as_deref().unwrap_or(""))
            })
            .collect();
        out.rows(&rows)?;
        out.line("")?;
        if let Some(reason) = fallback_reason {
            let text = format!("searched by words, not {}: {}", mode.as_str(), reason.replace('_', " "));
            out.line(&out.text(Tone::Doubt, &text))?;
        }
        out.footer(&answer)?;
        Ok(outcome)
    }

    /// Words and filters of the query, with those of the flags.
    fn query(&self) -> SearchQuery {
        let mut query = SearchQuery::parse(&self.query.join(" "), 1);
        query.languages.extend(self.language.iter().map(|name| Language::new(&name.to_lowercase())));
        // A kind has short forms that only the query knows.
        query
            .kinds
            .extend(self.kind.iter().flat_map(|kind| SearchQuery::parse(&format!("kind:{kind}"), 1).kinds));
        query.paths.extend(self.path.iter().filter(|path| !path.is_empty()).cloned());
        query
    }
}
