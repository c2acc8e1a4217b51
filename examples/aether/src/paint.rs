//! Colours, on a terminal only.

use std::env;
use std::io::IsTerminal;

/// What a piece of text is, which decides how it looks.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Tone {
    Plain,
    /// What the eye should find first.
    Strong,
    /// What may be skipped.
    Dim,
    /// A place in a file.
    Place,
    /// What deserves doubt.
    Doubt,
    /// What is wrong.
    Bad,
    /// What is as it should be.
    Good,
}

/// Whether text is coloured.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Paint {
    is_on: bool,
}

impl Paint {
    /// For a stream: coloured when it is a terminal that can, and nobody asked for plain text
    /// (<https://no-color.org>).
    pub(crate) fn for_stream(stream: &impl IsTerminal) -> Self {
        let is_set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
        let is_dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
        Self { is_on: is_on(stream.is_terminal(), is_set("NO_COLOR"), is_dumb) }
    }

    /// The text without control characters, which source code may hold to play with a terminal, and
    /// in the colour of its tone.
    pub(crate) fn text(self, tone: Tone, text: &str) -> String {
        let clean: String = text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
        let code = match tone {
            Tone::Plain => "",
            Tone::Strong => "1",
            Tone::Dim => "2",
            Tone::Place => "36",
            Tone::Doubt => "33",
            Tone::Bad => "1;31",
            Tone::Good => "32",
        };
        if self.is_on && !code.is_empty() && !clean.is_empty() {
            format!("\u{1b}[{code}m{clean}\u{1b}[0m")
        } else {
            clean
        }
    }
}

impl Paint {
    /// The lines of a longer text, each without control characters.
    pub(crate) fn lines(self, text: &str) -> String {
        text.lines().map(|line| self.text(Tone::Plain, line)).collect::<Vec<_>>().join("\n")
    }
}

fn is_on(is_terminal: bool, is_refused: bool, is_dumb: bool) -> bool {
    is_terminal && !is_refused && !is_dumb
}

#[cfg(test)]
mod tests {
    use super::{Paint, Tone, is_on};

    #[test]
    fn colours_need_a_terminal_that_can_and_nobody_who_minds() {
        assert!(is_on(true, false, false));
        assert!(!is_on(false, false, false));
        assert!(!is_on(true, true, false));
        assert!(!is_on(true, false, true));
    }

    #[test]
    fn control_characters_of_sources_do_not_reach_a_terminal() {
        let plain = Paint { is_on: false };
        assert_eq!(plain.text(Tone::Bad, "a\u{1b}[31mb\u{7}"), "a\u{fffd}[31mb\u{fffd}");
        let coloured = Paint { is_on: true };
        assert_eq!(coloured.text(Tone::Strong, "a\u{1b}b"), "\u{1b}[1ma\u{fffd}b\u{1b}[0m");
        assert_eq!(coloured.text(Tone::Plain, "a"), "a");
    }
}
