//! What is wrong and what is missing, by the name of the callee.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write as _;

use super::{Call, Calls, OtherCall};
use crate::gold::{EdgeKey, Gold, Place};

/// Lists wrong and missing edges, the names with most of them first.
pub(crate) fn listing(calls: &Calls, gold: &Gold, limit: usize, sites: usize) -> String {
    let view = View::new(calls, gold);
    let wrong = view.wrong();
    let missing = view.missing();
    let mut text = String::new();
    section(&mut text, "wrong", &wrong, limit, sites);
    section(&mut text, "missing", &missing, limit, sites);
    text
}

/// One line for each site, by the name of the callee.
type Sites = BTreeMap<String, Vec<String>>;

struct View<'a> {
    gold: &'a Gold,
    inside: Vec<&'a Call>,
    by_source: HashMap<&'a Place, Vec<&'a Call>>,
    others: HashMap<&'a Place, Vec<&'a OtherCall>>,
    gold_targets: HashMap<&'a Place, Vec<&'a Place>>,
}

impl<'a> View<'a> {
    fn new(calls: &'a Calls, gold: &'a Gold) -> Self {
        let files = gold.files();
        let inside: Vec<&Call> = calls
            .inside
            .iter()
            .filter(|call| {
                gold.functions.contains_key(&call.source)
                    && gold.functions.contains_key(&call.target)
                    && files.contains(call.source.0.as_str())
            })
            .collect();
        let mut view = Self {
            gold,
            inside: Vec::new(),
            by_source: HashMap::new(),
            others: HashMap::new(),
            gold_targets: HashMap::new(),
        };
        for &call in &inside {
            view.by_source.entry(&call.source).or_default().push(call);
        }
        for call in &calls.others {
            view.others.entry(&call.source).or_default().push(call);
        }
        for (source, target) in &gold.edges {
            view.gold_targets.entry(source).or_default().push(target);
        }
        view.inside = inside;
        view
    }

    fn name(&self, place: &Place) -> &'a str {
        self.gold.functions.get(place).map_or("", String::as_str)
    }

    /// Edges at resolved sites that the gold does not have.
    fn wrong(&self) -> Sites {
        let mut found = Sites::new();
        let mut seen: HashSet<EdgeKey> = HashSet::new();
        for call in &self.inside {
            let key = (call.source.clone(), call.target.clone());
            let name = self.name(&call.target);
            let is_judged = self.gold.resolved.contains(&(call.source.clone(), name.to_owned()));
            if !is_judged || self.gold.edges.contains(&key) || !seen.insert(key) {
                continue;
            }
            let meant: Vec<String> = self
                .gold_targets
                .get(&call.source)
                .into_iter()
                .flatten()
                .filter(|target| self.name(target) == name)
                .map(|target| shown(target))
                .collect();
            let meant = if meant.is_empty() { "something outside".to_owned() } else { meant.join(", ") };
            found.entry(name.to_owned()).or_default().push(format!(
                "{}:{} {} → {} ({}, {:.2}); gold: {meant}",
                call.source.0,
                call.line,
                call.text,
                shown(&call.target),
                call.resolution.as_str(),
                f64::from(call.thousandths) / 1000.0,
            ));
        }
        found
    }

    /// Edges of the gold that were not found.
    fn missing(&self) -> Sites {
        let found_edges: HashSet<(&Place, &Place)> =
            self.inside.iter().map(|call| (&call.source, &call.target)).collect();
        let mut gone: Vec<&EdgeKey> = self
            .gold
            .edges
            .iter()
            .filter(|(source, target)| !found_edges.contains(&(source, target)))
            .collect();
        gone.sort();
        let mut found = Sites::new();
        for (source, target) in gone {
            let name = self.name(target);
            let instead = self.instead(source, name);
            let instead = if instead.is_empty() { "nothing".to_owned() } else { instead.join("; ") };
            found.entry(name.to_owned()).or_default().push(format!(
                "{} {} → {}; found: {instead}",
                shown(source),
                self.name(source),
                shown(target)
            ));
        }
        found
    }

    /// What a function was found to call by `name`.
    fn instead(&self, source: &Place, name: &str) -> Vec<String> {
        let inside =
            self.by_source.get(source).into_iter().flatten().filter(|call| ends_in(&call.text, name));
        let others = self.others.get(source).into_iter().flatten().filter(|call| ends_in(&call.text, name));
        inside
            .map(|call| format!("line {} {} → {}", call.line, call.text, shown(&call.target)))
            .chain(others.map(|call| {
                let path = call.path.as_deref().unwrap_or("unresolved");
                format!("line {} {} → {path}", call.line, call.text)
            }))
            .collect()
    }
}

/// Whether the callee of a text such as `self.queue.push` is `name`.
fn ends_in(text: &str, name: &str) -> bool {
    let head = text.split("::<").next().unwrap_or(text);
    head.rsplit(['.', ':', ' ']).next().is_some_and(|last| last.trim_start_matches("r#") == name)
}

fn shown(place: &Place) -> String {
    format!("{}:{}", place.0, place.1)
}

fn section(text: &mut String, title: &str, sites: &Sites, limit: usize, sites_shown: usize) {
    let total: usize = sites.values().map(Vec::len).sum();
    let _ = writeln!(text, "\n{title}: {total} edges, {} names", sites.len());
    let mut names: Vec<(&String, &Vec<String>)> = sites.iter().collect();
    names.sort_by_key(|(name, lines)| (std::cmp::Reverse(lines.len()), *name));
    for (name, lines) in names.into_iter().take(limit) {
        let _ = writeln!(text, "  {} × {name}", lines.len());
        for line in lines.iter().take(sites_shown) {
            let _ = writeln!(text, "      {line}");
        }
    }
}
