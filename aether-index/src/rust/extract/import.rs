//! `use` trees, flattened to one import per name, and `extern crate`.

use aether_core::code::Visibility;
use aether_core::code::facts::{ImportFact, ImportKind, NameIdx};

use super::{Cursor, Field, Kind, Walk, attribute};

/// The path in front of a part of a `use` tree.
#[derive(Clone, Default)]
struct Prefix {
    is_global: bool,
    segments: Vec<NameIdx>,
    /// The byte at which the last name stands.
    at: u32,
}

impl Walk<'_, '_> {
    pub(super) fn use_declaration(&mut self, cursor: &mut Cursor<'_>) {
        let mut visibility = Visibility::Private;
        self.children(cursor, |walk, cursor, kind, field| {
            if kind == Kind::VisibilityModifier {
                visibility = walk.visibility(cursor);
            } else if field == Field::Argument {
                walk.use_tree(cursor, &Prefix::default(), &visibility);
            }
        });
    }

    fn use_tree(&mut self, cursor: &mut Cursor<'_>, prefix: &Prefix, visibility: &Visibility) {
        match cursor.kind() {
            Kind::ScopedUseList => {
                let mut prefix = prefix.clone();
                let mut has_path = false;
                self.children(cursor, |walk, cursor, kind, field| {
                    if field == Field::Path {
                        has_path = true;
                        walk.use_path(cursor, &mut prefix);
                    } else if kind == Kind::UseList {
                        // `use ::{a, b}` starts at the crates.
                        prefix.is_global |= !has_path;
                        walk.use_tree(cursor, &prefix, visibility);
                    }
                });
            }
            Kind::UseList => self.nodes(cursor, |walk, cursor, kind| {
                if kind.is_named() && !matches!(kind, Kind::LineComment | Kind::BlockComment) {
                    walk.use_tree(cursor, prefix, visibility);
                }
            }),
            Kind::UseWildcard => {
                let at = self.start_of(cursor);
                let mut prefix = prefix.clone();
                self.nodes(cursor, |walk, cursor, kind| {
                    if kind.is_named() {
                        walk.use_path(cursor, &mut prefix);
                    }
                });
                let at = if prefix.segments.is_empty() { at } else { prefix.at };
                self.push_import(at, prefix, ImportKind::Glob, visibility);
            }
            Kind::UseAsClause => {
                let mut prefix = prefix.clone();
                let mut alias = None;
                let around = prefix.at;
                self.children(cursor, |walk, cursor, _, field| match field {
                    Field::Path => walk.use_path(cursor, &mut prefix),
                    Field::Alias => alias = Some((walk.text_of(cursor), walk.name_at(cursor))),
                    _ => {}
                });
                let kind = match alias {
                    Some(("_", _)) => ImportKind::Anonymous,
                    Some((_, name)) => ImportKind::Name(name),
                    None => return,
                };
                // What is imported is named in front of the alias.
                let at = if self.drop_trailing_self(&mut prefix) { around } else { prefix.at };
                self.push_import(at, prefix, kind, visibility);
            }
            _ => {
                let mut prefix = prefix.clone();
                let around = prefix.at;
                self.use_path(cursor, &mut prefix);
                // `self` stands for the name in front of the braces, and is imported by it.
                let at = if self.drop_trailing_self(&mut prefix) { around } else { prefix.at };
                let Some(&name) = prefix.segments.last() else { return };
                self.push_import(at, prefix, ImportKind::Name(name), visibility);
            }
        }
    }

    /// `a::{self}` imports `a`. Returns whether there was such a `self`.
    fn drop_trailing_self(&self, prefix: &mut Prefix) -> bool {
        let is_self = prefix.segments.len() > 1
            && prefix.segments.last().is_some_and(|&name| self.memory.facts.names.get(name) == "self");
        if is_self {
            prefix.segments.pop();
        }
        is_self
    }

    fn use_path(&mut self, cursor: &mut Cursor<'_>, prefix: &mut Prefix) {
        if cursor.kind() != Kind::ScopedIdentifier {
            self.use_name(cursor, prefix);
            return;
        }
        let mut has_path = false;
        self.children(cursor, |walk, cursor, _, field| match field {
            Field::Path => {
                has_path = true;
                walk.use_path(cursor, prefix);
            }
            Field::Name => {
                prefix.is_global |= !has_path && prefix.segments.is_empty();
                walk.use_name(cursor, prefix);
            }
            _ => {}
        });
    }

    fn use_name(&mut self, cursor: &mut Cursor<'_>, prefix: &mut Prefix) {
        let name = self.name_at(cursor);
        prefix.segments.push(name);
        // What marks a raw name is no part of it.
        let length = self.memory.facts.names.get(name).len() as u32;
        prefix.at = self.span_of(cursor).end.saturating_sub(length);
    }

    fn push_import(&mut self, at: u32, path: Prefix, kind: ImportKind, visibility: &Visibility) {
        self.memory.facts.imports.push(ImportFact {
            scope: self.scope,
            at,
            is_global: path.is_global,
            segments: path.segments,
            kind,
            visibility: visibility.clone(),
            cfg: self.attributes.iter().filter_map(|text| attribute::cfg(text)).collect(),
        });
    }

    pub(super) fn extern_crate(&mut self, cursor: &mut Cursor<'_>) {
        let mut visibility = Visibility::Private;
        let mut name = None;
        let mut alias = None;
        self.children(cursor, |walk, cursor, kind, field| match (kind, field) {
            (Kind::VisibilityModifier, _) => visibility = walk.visibility(cursor),
            (_, Field::Name) => name = Some((walk.start_of(cursor), walk.name_at(cursor))),
            (_, Field::Alias) => alias = Some(walk.name_at(cursor)),
            _ => {}
        });
        let Some((at, name)) = name else { return };
        let path = Prefix { is_global: true, segments: vec![name], at };
        self.push_import(at, path, ImportKind::ExternCrate(alias.unwrap_or(name)), &visibility);
    }
}
