//! Paths, in types and expressions alike.

use aether_core::code::facts::{List, PathFact, PathRoot, PathSegment, TypeIdx};
use tree_sitter::TreeCursor;

use super::{Field, Kind, Walk};

/// A path while it is read: outer segments are known before inner ones.
#[derive(Default)]
pub(super) struct PathBuilder {
    root: PathRoot,
    segments: Vec<PathSegment>,
}

impl PathBuilder {
    /// The byte of the last segment's name.
    pub(super) fn at(&self) -> u32 {
        self.segments.last().map_or(0, |segment| segment.at)
    }
}

impl Walk<'_, '_> {
    /// Reads the path at the cursor and stores it.
    pub(super) fn path(&mut self, cursor: &mut TreeCursor<'_>) -> (u32, u32) {
        let mut builder = PathBuilder::default();
        self.path_into(cursor, &mut builder);
        let at = if builder.segments.is_empty() { self.start_of(cursor) } else { builder.at() };
        (self.push_path(builder), at)
    }

    pub(super) fn push_path(&mut self, builder: PathBuilder) -> u32 {
        let start = self.facts.segments.len() as u32;
        let len = builder.segments.len() as u32;
        self.facts.segments.extend(builder.segments);
        self.facts.paths.push(PathFact { root: builder.root, segments: List { start, len } });
        self.facts.paths.len() as u32 - 1
    }

    pub(super) fn path_into(&mut self, cursor: &mut TreeCursor<'_>, path: &mut PathBuilder) {
        match self.syntax.kind(cursor) {
            Kind::ScopedIdentifier | Kind::ScopedTypeIdentifier => {
                let mut has_prefix = false;
                self.children(cursor, |walk, cursor, _, field| match field {
                    Field::Path => {
                        has_prefix = true;
                        walk.path_into(cursor, path);
                    }
                    Field::Name => {
                        if !has_prefix {
                            path.root = PathRoot::Global;
                        }
                        walk.path_segment(cursor, path);
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
                self.children(cursor, |walk, cursor, kind, _| {
                    if kind == Kind::QualifiedType {
                        walk.children(cursor, |walk, cursor, _, field| match field {
                            Field::Type => self_type = Some(walk.ty(cursor)),
                            Field::Alias => of_trait = Some(walk.ty(cursor)),
                            _ => {}
                        });
                    } else if cursor.node().is_named() {
                        self_type = Some(walk.ty(cursor));
                    }
                });
                if let Some(self_type) = self_type {
                    path.root = PathRoot::Qualified(self_type, of_trait);
                }
            }
            // A path that goes on from a type which is not a path, as in `[T]::len`, is broken source
            // or lies in brackets, which is the case above.
            _ => self.path_segment(cursor, path),
        }
    }

    fn path_segment(&mut self, cursor: &TreeCursor<'_>, path: &mut PathBuilder) {
        let at = self.start_of(cursor);
        let name = self.name_at(cursor);
        path.segments.push(PathSegment { name, at, args: List::default(), bindings: List::default() });
    }

    /// Type arguments of the last segment.
    fn path_arguments(&mut self, cursor: &mut TreeCursor<'_>, path: &mut PathBuilder) {
        let mut args: Vec<u32> = Vec::new();
        let mut bindings: Vec<u32> = Vec::new();
        self.children(cursor, |walk, cursor, kind, _| match kind {
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
            _ if cursor.node().is_named() && is_type(kind) => args.push(walk.ty(cursor).0),
            _ => {}
        });
        self.set_arguments(path, args, bindings);
    }

    /// `Fn(A, B) -> C` as arguments of the last segment.
    pub(super) fn set_function_arguments(
        &mut self,
        path: &mut PathBuilder,
        params: TypeIdx,
        result: Option<TypeIdx>,
    ) {
        let output = self.synthetic_name("Output");
        let bindings = result.map_or_else(Vec::new, |result| vec![output.0, result.0]);
        self.set_arguments(path, vec![params.0], bindings);
    }

    fn set_arguments(&mut self, path: &mut PathBuilder, args: Vec<u32>, bindings: Vec<u32>) {
        let mark = self.scratch.len();
        self.scratch.extend(args);
        let args = self.list_from(mark);
        self.scratch.extend(bindings);
        let bindings = self.list_from(mark);
        if let Some(segment) = path.segments.last_mut() {
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
