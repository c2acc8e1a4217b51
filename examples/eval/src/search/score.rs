//! How well questions are answered.

use serde::Serialize;

use crate::measure::Sorted;

/// Places that count.
pub(crate) const PLACES: usize = 10;

/// How one question was answered.
#[derive(Clone, Debug)]
pub(crate) struct Answered {
    /// The place of the function that is right, from 1; `None` beyond [`PLACES`].
    pub(crate) place: Option<usize>,
    /// Wall time of the search.
    pub(crate) milliseconds: f64,
}

/// The answers to many questions.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Score {
    pub(crate) questions: usize,
    /// Mean of one by the place of the function that is right; 0 beyond the tenth.
    pub(crate) mrr_at_10: f64,
    /// Share of questions that have it first.
    pub(crate) recall_at_1: f64,
    /// Share of questions that have it among the first ten.
    pub(crate) recall_at_10: f64,
    pub(crate) milliseconds_p50: f64,
    pub(crate) milliseconds_p95: f64,
}

impl Score {
    pub(crate) fn of(answers: &[Answered]) -> Self {
        let count = answers.len().max(1) as f64;
        let share = |most: usize| {
            answers.iter().filter(|one| one.place.is_some_and(|place| place <= most)).count() as f64 / count
        };
        let reciprocals = answers.iter().filter_map(|one| one.place).map(|place| 1.0 / place as f64);
        let times = Sorted::new(answers.iter().map(|one| one.milliseconds).collect());
        Self {
            questions: answers.len(),
            mrr_at_10: reciprocals.sum::<f64>() / count,
            recall_at_1: share(1),
            recall_at_10: share(PLACES),
            milliseconds_p50: times.median(),
            milliseconds_p95: times.percentile(95.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_make_the_score() {
        let answers: Vec<Answered> = [(Some(1), 1.0), (Some(4), 3.0), (None, 2.0), (Some(10), 9.0)]
            .map(|(place, milliseconds)| Answered { place, milliseconds })
            .into();
        let score = Score::of(&answers);
        assert!((score.mrr_at_10 - (1.0 + 0.25 + 0.1) / 4.0).abs() < 1e-12);
        assert_eq!((score.recall_at_1, score.recall_at_10), (0.25, 0.75));
        assert_eq!((score.questions, score.milliseconds_p50, score.milliseconds_p95), (4, 2.0, 9.0));
        assert_eq!(Score::of(&[]).mrr_at_10, 0.0);
    }
}
