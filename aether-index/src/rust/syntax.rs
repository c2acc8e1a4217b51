//! Node kinds and fields of the Rust grammar as numbers: the walk compares integers, not texts.

use std::sync::OnceLock;

use aether_core::code::facts::OperatorKind;
use tree_sitter::{Language, Node, Tree, TreeCursor};

macro_rules! node_kinds {
    ($($kind:ident = $text:literal,)*) => {
        /// The node kinds that the walk tells apart.
        #[derive(Clone, Copy, Debug, Eq, PartialEq)]
        #[repr(u8)]
        pub(super) enum Kind {
            /// A keyword or punctuation.
            Token,
            /// `_`, which the grammar leaves unnamed.
            Underscore,
            /// A named node that the walk does not tell apart.
            Other,
            $($kind,)*
        }

        fn kind_named(text: &str) -> Kind {
            match text {
                $($text => Kind::$kind,)*
                _ => Kind::Other,
            }
        }
    };
}

node_kinds! {
    AbstractType = "abstract_type",
    Arguments = "arguments",
    ArrayExpression = "array_expression",
    ArrayType = "array_type",
    AssignmentExpression = "assignment_expression",
    AssociatedType = "associated_type",
    AsyncBlock = "async_block",
    AttributeItem = "attribute_item",
    AwaitExpression = "await_expression",
    BaseFieldInitializer = "base_field_initializer",
    BinaryExpression = "binary_expression",
    Block = "block",
    BlockComment = "block_comment",
    BooleanLiteral = "boolean_literal",
    BoundedType = "bounded_type",
    BracketedType = "bracketed_type",
    BreakExpression = "break_expression",
    CallExpression = "call_expression",
    CapturedPattern = "captured_pattern",
    CharLiteral = "char_literal",
    ClosureExpression = "closure_expression",
    CompoundAssignmentExpr = "compound_assignment_expr",
    ConstBlock = "const_block",
    ConstItem = "const_item",
    ContinueExpression = "continue_expression",
    Crate = "crate",
    DeclarationList = "declaration_list",
    DynamicType = "dynamic_type",
    EmptyStatement = "empty_statement",
    EnumItem = "enum_item",
    EnumVariant = "enum_variant",
    Error = "ERROR",
    ExpressionStatement = "expression_statement",
    ExternCrateDeclaration = "extern_crate_declaration",
    FieldDeclaration = "field_declaration",
    FieldDeclarationList = "field_declaration_list",
    FieldExpression = "field_expression",
    FieldInitializer = "field_initializer",
    FieldPattern = "field_pattern",
    FloatLiteral = "float_literal",
    ForExpression = "for_expression",
    ForeignModItem = "foreign_mod_item",
    FunctionItem = "function_item",
    FunctionSignatureItem = "function_signature_item",
    FunctionType = "function_type",
    GenericFunction = "generic_function",
    GenericPattern = "generic_pattern",
    GenericType = "generic_type",
    GenericTypeWithTurbofish = "generic_type_with_turbofish",
    HigherRankedTraitBound = "higher_ranked_trait_bound",
    Identifier = "identifier",
    FieldIdentifier = "field_identifier",
    ShorthandFieldIdentifier = "shorthand_field_identifier",
    TypeIdentifier = "type_identifier",
    IfExpression = "if_expression",
    ImplItem = "impl_item",
    IndexExpression = "index_expression",
    InnerAttributeItem = "inner_attribute_item",
    IntegerLiteral = "integer_literal",
    Label = "label",
    LetChain = "let_chain",
    LetCondition = "let_condition",
    LetDeclaration = "let_declaration",
    Lifetime = "lifetime",
    LineComment = "line_comment",
    LoopExpression = "loop_expression",
    MacroDefinition = "macro_definition",
    MacroInvocation = "macro_invocation",
    MatchArm = "match_arm",
    MatchExpression = "match_expression",
    Metavariable = "metavariable",
    ModItem = "mod_item",
    MutPattern = "mut_pattern",
    MutableSpecifier = "mutable_specifier",
    NeverType = "never_type",
    OrPattern = "or_pattern",
    OrderedFieldDeclarationList = "ordered_field_declaration_list",
    Parameter = "parameter",
    ParenthesizedExpression = "parenthesized_expression",
    PointerType = "pointer_type",
    PrimitiveType = "primitive_type",
    QualifiedType = "qualified_type",
    RangeExpression = "range_expression",
    RangePattern = "range_pattern",
    RawStringLiteral = "raw_string_literal",
    RefPattern = "ref_pattern",
    ReferenceExpression = "reference_expression",
    ReferencePattern = "reference_pattern",
    ReferenceType = "reference_type",
    RemainingFieldPattern = "remaining_field_pattern",
    ReturnExpression = "return_expression",
    ScopedIdentifier = "scoped_identifier",
    ScopedTypeIdentifier = "scoped_type_identifier",
    ScopedUseList = "scoped_use_list",
    SelfValue = "self",
    SelfParameter = "self_parameter",
    ShorthandFieldInitializer = "shorthand_field_initializer",
    SlicePattern = "slice_pattern",
    StaticItem = "static_item",
    StringLiteral = "string_literal",
    StructExpression = "struct_expression",
    StructItem = "struct_item",
    StructPattern = "struct_pattern",
    Super = "super",
    TokenTree = "token_tree",
    TraitItem = "trait_item",
    TryBlock = "try_block",
    TryExpression = "try_expression",
    TupleExpression = "tuple_expression",
    TuplePattern = "tuple_pattern",
    TupleStructPattern = "tuple_struct_pattern",
    TupleType = "tuple_type",
    TypeArguments = "type_arguments",
    TypeBinding = "type_binding",
    TypeCastExpression = "type_cast_expression",
    TypeItem = "type_item",
    TypeParameter = "type_parameter",
    UnaryExpression = "unary_expression",
    UnionItem = "union_item",
    UnitExpression = "unit_expression",
    UnitType = "unit_type",
    UnsafeBlock = "unsafe_block",
    UseAsClause = "use_as_clause",
    UseDeclaration = "use_declaration",
    UseList = "use_list",
    UseWildcard = "use_wildcard",
    VisibilityModifier = "visibility_modifier",
    WhereClause = "where_clause",
    WherePredicate = "where_predicate",
    WhileExpression = "while_expression",
}

macro_rules! fields {
    ($($field:ident = $text:literal,)*) => {
        /// The fields that the walk tells apart.
        #[derive(Clone, Copy, Debug, Eq, PartialEq)]
        #[repr(u8)]
        pub(super) enum Field {
            None,
            $($field,)*
        }

        fn field_named(text: &str) -> Field {
            match text {
                $($text => Field::$field,)*
                _ => Field::None,
            }
        }
    };
}

fields! {
    Alias = "alias",
    Alternative = "alternative",
    Argument = "argument",
    Arguments = "arguments",
    Body = "body",
    Bounds = "bounds",
    Condition = "condition",
    Consequence = "consequence",
    DefaultType = "default_type",
    Element = "element",
    Member = "field",
    Function = "function",
    Left = "left",
    Length = "length",
    List = "list",
    Macro = "macro",
    Name = "name",
    Operator = "operator",
    Parameters = "parameters",
    Path = "path",
    Pattern = "pattern",
    ReturnType = "return_type",
    Right = "right",
    Trait = "trait",
    Type = "type",
    TypeArguments = "type_arguments",
    TypeParameters = "type_parameters",
    Value = "value",
}

impl Kind {
    /// Whether the grammar names nodes of this kind.
    pub(super) fn is_named(self) -> bool {
        !matches!(self, Self::Token | Self::Underscore)
    }
}

/// What the numbers of the grammar mean, by number.
struct Tables {
    kinds: Vec<Kind>,
    operators: Vec<OperatorKind>,
    fields: Vec<Field>,
}

fn tables() -> &'static Tables {
    static TABLES: OnceLock<Tables> = OnceLock::new();
    TABLES.get_or_init(|| {
        let language = language();
        let text_of = |id| language.node_kind_for_id(id).unwrap_or("");
        let numbers = 0..language.node_kind_count() as u16;
        let kinds = numbers
            .clone()
            .map(|id| match text_of(id) {
                text if language.node_kind_is_named(id) => kind_named(text),
                "_" => Kind::Underscore,
                _ => Kind::Token,
            })
            .collect();
        let operators = numbers.map(|id| operator_named(text_of(id))).collect();
        let fields = (0..=language.field_count() as u16)
            .map(|id| language.field_name_for_id(id).map_or(Field::None, field_named))
            .collect();
        Tables { kinds, operators, fields }
    })
}

fn operator_named(text: &str) -> OperatorKind {
    match text.trim_end_matches('=') {
        "+" => OperatorKind::Add,
        "-" => OperatorKind::Sub,
        "*" => OperatorKind::Mul,
        "/" => OperatorKind::Div,
        "%" => OperatorKind::Rem,
        "&&" | "||" => OperatorKind::Logic,
        "&" | "|" | "^" => OperatorKind::Bit,
        "<<" | ">>" => OperatorKind::Shift,
        _ => OperatorKind::Compare,
    }
}

/// The grammar.
pub(super) fn language() -> Language {
    tree_sitter_rust::LANGUAGE.into()
}

/// A place in a syntax tree: the cursor of the library, with the node that it is at.
///
/// Each question to the library is a call into C, so what the walk asks of every node is asked once.
pub(super) struct Cursor<'t> {
    inner: TreeCursor<'t>,
    tables: &'static Tables,
    at: Place<'t>,
}

/// A node and its kind.
#[derive(Clone, Copy)]
pub(super) struct Place<'t> {
    node: Node<'t>,
    kind: Kind,
}

impl<'t> Cursor<'t> {
    /// A cursor at the root.
    pub(super) fn new(tree: &'t Tree) -> Self {
        Self { inner: tree.walk(), tables: tables(), at: Place { node: tree.root_node(), kind: Kind::Other } }
    }

    /// The kind of the node.
    pub(super) fn kind(&self) -> Kind {
        self.at.kind
    }

    /// The field of the parent that holds the node.
    pub(super) fn field(&self) -> Field {
        let id = self.inner.field_id().map_or(0, |id| usize::from(id.get()));
        self.tables.fields.get(id).copied().unwrap_or(Field::None)
    }

    /// The operator whose token the node is.
    pub(super) fn operator(&self) -> OperatorKind {
        let id = usize::from(self.at.node.kind_id());
        self.tables.operators.get(id).copied().unwrap_or(OperatorKind::Compare)
    }

    /// First byte of the node.
    pub(super) fn start(&self) -> usize {
        self.at.node.start_byte()
    }

    /// The byte behind the node.
    pub(super) fn end(&self) -> usize {
        self.at.node.end_byte()
    }

    /// Where the cursor is, to come back with [`Cursor::back_to`].
    pub(super) fn place(&self) -> Place<'t> {
        self.at
    }

    /// Goes to the first child; false when there is none.
    pub(super) fn first_child(&mut self) -> bool {
        let has_moved = self.inner.goto_first_child();
        if has_moved {
            self.look();
        }
        has_moved
    }

    /// Goes to the next sibling; false when there is none.
    pub(super) fn next_sibling(&mut self) -> bool {
        let has_moved = self.inner.goto_next_sibling();
        if has_moved {
            self.look();
        }
        has_moved
    }

    /// Goes back to the parent, whose place is `parent`.
    pub(super) fn back_to(&mut self, parent: Place<'t>) {
        self.inner.goto_parent();
        self.at = parent;
    }

    fn look(&mut self) {
        let node = self.inner.node();
        // Of all numbers, only the one that marks an error lies outside the table.
        let kind = self.tables.kinds.get(usize::from(node.kind_id())).copied().unwrap_or(Kind::Error);
        self.at = Place { node, kind };
    }
}
