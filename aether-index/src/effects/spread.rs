//! From those that have an effect to those that call them.

use super::{Cause, Effects};

impl Effects {
    /// Spreads every effect along the calls, nearest callers first, so that the way that is kept is a
    /// shortest one; of several the call that stands first.
    pub(super) fn spread(&mut self) {
        let mut callers: Vec<Vec<(u32, u32)>> = vec![Vec::new(); self.functions.len()];
        for (number, function) in self.functions.iter_mut().enumerate() {
            function.calls.sort_by_key(|call| (call.at, call.target));
            for (place, call) in function.calls.iter().enumerate() {
                callers[call.target as usize].push((number as u32, place as u32));
            }
        }
        for kind in 0..self.kinds.len() as u32 {
            let has = |effects: &Self, number: u32| {
                effects.functions[number as usize].causes.iter().any(|(known, _)| *known == kind)
            };
            let mut reached: Vec<u32> =
                (0..self.functions.len() as u32).filter(|&number| has(self, number)).collect();
            while !reached.is_empty() {
                let mut next = Vec::new();
                for number in reached {
                    for &(caller, place) in &callers[number as usize] {
                        if has(self, caller) {
                            continue;
                        }
                        let function = &mut self.functions[caller as usize];
                        let call = &function.calls[place as usize];
                        let cause = Cause {
                            at: call.at,
                            line: call.line,
                            text: call.text.clone(),
                            through: Some(number),
                        };
                        function.causes.push((kind, cause));
                        next.push(caller);
                    }
                }
                reached = next;
            }
        }
    }
}
