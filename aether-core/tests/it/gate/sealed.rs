//! Permits and leases cannot be made outside of the gate: each program of `tests/compile-fail` is refused by the
//! compiler, with the features of this run, which include those that open most.

#[test]
fn nobody_else_makes_permits() {
    let tests = trybuild::TestCases::new();
    tests.compile_fail("tests/compile-fail/*.rs");
}
