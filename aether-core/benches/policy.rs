//! How long a decision takes, without the audit: `cargo bench -p aetherkit-core --bench policy`.
//!
//! The bar is on the 99th percentile of single decisions, which a harness that times many at once cannot show,
//! so each call is timed by itself. The cost of reading the clock is part of each figure.

use std::collections::BTreeSet;
use std::hint::black_box;
use std::time::Instant;

use aether_core::authority::{
    ActionRequest, Capability, CapabilityClass, Cost, Grant, GrantDuration, GrantId, PolicyConfig,
    PolicyState, Preset, ProvenanceTag, Resource, Spend, Stage, decide,
};
use aether_core::base::{Sha256Hash, Timestamp};
use aether_core::change::CommandLine;

/// SC-A-06.
const BAR_NS: u128 = 20_000;
const GRANTS: [usize; 3] = [0, 16, 256];

#[expect(clippy::print_stdout, reason = "a bench prints its figures")]
fn main() {
    for grants in GRANTS {
        let (mut times, complete) = measure(grants);
        times.sort_unstable();
        let at = |thousandths: usize| times[(times.len() - 1) * thousandths / 1000];
        let is_met = if at(990) <= BAR_NS { "yes" } else { "no" };
        println!(
            "{} decisions, {complete} through all stages, {grants} grants that do not fit: p50 {} ns, p99 {} ns, p99.9 {} ns, bar {BAR_NS} ns met: {is_met}",
            times.len(),
            at(500),
            at(990),
            at(999),
        );
    }
}

/// A resource that fits the capability and lies in the scope, so that decisions reach the last stages.
fn resource(capability: Capability, number: usize) -> Resource {
    match capability.class() {
        CapabilityClass::Files => Resource::path(&format!("src/{number}/lib.rs")).expect("a path"),
        CapabilityClass::Process => Resource::from(CommandLine::new("cargo", ["test", "--workspace"])),
        CapabilityClass::Browser => Resource::url(&format!("https://docs.rs/{number}")).expect("a url"),
        CapabilityClass::Memory => Resource::MemoryScope(format!("scope-{number}")),
        CapabilityClass::Network if capability == Capability::NetworkUse => {
            Resource::url(&format!("https://docs.rs/{number}")).expect("a url")
        }
        _ => Resource::Provider(format!("provider-{number}")),
    }
}

/// Every capability, preset and tag, in turn.
fn measure(grants: usize) -> (Vec<u128>, usize) {
    let now = Timestamp::from_unix_ms(1_000);
    let (mut times, mut complete) = (Vec::new(), 0);
    let degraded = BTreeSet::new();
    for preset in Preset::ALL {
        let mut policy = PolicyConfig::new(preset);
        policy.commands.push(CommandLine::new("cargo", ["test", "--workspace"]));
        policy.caps.day = Some(Cost::new(1_000_000, 1_000_000));
        for round in 0..40 {
            for &capability in Capability::ALL {
                let mut request = ActionRequest::new("request", "agent", capability);
                request.resources = (0..4).map(|number| resource(capability, number * 4 + round)).collect();
                request.content = Some(Sha256Hash::of(b"content"));
                request.provenance.insert(ProvenanceTag::ALL[round % ProvenanceTag::ALL.len()]);
                request.estimate = Some(Cost::new(10, 10));
                request.is_attended = true;
                let other = vec![Resource::path("another/place").expect("a path")];
                let grant = |number| {
                    let (id, duration) =
                        (GrantId::new(format!("grt:{number}")), GrantDuration::Persistent(9));
                    Grant::new(id, "agent", capability, other.clone(), duration, now)
                };
                let grants: Vec<Grant> = (0..grants).map(grant).collect();
                let effect = [capability];
                let mut state = PolicyState::new(&policy, &degraded, &effect, now);
                state.grants = &grants;
                state.spend = Some(Spend::new(Cost::ZERO, Cost::new(900_000, 0)));
                let begin = Instant::now();
                let verdict = decide(black_box(&request), black_box(&state));
                times.push(begin.elapsed().as_nanos());
                complete += usize::from(verdict.stages.len() == Stage::ALL.len());
            }
        }
    }
    (times, complete)
}
