//! Precision, recall and calibration of call edges.
//!
//! The protocol is that of the gold: an edge is a pair of functions of the project, each pair once;
//! precision counts where the oracle could resolve a call of that name from that function at all.

use std::collections::HashMap;

use aether_core::code::Resolution;
use serde::Serialize;

use super::calibration::{Calibration, Judged};
use super::{Call, Twins};
use crate::corpora::SURE_THOUSANDTHS;
use crate::gold::{EdgeKey, Gold};
use crate::share::Share;

/// How right call edges are.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct EdgeScore {
    /// Edges between functions that the gold knows, in files that it covers.
    pub(crate) edges: usize,
    /// Right edges among those at resolved sites.
    pub(crate) precision: Share,
    /// Edges of the gold that were found.
    pub(crate) recall: Share,
    /// Their harmonic mean.
    pub(crate) f1: f64,
    /// Right edges among those of high confidence.
    pub(crate) sure: Share,
    /// The same precision and recall where a method of an implementation also stands for the
    /// declaration of the trait that the gold names.
    pub(crate) lenient_precision: Share,
    pub(crate) lenient_recall: Share,
    /// Edges inside arguments of macros that were found, where there is gold for them.
    pub(crate) macro_recall: Option<Share>,
    /// Edges of both golds that were found.
    pub(crate) wide_recall: Option<Share>,
    /// How far confidences say how right edges are.
    pub(crate) calibration: Calibration,
}

impl EdgeScore {
    /// Scores calls against the gold.
    pub(crate) fn new(calls: &[Call], gold: &Gold, twins: &Twins) -> Self {
        let found = edges(calls, gold);
        let at_resolved: HashMap<&EdgeKey, Best> = found
            .iter()
            .filter(|((source, target), _)| {
                gold.functions
                    .get(target)
                    .is_some_and(|name| gold.resolved.contains(&(source.clone(), name.clone())))
            })
            .map(|(key, best)| (key, *best))
            .collect();
        let is_right = |key: &EdgeKey| gold.edges.contains(key);
        let is_nearly_right = |key: &EdgeKey| {
            is_right(key)
                || twins.declarations(&key.1).any(|target| is_right(&(key.0.clone(), target.clone())))
        };
        let is_found = |key: &EdgeKey| found.contains_key(key);
        let is_nearly_found = |key: &EdgeKey| {
            is_found(key)
                || twins.implementations(&key.1).any(|target| is_found(&(key.0.clone(), target.clone())))
        };
        let share_of = |is_good: &dyn Fn(&EdgeKey) -> bool, keys: &mut dyn Iterator<Item = &EdgeKey>| {
            let mut share = Share::default();
            keys.for_each(|key| share.add(is_good(key)));
            share
        };

        let precision = share_of(&is_right, &mut at_resolved.keys().copied());
        let recall = share_of(&is_found, &mut gold.edges.iter());
        let is_sure = |best: &Best| best.thousandths >= SURE_THOUSANDTHS;
        let mut sure = at_resolved.iter().filter(|(_, best)| is_sure(best)).map(|(key, _)| *key);
        let sure = share_of(&is_right, &mut sure);
        let macro_edges = gold.macro_edges.as_ref();
        let judged = at_resolved.iter().map(|(key, best)| Judged {
            thousandths: best.thousandths,
            resolution: best.resolution,
            is_right: is_right(key),
        });
        Self {
            edges: found.len(),
            precision,
            recall,
            f1: harmonic_mean(precision.or_zero(), recall.or_zero()),
            sure,
            lenient_precision: share_of(&is_nearly_right, &mut at_resolved.keys().copied()),
            lenient_recall: share_of(&is_nearly_found, &mut gold.edges.iter()),
            macro_recall: macro_edges.map(|edges| share_of(&is_found, &mut edges.iter())),
            wide_recall: macro_edges.map(|edges| share_of(&is_found, &mut gold.edges.union(edges))),
            calibration: Calibration::new(judged),
        }
    }
}

/// The most confident of the calls that make an edge.
#[derive(Clone, Copy, Debug)]
struct Best {
    thousandths: u16,
    resolution: Resolution,
}

/// The edges that calls make, between functions that the gold knows.
fn edges(calls: &[Call], gold: &Gold) -> HashMap<EdgeKey, Best> {
    let files = gold.files();
    let mut found: HashMap<EdgeKey, Best> = HashMap::new();
    for call in calls {
        let is_known = |place| gold.functions.contains_key(place);
        if !is_known(&call.source) || !is_known(&call.target) || !files.contains(call.source.0.as_str()) {
            continue;
        }
        let this = Best { thousandths: call.thousandths, resolution: call.resolution };
        let best = found.entry((call.source.clone(), call.target.clone())).or_insert(this);
        // Equal confidences: the first resolution of the contract, so that tables do not depend on order.
        if (this.thousandths, std::cmp::Reverse(this.resolution))
            > (best.thousandths, std::cmp::Reverse(best.resolution))
        {
            *best = this;
        }
    }
    found
}

fn harmonic_mean(a: f64, b: f64) -> f64 {
    if a + b > 0.0 { 2.0 * a * b / (a + b) } else { 0.0 }
}
