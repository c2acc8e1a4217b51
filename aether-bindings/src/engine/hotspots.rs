//! Where much depends on code that changes often.

use std::collections::BTreeMap;

use aether_core::base::{Cancel, RelPath};
use aether_core::code::{Answer, Confidence, EdgeKind, Symbol};
use aether_core::port::{EdgeQuery, RankQuery};
use serde::Serialize;

use super::error::EngineError;
use super::lifecycle::Engine;

/// Which hotspots are asked for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct HotspotOptions {
    /// Calls that are less likely do not count. Default 0: all.
    pub min_confidence: Confidence,
    /// Whether tests, and what stands beside them, take part. Default: no.
    pub with_tests: bool,
    /// How many commits are looked at. Default 1,000.
    pub commits: u32,
    /// Most hotspots. Default 20.
    pub limit: u32,
}

impl Default for HotspotOptions {
    fn default() -> Self {
        Self { min_confidence: Confidence::default(), with_tests: false, commits: 1000, limit: 20 }
    }
}

impl HotspotOptions {
    /// Sets the least confidence of a call.
    #[must_use]
    pub fn with_min_confidence(mut self, min_confidence: Confidence) -> Self {
        self.min_confidence = min_confidence;
        self
    }

    /// Lets tests take part.
    #[must_use]
    pub fn with_tests(mut self) -> Self {
        self.with_tests = true;
        self
    }

    /// Sets how many commits are looked at.
    #[must_use]
    pub fn with_commits(mut self, commits: u32) -> Self {
        self.commits = commits;
        self
    }

    /// Sets the most hotspots.
    #[must_use]
    pub fn with_limit(mut self, limit: u32) -> Self {
        self.limit = limit;
        self
    }
}

/// A function that much depends on, in a file that changes often.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Hotspot {
    /// The function or method.
    pub symbol: Symbol,
    /// Its rank among what calls lead to, in billionths: of
    /// [`page_rank`](aether_core::port::GraphStore::page_rank).
    pub centrality: u64,
    /// Commits that changed its file; 0 when that is not known.
    pub churn: u32,
    /// Centrality times churn; centrality alone when churn is not known.
    pub score: u64,
    /// Symbols that call it.
    pub callers: u64,
}

/// Functions that much depends on, in files that change often.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct HotspotsAnswer {
    /// Highest score first, those of one score by name.
    pub hotspots: Vec<Hotspot>,
    /// Whether the commits of a git repository were counted.
    pub churn_known: bool,
}

impl Engine {
    /// Functions and methods by what depends on them times how often their file changed: where a mistake
    /// is likely, and costs most.
    ///
    /// Commits are those that led to the one which is checked out, along first parents. Where the
    /// workspace is in no git repository, or one without a commit, centrality counts alone, and the answer
    /// says so.
    ///
    /// # Errors
    ///
    /// `git.missing_object`, `git.unreadable`, `cancelled`, and when the store cannot be read.
    pub fn hotspots(
        &self,
        options: HotspotOptions,
        cancel: &Cancel,
    ) -> Result<Answer<HotspotsAnswer>, EngineError> {
        let churn = self.churn(options.commits, cancel)?;
        let mut query = RankQuery::default();
        query.min_confidence = options.min_confidence;
        query.with_tests = options.with_tests;
        let ranks = self.store().page_rank(&query)?;
        let ids: Vec<_> = ranks.iter().map(|&(id, _)| id).collect();
        let centrality: BTreeMap<_, u64> = ranks.into_iter().collect();
        let mut hotspots: Vec<Hotspot> = self
            .store()
            .symbols(&ids)?
            .into_iter()
            .filter(|symbol| symbol.kind.is_callable())
            .filter_map(|symbol| {
                let centrality = *centrality.get(&symbol.id)?;
                let changes = churn.as_ref().map(|churn| churn.get(&symbol.file).copied().unwrap_or(0));
                let score = centrality.saturating_mul(changes.map_or(1, u64::from));
                Some(Hotspot { symbol, centrality, churn: changes.unwrap_or(0), score, callers: 0 })
            })
            .collect();
        hotspots.sort_by(|a, b| {
            let rest = |hotspot: &Hotspot| (std::cmp::Reverse(hotspot.centrality), hotspot.symbol.id);
            b.score
                .cmp(&a.score)
                .then_with(|| a.symbol.qualified_name.cmp(&b.symbol.qualified_name))
                .then_with(|| rest(a).cmp(&rest(b)))
        });
        hotspots.truncate(options.limit as usize);
        for hotspot in &mut hotspots {
            let mut calls = EdgeQuery::to(hotspot.symbol.id, &[EdgeKind::Calls]);
            calls.min_confidence = options.min_confidence;
            let mut callers: Vec<_> = self.store().edges(&calls)?.iter().map(|call| call.src_id).collect();
            callers.sort_unstable();
            callers.dedup();
            hotspot.callers = callers.len() as u64;
        }
        self.answer(HotspotsAnswer { hotspots, churn_known: churn.is_some() })
    }

    /// In how many commits each file changed; `None` where there is no history.
    #[cfg(feature = "git")]
    fn churn(&self, commits: u32, cancel: &Cancel) -> Result<Option<BTreeMap<RelPath, u32>>, EngineError> {
        use aether_core::base::ErrorCode;
        use aether_index::GitRepository;

        let found =
            GitRepository::open(&self.options.workspace).and_then(|git| git.churn("HEAD", commits, cancel));
        match found {
            Ok(churn) => Ok(Some(churn)),
            Err(error)
                if [ErrorCode::GIT_NOT_A_REPOSITORY, ErrorCode::GIT_UNKNOWN_REVISION]
                    .contains(error.code()) =>
            {
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }

    #[cfg(not(feature = "git"))]
    #[expect(clippy::unnecessary_wraps, reason = "with git it may fail")]
    fn churn(&self, _: u32, _: &Cancel) -> Result<Option<BTreeMap<RelPath, u32>>, EngineError> {
        Ok(None)
    }
}
