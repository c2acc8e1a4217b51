//! Known effects of what is called, as data.

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
}

/// What a file says of one kind.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Section {
    paths: Vec<String>,
    macros: Vec<String>,
    methods: Vec<String>,
}

impl EffectTable {
    /// The effects of the standard library.
    #[must_use]
    pub fn standard() -> Self {
        let mut table = Self::default();
        table.add(include_str!("../../data/effects/std.toml")).expect("the table that comes with the library");
        table
    }

    /// Adds what a text in the format of `data/effects/std.toml` says.
    ///
    /// # Errors
    ///
    /// When it is not TOML of that form.
    pub fn add(&mut self, text: &str) -> Result<(), toml::de::Error> {
        let sections: std::collections::BTreeMap<String, Section> = toml::from_str(text)?;
        for (kind, section) in sections {
            let kind = EffectKind::new(&kind);
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

    /// What a call of a canonical path does: by the whole path, else by its longest beginnings, else by the
    /// name of the method.
    pub(super) fn of_path<'t>(&'t self, path: &str) -> Vec<&'t EffectKind> {
        if let Some(kinds) = self.exact.get(path) {
            return kinds.iter().collect();
        }
        let mut fitting = self.beginnings.iter().filter(|(beginning, _)| path.starts_with(beginning.as_str()));
        if let Some((longest, first)) = fitting.next() {
            let others = fitting.take_while(|(beginning, _)| beginning.len() == longest.len());
            return std::iter::once(first).chain(others.map(|(_, kind)| kind)).collect();
        }
        self.of_method(path.rsplit("::").next().unwrap_or(path)).iter().collect()
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
