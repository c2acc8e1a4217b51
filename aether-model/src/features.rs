//! What of a text counts: its words and their beginnings; and what vectors of all embedders have alike.

use aether_core::code::words::{each_word, is_stop_word, stem};

/// Letters of a beginning; tuned on the dev half of `aether-eval eval search`, on ripgrep and tokio.
const BEGINNING: usize = 3;

/// Stands in front of a beginning, where no word has it.
pub(crate) const BEGINNING_MARK: char = '^';

/// Hands over the features of a text: its words and their beginnings, each as often as it stands there.
pub(crate) fn features(text: &str, visit: &mut impl FnMut(String)) {
    each_word(text, |word| {
        let is_number = word.bytes().all(|byte| byte.is_ascii_digit());
        if word.len() < 2 || is_number || is_stop_word(word) {
            return;
        }
        let mut word = word.to_owned();
        stem(&mut word);
        if word.is_ascii() && word.len() >= BEGINNING {
            visit(format!("{BEGINNING_MARK}{}", &word[..BEGINNING]));
        }
        visit(word);
    });
}

/// Gives a vector the length 1; zeros stay.
pub(crate) fn to_length_one(vector: &mut [f32]) {
    let length = vector.iter().map(|value| value * value).sum::<f32>().sqrt();
    if length > 0.0 {
        vector.iter_mut().for_each(|value| *value /= length);
    }
}
