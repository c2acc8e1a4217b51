//! Types.

use aether_core::code::facts::{List, TypeFact, TypeIdx, TypeKind};

use super::{Cursor, Field, Kind, Memory, Walk};

impl Walk<'_, '_> {
    pub(super) fn push_type(&mut self, at: u32, kind: TypeKind) -> TypeIdx {
        self.memory.facts.types.push(TypeFact { at, kind });
        TypeIdx(self.memory.facts.types.len() as u32 - 1)
    }

    /// Reads the type at the cursor.
    pub(super) fn ty(&mut self, cursor: &mut Cursor<'_>) -> TypeIdx {
        let at = self.start_of(cursor);
        let kind = match cursor.kind() {
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
            // The grammar takes `(A)` for a tuple too.
            Kind::TupleType => {
                let list = self.type_list(cursor);
                match *self.memory.facts.list(list) {
                    [only] if !self.ends_in_comma(cursor) => return TypeIdx(only),
                    _ => TypeKind::Tuple(list),
                }
            }
            Kind::UnitType => TypeKind::Tuple(List::default()),
            Kind::FunctionType => return self.function_type(cursor, at),
            Kind::AbstractType => TypeKind::ImplTrait(self.bounds_inside(cursor)),
            Kind::DynamicType => TypeKind::DynTrait(self.bounds_inside(cursor)),
            // The grammar reads `dyn A + B` as `(dyn A) + B`, and so with `impl`. Old code leaves `dyn`
            // out.
            Kind::BoundedType if self.starts_with_impl(cursor) => {
                TypeKind::ImplTrait(self.bounds_inside(cursor))
            }
            Kind::BoundedType => TypeKind::DynTrait(self.bounds_inside(cursor)),
            Kind::NeverType => TypeKind::Never,
            Kind::MacroInvocation => TypeKind::Unknown,
            _ if self.text_of(cursor) == "_" => TypeKind::Infer,
            _ => TypeKind::Unknown,
        };
        self.push_type(at, kind)
    }

    fn inner_type(&mut self, cursor: &mut Cursor<'_>) -> Option<TypeIdx> {
        let mut inner = None;
        self.children(cursor, |walk, cursor, _, field| {
            if field == Field::Type {
                inner = Some(walk.ty(cursor));
            }
        });
        inner
    }

    /// The named children at the cursor as types.
    pub(super) fn type_list(&mut self, cursor: &mut Cursor<'_>) -> List {
        let mark = self.memory.scratch.len();
        self.nodes(cursor, |walk, cursor, kind| {
            if kind.is_named() && !matches!(kind, Kind::LineComment | Kind::BlockComment | Kind::Lifetime) {
                let ty = walk.ty(cursor);
                walk.memory.scratch.push(ty.0);
            }
        });
        self.list_from(mark)
    }

    /// `fn(A) -> B` is a type of its own; `Fn(A) -> B` is a path with arguments.
    fn function_type(&mut self, cursor: &mut Cursor<'_>, at: u32) -> TypeIdx {
        let mut path = None;
        let mut params = List::default();
        let mut result = None;
        self.children(cursor, |walk, cursor, _, field| match field {
            Field::Trait => {
                let mut builder = walk.new_path();
                walk.path_into(cursor, &mut builder);
                path = Some(builder);
            }
            Field::Parameters => params = walk.parameter_types(cursor),
            Field::ReturnType => result = Some(walk.ty(cursor)),
            _ => {}
        });
        if let Some(path) = path {
            let params = self.push_type(at, TypeKind::Tuple(params));
            self.set_function_arguments(&path, params, result);
            let path = self.push_path(&path);
            return self.push_type(at, TypeKind::Path(path));
        }
        let result = result.unwrap_or_else(|| self.push_type(at, TypeKind::Tuple(List::default())));
        let mark = self.memory.scratch.len();
        let Memory { facts, scratch, .. } = &mut self.memory;
        scratch.extend_from_slice(facts.list(params));
        self.memory.scratch.push(result.0);
        let list = self.list_from(mark);
        self.push_type(at, TypeKind::Function(list))
    }

    fn parameter_types(&mut self, cursor: &mut Cursor<'_>) -> List {
        let mark = self.memory.scratch.len();
        self.nodes(cursor, |walk, cursor, kind| match kind {
            Kind::Parameter => {
                if let Some(ty) = walk.inner_type(cursor) {
                    walk.memory.scratch.push(ty.0);
                }
            }
            Kind::AttributeItem | Kind::LineComment | Kind::BlockComment => {}
            _ if kind.is_named() => {
                let ty = walk.ty(cursor);
                walk.memory.scratch.push(ty.0);
            }
            _ => {}
        });
        self.list_from(mark)
    }

    /// Whether the first of the bounds at the cursor is `impl …`.
    fn starts_with_impl(&self, cursor: &mut Cursor<'_>) -> bool {
        let mut levels = Vec::new();
        // `A + B + C` is `(A + B) + C`.
        while cursor.kind() == Kind::BoundedType {
            levels.push(cursor.place());
            if !cursor.first_child() {
                levels.pop();
                break;
            }
        }
        let is_impl = cursor.kind() == Kind::AbstractType;
        while let Some(level) = levels.pop() {
            cursor.back_to(level);
        }
        is_impl
    }

    /// The bounds of `impl …` and `dyn …`.
    fn bounds_inside(&mut self, cursor: &mut Cursor<'_>) -> List {
        let mark = self.memory.scratch.len();
        self.bound_list(cursor);
        self.list_from(mark)
    }

    /// Pushes the bounds below the cursor to the scratch list, `A + B` flattened.
    pub(super) fn bound_list(&mut self, cursor: &mut Cursor<'_>) {
        self.nodes(cursor, |walk, cursor, kind| match kind {
            Kind::BoundedType | Kind::DynamicType | Kind::AbstractType => walk.bound_list(cursor),
            Kind::HigherRankedTraitBound => walk.children(cursor, |walk, cursor, _, field| {
                if field == Field::Type {
                    let ty = walk.ty(cursor);
                    walk.memory.scratch.push(ty.0);
                }
            }),
            Kind::TypeIdentifier
            | Kind::Identifier
            | Kind::ScopedTypeIdentifier
            | Kind::GenericType
            | Kind::FunctionType => {
                let ty = walk.ty(cursor);
                walk.memory.scratch.push(ty.0);
            }
            // `?Sized` and lifetimes say nothing about methods.
            _ => {}
        });
    }
}
