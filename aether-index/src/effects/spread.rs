//! From those that have an effect to those that call them.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::table::EffectTable;
use super::{Cause, Effects};

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
        let mut callers: Vec<Vec<(u32, u32)>> = vec![Vec::new(); self.functions.len()];
        for (number, function) in self.functions.iter_mut().enumerate() {
            function.calls.sort_by_key(|call| (call.at, call.target));
            for (place, call) in function.calls.iter().enumerate() {
                callers[call.target as usize].push((number as u32, place as u32));
            }
        }
        for kind in 0..self.kinds.len() as u32 {
            let spreads = u64::from(table.weights(&self.kinds[kind as usize]).spreads);
            let mut open = BinaryHeap::new();
            for number in 0..self.functions.len() as u32 {
                if let Some(cause) = self.cause(number, kind) {
                    open.push(Reached {
                        likelihood: cause.likelihood,
                        order: Reverse((0, number, 0)),
                        through: None,
                    });
                }
            }
            let mut is_settled = vec![false; self.functions.len()];
            while let Some(Reached { likelihood, order: Reverse((steps, number, place)), through }) =
                open.pop()
            {
                if std::mem::replace(&mut is_settled[number as usize], true) {
                    continue;
                }
                if let Some(target) = through {
                    let function = &mut self.functions[number as usize];
                    let call = &function.calls[place as usize];
                    let cause = Cause {
                        at: call.at,
                        line: call.line,
                        text: call.text.clone(),
                        likelihood,
                        through: Some(target),
                    };
                    function.causes.retain(|(known, _)| *known != kind);
                    function.causes.push((kind, cause));
                }
                for &(caller, place) in &callers[number as usize] {
                    if is_settled[caller as usize] {
                        continue;
                    }
                    let call = &self.functions[caller as usize].calls[place as usize];
                    // A panic that is told as the caller's fault is one that callers meet.
                    let kept = if self.functions[number as usize].blames_caller { 1000 } else { spreads };
                    let likelihood = likelihood * kept / 1000 * u64::from(call.confidence) / 1000;
                    if likelihood > 0 {
                        let order = Reverse((steps + 1, caller, place));
                        open.push(Reached { likelihood, order, through: Some(number) });
                    }
                }
            }
        }
    }
}
