//! Calls that a seed draws, for a person to judge.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use aether_core::code::EdgeKind;
use aether_core::port::EdgeRecord;
use anyhow::Result;

use crate::indexed::Indexed;
use crate::options::EvalLanguages;
use crate::random::Random;

/// A sample of the calls inside the repository.
#[derive(Debug)]
pub(super) struct Sample {
    /// How many calls there are, by what they lead to.
    pub(super) calls: Vec<(String, usize)>,
    drawn: Vec<EdgeRecord>,
}

/// Longest line of source that is shown.
const WIDTH: usize = 100;

impl Sample {
    pub(super) fn draw(indexed: &Indexed, options: &EvalLanguages) -> Result<Self> {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        let mut inside = Vec::new();
        let mut languages: BTreeMap<String, String> = BTreeMap::new();
        indexed.engine.visit_symbols(&mut |symbol| {
            languages
                .entry(symbol.file.as_str().to_owned())
                .or_insert_with(|| symbol.language.as_str().to_owned());
        })?;
        indexed.engine.visit_edges(&mut |edge| {
            let language = languages.get(edge.src_file.as_str());
            let is_own = language.is_some_and(|language| options.language.contains(language));
            if edge.kind != EdgeKind::Calls || !is_own {
                return;
            }
            let end = match (&edge.dst_id, &edge.dst_path) {
                (Some(_), _) => "inside",
                (None, Some(_)) => "outside",
                (None, None) => "unresolved",
            };
            let what = match end {
                "inside" => format!("inside, {}", edge.resolution.as_str()),
                end => end.to_owned(),
            };
            *counts.entry(what).or_default() += 1;
            if end == "inside" {
                inside.push(edge.clone());
            }
        })?;
        let mut random = Random::new(options.seed);
        let mut drawn = Vec::new();
        while drawn.len() < options.sample && !inside.is_empty() {
            drawn.push(inside.swap_remove(random.below(inside.len())));
        }
        Ok(Self { calls: super::by_number(counts), drawn })
    }

    /// The calls with the lines of source that they stand on.
    pub(super) fn listing(&self, root: &Path) -> String {
        let mut text = String::new();
        for (number, edge) in self.drawn.iter().enumerate() {
            let source = std::fs::read(root.join(edge.src_file.as_str())).unwrap_or_default();
            let source = String::from_utf8_lossy(&source);
            let line = source.lines().nth(edge.site_line.saturating_sub(1) as usize).unwrap_or("").trim();
            let line: String = line.chars().take(WIDTH).collect();
            let target = edge.dst_path.as_deref().unwrap_or("");
            let place = match (&edge.dst_file, edge.dst_name_line) {
                (Some(file), Some(line)) => format!("{file}:{line}"),
                _ => String::new(),
            };
            // Writing to a string does not fail.
            let _ = writeln!(
                text,
                "{}. {}:{}  `{line}`\n   → {target}  {place}  {}",
                number + 1,
                edge.src_file,
                edge.site_line,
                edge.resolution.as_str()
            );
        }
        text
    }
}
