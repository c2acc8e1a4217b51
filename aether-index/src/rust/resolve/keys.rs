//! What an answer depends on, as numbers that mean the same in every program.
//!
//! Two dependencies of one number only cost a needless look.

/// A name in a file: its declarations, its imports by name, members included.
pub(crate) fn named(file: u32, name: u32) -> u32 {
    mix(1, file, name)
}

/// The globs and re-exports of a file, and the traits that it declares: what others take from it
/// without naming it.
pub(crate) fn globs(file: u32) -> u32 {
    mix(2, file, 0)
}

/// All imports and traits of a file.
pub(crate) fn imports(file: u32) -> u32 {
    mix(3, file, 0)
}

/// The members of one name of a type's own implementations, by the name of the type.
pub(crate) fn inherent(head: u32, name: u32) -> u32 {
    mix(4, head, name)
}

/// Implementations of a trait for a type.
pub(crate) fn implementation(of_trait: u32, head: u32) -> u32 {
    mix(5, of_trait, head)
}

/// Implementations of a trait for a parameter.
pub(crate) fn blanket(of_trait: u32) -> u32 {
    mix(6, of_trait, 0)
}

/// Members of one name of all traits.
pub(crate) fn trait_member(name: u32) -> u32 {
    mix(7, name, 0)
}

/// Methods of one name of all types.
pub(crate) fn method(name: u32) -> u32 {
    mix(8, name, 0)
}

/// Macros of one name.
pub(crate) fn macros(name: u32) -> u32 {
    mix(9, name, 0)
}

/// Whether there is a file.
pub(crate) fn file(path: u32) -> u32 {
    mix(10, path, 0)
}

/// The files of a folder and below it.
pub(crate) fn folder(path: u32) -> u32 {
    mix(11, path, 0)
}

/// Functions of one name of all files.
pub(crate) fn function(name: u32) -> u32 {
    mix(12, name, 0)
}

/// The files of a package that they name themselves, and of those inside of it.
pub(crate) fn package(name: u32) -> u32 {
    mix(13, name, 0)
}

/// Declarations of one name that stand in no other, of all files.
pub(crate) fn top(name: u32) -> u32 {
    mix(14, name, 0)
}

/// Declarations of one path of names, of all files.
pub(crate) fn path(path: u32) -> u32 {
    mix(15, path, 0)
}

/// The files of a name, wherever they lie.
pub(crate) fn file_name(name: u32) -> u32 {
    mix(16, name, 0)
}

fn mix(kind: u32, a: u32, b: u32) -> u32 {
    let hash = (kind.wrapping_mul(0x9e37_79b1) ^ a).wrapping_mul(0x85eb_ca6b);
    let hash = (hash.rotate_left(13) ^ b).wrapping_mul(0xc2b2_ae35);
    hash ^ (hash >> 16)
}
