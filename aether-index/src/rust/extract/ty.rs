//! Types.

use aether_core::code::facts::{List, TypeFact, TypeIdx, TypeKind};
use tree_sitter::TreeCursor;

use super::path::PathBuilder;
use super::{Field, Kind, Walk};

impl Walk<'_, '_> {
    pub(super) fn push_type(&mut self, at: u32, kind: TypeKind) -> TypeIdx {
        self.facts.types.push(TypeFact { at, kind });
        TypeIdx(self.facts.types.len() as u32 - 1)
    }

    /// Reads the type at the cursor.
    pub(super) fn ty(&mut self, cursor: &mut TreeCursor<'_>) -> TypeIdx {
        let at = self.start_of(cursor);
        let kind = match self.syntax.kind(cursor) {
            Kind::TypeIdentifier
            | Kind::Identifier
            | Kind::PrimitiveType
            | Kind::ScopedTypeIdentifier
            | Kind::ScopedIdentifier
            | Kind::GenericType
            | Kind::GenericTypeWithTurbofish
            | Kind::SelfValue
            | Kind::Metavariable => {
                let (path, at) = self.path(cursor);
                return self.push_type(at, TypeKind::Path(path));
            }
            Kind::ReferenceType => match self.inner_type(cursor) {
                Some(inner) => TypeKind::Ref(inner),
                None => TypeKind::Unknown,
            },
            Kind::PointerType => match self.inner_type(cursor) {
                Some(inner) => TypeKind::Pointer(inner),
                None => TypeKind::Unknown,
            },
            Kind::ArrayType => {
                let mut element = None;
                let mut has_length = false;
                self.children(cursor, |walk, cursor, _, field| match field {
                    Field::Element => element = Some(walk.ty(cursor)),
                    Field::Length => has_length = true,
                    _ => {}
                });
                match (element, has_length) {
                    (Some(element), true) => TypeKind::Array(element),
                    (Some(element), false) => TypeKind::Slice(element),
                    (None, _) => TypeKind::Unknown,
                }
            }
            Kind::TupleType => TypeKind::Tuple(self.type_list(cursor)),
            Kind::UnitType => TypeKind::Tuple(List::default()),
            Kind::FunctionType => return self.function_type(cursor, at),
            Kind::AbstractType => TypeKind::ImplTrait(self.bounds_inside(cursor)),
            Kind::DynamicType => TypeKind::DynTrait(self.bounds_inside(cursor)),
            Kind::BoundedType => {
                // `A + B` without `dyn` stands behind `&` in old code and inside `impl`.
                let mark = self.scratch.len();
                self.bound_list(cursor);
                TypeKind::DynTrait(self.list_from(mark))
            }
            Kind::NeverType => TypeKind::Never,
            Kind::MacroInvocation => TypeKind::Unknown,
            _ if self.text_of(cursor) == "_" => TypeKind::Infer,
            _ => TypeKind::Unknown,
        };
        self.push_type(at, kind)
    }

    fn inner_type(&mut self, cursor: &mut TreeCursor<'_>) -> Option<TypeIdx> {
        let mut inner = None;
        self.children(cursor, |walk, cursor, _, field| {
            if field == Field::Type {
                inner = Some(walk.ty(cursor));
            }
        });
        inner
    }

    /// The named children at the cursor as types.
    pub(super) fn type_list(&mut self, cursor: &mut TreeCursor<'_>) -> List {
        let mark = self.scratch.len();
        self.children(cursor, |walk, cursor, kind, _| {
            if cursor.node().is_named()
                && !matches!(kind, Kind::LineComment | Kind::BlockComment | Kind::Lifetime)
            {
                let ty = walk.ty(cursor);
                walk.scratch.push(ty.0);
            }
        });
        self.list_from(mark)
    }

    /// `fn(A) -> B` is a type of its own; `Fn(A) -> B` is a path with arguments.
    fn function_type(&mut self, cursor: &mut TreeCursor<'_>, at: u32) -> TypeIdx {
        let mut path = None;
        let mut params = List::default();
        let mut result = None;
        self.children(cursor, |walk, cursor, _, field| match field {
            Field::Trait => {
                let mut builder = PathBuilder::default();
                walk.path_into(cursor, &mut builder);
                path = Some(builder);
            }
            Field::Parameters => params = walk.parameter_types(cursor),
            Field::ReturnType => result = Some(walk.ty(cursor)),
            _ => {}
        });
        if let Some(mut path) = path {
            let params = self.push_type(at, TypeKind::Tuple(params));
            self.set_function_arguments(&mut path, params, result);
            let path = self.push_path(path);
            return self.push_type(at, TypeKind::Path(path));
        }
        let result = result.unwrap_or_else(|| self.push_type(at, TypeKind::Tuple(List::default())));
        let mark = self.scratch.len();
        let entries: Vec<u32> = self.facts.list(params).to_vec();
        self.scratch.extend(entries);
        self.scratch.push(result.0);
        let list = self.list_from(mark);
        self.push_type(at, TypeKind::Function(list))
    }

    fn parameter_types(&mut self, cursor: &mut TreeCursor<'_>) -> List {
        let mark = self.scratch.len();
        self.children(cursor, |walk, cursor, kind, _| match kind {
            Kind::Parameter => {
                if let Some(ty) = walk.inner_type(cursor) {
                    walk.scratch.push(ty.0);
                }
            }
            Kind::AttributeItem | Kind::LineComment | Kind::BlockComment => {}
            _ if cursor.node().is_named() => {
                let ty = walk.ty(cursor);
                walk.scratch.push(ty.0);
            }
            _ => {}
        });
        self.list_from(mark)
    }

    /// The bounds of `impl …` and `dyn …`.
    fn bounds_inside(&mut self, cursor: &mut TreeCursor<'_>) -> List {
        let mark = self.scratch.len();
        self.bound_list(cursor);
        self.list_from(mark)
    }

    /// Pushes the bounds below the cursor to the scratch list, `A + B` flattened.
    pub(super) fn bound_list(&mut self, cursor: &mut TreeCursor<'_>) {
        self.children(cursor, |walk, cursor, kind, field| match kind {
            Kind::BoundedType => walk.bound_list(cursor),
            Kind::HigherRankedTraitBound => walk.children(cursor, |walk, cursor, _, field| {
                if field == Field::Type {
                    let ty = walk.ty(cursor);
                    walk.scratch.push(ty.0);
                }
            }),
            Kind::TypeIdentifier
            | Kind::Identifier
            | Kind::ScopedTypeIdentifier
            | Kind::GenericType
            | Kind::FunctionType => {
                let ty = walk.ty(cursor);
                walk.scratch.push(ty.0);
            }
            // `?Sized` and lifetimes say nothing about methods.
            _ => {
                let _ = field;
            }
        });
    }
}
