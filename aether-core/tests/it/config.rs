//! Configuration.

use aether_core::base::{Config, ConfigErrorKind, ErrorCode};

/// Keys of the template with another value than the default, and what that gives.
#[track_caller]
fn check_key(text: &str, is_set: impl FnOnce(&Config) -> bool) {
    let (config, warnings) = Config::parse(text).expect("the text is TOML");
    assert_eq!(warnings, [], "{text}");
    assert!(is_set(&config), "{text}: {config:?}");
    assert_ne!(config, Config::default(), "{text} is the default and shows nothing");
}

#[test]
fn every_key_is_read() {
    check_key("[index]\nmax_file_bytes = 1", |it| it.index.limits.max_file_bytes == 1);
    check_key("[index]\nmax_files = 10", |it| it.index.limits.max_files == 10);
    check_key("[index]\nthreads = 4", |it| it.index.threads == 4);
    check_key("[index]\ndebounce_ms = 60000", |it| it.index.debounce_ms == 60_000);
    check_key("[index]\nexclude = ['out', '.cache']", |it| it.index.exclude == ["out", ".cache"]);
    check_key("[search]\nlimit = 1000", |it| it.search.limit == 1000);
    check_key("[search]\nmode = \"hybrid\"", |it| it.search.mode == "hybrid");
    check_key("[embeddings]\nprovider = \"hashing\"", |it| it.embeddings.provider == "hashing");
    check_key("[storage]\nmirror_records = true", |it| it.storage.mirror_records);
    check_key("[storage]\nrecord_history = false", |it| !it.storage.record_history);
    check_key("[storage]\nbusy_timeout_ms = 0", |it| it.storage.busy_timeout_ms == 0);
    check_key("[verify]\nmode = \"docker\"", |it| it.verify.mode == "docker");
    check_key("[verify]\ncommands = ['make']", |it| it.verify.commands == ["make"]);
    check_key("[verify]\nformatter = ''", |it| it.verify.formatter.is_empty());
    check_key("[verify]\ntimeout_ms = 1000", |it| it.verify.timeout_ms == 1_000);
    check_key("[verify]\nreruns = 0", |it| it.verify.reruns == 0);
    check_key("[policy]\npreset = \"assistant\"", |it| it.policy.preset == "assistant");
    check_key("[policy]\nprofile = \"relaxed\"", |it| it.policy.profile == "relaxed");
    check_key("[policy]\nmax_changed_lines = 5", |it| it.policy.max_changed_lines == 5);
    check_key("[policy]\nrefuse_warnings = true", |it| it.policy.refuse_warnings);
    check_key("[policy]\noffline = true", |it| it.policy.offline);
    for mode in ["host", "docker", "container", "microvm", "kubernetes"] {
        check_key(&format!("[verify]\nfallback = '{mode}'"), |it| it.verify.fallback == mode);
    }
    check_key("[verify.container]\nimage = 'localhost:5000/a/b@sha256:00'", |it| {
        it.verify.container.image == "localhost:5000/a/b@sha256:00"
    });
    check_key("[verify.kubernetes]\nnamespace = 'a-1'", |it| it.verify.kubernetes.namespace == "a-1");
    check_key("[verify.kubernetes]\nimage = 'a/b:1'", |it| it.verify.kubernetes.image == "a/b:1");
    check_key("[verify.kubernetes]\ncontext = 'a b@c'", |it| it.verify.kubernetes.context == "a b@c");
    check_key("[verify.kubernetes]\nnetwork_policy_enforced = true", |it| {
        it.verify.kubernetes.network_policy_enforced
    });
    check_key("index.threads = 2", |it| it.index.threads == 2);
}

/// The template as it stands, and with every key in force.
#[test]
fn template_is_the_default() {
    let in_force: String = Config::TEMPLATE
        .lines()
        .map(|line| match line.strip_prefix("# ") {
            Some(key) if key.contains(" = ") => format!("{key}\n"),
            _ => format!("{line}\n"),
        })
        .collect();
    assert_ne!(in_force, Config::TEMPLATE);
    for text in ["", Config::TEMPLATE, &in_force] {
        let (config, warnings) = Config::parse(text).expect("the text is TOML");
        assert_eq!(warnings, []);
        assert_eq!(config, Config::default());
    }
    // Every key that the default has is shown.
    let value = serde_json::to_value(Config::default()).expect("a configuration is JSON");
    for (section, keys) in value.as_object().expect("sections") {
        assert!(in_force.contains(&format!("[{section}]\n")), "{section}");
        for (key, value) in keys.as_object().expect("keys").iter().filter(|(key, _)| *key != "limits") {
            match value.as_object() {
                None => assert!(in_force.contains(&format!("\n{key} = ")), "{key}"),
                Some(deeper) => {
                    assert!(in_force.contains(&format!("[{section}.{key}]\n")), "{section}.{key}");
                    for key in deeper.keys() {
                        assert!(in_force.contains(&format!("\n{key} = ")), "{key}");
                    }
                }
            }
        }
    }
}

#[track_caller]
fn check_warning(text: &str, code: ErrorCode, key: &str) {
    let (config, warnings) = Config::parse(text).expect("the text is TOML");
    let found: Vec<_> = warnings.iter().map(|warning| (warning.code.clone(), warning.key.as_str())).collect();
    assert_eq!(found, [(code, key)], "{text}");
    assert_eq!(config, Config::default(), "{text}");
}

#[test]
fn unknown_keys_are_reported() {
    let code = || ErrorCode::CONFIG_UNKNOWN_KEY;
    check_warning("[search]\ncolour = true", code(), "search.colour");
    check_warning("[verify.container]\nimages = 'a'", code(), "verify.container.images");
    check_warning("[verify.kubernetes]\nnodes = 'a'", code(), "verify.kubernetes.nodes");
    check_warning("[serach]\nlimit = 5", code(), "serach.limit");
    check_warning("limit = 5", code(), "limit");
    check_warning("search = 5", code(), "search");
    check_warning("[index.limits]\nmax_files = 5", code(), "index.limits");
    check_warning("[search]\nmode = \"psychic\"", ErrorCode::CONFIG_BAD_VALUE, "search.mode");
    check_warning("[[search]]\nlimit = 5", code(), "search");
}

#[test]
fn unusable_values_are_reported_and_left_at_the_default() {
    let code = || ErrorCode::CONFIG_BAD_VALUE;
    for value in ["0", "1001", "-1", "5.0", "'5'", "[5]", "true", "9223372036854775807", "{}"] {
        check_warning(&format!("[search]\nlimit = {value}"), code(), "search.limit");
    }
    for value in ["0", "4294967296", "-5"] {
        check_warning(&format!("[index]\nmax_file_bytes = {value}"), code(), "index.max_file_bytes");
        check_warning(&format!("[index]\nmax_files = {value}"), code(), "index.max_files");
    }
    check_warning("[index]\nthreads = 1025", code(), "index.threads");
    check_warning("[index]\ndebounce_ms = 0", code(), "index.debounce_ms");
    check_warning("[index]\ndebounce_ms = 60001", code(), "index.debounce_ms");
    check_warning("[embeddings]\nprovider = \"magic\"", code(), "embeddings.provider");
    check_warning("[storage]\nmirror_records = \"yes\"", code(), "storage.mirror_records");
    check_warning("[storage]\nrecord_history = 1", code(), "storage.record_history");
    check_warning("[storage]\nbusy_timeout_ms = 600001", code(), "storage.busy_timeout_ms");
    check_warning("[verify]\nmode = \"moon\"", code(), "verify.mode");
    for value in ["'make'", "[]", "['']", "[' ']", "[1]"] {
        check_warning(&format!("[verify]\ncommands = {value}"), code(), "verify.commands");
    }
    check_warning("[verify]\nformatter = 1", code(), "verify.formatter");
    check_warning("[verify]\ntimeout_ms = 999", code(), "verify.timeout_ms");
    check_warning("[verify]\nreruns = 21", code(), "verify.reruns");
    check_warning("[policy]\npreset = \"god\"", code(), "policy.preset");
    check_warning("[policy]\nprofile = \"loose\"", code(), "policy.profile");
    check_warning("[policy]\nmax_changed_lines = 0", code(), "policy.max_changed_lines");
    check_warning("[policy]\nrefuse_warnings = 1", code(), "policy.refuse_warnings");
    check_warning("[policy]\noffline = 1", code(), "policy.offline");
    check_warning("[verify]\nfallback = 'anywhere'", code(), "verify.fallback");
    check_warning("[verify]\ncontainer = 'rust:1'", code(), "verify.container");
    for image in ["''", "'--privileged'", "'a b'", "1", "['rust:1']"] {
        check_warning(&format!("[verify.container]\nimage = {image}"), code(), "verify.container.image");
    }
    check_warning("[verify]\nkubernetes = true", code(), "verify.kubernetes");
    for name in ["''", "'-a'", "'a-'", "'A'", "'a/b'", "1", &format!("'{}'", "a".repeat(64))] {
        let text = format!("[verify.kubernetes]\nnamespace = {name}");
        check_warning(&text, code(), "verify.kubernetes.namespace");
    }
    check_warning("[verify.kubernetes]\nimage = '--all'", code(), "verify.kubernetes.image");
    check_warning("[verify.kubernetes]\ncontext = \"a\\nb\"", code(), "verify.kubernetes.context");
    let text = "[verify.kubernetes]\nnetwork_policy_enforced = 'yes'";
    check_warning(text, code(), "verify.kubernetes.network_policy_enforced");
    // Names that no folder has would exclude nothing.
    for value in ["'a'", "['a', 1]", "['a/b']", "['']", "[['a']]"] {
        check_warning(&format!("[index]\nexclude = {value}"), code(), "index.exclude");
    }
}

#[test]
fn bounds_are_usable() {
    check_key("[search]\nlimit = 1", |it| it.search.limit == 1);
    check_key("[index]\nthreads = 1024", |it| it.index.threads == 1024);
    check_key("[storage]\nbusy_timeout_ms = 600000", |it| it.storage.busy_timeout_ms == 600_000);
    check_key("[index]\nmax_file_bytes = 4294967295", |it| {
        it.index.limits.max_file_bytes == u64::from(u32::MAX)
    });
}

#[test]
fn one_bad_key_does_not_spoil_the_others() {
    let (config, warnings) =
        Config::parse("[search]\nlimit = 0\n[index]\nthreads = 3\nspeed = 9").expect("the text is TOML");
    assert_eq!((config.search.limit, config.index.threads), (20, 3));
    let keys: Vec<&str> = warnings.iter().map(|warning| warning.key.as_str()).collect();
    assert_eq!(keys, ["index.speed", "search.limit"]);
}

/// Sections of later parts of Aether are left to them.
#[test]
fn reserved_sections_are_not_judged() {
    for section in ["inference", "memory"] {
        let text = format!("[{section}]\nanything = 1\n[{section}.deeper]\nmore = 2");
        let (config, warnings) = Config::parse(&text).expect("the text is TOML");
        assert_eq!((config, warnings), (Config::default(), vec![]), "{section}");
    }
}

#[track_caller]
fn check_syntax_error(text: &str, line: &str) {
    let error = Config::parse(text).expect_err("the text is not TOML");
    assert_eq!(error.kind(), ConfigErrorKind::Syntax);
    assert!(error.to_string().contains(line), "{error}");
}

#[test]
fn text_that_is_not_toml_is_an_error_with_its_line() {
    check_syntax_error("[search", "line 1:");
    check_syntax_error("# comment\n\nlimit 5\n", "line 3:");
    check_syntax_error("a = 1\na = 2\n", "line 2:");
    check_syntax_error("{\"json\": true}", "line 1:");
}
