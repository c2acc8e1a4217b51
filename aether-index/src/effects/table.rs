//! Known effects of what is called, as data.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;

use aether_core::base::{Sha256Hash, Sha256Hasher};
use aether_core::code::EffectKind;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};

/// What calls and macros do by themselves.
#[derive(Clone, Debug, Default)]
pub struct EffectTable {
    exact: FxHashMap<String, Vec<EffectKind>>,
    /// Beginnings of paths, longest first.
    beginnings: Vec<(String, EffectKind)>,
    /// Crates, modules, types and functions that have no effects but those that are listed.
    known: FxHashSet<String>,
    macros: FxHashMap<String, Vec<EffectKind>>,
    methods: FxHashMap<String, Vec<EffectKind>>,
    weights: FxHashMap<EffectKind, Weights>,
    /// Of all texts that were added.
    fingerprint: Option<Sha256Hash>,
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

/// What a file says.
#[derive(Debug, Default)]
struct File {
    known: Vec<String>,
    sections: BTreeMap<String, Section>,
}

/// By hand: a flattened map would take anything for a section, and tell no place of an error.
impl<'de> Deserialize<'de> for File {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;

        impl<'de> Visitor<'de> for Entries {
            type Value = File;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("kinds of effects")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<File, A::Error> {
                let mut file = File::default();
                while let Some(key) = map.next_key::<String>()? {
                    if key == "known" {
                        file.known = map.next_value()?;
                    } else {
                        let section = map.next_value()?;
                        file.sections.insert(key, section);
                    }
                }
                Ok(file)
            }
        }

        deserializer.deserialize_map(Entries)
    }
}

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
    /// The effects of the standard library and of crates that many others use.
    ///
    /// # Panics
    ///
    /// Never: a test reads the tables that come with the library.
    #[must_use]
    pub fn standard() -> Self {
        let mut table = Self::default();
        for text in
            [include_str!("../../data/effects/std.toml"), include_str!("../../data/effects/crates.toml")]
        {
            table.add(text).expect("a table that comes with the library");
        }
        table
    }

    /// Adds what a text in the format of `data/effects/std.toml` says.
    ///
    /// A list `known` in front of the kinds names crates, modules, types or functions that have no effects
    /// but those that are listed: what is below them and not listed has none, and is not
    /// [`EffectKind::UNKNOWN`]. A name there that is longer than a beginning of a path counts before it.
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
        let file: File = toml::from_str(text).map_err(EffectTableError)?;
        if !text.trim().is_empty() {
            let mut hasher = Sha256Hasher::new();
            self.fingerprint.iter().for_each(|before| hasher.update(before.as_bytes()));
            hasher.update_field(text.as_bytes());
            self.fingerprint = Some(hasher.finish());
        }
        self.known.extend(file.known);
        for (kind, section) in file.sections {
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
        let least = self.known_part(path).map_or(0, str::len);
        let mut fitting =
            self.beginnings.iter().filter(|(beginning, _)| path.starts_with(beginning.as_str()));
        if let Some((longest, first)) = fitting.next().filter(|(longest, _)| longest.len() >= least) {
            let others = fitting.take_while(|(beginning, _)| beginning.len() == longest.len());
            return std::iter::once(first).chain(others.map(|(_, kind)| kind)).collect();
        }
        self.of_method(path.rsplit("::").next().unwrap_or(path)).iter().collect()
    }

    /// Whether a path has no effects but those that [`Self::of_path`] tells.
    pub(super) fn is_known(&self, path: &str) -> bool {
        is_of_std(path) || self.known_part(path).is_some()
    }

    /// The longest part of a path, from its beginning, of which all effects are listed.
    fn known_part<'p>(&self, path: &'p str) -> Option<&'p str> {
        let mut part = path;
        while !self.known.contains(part) {
            (part, _) = part.rsplit_once("::")?;
        }
        Some(part)
    }

    /// A hash of all that was added: another one may derive other effects of the same code.
    #[must_use]
    pub fn fingerprint(&self) -> Sha256Hash {
        self.fingerprint.unwrap_or_else(|| Sha256Hash::of(b""))
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

/// Whether a canonical path is one of the standard library of Rust, of which everything with an effect is
/// known.
pub(crate) fn is_of_std(path: &str) -> bool {
    let root = path.split("::").next().unwrap_or(path);
    PRIMITIVES.contains(&root) || ["std", "core", "alloc"].contains(&root)
}

/// Types that the language has; their methods have paths without `std`.
const PRIMITIVES: [&str; 22] = [
    "array",
    "bool",
    "char",
    "f32",
    "f64",
    "fn",
    "i128",
    "i16",
    "i32",
    "i64",
    "i8",
    "isize",
    "pointer",
    "reference",
    "slice",
    "str",
    "tuple",
    "u128",
    "u16",
    "u32",
    "u64",
    "u8",
];

#[cfg(test)]
mod tests {
    use super::*;

    /// Kinds in the order of the table, and whether there may be others.
    #[track_caller]
    fn check(table: &EffectTable, path: &str, kinds: &[&str], is_known: bool) {
        let found = table.effects_of(path);
        let found: Vec<&str> = found.iter().map(EffectKind::as_str).collect();
        assert_eq!((found.as_slice(), table.is_known(path)), (kinds, is_known), "{path}");
    }

    #[test]
    fn what_is_known_as_a_whole_has_no_effect_that_is_not_listed() {
        let mut table = EffectTable::default();
        table
            .add(
                "known = [\"pure\", \"web::url\", \"web::Client::name\"]\n\
                 [network]\npaths = [\"web::get\", \"web::Client::*\"]\n\
                 [time]\npaths = [\"pure::now\", \"pure::clock*\"]\n",
            )
            .unwrap();
        check(&table, "pure::f", &[], true);
        check(&table, "pure::T::f", &[], true);
        check(&table, "purely::f", &[], false);
        check(&table, "pure::now", &["time"], true);
        check(&table, "pure::clocks::tick", &["time"], true);
        check(&table, "web::get", &["network"], false);
        check(&table, "web::put", &[], false);
        check(&table, "web::url::parse", &[], true);
        check(&table, "web::Client::get", &["network"], false);
        // The longer one counts.
        check(&table, "web::Client::name", &[], true);
        check(&table, "std::mem::swap", &[], true);
    }

    #[test]
    fn what_a_table_may_not_say_is_refused_as_a_whole() {
        for wrong in [
            "known = \"pure\"",
            "known = [1]",
            "pure = [\"x\"]",
            "known = [\"pure\"]\n[network]\nroads = []",
            "[known]\npaths = [\"pure\"]",
        ] {
            let mut table = EffectTable::default();
            assert!(table.add(wrong).is_err(), "{wrong}");
            assert!(!table.is_known("pure::f"), "{wrong}");
        }
    }

    #[test]
    fn crates_that_many_use_are_in_the_table() {
        let table = EffectTable::standard();
        check(&table, "memchr::memchr", &[], true);
        check(&table, "rand::thread_rng", &["random"], true);
        check(&table, "rand::Rng::random", &[], true);
        check(&table, "fastrand::u32", &["random"], false);
        check(&table, "fastrand::Rng::with_seed", &[], true);
        check(&table, "tempfile::tempfile_in", &["files_write", "random"], true);
        check(&table, "reqwest::Client::get", &[], true);
        check(&table, "reqwest::RequestBuilder::send", &["network"], true);
        check(&table, "tokio::spawn", &["threads"], false);
        check(&table, "tokio::runtime::Handle::current", &[], false);
        check(&table, "chrono::Local::now", &["environment", "time"], true);
        check(&table, "libc::read", &[], false);
        check(&table, "std::net::TcpStream::peek", &["network"], true);
        check(&table, "std::net::TcpStream::try_clone", &[], true);
    }

    /// What stands in one list by its whole path and in another by a beginning would lose the latter.
    #[test]
    fn no_entry_hides_the_effect_of_a_shorter_one() {
        let table = EffectTable::standard();
        let exact = table.exact.iter().flat_map(|(path, kinds)| kinds.iter().map(move |kind| (path, kind)));
        let all: Vec<(&String, &EffectKind)> =
            exact.chain(table.beginnings.iter().map(|(path, kind)| (path, kind))).collect();
        for (path, _) in &all {
            let shorter =
                table.beginnings.iter().filter(|(beginning, _)| path.starts_with(beginning.as_str()));
            for (beginning, kind) in shorter {
                let is_kept = all.iter().any(|(known, other)| known == path && *other == kind);
                assert!(is_kept, "{path} is not {kind}, and {beginning}* is");
            }
        }
    }
}
