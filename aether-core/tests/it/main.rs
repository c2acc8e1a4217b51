//! Tests of the contracts through the public interface, one module for each family.

mod anchor;
mod base;
mod config;
mod facts;
mod fixtures;
mod graph;
mod json;
mod lineage;
mod path;
mod query;
mod symbol;
mod time;

#[cfg(feature = "conformance")]
mod conformance;
#[cfg(feature = "schema")]
mod schema;
#[cfg(feature = "proptest1")]
mod strategies;

/// A file that no `mod` names compiles into nothing and passes.
#[test]
fn no_file_is_forgotten() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it");
    let main = std::fs::read_to_string(folder.join("main.rs")).expect("main.rs is this file");
    for entry in std::fs::read_dir(folder).expect("the folder of this file") {
        let name = entry.expect("an entry").file_name().into_string().expect("names are UTF-8");
        if let Some(module) = name.strip_suffix(".rs").filter(|&module| module != "main") {
            assert!(
                main.contains(&format!("\nmod {module};\n")),
                "tests/it/{name} is not a module of main.rs"
            );
        }
    }
}
