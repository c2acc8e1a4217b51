//! `docs/FORMAT.md` and the file say the same.

use crate::support::{Place, file};

const FORMAT: &str = include_str!("../../../docs/FORMAT.md");

#[test]
fn every_table_and_column_is_documented() {
    let place = Place::with([file("src/lib.rs", "first")]);
    let sqlite = place.sqlite();
    let mut statement = sqlite
        .prepare(
            "SELECT tables.name, columns.name FROM sqlite_schema AS tables, pragma_table_info(tables.name) AS columns
             WHERE tables.type = 'table'",
        )
        .expect("a statement");
    let names = statement.query_map((), |row| Ok([row.get(0)?, row.get(1)?])).expect("names");
    let names: Vec<[String; 2]> = names.collect::<Result<_, _>>().expect("names");
    assert!(names.len() > 50, "{names:?}");
    for name in names.iter().flatten() {
        assert!(FORMAT.contains(&format!("`{name}`")), "{name} is not documented");
    }
}

#[test]
fn the_marks_of_the_file_are_documented() {
    let place = Place::with([]);
    let pragma = |name: &str| -> i64 {
        place.sqlite().query_row(&format!("PRAGMA {name}"), (), |row| row.get(0)).expect("a value")
    };
    let (application, version) = (pragma("application_id"), pragma("user_version"));
    assert!(FORMAT.contains(&format!("| `application_id` | {application}, ")));
    assert!(FORMAT.contains(&format!("| `user_version` | version of the tables: {version} |")));
    assert!(FORMAT.contains(&format!("\n| {version} | ")), "what version {version} brought is not told");
    assert_eq!(pragma("page_size"), 4096);
    assert!(place.files() == ["aether.db"]);
}
