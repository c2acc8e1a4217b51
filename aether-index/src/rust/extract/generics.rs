//! Type parameters and `where` clauses.

use aether_core::code::facts::{GenericParam, Generics, List, WherePredicate};

use super::{Cursor, Field, Kind, Walk};

impl Walk<'_, '_> {
    /// Reads `<T: A = B, …>`.
    pub(super) fn type_parameters(&mut self, cursor: &mut Cursor<'_>, generics: &mut Generics) {
        self.children(cursor, |walk, cursor, kind, _| {
            if kind != Kind::TypeParameter {
                return;
            }
            let mut name = None;
            let mut bounds = List::default();
            let mut default = None;
            walk.children(cursor, |walk, cursor, _, field| match field {
                Field::Name => name = Some(walk.name_at(cursor)),
                Field::Bounds => bounds = walk.bounds(cursor),
                Field::DefaultType => default = Some(walk.ty(cursor)),
                _ => {}
            });
            if let Some(name) = name {
                generics.params.push(GenericParam { name, bounds, default });
            }
        });
    }

    /// Reads `where T: A, …`.
    pub(super) fn where_clause(&mut self, cursor: &mut Cursor<'_>, generics: &mut Generics) {
        self.children(cursor, |walk, cursor, kind, _| {
            if kind != Kind::WherePredicate {
                return;
            }
            let mut ty = None;
            let mut bounds = List::default();
            walk.children(cursor, |walk, cursor, kind, field| match field {
                Field::Left if kind == Kind::HigherRankedTraitBound => {
                    walk.children(cursor, |walk, cursor, _, field| {
                        if field == Field::Type {
                            ty = Some(walk.ty(cursor));
                        }
                    });
                }
                Field::Left if kind != Kind::Lifetime => ty = Some(walk.ty(cursor)),
                Field::Bounds => bounds = walk.bounds(cursor),
                _ => {}
            });
            if let Some(ty) = ty {
                generics.predicates.push(WherePredicate { ty, bounds });
            }
        });
    }

    /// Reads `: A + B`.
    pub(super) fn bounds(&mut self, cursor: &mut Cursor<'_>) -> List {
        let mark = self.memory.scratch.len();
        self.bound_list(cursor);
        self.list_from(mark)
    }
}
