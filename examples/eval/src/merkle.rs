//! `eval merkle`: proofs of Merkle trees, accepted and refused as the published test vectors say.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use aether_core::base::{Sha256Hash, decode_base64};
use aether_core::record::{
    ConsistencyProof, InclusionProof, Subtree, SubtreeConsistencyProof, SubtreeInclusionProof,
};
use anyhow::{Context as _, Result};
use serde::Deserialize;

use crate::options::EvalMerkle;
use crate::output::say;

/// The kinds of vector, each in a folder of its name, with the number of files that were published.
const KINDS: [(&str, u64); 4] =
    [("inclusion", 98), ("consistency", 98), ("subtreeinclusion", 204), ("subtreeconsistency", 118)];

/// One file: the fields that its kind has.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Vector {
    leaf_idx: u64,
    tree_size: u64,
    start: u64,
    end: u64,
    size: u64,
    size1: u64,
    size2: u64,
    root: Option<String>,
    root1: Option<String>,
    root2: Option<String>,
    leaf_hash: Option<String>,
    proof: Option<Vec<String>>,
    desc: String,
    want_err: bool,
}

/// How many files are judged as they say.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    accepted: u64,
    refused: u64,
    disagree: u64,
}

/// Judges every vector; whether all that were published are there and judged as they say.
pub(crate) fn merkle(options: &EvalMerkle) -> Result<bool> {
    let mut counts: BTreeMap<&str, Count> = BTreeMap::new();
    for (kind, _) in KINDS {
        let mut files = Vec::new();
        collect(&options.vectors.join(kind), &mut files)?;
        for file in files {
            let text = std::fs::read_to_string(&file).with_context(|| file.display().to_string())?;
            let vector: Vector = serde_json::from_str(&text).with_context(|| file.display().to_string())?;
            let count = counts.entry(kind).or_default();
            match (holds(kind, &vector), vector.want_err) {
                (true, false) => count.accepted += 1,
                (false, true) => count.refused += 1,
                (holds, _) => {
                    count.disagree += 1;
                    let judged = if holds { "accepted" } else { "refused" };
                    say(&format!("{judged} in error: {} ({})", file.display(), vector.desc));
                }
            }
        }
    }
    let mut is_met = true;
    let mut total = 0;
    for (kind, published) in KINDS {
        let Count { accepted, refused, disagree } = counts.get(kind).copied().unwrap_or_default();
        let agree = accepted + refused;
        say(&format!(
            "{kind:<20} {agree:>4} agree ({accepted} accepted, {refused} refused), {disagree} disagree, of {published} published"
        ));
        is_met &= disagree == 0 && agree >= published;
        total += agree;
    }
    say(&format!("{total} agree"));
    Ok(is_met)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in std::fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "json") {
            files.push(path);
        }
    }
    files.sort();
    Ok(())
}

/// Whether the proof of a vector holds. What is no hash of SHA-256 makes no proof.
fn holds(kind: &str, vector: &Vector) -> bool {
    let Some(path) =
        vector.proof.iter().flatten().map(|text| hash(Some(text))).collect::<Option<Vec<Sha256Hash>>>()
    else {
        return false;
    };
    let judged = match kind {
        "inclusion" => hash(vector.leaf_hash.as_ref()).zip(root(vector.root.as_ref())).map(|(leaf, root)| {
            InclusionProof::new(vector.leaf_idx, vector.tree_size, path).verify(&leaf, &root)
        }),
        "consistency" => root(vector.root1.as_ref())
            .zip(root(vector.root2.as_ref()))
            .map(|(old, new)| ConsistencyProof::new(vector.size1, vector.size2, path).verify(&old, &new)),
        "subtreeinclusion" => Subtree::new(vector.start, vector.end)
            .zip(hash(vector.leaf_hash.as_ref()).zip(root(vector.root.as_ref())))
            .map(|(subtree, (leaf, root))| {
                SubtreeInclusionProof::new(vector.leaf_idx, subtree, path).verify(&leaf, &root)
            }),
        _ => Subtree::new(vector.start, vector.end)
            .zip(root(vector.root1.as_ref()).zip(root(vector.root2.as_ref())))
            .map(|(subtree, (part, whole))| {
                SubtreeConsistencyProof::new(subtree, vector.size, path).verify(&part, &whole)
            }),
    };
    matches!(judged, Some(Ok(())))
}

fn hash(text: Option<&String>) -> Option<Sha256Hash> {
    let bytes = decode_base64(text?)?;
    Some(Sha256Hash::from_bytes(bytes.try_into().ok()?))
}

/// The root of a vector. Some have words there, which are only compared: any hash that nothing else has
/// stands for them as well.
fn root(text: Option<&String>) -> Option<Sha256Hash> {
    hash(text).or_else(|| Some(Sha256Hash::of(&decode_base64(text?)?)))
}
