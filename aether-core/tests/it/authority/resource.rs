//! What lies inside what.

use aether_core::authority::{Resource, ResourceErrorKind, ScopePath, UrlScope};
use aether_core::change::CommandLine;
use proptest::prelude::*;

#[track_caller]
fn check_path(scope: &str, path: &str, expected: bool) {
    let of = |text| Resource::path(text).expect("a path");
    assert_eq!(of(scope).covers(&of(path)), expected, "{scope} {path}");
}

/// In the predecessor, a prefix of the text was enough.
#[test]
fn paths_are_covered_by_component() {
    check_path("/srv", "/srv", true);
    check_path("/srv", "/srv/a/b", true);
    check_path("/srv", "/srvfoo", false);
    check_path("/srv/a", "/srv", false);
    check_path("/srv", "srv", false);
    check_path("srv", "/srv", false);
    check_path(".", "src/lib.rs", true);
    check_path(".", "/src/lib.rs", false);
    check_path("/", "/etc/hosts", true);
    check_path("/", "src", false);
    check_path("src", "src/lib.rs", true);
    check_path("src", "srcs/lib.rs", false);
    check_path("src/lib.rs", "src/lib.rs.bak", false);
}

#[track_caller]
fn check_bad_path(text: &str) {
    let error = Resource::path(text).expect_err(text);
    assert_eq!(error.kind(), ResourceErrorKind::BadPath, "{text}");
    assert!(serde_json::from_value::<ScopePath>(text.into()).is_err(), "{text}");
}

#[test]
fn paths_cannot_lead_out() {
    for text in ["", "..", "../a", "a/../b", "/..", "/srv/../etc", "a/./b", "./a", "a//b", "//", "a/", "a\0b"]
    {
        check_bad_path(text);
    }
}

#[track_caller]
fn check_url(scope: &str, url: &str, expected: bool) {
    let of = |text| Resource::url(text).expect("a url");
    assert_eq!(of(scope).covers(&of(url)), expected, "{scope} {url}");
}

#[test]
fn urls_are_covered_part_by_part() {
    check_url("https://a.com", "https://a.com/x/y", true);
    check_url("https://a.com/", "https://A.COM:443/x", true);
    check_url("https://a.com/api", "https://a.com/api/v1", true);
    check_url("https://a.com/api", "https://a.com/apiv1", false);
    check_url("https://a.com/api", "https://a.com/", false);
    check_url("https://a.com", "http://a.com", false);
    check_url("https://a.com", "https://a.com:8443", false);
    check_url("https://a.com:8443", "https://a.com:8443/x", true);
    check_url("https://a.com", "https://a.com.evil.net", false);
    check_url("https://a.com", "https://evil-a.com", false);
    check_url("https://a.com", "https://b.a.com", false);
    check_url("https://*.a.com", "https://b.a.com", true);
    check_url("https://*.a.com", "https://c.b.a.com", true);
    check_url("https://*.a.com", "https://a.com", false);
    check_url("https://*.a.com", "https://evila.com", false);
    check_url("https://*.b.a.com", "https://*.a.com", false);
    check_url("https://*.a.com", "https://*.b.a.com", true);
    check_url("http://[::1]:80", "http://[::1]", true);
    check_url("http://[::1]", "http://[::2]", false);
}

#[track_caller]
fn check_bad_url(text: &str) {
    let error = Resource::url(text).expect_err(text);
    assert_eq!(error.kind(), ResourceErrorKind::BadUrl, "{text}");
    assert!(serde_json::from_value::<UrlScope>(text.into()).is_err(), "{text}");
}

/// What two programs read in two ways is none.
#[test]
fn urls_are_plain() {
    for text in [
        "",
        "a.com",
        "https://",
        "https:///x",
        "://a.com",
        "1s://a.com",
        "https://a.com:0",
        "https://a.com:",
        "https://a.com:99999",
        "https://a.com:+80",
        "https://user@a.com",
        "https://user:pw@a.com",
        "https://a.com@evil.net",
        "https://a.com\\@evil.net",
        "https://a.com?x",
        "https://a.com/?x",
        "https://a.com/#x",
        "https://a.com/a/../b",
        "https://a.com/./b",
        "https://a.com/a//b",
        "https://a.com/%2e%2e/b",
        "https://a.com/a\\b",
        "https://a.com/a b",
        "https://a.com\n",
        "https://ä.com",
        "https://a.com.",
        "https://.a.com",
        "https://a..com",
        "https://*",
        "https://*.*.com",
        "https://a*.com",
        "https://[::1",
        "https://[]",
        "https://[::1]x",
        "https://[a.com]",
    ] {
        check_bad_url(text);
    }
    check_bad_url(&format!("https://a.com/{}", "x".repeat(5000)));
    check_bad_url(&format!("https://{}.com", "x".repeat(64)));
}

#[test]
fn everything_else_is_covered_by_its_equal() {
    let command = |text| Resource::from(CommandLine::parse(text).expect("a command"));
    let all = [
        Resource::None,
        Resource::path("a").expect("a path"),
        Resource::url("https://a").expect("a url"),
        command("cargo test"),
        command("cargo test --all"),
        command("cargo 'test --all'"),
        Resource::Provider("a".to_owned()),
        Resource::Provider("ab".to_owned()),
        Resource::MemoryScope("a".to_owned()),
    ];
    for (place, one) in all.iter().enumerate() {
        for (other_place, other) in all.iter().enumerate() {
            assert_eq!(one.covers(other), place == other_place, "{one} {other}");
        }
        assert!(Resource::Any.covers(one));
        assert!(!one.covers(&Resource::Any), "{one}");
    }
}

#[test]
fn domains_are_compared_label_by_label() {
    let url = |text| UrlScope::parse(text).expect("a url");
    assert!(url("https://pay.bank.com").is_in_domain("bank.com"));
    assert!(url("https://BANK.com").is_in_domain("bank.com"));
    assert!(url("https://x.gov").is_in_domain("gov"));
    assert!(!url("https://evilbank.com").is_in_domain("bank.com"));
    assert!(!url("https://bank.com.net").is_in_domain("bank.com"));
    assert!(!url("https://gov.com").is_in_domain("gov"));
}

proptest! {
    /// What is written is read again, and covers are a partial order.
    #[test]
    fn urls_survive(host in "[a-z]{1,3}(\\.[a-z]{1,3}){0,2}", port in proptest::option::of(1_u16..), path in "(/[a-c]{1,2}){0,3}") {
        let port = port.map(|port| format!(":{port}")).unwrap_or_default();
        let url = UrlScope::parse(&format!("https://{host}{port}{path}")).expect("a url");
        prop_assert_eq!(UrlScope::parse(&url.to_string()).expect("what was written reads"), url.clone());
        prop_assert!(url.covers(&url));
    }

    #[test]
    fn covering_goes_both_ways_for_equals_alone(a in "(/[ab]{1,2}){1,3}", b in "(/[ab]{1,2}){1,3}") {
        let (a, b) = (ScopePath::parse(&a).expect("a path"), ScopePath::parse(&b).expect("a path"));
        prop_assert_eq!(a.covers(&b) && b.covers(&a), a == b);
        prop_assert_eq!(ScopePath::parse(&a.to_string()).expect("what was written reads"), a);
    }

    #[test]
    fn any_text_is_read_or_refused(text in ".{0,40}") {
        let _ = Resource::path(&text);
        let _ = Resource::url(&text);
        let _ = Resource::url(&format!("https://{text}"));
    }
}
