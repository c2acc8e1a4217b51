//! Which files are included, and which headers are C++.

use std::cmp::Reverse;

use aether_core::base::RelPath;

use crate::language::{Files, Module};

/// The file that an include means: the one at that place from the folder of the file, else of those
/// whose path ends so the one that has most folders in common with the file.
///
/// Which folders a compiler searches is not known without its command line. A name without a folder in
/// angle brackets is only taken for one of the repository where it lies in a folder for headers.
pub(in crate::languages) fn included(
    from: &RelPath,
    segments: &[&str],
    is_global: bool,
    files: &mut dyn Files,
) -> Option<Module> {
    let name = *segments.last()?;
    let found = files.with_name(name);
    if found.is_empty() {
        return None;
    }
    if let Some(path) = relative(from, segments).filter(|path| !is_global && found.contains(path)) {
        return Some(Module::of(vec![path]));
    }
    let wanted: Vec<&str> =
        segments.iter().copied().filter(|segment| !matches!(*segment, "." | "..")).collect();
    let is_it = |path: &&RelPath| {
        let folders: Vec<&str> = path.as_str().split('/').collect();
        let is_public = || folders.iter().any(|folder| matches!(*folder, "include" | "includes" | "inc"));
        folders.ends_with(&wanted) && (!is_global || wanted.len() > 1 || is_public())
    };
    let nearest = found.iter().filter(is_it).min_by_key(|path| {
        let shared = path.as_str().split('/').zip(from.as_str().split('/')).take_while(|(a, b)| a == b);
        (Reverse(shared.count()), path.as_str().len(), (*path).clone())
    });
    nearest.map(|path| Module::of(vec![path.clone()]))
}

/// The place of an include from the folder of the file.
fn relative(from: &RelPath, segments: &[&str]) -> Option<RelPath> {
    let mut place = from.parent();
    for &segment in segments {
        place = match segment {
            "." => place,
            ".." if place.as_str().is_empty() => return None,
            ".." => place.parent(),
            name => place.join(name).ok()?,
        };
    }
    Some(place)
}

/// Whether the text of a header can only be C++: a line begins as none of C does. What stands under
/// `#ifdef __cplusplus` is for both, and comments say nothing.
pub(in crate::languages) fn is_cpp_text(text: &str) -> bool {
    const STARTS: [&str; 16] = [
        "namespace ",
        "namespace{",
        "class ",
        "template ",
        "template<",
        "using ",
        "public:",
        "private:",
        "protected:",
        "public :",
        "private :",
        "virtual ",
        "explicit ",
        "constexpr ",
        "enum class ",
        "static constexpr ",
    ];
    let mut hidden: Vec<bool> = Vec::new();
    let mut is_comment = false;
    for line in text.lines() {
        let line = line.trim();
        if is_comment {
            is_comment = !line.contains("*/");
            continue;
        }
        if let Some(directive) = line.strip_prefix('#') {
            let directive = directive.trim_start();
            if directive.starts_with("if") {
                hidden.push(directive.contains("__cplusplus") && !directive.starts_with("ifndef"));
            } else if directive.starts_with("else") || directive.starts_with("elif") {
                if let Some(last) = hidden.last_mut() {
                    *last = false;
                }
            } else if directive.starts_with("endif") {
                hidden.pop();
            } else if let Some(header) = directive.strip_prefix("include") {
                // Headers of the library of C++ have no ending.
                let name = header.trim().strip_prefix('<').and_then(|rest| rest.split('>').next());
                if name.is_some_and(|name| !name.contains('.') && !name.contains('/'))
                    && !hidden.contains(&true)
                {
                    return true;
                }
            }
            continue;
        }
        if line.starts_with("//") {
            continue;
        }
        if let Some(comment) = line.strip_prefix("/*") {
            is_comment = !comment.contains("*/");
            continue;
        }
        if !hidden.contains(&true)
            && (STARTS.iter().any(|start| line.starts_with(start)) || line.contains("std::"))
        {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::is_cpp_text;

    #[test]
    fn headers_are_told_apart_by_their_text() {
        for text in [
            "#pragma once\nnamespace a {\n",
            "struct A {\n public:\n  int x;\n};\n",
            "#include <string>\n",
            "#include <stdint.h>\nstatic inline std::string f();\n",
            "template <typename T>\nstruct A;\n",
            "#ifndef __cplusplus\n#error no\n#endif\nclass A;\n",
            "#ifdef __cplusplus\nextern \"C\" {\n#else\nclass B;\n#endif\n",
        ] {
            assert!(is_cpp_text(text), "{text}");
        }
        for text in [
            "",
            "#ifdef __cplusplus\nextern \"C\" {\nclass A;\n#endif\nint f(void);\n",
            "// class A\n/* namespace a {\n class B;\n*/\nstruct class_list;\nint using_it;\n",
            "#include <sys/types.h>\n#include \"x\"\nenum E { A };\n",
        ] {
            assert!(!is_cpp_text(text), "{text}");
        }
    }
}
