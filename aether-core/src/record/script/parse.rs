//! Reads a script by recursive descent: one function for each form of the grammar.

use super::ast::{MAX_DEPTH, MAX_STATEMENTS, too_deep};
use super::lexer::{Lexer, Place, Token};
use super::{Claim, Name, Script, ScriptError, ScriptErrorKind, Statement};
use crate::change::CheckRole;
use crate::code::Confidence;
use crate::record::trace::{Budget, Count, ProbeOutcome, ProbeTool};

/// A script with the lines of its text.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct ParsedScript {
    /// The script.
    pub script: Script,
    /// The line of each statement, from 1, in the order of the text: that of a branch stands before those
    /// inside it.
    pub lines: Vec<u32>,
    /// The line on which the text ends.
    pub last_line: u32,
}

/// Reads a script.
///
/// # Errors
///
/// Every [`ScriptErrorKind`], with line and column and with what was expected.
///
/// # Examples
///
/// ```
/// use aether_core::record::script::parse_script;
/// let error = parse_script("tracescript 1;\nbudget probes three;").unwrap_err();
/// assert_eq!(error.to_string(), "line 2, column 15: expected a number, found `three`");
/// ```
pub fn parse_script(text: &str) -> Result<ParsedScript, ScriptError> {
    let mut lexer = Lexer::new(text)?;
    let (token, place) = lexer.next()?;
    let mut parser = Parser { lexer, token, place, lines: Vec::new() };
    let script = parser.script()?;
    Ok(ParsedScript { script, lines: parser.lines, last_line: parser.place.line })
}

impl From<Script> for ParsedScript {
    /// The script with the lines of its canonical text.
    fn from(script: Script) -> Self {
        let mut lines = Vec::new();
        // Behind the version and the budget.
        let last_line = number(script.statements(), 3, &mut lines);
        Self { script, lines, last_line }
    }
}

/// Numbers the lines of a block that begins at `line`; gives the line behind it.
fn number(block: &[Statement], mut line: u32, lines: &mut Vec<u32>) -> u32 {
    for statement in block {
        lines.push(line);
        line += 1;
        if let Statement::If { then, otherwise, .. } = statement {
            line = number(then, line, lines);
            if !otherwise.is_empty() {
                line = number(otherwise, line + 1, lines);
            }
            line += 1;
        }
    }
    line
}

struct Parser<'a> {
    lexer: Lexer<'a>,
    token: Token,
    place: Place,
    lines: Vec<u32>,
}

/// What a statement begins with.
const STATEMENTS: &str = "`plan`, `probe`, `expect`, `if`, `decide`, `verify`, `patch`, `abstain`";

impl Parser<'_> {
    fn advance(&mut self) -> Result<Token, ScriptError> {
        let (token, place) = self.lexer.next()?;
        self.place = place;
        Ok(std::mem::replace(&mut self.token, token))
    }

    fn fail<T>(&self, kind: ScriptErrorKind, detail: impl Into<String>) -> Result<T, ScriptError> {
        Err(ScriptError::new(kind, detail).at(self.place.line, self.place.column))
    }

    fn expected<T>(&self, what: &str) -> Result<T, ScriptError> {
        let detail = format!("expected {what}, found {}", self.token.describe());
        self.fail(ScriptErrorKind::Unexpected, detail)
    }

    fn is_word(&self, word: &str) -> bool {
        matches!(&self.token, Token::Word(found) if found == word)
    }

    fn accept_word(&mut self, word: &str) -> Result<bool, ScriptError> {
        let is_there = self.is_word(word);
        if is_there {
            self.advance()?;
        }
        Ok(is_there)
    }

    fn word(&mut self, word: &str) -> Result<(), ScriptError> {
        if self.accept_word(word)? { Ok(()) } else { self.expected(&format!("`{word}`")) }
    }

    fn accept_mark(&mut self, mark: char) -> Result<bool, ScriptError> {
        let is_there = self.token == Token::Mark(mark);
        if is_there {
            self.advance()?;
        }
        Ok(is_there)
    }

    fn mark(&mut self, mark: char) -> Result<(), ScriptError> {
        if self.accept_mark(mark)? { Ok(()) } else { self.expected(&format!("`{mark}`")) }
    }

    fn text(&mut self) -> Result<String, ScriptError> {
        match &mut self.token {
            Token::Text(text) => {
                let text = std::mem::take(text);
                self.advance()?;
                Ok(text)
            }
            _ => self.expected("a text in quotes"),
        }
    }

    fn number(&mut self) -> Result<Count, ScriptError> {
        match self.token {
            Token::Number(number) => {
                self.advance()?;
                Ok(number)
            }
            _ => self.expected("a number"),
        }
    }

    fn name(&mut self) -> Result<Name, ScriptError> {
        match &self.token {
            Token::Word(word) => {
                let place = self.place;
                let name = Name::new(word.as_str()).map_err(|error| error.at(place.line, place.column))?;
                self.advance()?;
                Ok(name)
            }
            _ => self.expected("a name"),
        }
    }

    fn tool(&mut self) -> Result<ProbeTool, ScriptError> {
        let (Token::Word(name) | Token::Text(name)) = &self.token else {
            return self.expected("a tool");
        };
        let tool = ProbeTool::new(name);
        self.advance()?;
        Ok(tool)
    }

    fn outcome(&mut self) -> Result<ProbeOutcome, ScriptError> {
        let found = ProbeOutcome::ALL.into_iter().find(|outcome| self.is_word(outcome.name()));
        let Some(outcome) = found else {
            return self.expected("`confirmed`, `refuted`, `inconclusive` or `unavailable`");
        };
        self.advance()?;
        Ok(outcome)
    }

    fn script(&mut self) -> Result<Script, ScriptError> {
        self.word("tracescript")?;
        if self.token != Token::Number(Count::new(u64::from(super::SCHEMA_VERSION))) {
            return self.expected("version `1`");
        }
        self.advance()?;
        self.mark(';')?;
        self.word("budget")?;
        let budget = if self.accept_word("nothing")? { Budget::ZERO } else { self.amounts()? };
        self.mark(';')?;
        let statements = self.block(0)?;
        if self.token != Token::End {
            return self.expected(&format!("{STATEMENTS} or the end"));
        }
        Script::new(budget, statements)
    }

    /// Statements up to what begins none.
    fn block(&mut self, depth: usize) -> Result<Vec<Statement>, ScriptError> {
        let mut statements = Vec::new();
        while let Token::Word(word) = &self.token {
            let word = word.clone();
            if self.lines.len() == MAX_STATEMENTS {
                let detail = format!("script has more than {MAX_STATEMENTS} statements");
                return self.fail(ScriptErrorKind::TooLong, detail);
            }
            self.lines.push(self.place.line);
            statements.push(self.statement(&word, depth)?);
        }
        Ok(statements)
    }

    fn statement(&mut self, word: &str, depth: usize) -> Result<Statement, ScriptError> {
        if !["plan", "probe", "expect", "if", "decide", "verify", "patch", "abstain"].contains(&word) {
            return self.expected(STATEMENTS);
        }
        if word == "if" {
            if depth == MAX_DEPTH {
                return Err(too_deep().at(self.place.line, self.place.column));
            }
            self.advance()?;
            return self.branch(depth + 1);
        }
        self.advance()?;
        let statement = match word {
            "plan" => Statement::Plan { text: self.text()? },
            "probe" => {
                let name = self.name()?;
                self.mark('=')?;
                let (tool, target) = (self.tool()?, self.text()?);
                Statement::Probe { name, tool, target, costs: self.costs()? }
            }
            "expect" => Statement::Expect { name: self.name()?, outcome: self.outcome()? },
            "decide" => self.decision()?,
            "verify" => {
                let (role, candidate) = (self.role()?, self.name()?);
                let command = self.text()?;
                Statement::Verify { role, candidate, command, costs: self.costs()? }
            }
            "patch" => {
                let candidate = self.name()?;
                self.word("lines")?;
                Statement::Patch { candidate, lines: self.number()? }
            }
            _ => {
                let reason = self.text()?;
                self.word("next")?;
                Statement::Abstain { reason, tool: self.tool()?, target: self.text()? }
            }
        };
        self.mark(';')?;
        Ok(statement)
    }

    fn branch(&mut self, depth: usize) -> Result<Statement, ScriptError> {
        let (name, outcome) = (self.name()?, self.outcome()?);
        self.mark('{')?;
        let then = self.block(depth)?;
        self.close()?;
        let mut otherwise = Vec::new();
        if self.accept_word("else")? {
            self.mark('{')?;
            otherwise = self.block(depth)?;
            self.close()?;
        }
        Ok(Statement::If { name, outcome, then, otherwise })
    }

    fn close(&mut self) -> Result<(), ScriptError> {
        if self.accept_mark('}')? { Ok(()) } else { self.expected(&format!("{STATEMENTS} or `}}`")) }
    }

    fn decision(&mut self) -> Result<Statement, ScriptError> {
        if self.accept_word("finish")? {
            return Ok(Statement::Finish);
        }
        if self.accept_word("answer")? {
            return Ok(Statement::Answer { claim: self.claim()? });
        }
        if self.accept_word("patch")? {
            return Ok(Statement::Decide { candidate: self.name()?, claim: self.claim()? });
        }
        self.expected("`answer`, `patch` or `finish`")
    }

    fn role(&mut self) -> Result<CheckRole, ScriptError> {
        for role in [CheckRole::Check, CheckRole::Test, CheckRole::Lint, CheckRole::Format] {
            if self.accept_word(super::ast::role_name(role))? {
                return Ok(role);
            }
        }
        self.expected("`check`, `test`, `lint` or `format`")
    }

    fn claim(&mut self) -> Result<Claim, ScriptError> {
        let text = self.text()?;
        self.word("confidence")?;
        let place = self.place;
        let number = self.number()?.get();
        let confidence = u16::try_from(number).ok().and_then(|number| Confidence::try_from(number).ok());
        let Some(confidence) = confidence else {
            let error = ScriptError::new(ScriptErrorKind::BadNumber, "confidence is above 1000 thousandths");
            return Err(error.at(place.line, place.column));
        };
        let mut anchors = Vec::new();
        if self.accept_word("anchors")? {
            anchors.push(self.text()?);
            while self.accept_mark(',')? {
                anchors.push(self.text()?);
            }
        }
        Ok(Claim::new(text, confidence, anchors))
    }

    fn costs(&mut self) -> Result<Budget, ScriptError> {
        if self.accept_word("costs")? { self.amounts() } else { Ok(Budget::ZERO) }
    }

    /// Amounts in any order, each name once.
    fn amounts(&mut self) -> Result<Budget, ScriptError> {
        let mut budget = Budget::ZERO;
        let mut known = Vec::new();
        loop {
            let Token::Word(word) = &self.token else {
                return self.expected("`candidates`, `commands`, `elapsed_ms`, `probes` or `tokens`");
            };
            let word = word.clone();
            let Some(amount) = budget.amount_mut(&word) else {
                return self.expected("`candidates`, `commands`, `elapsed_ms`, `probes` or `tokens`");
            };
            if known.contains(&word) {
                return self.fail(ScriptErrorKind::Unexpected, format!("`{word}` was given already"));
            }
            self.advance()?;
            *amount = self.number()?;
            known.push(word);
            if !self.accept_mark(',')? {
                return Ok(budget);
            }
        }
    }
}
