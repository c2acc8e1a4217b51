//! Paths, in types and expressions alike.

use aether_core::code::facts::{List, PathFact, PathRoot, PathSegment, TypeIdx};

use super::{Cursor, Field, Kind, Walk, moved};

/// A path while it is read: outer segments are known before inner ones. Its segments are those of
/// the scratch list behind a mark.
pub(super) struct PathBuilder {
    root: PathRoot,
    mark: usize,
}

impl Walk<'_, '_> {
    pub(super) fn new_path(&self) -> PathBuilder {
        PathBuilder { root: PathRoot::Plain, mark: self.memory.segments.len() }
    }

    /// Reads the path at the cursor and stores it; with the byte of the last segment's name.
    pub(super) fn path(&mut self, cursor: &mut Cursor<'_>) -> (u32, u32) {
        let mut builder = self.new_path();
        self.path_into(cursor, &mut builder);
        let last = self.memory.segments[builder.mark..].last();
        let at = last.map_or_else(|| self.start_of(cursor), |segment| segment.at);
        (self.push_path(&builder), at)
    }

    pub(super) fn push_path(&mut self, builder: &PathBuilder) -> u32 {
        let segments = moved(&mut self.memory.segments, builder.mark, &mut self.memory.facts.segments);
        self.memory.facts.paths.push(PathFact { root: builder.root, segments });
        self.memory.facts.paths.len() as u32 - 1
    }

    pub(super) fn path_into(&mut self, cursor: &mut Cursor<'_>, path: &mut PathBuilder) {
        match cursor.kind() {
            Kind::ScopedIdentifier | Kind::ScopedTypeIdentifier => {
                let mut has_prefix = false;
                self.children_to(cursor, Field::Name, |walk, cursor, _, field| match field {
                    Field::Path => {
                        has_prefix = true;
                        walk.path_into(cursor, path);
                    }
                    Field::Name => {
                        if !has_prefix {
                            path.root = PathRoot::Global;
                        }
                        walk.path_segment(cursor);
                    }
                    _ => {}
                });
            }
            Kind::GenericType
            | Kind::GenericTypeWithTurbofish
            | Kind::GenericFunction
            | Kind::GenericPattern => {
                self.children(cursor, |walk, cursor, kind, field| match (kind, field) {
                    (Kind::TypeArguments, _) => walk.path_arguments(cursor, path),
                    (_, Field::Type | Field::Function) | (Kind::Identifier | Kind::ScopedIdentifier, _) => {
                        walk.path_into(cursor, path);
                    }
                    _ => {}
                });
            }
            Kind::BracketedType => {
                let mut self_type = None;
                let mut of_trait = None;
                self.nodes(cursor, |walk, cursor, kind| {
                    if kind == Kind::QualifiedType {
                        walk.children(cursor, |walk, cursor, _, field| match field {
                            Field::Type => self_type = Some(walk.ty(cursor)),
                            Field::Alias => of_trait = Some(walk.ty(cursor)),
                            _ => {}
                        });
                    } else if kind.is_named() {
                        self_type = Some(walk.ty(cursor));
                    }
                });
                if let Some(self_type) = self_type {
                    path.root = PathRoot::Qualified(self_type, of_trait);
                }
            }
            // A path that goes on from a type which is not a path, as in `[T]::len`, is broken source
            // or lies in brackets, which is the case above.
            _ => self.path_segment(cursor),
        }
    }

    fn path_segment(&mut self, cursor: &Cursor<'_>) {
        let at = self.start_of(cursor);
        let name = self.name_at(cursor);
        let (args, bindings) = (List::default(), List::default());
        self.memory.segments.push(PathSegment { name, at, args, bindings });
    }

    /// Type arguments of the last segment.
    fn path_arguments(&mut self, cursor: &mut Cursor<'_>, path: &PathBuilder) {
        let mark = self.memory.scratch.len();
        let mut bindings: Vec<u32> = Vec::new();
        self.nodes(cursor, |walk, cursor, kind| match kind {
            Kind::TypeBinding => {
                let mut name = None;
                let mut ty = None;
                walk.children(cursor, |walk, cursor, _, field| match field {
                    Field::Name => name = Some(walk.name_at(cursor)),
                    Field::Type => ty = Some(walk.ty(cursor)),
                    _ => {}
                });
                if let (Some(name), Some(ty)) = (name, ty) {
                    bindings.extend([name.0, ty.0]);
                }
            }
            Kind::Lifetime => {}
            _ if kind.is_named() && is_type(kind) => {
                let ty = walk.ty(cursor);
                walk.memory.scratch.push(ty.0);
            }
            _ => {}
        });
        self.set_arguments(path, mark, &bindings);
    }

    /// `Fn(A, B) -> C` as arguments of the last segment.
    pub(super) fn set_function_arguments(
        &mut self,
        path: &PathBuilder,
        params: TypeIdx,
        result: Option<TypeIdx>,
    ) {
        let mark = self.memory.scratch.len();
        self.memory.scratch.push(params.0);
        let output = self.synthetic_name("Output");
        match result {
            Some(result) => self.set_arguments(path, mark, &[output.0, result.0]),
            None => self.set_arguments(path, mark, &[]),
        }
    }

    /// Gives the last segment the arguments in the scratch list behind `mark`.
    fn set_arguments(&mut self, path: &PathBuilder, mark: usize, bindings: &[u32]) {
        let args = self.list_from(mark);
        self.memory.scratch.extend_from_slice(bindings);
        let bindings = self.list_from(mark);
        if let Some(segment) = self.memory.segments[path.mark..].last_mut() {
            segment.args = args;
            segment.bindings = bindings;
        }
    }
}

/// Whether a type argument of this kind is a type and not a constant.
fn is_type(kind: Kind) -> bool {
    !matches!(
        kind,
        Kind::IntegerLiteral
            | Kind::BooleanLiteral
            | Kind::CharLiteral
            | Kind::StringLiteral
            | Kind::FloatLiteral
            | Kind::Block
            | Kind::LineComment
            | Kind::BlockComment
    )
}
