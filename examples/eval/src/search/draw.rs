//! Which questions are asked.

use aether_core::base::Sha256Hasher;
use serde::Serialize;

use super::pool::Question;
use crate::random::Random;

/// A half of the questions.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Half {
    /// What search may be tuned on.
    Dev,
    /// What is only ever scored.
    Sealed,
    /// All questions.
    Both,
}

impl Half {
    /// The half of a function, by its file and qualified name: functions of one name and file, such as
    /// the twins of a `cfg`, are in the same.
    fn of(question: &Question) -> Self {
        let mut hasher = Sha256Hasher::new();
        hasher.update_field(question.file.as_bytes());
        hasher.update_field(question.qualified_name.as_bytes());
        if hasher.finish().as_bytes()[0].is_multiple_of(2) { Self::Dev } else { Self::Sealed }
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Dev => "dev",
            Self::Sealed => "sealed",
            Self::Both => "both",
        }
    }
}

/// At most `count` questions of a half, as the seed determines; all when there are fewer.
pub(crate) fn draw(questions: &[Question], half: Half, count: usize, seed: u64) -> Vec<&Question> {
    let mut of_half: Vec<&Question> =
        questions.iter().filter(|question| half == Half::Both || Half::of(question) == half).collect();
    let mut random = Random::new(seed);
    let count = count.min(of_half.len());
    for at in 0..count {
        let other = at + random.below(of_half.len() - at);
        of_half.swap(at, other);
    }
    of_half.truncate(count);
    of_half
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use aether_core::code::SymbolId;

    use super::*;

    fn questions(count: u8) -> Vec<Question> {
        let question = |number: u8| Question {
            sentence: String::new(),
            target: SymbolId::from_bytes([number; 16]),
            name: String::new(),
            qualified_name: format!("f{number}"),
            file: "src/lib.rs".into(),
            line: 1,
        };
        (0..count).map(question).collect()
    }

    fn targets(drawn: &[&Question]) -> BTreeSet<SymbolId> {
        drawn.iter().map(|question| question.target).collect()
    }

    #[test]
    fn halves_share_nothing_and_lack_nothing() {
        let all = questions(200);
        let [dev, sealed, both] =
            [Half::Dev, Half::Sealed, Half::Both].map(|half| targets(&draw(&all, half, 1000, 1)));
        assert!(dev.is_disjoint(&sealed) && dev.len() > 60 && sealed.len() > 60);
        assert_eq!((dev.len() + sealed.len(), both.len()), (200, 200));
    }

    #[test]
    fn a_seed_draws_the_same_questions_each_once() {
        let all = questions(200);
        let drawn = |seed| targets(&draw(&all, Half::Both, 50, seed));
        assert_eq!((drawn(1).len(), drawn(1)), (50, drawn(1)));
        assert_ne!(drawn(1), drawn(2));
    }
}
