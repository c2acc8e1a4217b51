//! What an answer depends on, as numbers that mean the same in every program.
//!
//! Two dependencies of one number only cost a needless look.

/// Whether `key` is in a sorted list. Keys are spread evenly, so its place is near its share of the
/// list: few of the many lists that a change is looked up in are touched at more than one place.
pub(crate) fn is_among(sorted: &[u32], key: u32) -> bool {
    let guess = (u64::from(key) * sorted.len() as u64) >> 32;
    let (before, behind) = sorted.split_at(guess as usize);
    if behind.first().is_some_and(|&first| first <= key) {
        has(behind.iter(), key, std::cmp::Ordering::Less)
    } else {
        has(before.iter().rev(), key, std::cmp::Ordering::Greater)
    }
}

/// Goes along `keys` as long as they lie on the side of `key` that they begin on.
fn has<'k>(mut keys: impl Iterator<Item = &'k u32>, key: u32, side: std::cmp::Ordering) -> bool {
    keys.find(|found| (*found).cmp(&key) != side).is_some_and(|&found| found == key)
}

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

#[cfg(test)]
mod tests {
    use super::is_among;

    #[test]
    fn keys_are_found_wherever_they_lie() {
        let even: Vec<u32> = (0..1000_u32).map(|number| number.wrapping_mul(0x9e37_79b1)).collect();
        let crowded: Vec<u32> = (0..100).chain([u32::MAX - 1, u32::MAX]).collect();
        for mut keys in [even, crowded, Vec::new(), vec![7], vec![0, 0, 9, 9]] {
            keys.sort_unstable();
            let near = keys.iter().flat_map(|&key| [key.wrapping_sub(1), key, key.wrapping_add(1)]);
            for key in near.chain([0, 1, 1 << 31, u32::MAX]) {
                assert_eq!(is_among(&keys, key), keys.contains(&key), "{key} in {} keys", keys.len());
            }
        }
    }
}
