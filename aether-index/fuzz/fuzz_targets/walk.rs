//! Walks of all languages: facts fit together, and what they point to lies in the text.
#![no_main]

use std::cell::RefCell;

use aether_core::base::IndexLimits;
use aether_index::{C, Cpp, Go, Java, JavaScript, Language, Python, TypeScript, Walker};
use libfuzzer_sys::fuzz_target;

thread_local! {
    static WALKERS: RefCell<Vec<(Box<dyn Walker>, &'static str)>> = RefCell::new(vec![
        (C.walker(), "a.c"),
        (Cpp.walker(), "a.cc"),
        (Go.walker(), "a.go"),
        (Java.walker(), "A.java"),
        (JavaScript.walker(), "a.jsx"),
        (Python.walker(), "a.py"),
        (TypeScript.walker(), "a.ts"),
        (TypeScript.walker(), "a.tsx"),
    ]);
}

fuzz_target!(|input: &[u8]| {
    let Some((&which, bytes)) = input.split_first() else { return };
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let mut limits = IndexLimits::default();
    (limits.max_depth, limits.max_expressions) = (64, 10_000);
    WALKERS.with_borrow_mut(|walkers| {
        let count = walkers.len();
        let (walker, name) = &mut walkers[which as usize % count];
        let facts = walker.walk(name, text, &limits);
        assert_eq!(facts.validate(), Ok(()));
        for symbol in &facts.symbols {
            assert!(symbol.span.slice(text).is_some() && symbol.name_span.slice(text).is_some());
        }
        for diagnostic in &facts.diagnostics {
            assert!(diagnostic.span.slice(text).is_some());
        }
    });
});
