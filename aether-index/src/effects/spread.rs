//! From those that have an effect to those that call them.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::table::EffectTable;
use super::{Cause, Effects, Origin};

/// What is certain, in millionths: whole numbers give the same answer everywhere.
pub(super) const CERTAIN: u64 = 1_000_000;

/// A function that was reached; the largest is settled next.
#[derive(Eq, Ord, PartialEq, PartialOrd)]
struct Reached {
    likelihood: u64,
    /// Calls on the way, the function, and the number of the call among its own: the smallest first.
    order: Reverse<(u32, u32, u32)>,
    /// The function that the call leads to.
    through: Option<u32>,
}

impl Effects {
    /// Spreads every effect along the calls, likeliest first, so that of all ways to an effect the
    /// likeliest is kept; of equal ones the shorter, then the one whose call stands first.
    pub(super) fn spread(&mut self, table: &EffectTable) {
        let callers = self.callers();
        let mut sources: Vec<Vec<u32>> = vec![Vec::new(); self.kinds.len()];
        for (number, function) in self.functions.iter().enumerate() {
            for (kind, _) in &function.causes {
                sources[*kind as usize].push(number as u32);
            }
        }
        let mut is_settled = vec![false; self.functions.len()];
        for (kind, sources) in sources.into_iter().enumerate() {
            let spreads = u64::from(table.weights(&self.kinds[kind]).spreads);
            is_settled.fill(false);
            self.spread_kind(kind as u32, spreads, &sources, &callers, &mut is_settled);
        }
    }

    fn spread_kind(
        &mut self,
        kind: u32,
        spreads: u64,
        sources: &[u32],
        callers: &[Vec<(u32, u32)>],
        is_settled: &mut [bool],
    ) {
        let mut open = BinaryHeap::new();
        for &number in sources {
            if let Some(cause) = self.cause(number, kind) {
                let order = Reverse((0, number, 0));
                open.push(Reached { likelihood: cause.likelihood, order, through: None });
            }
        }
        while let Some(Reached { likelihood, order: Reverse((steps, number, place)), through }) = open.pop() {
            if std::mem::replace(&mut is_settled[number as usize], true) {
                continue;
            }
            if let Some(target) = through {
                let cause = Cause { likelihood, origin: Origin::Call { place, target } };
                let causes = &mut self.functions[number as usize].causes;
                match causes.iter_mut().find(|(known, _)| *known == kind) {
                    Some((_, known)) => *known = cause,
                    None => causes.push((kind, cause)),
                }
            }
            for &(caller, place) in &callers[number as usize] {
                if is_settled[caller as usize] {
                    continue;
                }
                let call = &self.functions[caller as usize].local.calls[place as usize];
                // A panic that is told as the caller's fault is one that callers meet.
                let kept = if self.functions[number as usize].local.blames_caller { 1000 } else { spreads };
                let likelihood = likelihood * kept / 1000 * u64::from(call.confidence) / 1000;
                if likelihood > 0 {
                    let order = Reverse((steps + 1, caller, place));
                    open.push(Reached { likelihood, order, through: Some(number) });
                }
            }
        }
    }

    /// Of each function the calls that lead to it, each as a function and the number of the call there.
    fn callers(&self) -> Vec<Vec<(u32, u32)>> {
        let mut callers: Vec<Vec<(u32, u32)>> = vec![Vec::new(); self.functions.len()];
        for (number, function) in self.functions.iter().enumerate() {
            for (place, call) in function.local.calls.iter().enumerate() {
                if let Some(&target) = self.by_id.get(&call.target) {
                    callers[target as usize].push((number as u32, place as u32));
                }
            }
        }
        callers
    }
}
