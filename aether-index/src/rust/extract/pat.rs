//! Patterns.

use aether_core::code::facts::{FieldInit, List, PatFact, PatIdx, PatKind};

use super::{Cursor, Field, Kind, Walk, moved};

impl Walk<'_, '_> {
    pub(super) fn push_pat(&mut self, at: u32, kind: PatKind) -> PatIdx {
        self.memory.facts.pats.push(PatFact { at, kind });
        PatIdx(self.memory.facts.pats.len() as u32 - 1)
    }

    /// Reads the pattern at the cursor.
    pub(super) fn pat(&mut self, cursor: &mut Cursor<'_>) -> PatIdx {
        let at = self.start_of(cursor);
        let kind = match cursor.kind() {
            Kind::Identifier | Kind::ShorthandFieldIdentifier | Kind::SelfValue | Kind::Metavariable => {
                PatKind::Bind(self.name_at(cursor), None)
            }
            Kind::ScopedIdentifier | Kind::GenericPattern => PatKind::Path(self.path(cursor).0),
            Kind::MutPattern | Kind::RefPattern => return self.only_pat(cursor, at),
            Kind::ReferencePattern => PatKind::Ref(self.only_pat(cursor, at)),
            Kind::CapturedPattern => {
                let mut name = None;
                let mut inner = None;
                self.nodes(cursor, |walk, cursor, kind| {
                    if kind == Kind::Identifier && name.is_none() {
                        name = Some(walk.name_at(cursor));
                    } else if is_pattern(kind) {
                        inner = Some(walk.pat(cursor));
                    }
                });
                match name {
                    Some(name) => PatKind::Bind(name, inner),
                    None => PatKind::Wild,
                }
            }
            // The grammar takes `(a)` for a tuple too.
            Kind::TuplePattern => {
                let list = self.pat_list(cursor);
                match *self.memory.facts.list(list) {
                    [only] if !self.ends_in_comma(cursor) && !self.is_rest(only) => {
                        return PatIdx(only);
                    }
                    _ => PatKind::Tuple(list),
                }
            }
            Kind::SlicePattern => PatKind::Slice(self.pat_list(cursor)),
            Kind::OrPattern => PatKind::Or(self.pat_list(cursor)),
            Kind::TupleStructPattern => {
                let mut path = None;
                let mark = self.memory.scratch.len();
                self.children(cursor, |walk, cursor, kind, field| {
                    if field == Field::Type {
                        path = Some(walk.path(cursor).0);
                    } else if is_pattern(kind) {
                        let pat = walk.pat(cursor);
                        walk.memory.scratch.push(pat.0);
                    }
                });
                let list = self.list_from(mark);
                path.map_or(PatKind::Wild, |path| PatKind::TupleStruct(path, list))
            }
            Kind::StructPattern => self.struct_pattern(cursor),
            Kind::RemainingFieldPattern => PatKind::Rest,
            _ => PatKind::Wild,
        };
        self.push_pat(at, kind)
    }

    fn struct_pattern(&mut self, cursor: &mut Cursor<'_>) -> PatKind {
        let mut path = None;
        let mark = self.memory.fields.len();
        self.children(cursor, |walk, cursor, kind, field| {
            if field == Field::Type {
                path = Some(walk.path(cursor).0);
            } else if kind == Kind::FieldPattern {
                let mut name = None;
                let mut pat = None;
                walk.children(cursor, |walk, cursor, _, field| match field {
                    Field::Name => {
                        name = Some((walk.start_of(cursor), walk.name_at(cursor)));
                    }
                    Field::Pattern => pat = Some(walk.pat(cursor)),
                    _ => {}
                });
                if let Some((at, name)) = name {
                    let pat = pat.unwrap_or_else(|| walk.push_pat(at, PatKind::Bind(name, None)));
                    walk.memory.fields.push(FieldInit { name, value: pat.0 });
                }
            }
        });
        let list = moved(&mut self.memory.fields, mark, &mut self.memory.facts.fields);
        path.map_or(PatKind::Wild, |path| PatKind::Struct(path, list))
    }

    fn is_rest(&self, pat: u32) -> bool {
        self.memory.facts.pats[pat as usize].kind == PatKind::Rest
    }

    fn only_pat(&mut self, cursor: &mut Cursor<'_>, at: u32) -> PatIdx {
        let mut inner = None;
        self.nodes(cursor, |walk, cursor, kind| {
            if is_pattern(kind) {
                inner = Some(walk.pat(cursor));
            }
        });
        inner.unwrap_or_else(|| self.push_pat(at, PatKind::Wild))
    }

    fn pat_list(&mut self, cursor: &mut Cursor<'_>) -> List {
        let mark = self.memory.scratch.len();
        self.nodes(cursor, |walk, cursor, kind| {
            if is_pattern(kind) {
                let pat = walk.pat(cursor);
                walk.memory.scratch.push(pat.0);
            }
        });
        self.list_from(mark)
    }
}

/// Whether a node of this kind is a pattern, wherever a pattern is expected.
pub(super) fn is_pattern(kind: Kind) -> bool {
    !matches!(
        kind,
        Kind::Token
            | Kind::MutableSpecifier
            | Kind::LineComment
            | Kind::BlockComment
            | Kind::AttributeItem
            | Kind::Error
    )
}
