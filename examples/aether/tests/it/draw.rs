//! `graph --dot|--svg`.

use serde_json::Value;

use crate::support::{Repo, texts};

/// A drawing with the ids of symbols replaced by their names.
fn named(drawing: &str, answer: &Value) -> String {
    let mut text = drawing.to_owned();
    for symbol in answer["symbols"].as_array().unwrap() {
        let [id, name] = ["id", "qualified_name"].map(|field| symbol[field].as_str().unwrap());
        text = text.replace(id, name);
    }
    text
}

/// A box of an SVG: left, top, width, height.
fn boxes(svg: &roxmltree::Document<'_>) -> Vec<(String, [f64; 4])> {
    let groups = svg.descendants().filter(|node| node.has_tag_name("g"));
    let read = |group: roxmltree::Node<'_, '_>| {
        let child = |name| group.children().find(|child| child.has_tag_name(name)).unwrap();
        let number = |name| child("rect").attribute(name).unwrap().parse::<f64>().unwrap();
        (child("title").text().unwrap().to_owned(), ["x", "y", "width", "height"].map(number))
    };
    groups.map(read).collect()
}

#[test]
fn dot_names_every_symbol_and_call() {
    let repo = Repo::new();
    let answer = repo.json(&["graph", "--dot", "Circle::new"]);
    assert_eq!(answer["format"], "dot");
    let drawing = answer["drawing"].as_str().unwrap();
    let expected = r#"digraph aether {
  rankdir=LR;
  node [shape=box, style=rounded, fontname=monospace];
  "shapes::Circle::new" [label="shapes::Circle\nnew\nshapes/src/lib.rs:15", tooltip="method shapes::Circle::new\nshapes/src/lib.rs:15", style="rounded,bold"];
  "app::main" [label="app\nmain\napp/src/main.rs:6", tooltip="function app::main\napp/src/main.rs:6"];
  "shapes::check_radius" [label="shapes\ncheck_radius\nshapes/src/lib.rs:22", tooltip="function shapes::check_radius\nshapes/src/lib.rs:22"];
  "shapes::Circle::new" -> "shapes::check_radius" [tooltip="check_radius\nshapes/src/lib.rs:16"];
  "app::main" -> "shapes::Circle::new" [tooltip="Circle::new\napp/src/main.rs:7"];
}
"#;
    let mut lines: Vec<&str> = expected.lines().collect();
    let drawn = named(drawing, &answer);
    let mut found: Vec<&str> = drawn.lines().collect();
    assert_eq!(found[3], lines[3], "the symbol that was asked for comes first");
    // Those of one distance come in the order of their ids.
    lines.sort_unstable();
    found.sort_unstable();
    assert_eq!(found, lines);
    let text = repo.aether(&["graph", "--dot", "Circle::new"]).exits(0);
    assert_eq!(text.stdout, drawing);
    assert_eq!(text.stderr, "");
}

#[test]
fn a_picture_goes_as_deep_as_asked() {
    let repo = Repo::new();
    let drawn = |depth: &str| {
        let answer = repo.json(&["graph", "--svg", "square", "--depth", depth]);
        let mut names: Vec<String> =
            texts(&answer["symbols"], "name").into_iter().map(str::to_owned).collect();
        names.sort_unstable();
        names.join(" ")
    };
    assert_eq!(drawn("0"), "square");
    assert_eq!(drawn("1"), "a_square_is_a_product area square");
    assert_eq!(drawn("2"), "a_square_is_a_product area report square");
    assert_eq!(drawn("9"), "a_square_is_a_product area main report square");
}

#[test]
fn svg_places_boxes_apart_and_callers_left_of_callees() {
    let repo = Repo::new();
    let text = repo.aether(&["graph", "--svg", "square", "--depth", "9"]).exits(0).stdout;
    let svg = roxmltree::Document::parse(&text).unwrap();
    let size = ["width", "height"].map(|name| svg.root_element().attribute(name).unwrap().parse().unwrap());
    let found = boxes(&svg);
    assert_eq!(found.len(), 5);
    for (at, (title, [x, y, width, height])) in found.iter().enumerate() {
        assert!(*x > 0.0 && *y > 0.0 && x + width < size[0] && y + height < size[1], "{title} in {size:?}");
        for (other, [left, top, wide, high]) in &found[at + 1..] {
            let is_apart = x + width <= *left || left + wide <= *x || y + height <= *top || top + high <= *y;
            assert!(is_apart, "{title} and {other}");
        }
    }
    let left = |name: &str| {
        found.iter().find(|(title, _)| title.contains(&format!("{name}\n"))).map(|(_, [x, ..])| *x).unwrap()
    };
    assert!(left("app::main") < left("app::report"));
    assert!(left("app::report") < left("::area"));
    assert!(left("::area") < left("square"));
    let calls: Vec<_> = svg.descendants().filter(|node| node.attribute("class") == Some("call")).collect();
    assert_eq!(calls.len(), 4);
    for call in calls {
        assert!(call.attribute("d").unwrap().starts_with('M'), "{call:?}");
        assert!(call.children().any(|child| child.has_tag_name("title")), "{call:?}");
    }
}

#[test]
fn circles_are_drawn() {
    let repo = Repo::new();
    repo.append("shapes/src/area.rs", "\npub fn again(n: u32) { if n > 0 { again(n - 1) } }\n");
    for (symbol, symbols, calls) in [("is_odd", 2, 2), ("again", 1, 1)] {
        let text = repo.aether(&["graph", "--svg", symbol, "--depth", "5"]).exits(0).stdout;
        let svg = roxmltree::Document::parse(&text).unwrap();
        assert_eq!(boxes(&svg).len(), symbols, "{symbol}");
        let found = svg.descendants().filter(|node| node.attribute("class") == Some("call"));
        assert_eq!(found.filter(|call| call.attribute("d") != Some("")).count(), calls, "{symbol}");
    }
}

#[test]
fn calls_in_doubt_are_dashed() {
    let repo = Repo::new();
    repo.append("app/src/main.rs", "\nstruct One; impl One { fn only_here(&self) {} }\nfn guess() { let x = unknown(); x.only_here() }\n");
    let answer = repo.json(&["graph", "--dot", "guess"]);
    let confidence = answer["edges"][0]["confidence"].as_f64().unwrap();
    assert!(confidence < 0.9, "the call is in doubt: {confidence}");
    let drawing = answer["drawing"].as_str().unwrap();
    let arrow = drawing.lines().find(|line| line.contains("->")).unwrap();
    assert!(arrow.ends_with("\\n0.70 unique_name\", style=dashed];"), "{arrow}");
    let svg = repo.aether(&["graph", "--svg", "guess"]).exits(0).stdout;
    assert!(svg.contains("class=\"call doubtful\""), "{svg}");
    let sure = repo.json(&["graph", "--dot", "guess", "--min-confidence", "0.9"]);
    assert_eq!(sure["edges"].as_array().unwrap().len(), 0);
}

#[cfg(unix)]
#[test]
fn names_of_files_are_quoted() {
    let repo = Repo::new();
    let name = "app/src/a\"b\\n<i>&amp;\u{7}.rs";
    repo.write(name, "fn strange() {}\n");
    let answer = repo.json(&["search", "strange"]);
    let id = answer["hits"][0]["id"].as_str().unwrap();
    let dot = repo.aether(&["graph", "--dot", id]).exits(0).stdout;
    // A path writes a backslash as two, a text in quotes each of them as two again.
    assert!(dot.contains(r#"app/src/a\"b\\\\n<i>&amp;amp;"#), "{dot}");
    assert!(!dot.contains('\u{7}'), "{dot}");
    let text = repo.aether(&["graph", "--svg", id]).exits(0).stdout;
    let svg = roxmltree::Document::parse(&text).unwrap();
    let place = "app/src/a\"b\\\\n<i>&amp;\u{fffd}.rs:1";
    assert!(svg.descendants().any(|node| node.text() == Some(place)), "{text}");
}

#[test]
fn a_limit_is_told() {
    let repo = Repo::new();
    let run = repo.aether(&["graph", "--dot", "square", "--limit", "2"]).exits(0);
    assert_eq!(run.stdout.matches("label=").count(), 2);
    assert_eq!(run.stderr, "there are more symbols; --limit is 2\n");
    assert_eq!(repo.json(&["graph", "--dot", "square", "--limit", "2"])["has_more"], true);
    assert_eq!(repo.json(&["graph", "--dot", "square", "--limit", "3"])["has_more"], false);
}

#[test]
fn a_picture_can_go_to_a_file() {
    let repo = Repo::new();
    let text = repo.aether(&["graph", "--svg", "square"]).exits(0).stdout;
    let run = repo.aether(&["graph", "--svg", "square", "-o", "square.svg"]).exits(0);
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("", "3 symbols in square.svg\n"));
    assert_eq!(repo.read("square.svg"), text);
    let answer = repo.json(&["graph", "--svg", "square", "-o", "again.svg"]);
    assert_eq!((&answer["drawing"], repo.read("again.svg")), (&Value::Null, text));
    let run = repo.aether(&["graph", "--svg", "square", "-o", "no/such/folder.svg", "--json"]).exits(1);
    assert_eq!(run.error_code(), "output.io");
}

#[test]
fn a_picture_and_a_question_exclude_one_another() {
    let repo = Repo::new();
    for arguments in [
        &["graph"][..],
        &["graph", "--depth", "2"],
        &["graph", "--dot", "square", "--svg", "square"],
        &["graph", "--dot", "square", "callers", "square"],
        &["graph", "--limit", "2", "callers", "square"],
        &["graph", "--output", "x", "cycles"],
        &["graph", "--min-confidence", "0.5", "cycles"],
        &["graph", "--depth", "2", "impact", "square"],
        &["graph", "--dot", "square", "--min-confidence", "2"],
    ] {
        let run = repo.aether(&[arguments, &["--json"]].concat()).exits(2);
        assert_eq!(run.error_code(), "usage.bad_arguments", "{arguments:?}");
    }
    let run = repo.aether(&["graph", "--svg", "nothing", "--json"]).exits(3);
    assert_eq!(run.error_code(), "query.unknown_symbol");
    assert_eq!(
        repo.aether(&["graph", "--svg", "new", "--json"]).exits(4).error_code(),
        "query.ambiguous_symbol"
    );
    // A symbol of the name of a question can be drawn.
    repo.append("app/src/main.rs", "fn callers() {}\n");
    repo.aether(&["graph", "--dot", "callers"]).exits(0);
}
