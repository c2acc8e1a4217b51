//! Any text as a file of each language: no panic, and facts that hold.
#![no_main]

use aether_core::base::{ByteSpan, IndexLimits};
use aether_index::{C, Cpp, Go, Java, JavaScript, Language, Python, TypeScript};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((&first, rest)) = data.split_first() else { return };
    let Ok(text) = std::str::from_utf8(rest) else { return };
    let languages: [(&dyn Language, &str); 8] = [
        (&C, "a.c"),
        (&Cpp, "a.cc"),
        (&Go, "a.go"),
        (&Java, "A.java"),
        (&JavaScript, "a.jsx"),
        (&Python, "a.py"),
        (&TypeScript, "a.ts"),
        (&TypeScript, "a.tsx"),
    ];
    let (language, name) = languages[usize::from(first) % languages.len()];
    let mut limits = IndexLimits::default();
    limits.max_depth = 1 + u32::from(first / 8);
    let facts = language.walker().walk(name, text, &limits);
    facts.validate().expect("facts that hold");
    for symbol in &facts.symbols {
        check(symbol.span, text);
        check(symbol.name_span, text);
    }
    facts.diagnostics.iter().for_each(|found| check(found.span, text));
    let length: u64 = facts.line_lengths.iter().map(|&length| u64::from(length)).sum();
    assert_eq!(length, text.len() as u64, "lines make up the text");
});

fn check(span: ByteSpan, text: &str) {
    assert!(span.slice(text).is_some(), "{span:?} does not lie in the text at characters");
}
