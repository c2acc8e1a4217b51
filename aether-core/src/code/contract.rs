//! Semantic contracts: what a symbol must do, must not do, and must go on saying.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use toml::{Table, Value};

use super::{Effect, EffectKind, Sir, Statement};
use crate::base::ErrorCode;

/// Version of the records of contracts. *Experimental.*
pub const SCHEMA_VERSION: u32 = 1;

/// What is promised of a symbol.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Contract {
    /// A qualified name or the end of one; `*` stands for any text, and then it is promised of every symbol
    /// with a body that fits.
    pub symbol: String,
    /// Kinds of effect that it must have.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub must: Vec<String>,
    /// Kinds of effect that it must not have. `panic` stands for every panic that a caller should know
    /// of, `io` for all that reaches out of the process, `error` for errors that it gives.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub must_not: Vec<String>,
    /// Members of its record that must stay as they are: `inputs`, `outputs`, `side_effects`,
    /// `error_modes`, `dependencies`, `intent`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub keep: BTreeMap<String, Vec<String>>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Verdict {
    /// The contract is broken.
    Broken,
    /// It calls what is not known, so that the promise can be neither shown nor refuted.
    NotShown,
}

/// What is wrong with one clause of a contract.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Finding {
    /// How much it weighs.
    pub verdict: Verdict,
    /// The clause, such as `must_not network`.
    pub clause: String,
    /// What was found.
    pub message: String,
    /// The effect that breaks it, with the way to it.
    pub effect: Option<Effect>,
}

/// What reaches out of the process.
const IO: [EffectKind; 8] = [
    EffectKind::FILES_READ,
    EffectKind::FILES_WRITE,
    EffectKind::NETWORK,
    EffectKind::ENVIRONMENT,
    EffectKind::PROCESS,
    EffectKind::EXIT,
    EffectKind::INPUT,
    EffectKind::OUTPUT,
];

/// Members that can be kept.
const KEPT: [&str; 6] = ["dependencies", "error_modes", "inputs", "intent", "outputs", "side_effects"];

impl Contract {
    /// A contract that promises nothing yet.
    #[must_use]
    pub fn new(symbol: impl Into<String>) -> Self {
        Self { symbol: symbol.into(), ..Self::default() }
    }

    /// Whether a clause names a member that can be kept.
    #[must_use]
    pub fn can_keep(field: &str) -> bool {
        KEPT.contains(&field)
    }

    /// Whether a qualified name is one that the contract is about.
    #[must_use]
    pub fn is_about(&self, qualified_name: &str) -> bool {
        if self.symbol.contains('*') {
            return fits(&self.symbol, qualified_name);
        }
        qualified_name == self.symbol
            || qualified_name.strip_suffix(&self.symbol).is_some_and(|before| before.ends_with("::"))
    }

    /// Compares what is promised with the record of a symbol and its effects. For `panic` those count that
    /// have a confidence of `likely_panic` or more.
    #[must_use]
    pub fn check(&self, sir: &Sir, effects: &[Effect], likely_panic: super::Confidence) -> Vec<Finding> {
        let mut findings = Vec::new();
        let unknown = effects.iter().find(|effect| effect.kind == EffectKind::UNKNOWN);
        for name in &self.must_not {
            let clause = format!("must_not {name}");
            let meant = effects.iter().find(|effect| {
                // Who names a way to panic means every place of it.
                means(name, &effect.kind) && (name != "panic" || effect.confidence >= likely_panic)
            });
            // Panics are judged by how likely they are, which a record does not say.
            let told = sir.side_effects.iter().chain(&sir.error_modes);
            let told = told.filter(|it| !it.kind.is_panic()).find(|it| means(name, &it.kind));
            let (verdict, message, effect) = match (meant, told, unknown) {
                (Some(effect), ..) => (Verdict::Broken, text_of(effect), Some(effect)),
                (None, Some(told), _) => (Verdict::Broken, told.to_string(), None),
                (None, None, Some(unknown)) => {
                    let message = format!("it calls what is not known: {}", text_of(unknown));
                    (Verdict::NotShown, message, Some(unknown))
                }
                (None, None, None) => continue,
            };
            findings.push(Finding { verdict, clause, message, effect: effect.cloned() });
        }
        for name in &self.must {
            let is_there = effects.iter().any(|effect| means(name, &effect.kind))
                || sir.side_effects.iter().chain(&sir.error_modes).any(|told| means(name, &told.kind));
            if !is_there {
                let (verdict, message) = match unknown {
                    Some(unknown) => (
                        Verdict::NotShown,
                        format!("not found, but it calls what is not known: {}", text_of(unknown)),
                    ),
                    None => (Verdict::Broken, "it has no such effect".to_owned()),
                };
                findings.push(Finding { verdict, clause: format!("must {name}"), message, effect: None });
            }
        }
        for (field, kept) in &self.keep {
            let now = member(sir, field);
            if now != *kept {
                let gone = kept.iter().filter(|text| !now.contains(text)).map(|text| format!("- {text}"));
                let new = now.iter().filter(|text| !kept.contains(text)).map(|text| format!("+ {text}"));
                let told: Vec<String> = gone.chain(new).collect();
                let message = if told.is_empty() { "in another order".to_owned() } else { told.join(", ") };
                let clause = format!("keep {field}");
                findings.push(Finding { verdict: Verdict::Broken, clause, message, effect: None });
            }
        }
        findings
    }

    /// A finding for a contract that is about nothing that is there.
    #[must_use]
    pub fn without_symbol(&self) -> Finding {
        let message = "no symbol with a record has this name".to_owned();
        Finding { verdict: Verdict::Broken, clause: "symbol".to_owned(), message, effect: None }
    }

    /// What a member of a record says, as [`Contract::keep`] writes it.
    #[must_use]
    pub fn member(sir: &Sir, field: &str) -> Vec<String> {
        member(sir, field)
    }
}

/// Whether the name of a clause means a kind of effect.
fn means(name: &str, kind: &EffectKind) -> bool {
    match name {
        "panic" => kind.is_panic(),
        "io" => IO.contains(kind),
        "error" => [EffectKind::RETURNS_ERROR, EffectKind::PASSES_ERROR].contains(kind),
        name => kind.as_str() == name,
    }
}

fn text_of(effect: &Effect) -> String {
    let origin = effect.steps.last().map_or("", |step| &step.text);
    format!("{}: {origin}", effect.kind)
}

fn member(sir: &Sir, field: &str) -> Vec<String> {
    let told = |list: &[Statement]| list.iter().map(ToString::to_string).collect();
    match field {
        "dependencies" => sir.dependencies.clone(),
        "error_modes" => told(&sir.error_modes),
        "inputs" => sir.inputs.clone(),
        "intent" => vec![sir.intent.clone()],
        "outputs" => sir.outputs.clone(),
        "side_effects" => told(&sir.side_effects),
        _ => Vec::new(),
    }
}

/// Whether a text fits a pattern in which `*` stands for any text.
fn fits(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or("");
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else { return rest.is_empty() };
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

/// What the file of a repository for Aether says, `aether.toml` in its root: contracts, and what calls are
/// known to do.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct RepositoryFile {
    /// `[[contract]]`.
    pub contracts: Vec<Contract>,
    /// `[effects]`, as a text of its own in the format of a table of effects; empty when there is none.
    pub effects: String,
}

/// Why the file of a repository cannot be used.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{message}")]
pub struct RepositoryFileError {
    message: String,
}

impl RepositoryFileError {
    fn new(message: impl Into<String>) -> Self {
        Self { message: message.into() }
    }

    /// [`ErrorCode::CONFIG_SYNTAX`].
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        ErrorCode::CONFIG_SYNTAX
    }
}

impl RepositoryFile {
    /// Its name, in the root of the repository.
    pub const NAME: &'static str = "aether.toml";

    /// Reads the file. It is code that a team agrees on, so nothing in it is passed over.
    ///
    /// # Errors
    ///
    /// When the text is not TOML, has a key that nothing reads, or a contract that says nothing.
    ///
    /// # Examples
    ///
    /// ```
    /// use aether_core::code::RepositoryFile;
    /// let text = "[[contract]]\nsymbol = \"parse\"\nmust_not = [\"network\", \"panic\"]\n";
    /// assert_eq!(RepositoryFile::parse(text)?.contracts[0].must_not, ["network", "panic"]);
    /// assert!(RepositoryFile::parse("[[contract]]\nsymbol = \"parse\"\n").is_err());
    /// # Ok::<(), aether_core::code::RepositoryFileError>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, RepositoryFileError> {
        let table: Table = text
            .parse()
            .map_err(|error: toml::de::Error| RepositoryFileError::new(error.to_string().trim()))?;
        let mut file = Self::default();
        for (key, value) in table {
            match (key.as_str(), value) {
                ("contract", Value::Array(contracts)) => {
                    for (number, contract) in contracts.into_iter().enumerate() {
                        let contract: Contract = contract.try_into().map_err(|error: toml::de::Error| {
                            RepositoryFileError::new(format!("contract {}: {}", number + 1, error.message()))
                        })?;
                        file.contracts.push(checked(contract, number + 1)?);
                    }
                }
                ("effects", Value::Table(effects)) => {
                    file.effects = toml::to_string(&effects)
                        .map_err(|error| RepositoryFileError::new(format!("effects: {error}")))?;
                }
                (key, _) => {
                    let message = format!("`{key}` is neither a table `[effects]` nor a list `[[contract]]`");
                    return Err(RepositoryFileError::new(message));
                }
            }
        }
        Ok(file)
    }
}

fn checked(contract: Contract, number: usize) -> Result<Contract, RepositoryFileError> {
    let fail = |what: String| Err(RepositoryFileError::new(format!("contract {number}: {what}")));
    if contract.symbol.trim().is_empty() {
        return fail("it names no symbol".to_owned());
    }
    if contract.must.is_empty() && contract.must_not.is_empty() && contract.keep.is_empty() {
        return fail("it promises nothing; give must, must_not or keep".to_owned());
    }
    if let Some(field) = contract.keep.keys().find(|field| !Contract::can_keep(field)) {
        return fail(format!("`{field}` cannot be kept; {} can", KEPT.join(", ")));
    }
    let groups = ["panic", "io", "error"];
    let is_known = |name: &String| {
        groups.contains(&name.as_str()) || EffectKind::KNOWN.iter().any(|kind| kind.as_str() == name)
    };
    let mut names = contract.must.iter().chain(&contract.must_not);
    // A word that means nothing would be a promise that always holds.
    if let Some(name) = names.find(|name| !is_known(name)) {
        let kinds: Vec<&str> = EffectKind::KNOWN.iter().map(EffectKind::as_str).collect();
        return fail(format!(
            "`{name}` is no kind of effect; there are {}, {}",
            groups.join(", "),
            kinds.join(", ")
        ));
    }
    Ok(contract)
}

#[cfg(test)]
mod tests {
    use super::{Contract, RepositoryFile, Verdict};
    use crate::base::RelPath;
    use crate::code::{Confidence, Effect, EffectKind, EffectStep, Sir, Statement, SymbolId};

    fn effect(kind: EffectKind, confidence: u16, steps: usize) -> Effect {
        let step = EffectStep::new(SymbolId::from_bytes([1; 16]), RelPath::root(), 0, 1, "f".to_owned());
        Effect::new(kind, Confidence::from_thousandths(confidence), vec![step; steps])
    }

    /// Findings as `verdict clause`.
    fn found(contract: &Contract, sir: &Sir, effects: &[Effect]) -> Vec<String> {
        let findings = contract.check(sir, effects, Confidence::from_thousandths(700));
        findings.iter().map(|it| format!("{:?} {}", it.verdict, it.clause)).collect()
    }

    #[test]
    fn what_must_not_be_is_found_and_what_is_not_known_is_said() {
        let mut contract = Contract::new("f");
        contract.must_not = ["network", "panic", "io"].map(str::to_owned).to_vec();
        let sir = Sir::new("x", Confidence::from_thousandths(900));
        assert_eq!(found(&contract, &sir, &[]), [""; 0]);
        let network = effect(EffectKind::NETWORK, 900, 3);
        assert_eq!(found(&contract, &sir, &[network]), ["Broken must_not network", "Broken must_not io"]);
        let far = effect(EffectKind::ASSERTION, 600, 2);
        assert_eq!(found(&contract, &sir, &[far]), [""; 0]);
        let (near, own) = (effect(EffectKind::ASSERTION, 700, 2), effect(EffectKind::INDEX, 200, 1));
        assert_eq!(found(&contract, &sir, &[near]), ["Broken must_not panic"]);
        assert_eq!(found(&contract, &sir, std::slice::from_ref(&own)), [""; 0]);
        contract.must_not = vec!["index".to_owned()];
        assert_eq!(found(&contract, &sir, &[own]), ["Broken must_not index"]);
        contract.must_not = ["network", "panic", "io"].map(str::to_owned).to_vec();
        let unknown = effect(EffectKind::UNKNOWN, 1000, 1);
        assert_eq!(
            found(&contract, &sir, &[unknown]),
            ["NotShown must_not network", "NotShown must_not panic", "NotShown must_not io"]
        );
    }

    #[test]
    fn a_record_breaks_a_promise_by_what_it_says_save_by_panics() {
        let mut contract = Contract::new("f");
        contract.must_not = vec!["panic".to_owned(), "error".to_owned()];
        let mut sir = Sir::new("x", Confidence::from_thousandths(900));
        sir.error_modes = vec![Statement::new(EffectKind::ARITHMETIC, "arithmetic")];
        assert_eq!(found(&contract, &sir, &[]), [""; 0]);
        sir.error_modes.push(Statement::new(EffectKind::PASSES_ERROR, "std::fs::read"));
        assert_eq!(found(&contract, &sir, &[]), ["Broken must_not error"]);
    }

    #[test]
    fn what_must_be_and_must_stay_is_compared() {
        let mut contract = Contract::new("f");
        contract.must = vec!["files_read".to_owned()];
        contract.keep.insert("outputs".to_owned(), vec!["u8".to_owned()]);
        let mut sir = Sir::new("x", Confidence::from_thousandths(900));
        assert_eq!(found(&contract, &sir, &[]), ["Broken must files_read", "Broken keep outputs"]);
        assert_eq!(
            found(&contract, &sir, &[effect(EffectKind::UNKNOWN, 1000, 1)])[0],
            "NotShown must files_read"
        );
        sir.outputs = vec!["u8".to_owned()];
        sir.side_effects = vec![Statement::new(EffectKind::FILES_READ, "std::fs::read")];
        assert_eq!(found(&contract, &sir, &[]), [""; 0]);
        sir.outputs = vec!["u16".to_owned()];
        let finding = &contract.check(&sir, &[], Confidence::default())[0];
        assert_eq!((finding.verdict, finding.message.as_str()), (Verdict::Broken, "- u8, + u16"));
    }

    #[test]
    fn a_contract_is_about_names_ends_of_names_and_patterns() {
        let about = |symbol: &str, name: &str| Contract::new(symbol).is_about(name);
        assert!(about("a::b", "a::b") && about("b", "a::b") && about("a::b", "c::a::b"));
        assert!(!about("b", "a::bb") && !about("b", "a::cb") && !about("a", "a::b"));
        assert!(about("a::*", "a::b::c") && about("*::parse*", "a::parse_all") && about("a*c*e", "abcde"));
        assert!(!about("a::*", "b::a::c") && !about("a*c", "ab") && !about("a*c*e", "ace_"));
        assert!(!about("ab*ba", "aba"));
    }

    #[test]
    fn a_file_that_says_nothing_by_mistake_is_refused() {
        for wrong in [
            "x = 1",
            "contract = 1",
            "[[contract]]\nmust = [\"panic\"]",
            "[[contract]]\nsymbol = \"\"\nmust = [\"panic\"]",
            "[[contract]]\nsymbol = \"f\"",
            "[[contract]]\nsymbol = \"f\"\nmust_not = [\"netwrok\"]",
            "[[contract]]\nsymbol = \"f\"\nmustnot = [\"network\"]",
            "[[contract]]\nsymbol = \"f\"\nkeep.colour = [\"red\"]",
            "[[contract]",
        ] {
            assert!(RepositoryFile::parse(wrong).is_err(), "{wrong}");
        }
        let text =
            "[effects.network]\npaths = [\"web::*\"]\n[[contract]]\nsymbol = \"f\"\nkeep.outputs = []\n";
        let file = RepositoryFile::parse(text).unwrap();
        assert!(file.effects.contains("[network]") && file.contracts.len() == 1);
        assert_eq!(RepositoryFile::parse("").unwrap(), RepositoryFile::default());
    }
}
