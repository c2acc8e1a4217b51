//! The key that signs.

use crate::support::Repo;

#[test]
fn the_key_that_signs_is_made_once_and_shown() {
    let repo = Repo::new();
    assert_eq!(repo.aether(&["key", "show", "--json"]).exits(1).error_code(), "signing.no_key");
    let made = repo.json(&["key", "new", "--name", "example.com/ledger"]);
    assert_eq!(made["name"], "example.com/ledger");
    let public = made["public_key"].as_str().unwrap();
    let id = made["id"].as_str().unwrap();
    assert!(public.starts_with(&format!("example.com/ledger+{id}+")), "{public}");
    assert!(made["path"].as_str().unwrap().ends_with(".aether/signing.key"), "{made}");
    assert_eq!(repo.json(&["key", "show"]), made);
    // A person gets the line to hand on, and never the secret.
    assert_eq!(repo.aether(&["key", "show"]).exits(0).stdout, format!("{public}\n"));
    let text = repo.read(".aether/signing.key");
    assert!(text.starts_with(&format!("PRIVATE+KEY+example.com/ledger+{id}+")));

    assert_eq!(repo.aether(&["key", "new", "--json"]).exits(1).error_code(), "signing.key_exists");
    assert_eq!(repo.read(".aether/signing.key"), text);
    repo.write(".aether/signing.key", "no key\n");
    assert_eq!(repo.aether(&["key", "show", "--json"]).exits(1).error_code(), "signing.bad_key");
}

#[test]
fn a_key_without_a_name_gets_one() {
    let (repo, other) = (Repo::new(), Repo::new());
    let name = repo.json(&["key", "new"])["name"].as_str().unwrap().to_owned();
    let digits = name.strip_prefix("aether/").unwrap();
    assert!(digits.len() == 8 && digits.bytes().all(|digit| digit.is_ascii_hexdigit()), "{name}");
    assert_ne!(other.json(&["key", "new"])["name"], name.as_str());
}

#[test]
fn a_name_that_is_none_makes_no_key() {
    let repo = Repo::new();
    for name in ["", "a b", "a+b"] {
        let run = repo.aether(&["key", "new", "--name", name, "--json"]);
        assert_eq!(run.exits(2).error_code(), "usage.bad_arguments", "{name:?}");
        assert!(!repo.path(".aether/signing.key").exists());
    }
}

#[cfg(unix)]
#[test]
fn a_key_that_others_may_read_is_no_key() {
    use std::os::unix::fs::PermissionsExt as _;
    let repo = Repo::new();
    repo.json(&["key", "new"]);
    let path = repo.path(".aether/signing.key");
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert_eq!(repo.aether(&["key", "show", "--json"]).exits(1).error_code(), "signing.unsafe_key");
}
