//! Conditions of compilation: what is likely compiled in, so that of twins the right one is taken.

use std::collections::BTreeSet;

use super::program::{ImportRef, Program};
use crate::cargo::PackageModel;

/// Compiled in: yes, not known, no.
const YES: u8 = 2;
const NO: u8 = 0;

impl Program {
    /// Judges every declaration and import by its own conditions and by those of what contains it.
    pub(super) fn evaluate_cfg(&mut self, packages: &PackageModel) {
        let mut file_cfg: Vec<Option<u8>> = vec![None; self.files.len()];
        for file in 0..self.files.len() as u32 {
            self.judge_file(file, packages, &mut file_cfg, 0);
        }
    }

    /// Judges a file after the file that declares it.
    fn judge_file(&mut self, file: u32, packages: &PackageModel, file_cfg: &mut Vec<Option<u8>>, depth: u32) {
        const MAX_DEPTH: u32 = 128;
        if file_cfg[file as usize].is_some() || self.files[file as usize].is_std {
            return;
        }
        let root = self.files[file as usize].root();
        let around = match self.module_of_scope.get(&root).copied() {
            Some(module) if depth < MAX_DEPTH => {
                let declaring = self.def(module).file;
                if declaring != file {
                    self.judge_file(declaring, packages, file_cfg, depth + 1);
                }
                self.def(module).cfg
            }
            _ => YES,
        };
        file_cfg[file as usize] = Some(around);
        self.judge(file, around, packages);
    }

    /// Judges a file again whose declaration is as it was.
    pub(super) fn judge_again(&mut self, file: u32, packages: &PackageModel) {
        let root = self.files[file as usize].root();
        let around = self.module_of_scope.get(&root).map_or(YES, |&module| self.def(module).cfg);
        self.judge(file, around, packages);
    }

    fn judge(&mut self, file: u32, around: u8, packages: &PackageModel) {
        let nothing = BTreeSet::new();
        let features = self
            .crate_of(self.files[file as usize].root())
            .and_then(|krate| self.crates[krate as usize].package)
            .map_or(&nothing, |package| &packages.packages[package].features);
        let data = &self.files[file as usize];
        for (symbol, def) in data.facts.symbols.iter().zip(&data.defs) {
            let own = symbol
                .attributes
                .iter()
                .filter_map(|text| text.strip_prefix("cfg(")?.strip_suffix(')'))
                .map(|text| evaluate(text.trim(), features))
                .min()
                .unwrap_or(YES);
            let parent =
                symbol.parent.map_or(around, |parent| self.defs[data.defs[parent.0 as usize].0 as usize].cfg);
            self.defs[def.0 as usize].cfg = own.min(parent);
        }
        for (index, import) in data.facts.imports.iter().enumerate() {
            let cfg = import.cfg.iter().map(|text| evaluate(text, features)).min().unwrap_or(YES);
            if cfg != YES {
                self.import_cfg.insert(ImportRef { file, index: index as u32 }, cfg);
            }
        }
    }
}

/// How likely a condition holds on Linux, in a debug build with tests and the default features.
fn evaluate(text: &str, features: &BTreeSet<String>) -> u8 {
    let arguments = |name: &str| {
        let rest = text.strip_prefix(name)?.trim_start();
        rest.strip_prefix('(')?.strip_suffix(')')
    };
    if let Some(inner) = arguments("not") {
        return YES - evaluate(inner.trim().trim_end_matches(',').trim(), features);
    }
    if let Some(inner) = arguments("all") {
        return split(inner).map(|part| evaluate(part, features)).min().unwrap_or(YES);
    }
    if let Some(inner) = arguments("any") {
        return split(inner).map(|part| evaluate(part, features)).max().unwrap_or(NO);
    }
    let (key, value) = text.split_once('=').map_or((text, ""), |(key, value)| (key.trim(), value.trim()));
    let value = value.trim_matches('"');
    match (key, value) {
        ("unix" | "test" | "debug_assertions" | "true", _) => YES,
        ("target_os", "linux") | ("target_family", "unix") | ("target_arch", "x86_64") => YES,
        ("target_pointer_width", "64") | ("target_endian", "little") | ("target_env", "gnu") => YES,
        ("target_has_atomic" | "target_vendor", _) | ("panic", "unwind") => YES,
        ("feature", feature) if features.contains(feature) => YES,
        ("target_feature", _) => 1,
        _ => NO,
    }
}

/// The arguments of `all` and `any`.
fn split(text: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0_i32;
    text.split(move |character| {
        match character {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        character == ',' && depth == 0
    })
    .map(str::trim)
    .filter(|part| !part.is_empty())
}

#[cfg(test)]
mod tests {
    use super::{BTreeSet, evaluate};

    #[track_caller]
    fn check(text: &str, expected: u8) {
        let features = BTreeSet::from(["std".to_owned()]);
        assert_eq!(evaluate(text, &features), expected, "{text}");
    }

    #[test]
    fn conditions_are_judged() {
        check("unix", 2);
        check("windows", 0);
        check("not(windows)", 2);
        check("feature = \"std\"", 2);
        check("feature = \"full\"", 0);
        check("not(feature = \"full\")", 2);
        check("all(unix, any(windows, target_os = \"linux\"))", 2);
        check("all(unix, target_feature = \"avx2\")", 1);
        check("any()", 0);
        check("all()", 2);
        check("not(all(feature = \"full\", not(miri)))", 2);
    }
}
