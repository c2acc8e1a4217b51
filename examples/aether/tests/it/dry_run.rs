//! `--dry-run`: what comes of a command is told, and nothing is changed.

use serde_json::Value;

use crate::change::Package;

/// What a command may change: the files of the project, its patches, keys, grants and the logs.
fn state(package: &Package) -> Vec<Value> {
    let keys = package.path(".aether/audit.keys");
    let keys = std::fs::read_dir(keys).map_or(0, Iterator::count);
    let contracts = std::fs::read_to_string(package.path("aether.toml")).unwrap_or_default();
    let head = package.json(&["audit", "verify"], 0);
    let policy = package.json(&["policy", "show"], 0);
    let of = |arguments: &[&str]| package.aether(&[arguments, &["--json"]].concat()).stdout;
    let listed = [of(&["patch", "list"]), of(&["trace", "list"])];
    vec![
        keys.into(),
        contracts.into(),
        package.library().into(),
        head["rows"].clone(),
        policy["grants"].clone(),
        policy["tickets"].clone(),
        listed.concat().into(),
    ]
}

/// What both answers say, the one of the trial first.
#[track_caller]
fn told_alike(tried: &Value, done: &Value, but: &[&str]) {
    assert_eq!((&tried["dry_run"], &done["dry_run"]), (&true.into(), &false.into()), "{tried} {done}");
    let rest = |answer: &Value| {
        let mut answer = answer.clone();
        let members = answer.as_object_mut().unwrap();
        members.retain(|name, _| name != "dry_run" && !but.contains(&name.as_str()));
        answer
    };
    assert_eq!(rest(tried), rest(done));
}

/// Tries a command, sees that nothing changed, and gives the answer.
#[track_caller]
fn tried(package: &Package, arguments: &[&str]) -> Value {
    let before = state(package);
    let answer = package.json(&[arguments, &["--dry-run"]].concat(), 0);
    assert!(package.aether(&[arguments, &["--dry-run"]].concat()).exits(0).stdout.lines().count() > 0);
    assert_eq!(state(package), before);
    answer
}

#[test]
fn contracts_are_tried() {
    let package = Package::new();
    let add = ["contract", "add", "add", "--must-not", "network"];
    let answer = tried(&package, &add);
    assert_eq!((&answer["needs"][0]["outcome"], &answer["token"]), (&"allow".into(), &Value::Null));
    told_alike(&answer, &package.json(&add, 0), &["token"]);
    let remove = ["contract", "remove", "add"];
    let answer = tried(&package, &remove);
    assert_eq!(answer["contracts"], Value::Array(vec![]));
    told_alike(&answer, &package.json(&remove, 0), &["token"]);
    // What would not be allowed is told.
    package.write(".aether/config.toml", "[policy]\npreset = \"observer\"\n");
    assert_eq!(tried(&package, &add)["needs"][0]["outcome"], "needs_upgrade");
    assert_eq!(package.error(&add, 6), "policy.denied");
    // A trial is no way around what a contract has to be.
    assert_eq!(package.error(&["contract", "remove", "sub", "--dry-run"], 3), "query.unknown_symbol");
    package.aether(&["contract", "add", "add", "--must", "weather", "--dry-run"]).exits(2);
}

#[test]
fn taking_a_patch_back_is_tried() {
    let package = Package::new();
    let token = package.json(&["contract", "add", "add", "--must-not", "network"], 0)["token"].clone();
    let revert = ["patch", "revert", token.as_str().unwrap()];
    let contracts = std::fs::read_to_string(package.path("aether.toml")).unwrap();
    package.write("aether.toml", &format!("{contracts}# mine\n"));
    let before = state(&package);
    assert_eq!(package.error(&[&revert[..], &["--dry-run"]].concat(), 1), "patch.moved_on");
    assert_eq!(state(&package), before);
    tried(&package, &[&revert[..], &["--force"]].concat());
    package.write("aether.toml", &contracts);
    let answer = tried(&package, &revert);
    assert_eq!(answer["needs"][0]["outcome"], "allow");
    told_alike(&answer, &package.json(&revert, 0), &["reverted"]);
    assert_eq!(package.error(&[&revert[..], &["--dry-run"]].concat(), 3), "patch.unknown_token");
}

#[test]
fn answers_and_revocations_are_tried() {
    let package = Package::new();
    package.write(".aether/config.toml", "[policy]\npreset = \"assistant\"\n");
    let add = ["contract", "add", "add", "--must-not", "network"];
    assert_eq!(package.error(&add, 6), "policy.ask");
    let ticket = package.json(&["policy", "show"], 0)["tickets"][0]["id"].as_str().unwrap().to_owned();
    let answer = tried(&package, &["policy", "grant", &ticket]);
    assert_eq!(
        (&answer["answer"], &answer["request"]["capability"]),
        (&"allowed".into(), &"files_create".into())
    );
    let denied = tried(&package, &["policy", "grant", &ticket, "--deny"]);
    assert_eq!(denied["answer"], "denied");
    let Some(_) = package.at_a_terminal(&["policy", "grant", &ticket], "yes\n") else { return };
    assert_eq!(package.error(&["policy", "grant", &ticket, "--dry-run"], 1), "policy.ticket_closed");
    for (scope, count) in [
        (&["--all"][..], 1),
        (&["--class", "files"], 1),
        (&["--class", "network"], 0),
        (&["--capability", "files_create"], 1),
        (&["--actor", "nobody"], 0),
        (&["grt:00"], 0),
    ] {
        let revoke = [&["policy", "revoke"], scope].concat();
        assert_eq!(tried(&package, &revoke)["revoked"], count, "{scope:?}");
        assert_eq!(package.json(&["policy", "show"], 0)["grants"].as_array().unwrap().len(), 1);
    }
    let revoke = ["policy", "revoke", "--all"];
    told_alike(&tried(&package, &revoke), &package.json(&revoke, 0), &[]);
    assert_eq!(tried(&package, &revoke)["revoked"], 0);
    package.aether(&["policy", "revoke", "--dry-run"]).exits(2);
    package.aether(&["policy", "revoke", "--all", "--class", "files"]).exits(2);
}

#[test]
fn changing_the_key_is_tried() {
    let package = Package::new();
    let rotate = ["audit", "rotate-key"];
    let answer = tried(&package, &rotate);
    assert_eq!((&answer["key"], &answer["row"]), (&Value::Null, &Value::Null));
    told_alike(&answer, &package.json(&rotate, 0), &["key", "row"]);
    // A log under another key takes none.
    let file = std::fs::read_dir(package.path(".aether/audit.keys")).unwrap().next().unwrap().unwrap().path();
    std::fs::remove_file(file).unwrap();
    assert_eq!(package.error(&["audit", "rotate-key", "--dry-run"], 1), "policy.audit_failed");
}

#[test]
fn bringing_traces_in_is_tried() {
    let Some(package) = Package::in_a_sandbox("bringing_traces_in_is_tried") else { return };
    package.json(&["patch", "apply", &package.diff("    a + b", "    b + a"), "--dry-run"], 0);
    let id = package.json(&["trace", "list"], 0)["traces"][0]["id"].as_str().unwrap().to_owned();
    let bundle = package.path("bundle.tar");
    let bundle = bundle.to_str().unwrap();
    let export = ["trace", "export", &id, "--outputs", "--output", bundle];
    let Some(_) = package.at_a_terminal(&export, "yes\n") else { return };
    let other = Package::new();
    let import = ["trace", "import", bundle];
    let answer = tried(&other, &import);
    let printed = || {
        let kept = std::fs::read_dir(other.path(".aether/ledger/outputs"));
        kept.map_or(0, Iterator::count)
    };
    assert_eq!(printed(), 0);
    told_alike(&answer, &other.json(&import, 0), &[]);
    assert!(printed() > 0, "what the commands printed came along");
    assert_eq!(tried(&other, &import)["added"], Value::Array(vec![]));
    std::fs::write(bundle, "no bundle").unwrap();
    assert_eq!(other.error(&["trace", "import", bundle, "--dry-run"], 2), "bundle.refused");
}
