//! Contracts, compared with what the records say.

use aether_core::code::{Answer, Contract, Finding, Symbol};
use aether_index::Effects;
use serde::Serialize;

use super::error::EngineError;
use super::lifecycle::Engine;

/// What was found of one contract.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ContractCheck {
    /// The contract.
    pub contract: Contract,
    /// The symbols that it is about.
    pub symbols: u64,
    /// What is wrong, with the symbol where there is one.
    pub findings: Vec<(Option<Symbol>, Finding)>,
}

impl Engine {
    /// Compares contracts with the records of the symbols that they are about.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    pub fn check_contracts(&self, contracts: &[Contract]) -> Result<Answer<Vec<ContractCheck>>, EngineError> {
        let derived = self.derived()?.derived;
        let mut checks = Vec::new();
        for contract in contracts {
            let mut check = ContractCheck { contract: contract.clone(), symbols: 0, findings: Vec::new() };
            for named in derived.records().filter(|it| contract.is_about(it.qualified_name)) {
                // A pattern is about what does something.
                let is_callable = derived.effects().has(named.id);
                let Some(sir) =
                    derived.sir(named.id).filter(|_| is_callable || !contract.symbol.contains('*'))
                else {
                    continue;
                };
                check.symbols += 1;
                let effects = derived.effects().of(named.id);
                let findings = contract.check(&sir, &effects, Effects::LIKELY_PANIC);
                if !findings.is_empty() {
                    let symbol = self.symbol(named.id)?;
                    check.findings.extend(findings.into_iter().map(|it| (Some(symbol.clone()), it)));
                }
            }
            if check.symbols == 0 {
                check.findings.push((None, contract.without_symbol()));
            }
            checks.push(check);
        }
        self.answer(checks)
    }
}
