//! Known effects of what is called, as data.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;

use aether_core::code::EffectKind;
use rustc_hash::FxHashMap;
use serde::Deserialize;

/// What calls and macros do by themselves.
#[derive(Clone, Debug, Default)]
pub struct EffectTable {
    exact: FxHashMap<String, Vec<EffectKind>>,
    /// Beginnings of paths, longest first.
    beginnings: Vec<(String, EffectKind)>,
    macros: FxHashMap<String, Vec<EffectKind>>,
    methods: FxHashMap<String, Vec<EffectKind>>,
    weights: FxHashMap<EffectKind, Weights>,
}

/// How likely the places of a kind have their effect, and how much of that a caller meets, in thousandths.
#[derive(Clone, Copy, Debug)]
pub(super) struct Weights {
    pub(super) likelihood: u16,
    pub(super) spreads: u16,
}

/// A text that is no table of effects, and where.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct EffectTableError(toml::de::Error);

impl fmt::Display for EffectTableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the table of effects cannot be read")
    }
}

impl Error for EffectTableError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.0)
    }
}

/// What is certain.
const CERTAIN: u16 = 1000;

/// What a file says of one kind.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Section {
    paths: Vec<String>,
    macros: Vec<String>,
    methods: Vec<String>,
    likelihood: Option<u16>,
    spreads: Option<u16>,
}

impl EffectTable {
    /// The effects of the standard library.
    ///
    /// # Panics
    ///
    /// Never: a test reads the table that comes with the library.
    #[must_use]
    pub fn standard() -> Self {
        let mut table = Self::default();
        table
            .add(include_str!("../../data/effects/std.toml"))
            .expect("the table that comes with the library");
        table
    }

    /// Adds what a text in the format of `data/effects/std.toml` says.
    ///
    /// # Errors
    ///
    /// When it is not TOML of that form; nothing is added then.
    ///
    /// # Examples
    ///
    /// ```
    /// use aether_index::EffectTable;
    /// let mut table = EffectTable::standard();
    /// table.add("[network]\npaths = [\"reqwest::get\", \"reqwest::Client::*\"]\n")?;
    /// assert!(table.add("[network]\nroads = []\n").is_err());
    /// # Ok::<(), aether_index::EffectTableError>(())
    /// ```
    pub fn add(&mut self, text: &str) -> Result<(), EffectTableError> {
        let sections: BTreeMap<String, Section> = toml::from_str(text).map_err(EffectTableError)?;
        for (kind, section) in sections {
            let kind = EffectKind::new(&kind);
            let known = self.weights(&kind);
            let weights = Weights {
                likelihood: section.likelihood.unwrap_or(known.likelihood).min(CERTAIN),
                spreads: section.spreads.unwrap_or(known.spreads).min(CERTAIN),
            };
            self.weights.insert(kind.clone(), weights);
            for path in section.paths {
                match path.strip_suffix('*') {
                    Some(beginning) => self.beginnings.push((beginning.to_owned(), kind.clone())),
                    None => self.exact.entry(path).or_default().push(kind.clone()),
                }
            }
            for name in section.macros {
                self.macros.entry(name).or_default().push(kind.clone());
            }
            for name in section.methods {
                self.methods.entry(name).or_default().push(kind.clone());
            }
        }
        self.beginnings.sort_by(|(a, _), (b, _)| (b.len(), a).cmp(&(a.len(), b)));
        Ok(())
    }

    /// The effects that a call of this canonical path has by itself: none where the table says nothing of it.
    ///
    /// # Examples
    ///
    /// ```
    /// use aether_core::code::EffectKind;
    /// use aether_index::EffectTable;
    /// let table = EffectTable::standard();
    /// assert_eq!(table.effects_of("std::path::Path::exists"), [EffectKind::FILES_READ]);
    /// assert_eq!(table.effects_of("std::path::Path::join"), []);
    /// ```
    #[must_use]
    pub fn effects_of(&self, path: &str) -> Vec<EffectKind> {
        self.of_path(path).into_iter().cloned().collect()
    }

    /// What a call of a canonical path does: by the whole path, else by its longest beginnings, else by the
    /// name of the method.
    pub(super) fn of_path<'t>(&'t self, path: &str) -> Vec<&'t EffectKind> {
        if let Some(kinds) = self.exact.get(path) {
            return kinds.iter().collect();
        }
        let mut fitting =
            self.beginnings.iter().filter(|(beginning, _)| path.starts_with(beginning.as_str()));
        if let Some((longest, first)) = fitting.next() {
            let others = fitting.take_while(|(beginning, _)| beginning.len() == longest.len());
            return std::iter::once(first).chain(others.map(|(_, kind)| kind)).collect();
        }
        self.of_method(path.rsplit("::").next().unwrap_or(path)).iter().collect()
    }

    pub(super) fn weights(&self, kind: &EffectKind) -> Weights {
        self.weights.get(kind).copied().unwrap_or(Weights { likelihood: CERTAIN, spreads: CERTAIN })
    }

    /// What methods of a name do, whatever they are called on.
    pub(super) fn of_method(&self, name: &str) -> &[EffectKind] {
        self.methods.get(name).map_or(&[], Vec::as_slice)
    }

    /// What a macro does beside what stands in it.
    pub(super) fn of_macro(&self, name: &str) -> &[EffectKind] {
        self.macros.get(name).map_or(&[], Vec::as_slice)
    }
}
