//! What the commands said of the tree the last time, kept beside the copy so that it need not be asked again.
#![cfg_attr(not(test), expect(clippy::disallowed_methods, reason = ".aether/scratch"))]

use aether_core::base::Sha256Hash;
use aether_core::change::Verification;
use serde::{Deserialize, Serialize};

use crate::scratch::Scratch;
use crate::verifier::VerifyPlan;

const FILE: &str = "baseline.json";
const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
struct Kept<V> {
    version: u32,
    /// Names the commands and all that they are given.
    plan: Sha256Hash,
    verification: V,
}

/// What is known of the files of the copy as they are, from these commands and this compiler.
pub(super) fn find(scratch: &Scratch, plan: &VerifyPlan, toolchain: Option<&str>) -> Option<Verification> {
    let bytes = std::fs::read(scratch.beside(FILE)).ok()?;
    let kept: Kept<Verification> = serde_json::from_slice(&bytes).ok()?;
    let known = kept.verification;
    let is_it = kept.version == VERSION
        && kept.plan == name(plan)
        && known.tree == scratch.tree_hash()
        && known.toolchain.as_deref() == toolchain;
    is_it.then_some(known)
}

/// Keeps what was said. Where that fails, it is asked again the next time.
pub(super) fn keep(scratch: &Scratch, plan: &VerifyPlan, verification: &Verification) {
    let kept = Kept { version: VERSION, plan: name(plan), verification };
    let (aside, at) = (scratch.beside("baseline.new"), scratch.beside(FILE));
    if let Ok(bytes) = serde_json::to_vec(&kept)
        && std::fs::write(&aside, bytes).is_ok()
    {
        let _ = std::fs::rename(aside, at);
    }
}

fn name(plan: &VerifyPlan) -> Sha256Hash {
    let parts = (&plan.steps, &plan.environment, plan.network, plan.limits, plan.allow_unconfined);
    // Texts and numbers can always be written.
    Sha256Hash::of(&serde_json::to_vec(&parts).unwrap_or_default())
}
