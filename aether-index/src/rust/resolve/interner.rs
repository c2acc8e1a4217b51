//! Names as numbers, one number per text for the whole program.

use rustc_hash::FxHashMap;

/// A name.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) struct Sym(pub(crate) u32);

/// All names of a program.
#[derive(Clone, Debug, Default)]
pub(crate) struct Interner {
    numbers: FxHashMap<Box<str>, u32>,
    texts: Vec<(Box<str>, u32)>,
}

impl Interner {
    pub(crate) fn intern(&mut self, text: &str) -> Sym {
        if let Some(&number) = self.numbers.get(text) {
            return Sym(number);
        }
        let number = self.texts.len() as u32;
        self.texts.push((text.into(), name_key(text)));
        self.numbers.insert(text.into(), number);
        Sym(number)
    }

    pub(crate) fn text(&self, sym: Sym) -> &str {
        self.texts.get(sym.0 as usize).map_or("", |(text, _)| text)
    }

    /// The number under which dependencies on this name are stored: the same in every program.
    pub(crate) fn key(&self, sym: Sym) -> u32 {
        self.texts.get(sym.0 as usize).map_or(0, |&(_, key)| key)
    }
}

/// FNV-1a of a name, 32 bits. Two names of one number only cost a needless look.
pub(crate) fn name_key(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}
