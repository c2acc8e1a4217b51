//! Time stamps.

use aether_core::base::{Timestamp, TimestampError};
use proptest::prelude::*;

#[track_caller]
fn check(unix_ms: i64, text: &str) {
    let time = Timestamp::from_unix_ms(unix_ms);
    assert_eq!(time.to_string(), text);
    assert_eq!(text.parse(), Ok(time));
    assert_eq!(time.unix_ms(), unix_ms);
    let json = serde_json::to_string(&time).expect("a time is JSON");
    assert_eq!(json, format!("\"{text}\""));
    assert_eq!(serde_json::from_str::<Timestamp>(&json).expect("what was written reads"), time);
}

#[test]
fn times_are_written_in_utc() {
    check(0, "1970-01-01T00:00:00.000Z");
    check(-1, "1969-12-31T23:59:59.999Z");
    check(1_763_683_200_123, "2025-11-21T00:00:00.123Z");
    check(951_782_400_000, "2000-02-29T00:00:00.000Z");
    check(1_709_164_800_000, "2024-02-29T00:00:00.000Z");
    check(1_709_251_200_000, "2024-03-01T00:00:00.000Z");
    check(4_107_542_399_999, "2100-02-28T23:59:59.999Z");
    check(4_107_542_400_000, "2100-03-01T00:00:00.000Z");
    check(253_402_300_799_999, "9999-12-31T23:59:59.999Z");
    check(-62_135_596_800_000, "0001-01-01T00:00:00.000Z");
}

#[test]
fn times_are_clamped_to_what_can_be_written() {
    assert_eq!(Timestamp::from_unix_ms(i64::MAX).to_string(), "9999-12-31T23:59:59.999Z");
    assert_eq!(Timestamp::from_unix_ms(i64::MIN).to_string(), "0001-01-01T00:00:00.000Z");
}

#[track_caller]
fn check_reads(text: &str, unix_ms: i64) {
    assert_eq!(text.parse(), Ok(Timestamp::from_unix_ms(unix_ms)), "{text}");
}

#[test]
fn fractions_have_up_to_three_digits() {
    check_reads("1970-01-01T00:00:01Z", 1000);
    check_reads("1970-01-01T00:00:01.5Z", 1500);
    check_reads("1970-01-01T00:00:01.05Z", 1050);
    check_reads("1970-01-01T00:00:01.005Z", 1005);
}

#[track_caller]
fn check_refused(text: &str) {
    assert_eq!(text.parse::<Timestamp>(), Err(TimestampError), "{text}");
    assert!(serde_json::from_value::<Timestamp>(text.into()).is_err(), "{text}");
}

#[test]
fn refuses_other_texts() {
    for text in [
        "",
        "now",
        "2025-11-21",
        "2025-11-21T00:00:00",
        "2025-11-21T00:00:00+00:00",
        "2025-11-21 00:00:00Z",
        "2025-11-21t00:00:00z",
        "2025-11-21T00:00:00.Z",
        "2025-11-21T00:00:00.1234Z",
        "2025-11-21T00:00:00,1Z",
        "2025-11-21T00:00:00.1ZZ",
        "2025-11-21T00:00:00.-1Z",
        "2025-11-21T24:00:00Z",
        "2025-11-21T00:60:00Z",
        "2025-11-21T00:00:60Z",
        "2025-00-21T00:00:00Z",
        "2025-13-21T00:00:00Z",
        "2025-11-00T00:00:00Z",
        "2025-11-31T00:00:00Z",
        "2025-12-32T00:00:00Z",
        "0000-01-01T00:00:00Z",
        "+025-11-21T00:00:00Z",
        "12025-11-21T00:00:00Z",
        "2025-11-21T00:00:0éZ",
    ] {
        check_refused(text);
    }
}

#[test]
fn the_29th_of_february_is_in_leap_years_only() {
    for (year, is_leap) in
        [(2023, false), (2024, true), (1900, false), (2000, true), (2100, false), (2400, true)]
    {
        let text = format!("{year:04}-02-29T12:00:00Z");
        assert_eq!(text.parse::<Timestamp>().is_ok(), is_leap, "{text}");
    }
}

proptest! {
    #[test]
    fn times_survive(unix_ms in -62_135_596_800_000_i64..=253_402_300_799_999) {
        let time = Timestamp::from_unix_ms(unix_ms);
        let text = time.to_string();
        prop_assert_eq!(text.len(), 24);
        prop_assert_eq!(text.parse(), Ok(time));
    }

    /// The order of the texts is the order of the times.
    #[test]
    fn order_is_that_of_the_text(a in -62_135_596_800_000_i64..=253_402_300_799_999, step in 1_i64..=86_400_000_000) {
        let (a, b) = (Timestamp::from_unix_ms(a), Timestamp::from_unix_ms(a + step));
        prop_assert_eq!(a.cmp(&b), a.to_string().cmp(&b.to_string()));
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,30}|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{0,4})?Z") {
        if let Ok(time) = text.parse::<Timestamp>() {
            prop_assert_eq!(time.to_string().parse(), Ok(time));
        }
    }
}
