//! Declarators: what stands around a name to say what it is.

use tree_sitter::Node;

use super::Walk;

/// Words that are no names, where a text that does not parse can put them in the place of one.
const KEYWORDS: [&str; 20] = [
    "__attribute__",
    "bool",
    "char",
    "do",
    "double",
    "else",
    "float",
    "for",
    "if",
    "int",
    "long",
    "return",
    "short",
    "signed",
    "sizeof",
    "switch",
    "unsigned",
    "void",
    "wchar_t",
    "while",
];

/// A declarator taken apart.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Declarator<'n> {
    /// The name: an identifier of some kind, qualified or not.
    pub(super) name: Option<Node<'n>>,
    /// The function that it declares; none for a pointer to one.
    pub(super) function: Option<Node<'n>>,
    /// Whether it is a list of what its type says.
    pub(super) is_array: bool,
    /// Whether it points to a function, so that its type is not the one that is written.
    pub(super) is_pointer_to_function: bool,
    /// What the name begins with.
    pub(super) value: Option<Node<'n>>,
}

impl Walk<'_> {
    /// Takes a declarator apart, from the outside to the name.
    pub(super) fn declarator<'n>(&self, node: Node<'n>) -> Declarator<'n> {
        let mut found = Declarator::default();
        let mut next = Some(node);
        while let Some(node) = next {
            let inner = node.child_by_field_name("declarator");
            match node.kind() {
                "init_declarator" => {
                    found.value = node.child_by_field_name("value");
                    next = inner;
                }
                "pointer_declarator" | "pointer_type_declarator" => {
                    found.is_pointer_to_function |= found.function.take().is_some();
                    next = inner.or_else(|| last_child(node));
                }
                "reference_declarator" | "variadic_declarator" | "parenthesized_declarator" => {
                    next = inner.or_else(|| last_child(node));
                }
                "attributed_declarator" => next = node.named_child(0),
                "array_declarator" => {
                    found.is_array = true;
                    next = inner;
                }
                "function_declarator" => {
                    // Behind a macro, `MY_API int (name)(int a)` reads like a function `int` of a `name`.
                    let is_misread = |inner: &Node<'_>| inner.kind() == "function_declarator";
                    if let Some(name) = inner.filter(is_misread).and_then(|inner| self.misread(inner)) {
                        found.function = Some(node);
                        found.name = Some(name);
                        return found;
                    }
                    found.function = Some(node);
                    next = inner;
                }
                "identifier" | "field_identifier" | "type_identifier" | "primitive_type"
                    if found.function.is_some() && KEYWORDS.contains(&self.text_of(node)) =>
                {
                    // A word of the language is nobody's name: what is read here does not parse.
                    return Declarator { function: None, ..found };
                }
                "identifier"
                | "field_identifier"
                | "type_identifier"
                | "primitive_type"
                | "qualified_identifier"
                | "destructor_name"
                | "operator_name"
                | "operator_cast"
                | "template_function"
                | "template_method" => {
                    found.name = Some(node);
                    return found;
                }
                _ => return found,
            }
        }
        found
    }
}

impl Walk<'_> {
    /// The name in the parentheses behind a type that was taken for one.
    fn misread<'n>(&self, function: Node<'n>) -> Option<Node<'n>> {
        let named = function.child_by_field_name("declarator")?;
        let params = function.child_by_field_name("parameters")?;
        let only = params.named_child(0).filter(|_| params.named_child_count() == 1)?;
        let name = only.child_by_field_name("type").filter(|name| name.kind() == "type_identifier")?;
        KEYWORDS.contains(&self.text_of(named)).then_some(name)
    }
}

fn last_child(node: Node<'_>) -> Option<Node<'_>> {
    let count = u32::try_from(node.named_child_count()).ok()?;
    node.named_child(count.checked_sub(1)?)
}
