//! Declarators: what stands around a name to say what it is.

use tree_sitter::Node;

use super::Walk;

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
                    found.function = Some(node);
                    next = inner;
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

fn last_child(node: Node<'_>) -> Option<Node<'_>> {
    let count = u32::try_from(node.named_child_count()).ok()?;
    node.named_child(count.checked_sub(1)?)
}
