//! Records of files and modules: the sum of what is in them.

use std::collections::{BTreeMap, HashSet};

use aether_core::code::{Sir, SymbolKind};

use super::Derived;
use super::file::{FILE, LocalSymbol};

/// Members whose intents are told one by one.
const MAX_TOLD: usize = 5;

/// Whether symbols of a kind have the sum of others as their record.
pub(super) fn is_rolled_up(kind: &SymbolKind) -> bool {
    [SymbolKind::FILE, SymbolKind::MODULE].contains(kind)
}

/// A member and its record.
type Member<'d> = (&'d LocalSymbol, &'d Sir);

impl Derived {
    pub(super) fn roll_up(&self, file: u32, local: &LocalSymbol) -> Sir {
        let is_file = local.kind == SymbolKind::FILE;
        let inside = format!("{}::", local.qualified_name);
        let members = if is_file { self.members(file).collect() } else { self.below(&inside) };
        let intent = self.intent(file, local, &members);
        let names: HashSet<&str> = members.iter().map(|(member, _)| &*member.qualified_name).collect();
        let parts =
            members.iter().map(|(member, sir)| (*sir, member.is_public.then_some(&*member.qualified_name)));
        Sir::roll_up(intent, parts, |need| names.contains(need) || (!is_file && need.starts_with(&inside)))
    }

    /// The symbols of a file that count for it: those with a record of their own that are no tests.
    fn members(&self, file: u32) -> impl Iterator<Item = Member<'_>> {
        let symbols = &self.files[file as usize].symbols;
        let records = symbols.iter().zip(self.own_of(file));
        records
            .filter(|(symbol, _)| !symbol.is_test)
            .filter_map(|(symbol, sir)| Some((symbol, sir.as_ref()?)))
    }

    /// The members of a module and of the modules in it, over all files.
    fn below(&self, inside: &str) -> Vec<Member<'_>> {
        let module = inside.trim_end_matches("::");
        // A file whose own path leads neither to the module nor into it has nothing of it.
        let is_near = |name: &str| name.starts_with(inside) || module.starts_with(name);
        let near = (0..self.files.len() as u32).filter(|&file| {
            let symbols = &self.files[file as usize].symbols;
            symbols.get(FILE.0 as usize).is_some_and(|it| is_near(&it.qualified_name))
        });
        near.flat_map(|file| self.members(file))
            .filter(|(symbol, _)| symbol.qualified_name.starts_with(inside))
            .collect()
    }

    fn intent(&self, file: u32, local: &LocalSymbol, members: &[Member<'_>]) -> String {
        if let Some(doc) = &local.doc {
            return doc.clone();
        }
        let own = &self.files[file as usize].effects;
        // A module of a file of its own is documented there.
        let elsewhere = self.files.iter().filter_map(|it| it.symbols.first()).find(|it| {
            local.kind == SymbolKind::MODULE && it.qualified_name == local.qualified_name && it.doc.is_some()
        });
        if let Some(doc) = elsewhere.and_then(|it| it.doc.clone()) {
            return doc;
        }
        if members.is_empty() {
            return format!("{}: nothing that has a record", own.path());
        }
        if members.len() <= MAX_TOLD {
            let told: Vec<&str> = members.iter().map(|(_, sir)| sir.intent.as_str()).collect();
            return told.join("; ");
        }
        let mut kinds: BTreeMap<&SymbolKind, usize> = BTreeMap::new();
        for (member, _) in members {
            *kinds.entry(&member.kind).or_default() += 1;
        }
        let counts: Vec<String> = kinds.iter().map(|(kind, count)| format!("{count} × {kind}")).collect();
        format!("Holds {}", counts.join(", "))
    }
}
