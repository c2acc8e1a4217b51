//! What the path of an import means, and what a module holds.

use aether_core::code::Visibility;

use super::names::MAX_STEPS;
use super::overloads::Wanted;
use super::tables::General;
use super::value::{ModuleValue, Value};
use crate::rust::resolve::keys;

impl General {
    /// What the path of an import means.
    pub(super) fn path(&mut self, unit: u32, segments: &[&str], is_global: bool, steps: u32) -> Value {
        if steps > MAX_STEPS {
            return Value::Unknown;
        }
        if self.is_open(unit) {
            return self.open_named(unit, segments);
        }
        let is_whole = self.language(unit).imports_whole_modules();
        let shortest = if is_whole { segments.len() } else { 1 };
        let first = (shortest..=segments.len()).find_map(|length| {
            let module = self.module(unit, &segments[..length], is_global)?;
            Some((length, self.module_value(unit, &segments[..length], is_global, &module)))
        });
        let Some((length, module)) = first else {
            return if is_global { Value::External(segments.join("::").into()) } else { Value::Unknown };
        };
        if !self.language(unit).shows_imports() {
            return self.inside_of(Value::Module(module), segments, length, is_global, steps);
        }
        let whole = self.whole_module(unit, &module, steps);
        let mut names = segments[length..].iter();
        let mut value = match (names.next(), whole) {
            (None, whole) => whole.unwrap_or(Value::Module(module)),
            (Some(name), whole) => match self.module_member(&module, name, steps) {
                Some(value) => value,
                // As a default, what stands for a module as a whole is it itself.
                None if *name == "default" => whole.unwrap_or(Value::Unknown),
                None => whole
                    .and_then(|whole| self.member_within(&whole, name, steps))
                    .map_or(Value::Unknown, |(value, _)| value),
            },
        };
        for name in names {
            value = self.member_within(&value, name, steps).map_or(Value::Unknown, |(value, _)| value);
        }
        value
    }

    /// What stands for a module as a whole, in languages that have such a thing.
    pub(super) fn whole_module(&mut self, unit: u32, module: &ModuleValue, steps: u32) -> Option<Value> {
        let language = self.language(unit);
        let name = language.whole_module()?;
        let value = self.module_member(module, name, steps + 1)?;
        (value != Value::Unknown).then_some(value)
    }

    /// What the last of the names means that follow one another in a module whose imports nobody else
    /// sees; what is not known there lies outside.
    pub(super) fn inside_of(
        &mut self,
        module: Value,
        segments: &[&str],
        length: usize,
        is_global: bool,
        steps: u32,
    ) -> Value {
        let mut value = module;
        for (at, name) in segments.iter().enumerate().skip(length) {
            let is_last = at + 1 == segments.len();
            let found = match is_last {
                true => self.member_within(&value, name, steps),
                false => self.wanting(Wanted::Class, |general| general.member_within(&value, name, steps)),
            };
            value = match (found, &value) {
                (Some((found, _)), _) => found,
                (None, Value::Module(_)) if is_global => return Value::External(segments.join("::").into()),
                (None, _) => Value::Unknown,
            };
        }
        value
    }

    pub(super) fn module_value(
        &mut self,
        from: u32,
        segments: &[&str],
        is_global: bool,
        module: &crate::language::Module,
    ) -> ModuleValue {
        ModuleValue {
            from,
            segments: segments.iter().map(|&segment| segment.to_owned()).collect(),
            is_global,
            units: module.files.iter().filter_map(|path| self.number_of(path)).collect(),
        }
    }

    /// What a module holds under a name: a declaration, something imported, a module inside.
    pub(super) fn module_member(&mut self, module: &ModuleValue, name: &str, steps: u32) -> Option<Value> {
        if steps > MAX_STEPS {
            return None;
        }
        let shows_imports = self.language(module.from).shows_imports();
        if shows_imports {
            for &unit in module.units.iter() {
                if let Some(found) = self.declared(unit, None, name, self.types_open > 0) {
                    return Some(self.value_of(found, steps));
                }
            }
        } else {
            // A module of many files: all of a package.
            let number = self.unit(module.from).language;
            if let Some(found) = self.top_in(number, &module.units, name) {
                return Some(self.value_of(found, steps));
            }
        }
        for &unit in module.units.iter() {
            if shows_imports
                && self.shows_imports(unit)
                && let Some(value) = self.imported(unit, None, name, steps + 1)
                && value != Value::Unknown
            {
                return Some(value);
            }
        }
        let mut segments: Vec<&str> = module.segments.iter().map(String::as_str).collect();
        segments.push(name);
        if !self.language(module.from).imports_whole_modules()
            && let Some(inner) = self.module(module.from, &segments, module.is_global)
        {
            return Some(Value::Module(self.module_value(module.from, &segments, module.is_global, &inner)));
        }
        if !shows_imports {
            return None;
        }
        module.units.iter().find_map(|&unit| self.through_globs(unit, name, steps + 1))
    }

    /// Whether others can name what a file imports.
    pub(super) fn shows_imports(&mut self, unit: u32) -> bool {
        let key = self.unit(unit).key;
        self.touch(keys::globs(key));
        let imports = &self.unit(unit).facts.imports;
        imports.iter().any(|import| import.visibility != Visibility::Private)
    }
}
