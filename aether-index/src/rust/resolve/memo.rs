//! Answers that are remembered, what they depend on, and whether they still hold.

use rustc_hash::FxHashMap;

/// A remembered answer with what it depended on.
#[derive(Clone, Debug)]
pub(super) struct Memo<T> {
    pub(super) value: T,
    keys: Box<[u32]>,
    /// The outermost question that noted the keys last.
    stamp: u32,
    /// The revision at which the answer was last known to hold.
    verified: u32,
}

/// Notes what the question at hand depends on.
#[derive(Debug)]
pub(super) struct Tracker {
    /// What questions depend on, innermost last.
    frames: Vec<Vec<u32>>,
    stamp: u32,
    revision: u32,
    /// When what a key stands for was last another.
    changed: FxHashMap<u32, u32>,
    /// The revision from which on `recent` knows all changes.
    settled: u32,
    /// Bits of the keys that changed since: most keys did not, which one look at a bit tells.
    recent: Box<[u64; RECENT_WORDS]>,
}

/// 4,096 bits.
const RECENT_WORDS: usize = 64;

impl Default for Tracker {
    fn default() -> Self {
        Self {
            frames: vec![Vec::new()],
            stamp: 0,
            revision: 0,
            changed: FxHashMap::default(),
            settled: 0,
            recent: Box::new([0; RECENT_WORDS]),
        }
    }
}

impl Tracker {
    /// Notes that the answer at hand depends on `key`.
    pub(super) fn touch(&mut self, key: u32) {
        if let Some(frame) = self.frames.last_mut() {
            frame.push(key);
        }
    }

    /// Begins an outermost question.
    pub(super) fn begin(&mut self) {
        self.stamp += 1;
        self.frames.clear();
        self.frames.push(Vec::new());
    }

    /// What the outermost question depended on, sorted.
    pub(super) fn end(&mut self) -> Vec<u32> {
        let mut keys = self.frames.pop().unwrap_or_default();
        self.frames.push(Vec::new());
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// Begins a question inside another.
    pub(super) fn open(&mut self) {
        self.frames.push(Vec::new());
    }

    /// Ends a question; its answer can be remembered.
    pub(super) fn close<T>(&mut self, value: T) -> Memo<T> {
        let mut keys = self.frames.pop().unwrap_or_default();
        keys.sort_unstable();
        keys.dedup();
        if let Some(frame) = self.frames.last_mut() {
            frame.extend_from_slice(&keys);
        }
        Memo { value, keys: keys.into_boxed_slice(), stamp: 0, verified: self.revision }
    }

    /// Whether a remembered answer still holds; notes what it depends on, for an outermost question
    /// once.
    pub(super) fn recall<T>(&mut self, memo: &mut Memo<T>) -> bool {
        if !self.holds(memo) {
            return false;
        }
        let is_outermost = self.frames.len() == 1;
        if is_outermost && memo.stamp == self.stamp {
            return true;
        }
        if is_outermost {
            memo.stamp = self.stamp;
        }
        if let Some(frame) = self.frames.last_mut() {
            frame.extend_from_slice(&memo.keys);
        }
        true
    }

    /// Whether nothing that an answer depends on has changed since.
    pub(super) fn holds<T>(&self, memo: &mut Memo<T>) -> bool {
        if memo.verified < self.revision {
            let is_recent_alone = memo.verified >= self.settled;
            let is_stale = |key: &u32| {
                (!is_recent_alone || self.is_recent(*key))
                    && self.changed.get(key).is_some_and(|&at| at > memo.verified)
            };
            if memo.keys.iter().any(is_stale) {
                return false;
            }
            memo.verified = self.revision;
        }
        true
    }

    /// Notes what is another from now on.
    pub(super) fn change(&mut self, keys: &[u32]) {
        self.revision += 1;
        for &key in keys {
            self.changed.insert(key, self.revision);
            let (word, bit) = bit_of(key);
            self.recent[word] |= bit;
        }
    }

    /// Notes that what is asked for after every change was verified: what it may still depend on are the
    /// changes from now on.
    pub(super) fn settle(&mut self) {
        self.settled = self.revision;
        self.recent.fill(0);
    }

    fn is_recent(&self, key: u32) -> bool {
        let (word, bit) = bit_of(key);
        self.recent[word] & bit != 0
    }
}

fn bit_of(key: u32) -> (usize, u64) {
    let at = key as usize % (RECENT_WORDS * 64);
    (at / 64, 1 << (at % 64))
}
