//! Which headers are C++, by their text.

/// Whether the text of a header can only be C++: a line begins as none of C does. What stands under
/// `#ifdef __cplusplus` is for both, and comments say nothing.
pub(super) fn is_cpp_text(text: &str) -> bool {
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
