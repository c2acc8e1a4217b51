//! How many of how many.

use serde::Serialize;

/// A part of a whole.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
pub(crate) struct Share {
    pub(crate) right: u64,
    pub(crate) of: u64,
}

impl Share {
    pub(crate) fn new(right: usize, of: usize) -> Self {
        Self { right: right as u64, of: of as u64 }
    }

    /// Counts one more.
    pub(crate) fn add(&mut self, is_right: bool) {
        self.right += u64::from(is_right);
        self.of += 1;
    }

    /// From 0 to 1; `None` of nothing.
    pub(crate) fn fraction(self) -> Option<f64> {
        (self.of > 0).then(|| self.right as f64 / self.of as f64)
    }

    /// From 0 to 1; 0 of nothing, as the protocol of the gold has it.
    pub(crate) fn or_zero(self) -> f64 {
        self.fraction().unwrap_or(0.0)
    }

    /// As text with `digits` behind the point.
    pub(crate) fn shown(self, digits: usize) -> String {
        self.fraction().map_or_else(|| "–".to_owned(), |fraction| format!("{fraction:.digits$}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_has_no_fraction() {
        assert_eq!(Share::default().fraction(), None);
        assert_eq!(Share::new(1, 4).shown(3), "0.250");
        assert_eq!(Share::default().shown(3), "–");
    }
}
