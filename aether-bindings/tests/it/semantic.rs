//! Search by meaning.

use std::sync::Arc;

use aether_bindings::engine::{Engine, EngineOptions, Ports, StoreOptions};
use aether_core::code::{SearchAnswer, SearchMode, SearchQuery};
use aether_core::port::{Embedder, Store, VectorStore as _};
use aether_model::HashedWords;
use aether_store::SqliteStore;

use crate::support::{Repo, update};

const FILES: [(&str, &str); 3] = [
    ("Cargo.toml", "[package]\nname = \"demo\"\nedition = \"2024\"\n"),
    (
        "src/lib.rs",
        "pub mod net;\npub fn read_config(path: &str) -> String { read_file(path) }\nfn read_file(path: &str) -> String { std::fs::read_to_string(path).unwrap_or_default() }\n\
         pub fn parse_arg(text: &str) -> u8 { text.len() as u8 }\npub fn parse_argument_list(text: &str) -> u8 { parse_arg(text) }\n",
    ),
    (
        "src/net.rs",
        "pub fn send_packet(data: &[u8]) -> usize { data.len() }\npub fn receive_packet() -> Vec<u8> { Vec::new() }\npub fn open_socket(port: u16) -> u16 { port }\n",
    ),
];

fn search(engine: &Engine, text: &str, mode: SearchMode) -> SearchAnswer {
    engine.search(&SearchQuery::parse(text, 5), mode).unwrap().result
}

fn names(answer: &SearchAnswer) -> Vec<&str> {
    answer.hits.iter().map(|hit| hit.qualified_name.rsplit("::").next().unwrap()).collect()
}

#[test]
fn meaning_finds_what_words_alone_do_not() {
    let engine = Repo::new(&FILES).engine();
    let early = search(&engine, "read", SearchMode::Hybrid);
    assert_eq!(
        (early.mode_used, early.fallback_reason.as_deref()),
        (SearchMode::Lexical, Some("no_vectors"))
    );
    let summary = engine.refresh_vectors().unwrap().result;
    assert!(summary.has_learned && summary.vectors == 7 && summary.written == 7, "{summary:?}");
    // `configuration` stands nowhere.
    assert!(names(&search(&engine, "configurations", SearchMode::Lexical)).is_empty());
    let found = search(&engine, "configurations", SearchMode::Semantic);
    assert_eq!((found.mode_used, found.fallback_reason.as_deref()), (SearchMode::Semantic, None));
    assert_eq!(names(&found)[0], "read_config");
    assert!(found.hits[0].score > 0.1 && found.hits[0].score <= 1.0, "{}", found.hits[0].score);
    let both = search(&engine, "arguments of a list", SearchMode::Hybrid);
    assert_eq!(names(&both)[..2], ["parse_argument_list", "parse_arg"]);
}

#[test]
fn filters_and_limits_hold_for_meaning_too() {
    let engine = Repo::new(&FILES).engine();
    engine.refresh_vectors().unwrap();
    let found = search(&engine, "packet path:net.rs", SearchMode::Semantic);
    assert!(found.hits.len() <= 5 && found.hits.iter().all(|hit| hit.file.as_str() == "src/net.rs"));
    assert_eq!(found.hits.len(), 3);
    let one = engine.search(&SearchQuery::parse("packet", 1), SearchMode::Hybrid).unwrap().result;
    assert_eq!(one.hits.len(), 1);
    let none = search(&engine, "packet kind:struct", SearchMode::Semantic);
    assert!(none.hits.is_empty());
    for (text, reason) in [("kind:function", "no_words"), ("zanzibar", "unknown_words")] {
        let answer = search(&engine, text, SearchMode::Semantic);
        assert_eq!(answer.fallback_reason.as_deref(), Some(reason), "{text}");
        assert_eq!(answer.mode_requested, SearchMode::Semantic);
    }
}

#[test]
fn vectors_follow_their_symbols_and_outlive_the_engine() {
    let repo = Repo::new(&FILES);
    let path = repo.root().join("store.db");
    let open = || {
        let ports = Ports::at_path(&path, &StoreOptions::default()).unwrap();
        Engine::open(EngineOptions::new(repo.root()), ports).unwrap()
    };
    let engine = open();
    update(&engine);
    engine.refresh_vectors().unwrap();
    let before = search(&engine, "sends packets", SearchMode::Semantic);
    drop(engine);
    let engine = open();
    assert_eq!(search(&engine, "sends packets", SearchMode::Semantic), before);
    let same = engine.refresh_vectors().unwrap().result;
    assert_eq!((same.vectors, same.written, same.has_learned), (7, 0, false));

    // One of seven is another: what was learned stays.
    repo.write(
        "src/net.rs",
        &FILES[2]
            .1
            .replace("open_socket(port: u16)", "open_socket(packet: u16)")
            .replace("{ port }", "{ packet }"),
    );
    update(&engine);
    let stale = search(&engine, "packets", SearchMode::Hybrid);
    assert_eq!(stale.fallback_reason.as_deref(), Some("stale_vectors"));
    let one = engine.refresh_vectors().unwrap().result;
    assert_eq!((one.vectors, one.written, one.has_learned), (7, 1, false), "{one:?}");
    // Another one, and a quarter is another.
    repo.write(
        "src/lib.rs",
        &FILES[1]
            .1
            .replace("fn read_file(path", "fn read_bytes(path")
            .replace("read_file(path) }", "read_bytes(path) }"),
    );
    update(&engine);
    let renamed = engine.refresh_vectors().unwrap().result;
    assert!(renamed.has_learned && renamed.vectors == 7, "{renamed:?}");
    let found = search(&engine, "read bytes", SearchMode::Semantic);
    assert!(
        names(&found).contains(&"read_bytes") && !names(&found).contains(&"read_file"),
        "{:?}",
        names(&found)
    );
    repo.remove("src/net.rs");
    update(&engine);
    engine.refresh_vectors().unwrap();
    assert!(
        search(&engine, "packet", SearchMode::Semantic)
            .hits
            .iter()
            .all(|hit| hit.file.as_str() == "src/lib.rs")
    );
}

/// Counts vowels, which tells `socket` from `packet`.
#[derive(Debug)]
struct Vowels(&'static str);

impl Embedder for Vowels {
    fn provider(&self) -> &str {
        "vowels"
    }
    fn model(&self) -> String {
        self.0.to_owned()
    }
    fn dimensions(&self) -> usize {
        5
    }
    fn embed(&self, text: &str) -> Vec<f32> {
        "aeiou".chars().map(|vowel| text.matches(vowel).count() as f32).collect()
    }
}

#[test]
fn the_embedder_can_be_chosen_and_another_model_makes_all_vectors_anew() {
    let repo = Repo::new(&FILES);
    let store = Arc::new(SqliteStore::open_in_memory().unwrap());
    let open = |embedder: Option<Arc<dyn Embedder>>| {
        let mut ports = Ports::new(Arc::clone(&store) as Arc<dyn Store>);
        if let Some(embedder) = embedder {
            ports = ports.with_embedder(embedder);
        }
        let engine = Engine::open(EngineOptions::new(repo.root()), ports).unwrap();
        update(&engine);
        engine
    };
    let latent = open(None);
    latent.refresh_vectors().unwrap();
    let first = open(Some(Arc::new(Vowels("1"))));
    let early = search(&first, "packet", SearchMode::Semantic);
    assert_eq!(early.fallback_reason.as_deref(), Some("no_vectors"), "vectors of another space do not count");
    let made = first.refresh_vectors().unwrap().result;
    assert_eq!((made.vectors, made.written, made.has_learned), (7, 7, false));
    assert_eq!(first.refresh_vectors().unwrap().result.written, 0);
    let found = search(&first, "zzz ooo", SearchMode::Semantic);
    assert_eq!((found.mode_used, names(&found)[0]), (SearchMode::Semantic, "open_socket"));
    assert_eq!(search(&first, "zzz", SearchMode::Semantic).fallback_reason.as_deref(), Some("unknown_words"));

    let second = open(Some(Arc::new(Vowels("2"))));
    assert_eq!(second.refresh_vectors().unwrap().result.written, 7);
    assert_eq!(store.vector_spaces().unwrap(), ["latent 2", "vowels 2"], "those of the earlier model went");
    assert_eq!(search(&latent, "packets", SearchMode::Semantic).fallback_reason, None);
    let hashed = open(Some(Arc::new(HashedWords)));
    hashed.refresh_vectors().unwrap();
    assert_eq!(
        names(&search(&hashed, "parsing an argument list", SearchMode::Hybrid))[0],
        "parse_argument_list"
    );
}

#[test]
fn what_only_words_found_is_asked_how_alike_it_is() {
    // More functions than are fused are nearer than these two, which have the word.
    let near: String = (0..260).map(|number| format!("pub fn aaa{number}() {{}}\n")).collect();
    let text = format!("{near}pub fn qqq_wo() {{}}\npub fn qqq_wa() {{}}\n");
    let repo = Repo::new(&[("src/lib.rs", &text)]);
    let ports = Ports::in_memory().unwrap().with_embedder(Arc::new(Vowels("1")));
    let engine = Engine::open(EngineOptions::new(repo.root()), ports).unwrap();
    update(&engine);
    engine.refresh_vectors().unwrap();
    let both = |words: &str| {
        let found = search(&engine, words, SearchMode::Hybrid);
        (names(&found)[0].to_owned(), names(&found)[1].to_owned())
    };
    let pair = |first: &str, second: &str| (first.to_owned(), second.to_owned());
    assert_eq!(both("qqq aaaaaaaa"), pair("qqq_wa", "qqq_wo"));
    // The other way round all the same: not an accident of their order.
    let other = text.replace("fn aaa", "fn ooo");
    repo.write("src/lib.rs", &other);
    update(&engine);
    engine.refresh_vectors().unwrap();
    assert_eq!(both("qqq oooooooo"), pair("qqq_wo", "qqq_wa"));
}
