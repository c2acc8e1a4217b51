//! Which symbol a place belongs to.

use aether_core::code::facts::FileFacts;

/// Which symbol a byte of a file belongs to.
pub(crate) struct Owners {
    /// Starts of stretches and the symbol of each.
    stretches: Vec<(u32, u32)>,
}

impl Owners {
    /// The innermost symbol around each byte.
    pub(crate) fn of(facts: &FileFacts) -> Self {
        let mut order: Vec<u32> = (1..facts.symbols.len() as u32).collect();
        order.sort_by_key(|&index| {
            let span = facts.symbols[index as usize].span;
            (span.start, std::cmp::Reverse(span.end), index)
        });
        let mut stretches = vec![(0, 0)];
        let mut open: Vec<u32> = Vec::new();
        for index in order {
            let span = facts.symbols[index as usize].span;
            while let Some(&top) = open.last() {
                let end = facts.symbols[top as usize].span.end;
                if end > span.start {
                    break;
                }
                open.pop();
                stretches.push((end, open.last().copied().unwrap_or(0)));
            }
            stretches.push((span.start, index));
            open.push(index);
        }
        while let Some(top) = open.pop() {
            stretches.push((facts.symbols[top as usize].span.end, open.last().copied().unwrap_or(0)));
        }
        stretches.sort_by_key(|&(start, _)| start);
        Self { stretches }
    }
    /// The symbol of a byte; 0, the file, outside of all others.
    pub(crate) fn at(&self, offset: u32) -> u32 {
        let next = self.stretches.partition_point(|&(start, _)| start <= offset);
        next.checked_sub(1).map_or(0, |index| self.stretches[index].1)
    }
}
