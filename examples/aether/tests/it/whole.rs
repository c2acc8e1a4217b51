//! `graph communities|hotspots|dead`.

use serde_json::{Value, json};

use crate::support::{Repo, texts};

fn names(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|it| it["symbol"]["qualified_name"].as_str().unwrap()).collect()
}

#[test]
fn dead_code_is_told_with_its_reason() {
    let repo = Repo::new();
    repo.append("app/src/main.rs", "\nfn lost() {\n    alone();\n}\n\nfn alone() {}\n");
    let answer = repo.json(&["graph", "dead"]);
    assert_eq!(names(&answer["dead"]), ["app::alone", "app::lost"], "{answer}");
    let mut alone = answer["dead"][0].clone();
    let symbol = alone["symbol"].take();
    assert_eq!((&symbol["file"], &symbol["name_line"]), (&json!("app/src/main.rs"), &json!(24)));
    assert_eq!(alone["used_by"].take()["qualified_name"], "app::lost");
    let expected = json!({
        "symbol": null,
        "reason": "only used by unused code: app::lost",
        "used_by": null,
        "confidence": 0.9,
        "unresolved_calls": 0,
        "is_mentioned": false,
        "is_conditional": false,
        "is_exported": false,
    });
    assert_eq!(alone, expected);
    assert_eq!(answer["dead"][1]["reason"], "nothing calls it");
    // `new` is also the name of a method.
    assert_eq!((&answer["total"], &answer["doubtful"]), (&json!(2), &json!(1)));
    assert_eq!(answer["has_more"], false);

    let maybe = repo.json(&["graph", "dead", "--maybe"]);
    assert_eq!(names(&maybe["dead"]), ["app::alone", "app::lost", "app::new"]);
    assert_eq!(maybe["dead"][2]["reason"], "nothing calls it; its name is mentioned elsewhere");
    let cut = repo.json(&["graph", "dead", "--limit", "1"]);
    assert_eq!((names(&cut["dead"]), &cut["has_more"]), (vec!["app::alone"], &json!(true)));
    let sure = repo.json(&["graph", "dead", "--min-confidence", "0.95"]);
    assert_eq!((names(&sure["dead"]), &sure["doubtful"]), (vec![], &json!(3)));

    let human = repo.aether(&["graph", "dead"]).exits(0).stdout;
    let expected = "\
2 symbols seem to be unused

app/src/main.rs:24  function  app::alone  only used by unused code: app::lost
app/src/main.rs:20  function  app::lost   nothing calls it

1 more symbol may be unused; --maybe lists what is less sure

";
    assert!(human.starts_with(expected), "{human}");
}

#[test]
fn what_is_public_is_dead_when_that_is_asked_for() {
    let repo = Repo::new();
    assert_eq!(names(&repo.json(&["graph", "dead"])["dead"]), [""; 0]);
    let answer = repo.json(&["graph", "dead", "--public"]);
    // The two call each other and nobody else calls them.
    assert_eq!(names(&answer["dead"]), ["shapes::area::is_even", "shapes::area::is_odd"], "{answer}");
    assert_eq!(answer["dead"][0]["is_exported"], true);
    assert_eq!(answer["dead"][0]["confidence"], 0.7);
}

#[test]
fn communities_have_names_and_central_members() {
    let repo = Repo::new();
    let answer = repo.json(&["graph", "communities"]);
    let communities = answer["communities"].as_array().unwrap();
    assert!(!communities.is_empty(), "{answer}");
    let sizes: Vec<u64> = communities.iter().map(|it| it["size"].as_u64().unwrap()).collect();
    assert!(sizes.is_sorted_by(|a, b| a >= b), "{answer}");
    let members: u64 = sizes.iter().sum();
    assert_eq!(members + answer["alone"].as_u64().unwrap(), answer["symbols"].as_u64().unwrap());
    assert!(answer["modularity"].as_f64().unwrap() > 0.2, "{answer}");
    let numbers = communities.iter().find(|it| it["size"] == 2 && it["cohesion"] == 1.0).unwrap();
    assert_eq!(texts(&numbers["central"], "name"), ["is_even", "is_odd"]);
    assert_eq!((&numbers["edges_inside"], &numbers["edges_leaving"]), (&json!(2), &json!(0)));
    assert_eq!(numbers["members"].as_array().unwrap().len(), 2);
    assert_eq!(repo.json(&["graph", "communities"])["communities"], answer["communities"]);

    let cut = repo.json(&["graph", "communities", "--limit", "1"]);
    assert_eq!(cut["communities"].as_array().unwrap().len(), 1);
    assert_eq!(cut["has_more"], communities.len() > 1);
    let human = repo.aether(&["graph", "communities"]).exits(0).stdout;
    assert!(human.contains(" symbols, modularity "), "{human}");
    assert!(human.contains("2 symbols, 2 edges inside, 0 leaving, cohesion 1.00:\n"), "{human}");
}

#[test]
fn tests_take_part_when_asked() {
    let repo = Repo::new();
    let symbols = |arguments: &[&str]| repo.json(arguments)["symbols"].as_u64().unwrap();
    let without = symbols(&["graph", "communities"]);
    assert_eq!(symbols(&["graph", "communities", "--tests"]), without + 1);
}

#[test]
fn hotspots_are_what_is_called_where_there_is_no_history() {
    let repo = Repo::new();
    let answer = repo.json(&["graph", "hotspots", "--limit", "3"]);
    assert_eq!((&answer["churn_known"], &answer["has_more"]), (&json!(false), &json!(true)));
    let hotspots = answer["hotspots"].as_array().unwrap();
    assert_eq!(hotspots.len(), 3, "{answer}");
    let scores: Vec<f64> = hotspots.iter().map(|it| it["score"].as_f64().unwrap()).collect();
    assert!(scores.is_sorted_by(|a, b| a >= b), "{answer}");
    assert!(hotspots.iter().all(|it| it["churn"] == 0 && it["score"] == it["centrality"]), "{answer}");
    let human = repo.aether(&["graph", "hotspots"]).exits(0).stdout;
    assert!(human.contains(" hotspots, by what leads to them alone: there is no git history\n"), "{human}");
}
