//! A store that the first version wrote (`fixtures/foundations-1.db`, by `aether index` of commit 3368d13 over the
//! files below) opens, is read as it is, and is brought up to date.

use aether_bindings::engine::{Engine, EngineOptions, Ports, StoreOptions};
use aether_core::base::{ErrorCode, Sha256Hash};
use aether_core::code::{SearchMode, SearchQuery};

use crate::support::{Repo, update};

const STORE: &[u8] = include_bytes!("../fixtures/foundations-1.db");

const FILES: [(&str, &str); 3] = [
    ("Cargo.toml", "[package]\nname = \"demo\"\nedition = \"2024\"\n"),
    (
        "src/lib.rs",
        "//! A store of the first version was made of these two files.\n\nmod shapes;\n\n/// The area of all shapes.\npub fn total_area(shapes: &[shapes::Circle]) -> f64 {\n    shapes.iter().map(shapes::Circle::area).sum()\n}\n\n#[cfg(test)]\nmod tests {\n    #[test]\n    fn nothing_has_no_area() {\n        assert_eq!(super::total_area(&[]), 0.0);\n    }\n}\n",
    ),
    (
        "src/shapes.rs",
        "/// A circle.\npub struct Circle {\n    radius: f64,\n}\n\nimpl Circle {\n    /// What it covers.\n    pub fn area(&self) -> f64 {\n        square(self.radius) * std::f64::consts::PI\n    }\n}\n\nfn square(value: f64) -> f64 {\n    value * value\n}\n",
    ),
];

#[test]
fn a_store_of_the_first_version_is_read_and_brought_up_to_date() {
    let repo = Repo::new(&FILES);
    let path = repo.path(".aether/aether.db");
    std::fs::create_dir(repo.path(".aether")).unwrap();
    std::fs::write(&path, STORE).unwrap();
    let open = |options: &StoreOptions| {
        Engine::open(EngineOptions::new(repo.root()), Ports::at_path(&path, options).unwrap()).unwrap()
    };

    // For reading only, it is what it was.
    let reader = open(&StoreOptions::default().with_read_only());
    let square = reader.select("square").unwrap();
    let callers = reader.callers(square.id, Default::default()).unwrap().result;
    assert_eq!(callers.edges[0].src_qualified_name, "demo::shapes::Circle::area");
    let found = reader.search(&SearchQuery::parse("area", 5), SearchMode::Hybrid).unwrap().result;
    assert_eq!(found.fallback_reason.as_deref(), Some("no_vectors"));
    let error = reader.refresh_records().unwrap_err();
    assert_eq!(*error.code(), ErrorCode::STORE_IO, "{error}");
    drop(reader);
    assert_eq!(Sha256Hash::of(&std::fs::read(&path).unwrap()), Sha256Hash::of(STORE));

    let engine = open(&StoreOptions::default());
    update(&engine);
    assert_eq!(engine.select("square").unwrap().id, square.id, "ids are those of the first version");
    let record = engine.sir(square.id).unwrap().result.record.unwrap();
    assert_eq!(record.sir.unwrap().outputs, ["f64"]);
    engine.refresh_records().unwrap();
    engine.refresh_vectors().unwrap();
    assert_eq!(
        engine.search(&SearchQuery::parse("circle", 5), SearchMode::Hybrid).unwrap().result.fallback_reason,
        None
    );
    assert_eq!(engine.digest().unwrap(), repo.engine().digest().unwrap(), "as an index from nothing");
}
