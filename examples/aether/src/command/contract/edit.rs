//! Changes of `aether.toml` that leave the rest of it as it is written, comments included.

use aether_core::base::ErrorCode;
use aether_core::code::{Contract, RepositoryFile};
use toml_edit::{Array, ArrayOfTables, DocumentMut, InlineTable, Item, Table, Value};

use crate::failure::Failure;

/// The text with one more contract.
pub(super) fn with(text: &str, contract: &Contract) -> Result<String, Failure> {
    let mut document = parse(text)?;
    let mut table = Table::new();
    table["symbol"] = toml_edit::value(&contract.symbol);
    for (key, kinds) in [("must", &contract.must), ("must_not", &contract.must_not)] {
        if !kinds.is_empty() {
            table[key] = Item::Value(Value::Array(Array::from_iter(kinds.iter())));
        }
    }
    if !contract.keep.is_empty() {
        let kept = contract.keep.iter().map(|(field, texts)| (field, Array::from_iter(texts.iter())));
        table["keep"] = Item::Value(Value::InlineTable(InlineTable::from_iter(kept)));
    }
    if let Some(reason) = &contract.reason {
        table["reason"] = toml_edit::value(reason);
    }
    let contracts = document.entry("contract").or_insert(Item::ArrayOfTables(ArrayOfTables::new()));
    let Some(contracts) = contracts.as_array_of_tables_mut() else {
        let message = format!("`contract` in {} is no list `[[contract]]`", RepositoryFile::NAME);
        return Err(Failure::new(ErrorCode::CONFIG_SYNTAX, message));
    };
    contracts.push(table);
    Ok(document.to_string())
}

/// The text without the contracts of a symbol, and how many those were.
pub(super) fn without(text: &str, symbol: &str) -> Result<(String, u64), Failure> {
    let mut document = parse(text)?;
    let mut removed = 0;
    if let Some(contracts) = document.get_mut("contract").and_then(Item::as_array_of_tables_mut) {
        contracts.retain(|contract| {
            let is_meant = contract.get("symbol").and_then(Item::as_str) == Some(symbol);
            removed += u64::from(is_meant);
            !is_meant
        });
        if contracts.is_empty() {
            document.remove("contract");
        }
    }
    Ok((document.to_string(), removed))
}

fn parse(text: &str) -> Result<DocumentMut, Failure> {
    text.parse().map_err(|error: toml_edit::TomlError| {
        Failure::new(
            ErrorCode::CONFIG_SYNTAX,
            format!("{}: {}", RepositoryFile::NAME, error.to_string().trim()),
        )
    })
}

#[cfg(test)]
mod tests {
    use aether_core::code::{Contract, RepositoryFile};

    use super::{with, without};

    #[test]
    fn what_is_there_stays_as_it_is_written() {
        let text = "# ours\n[effects.network]\npaths = [ \"web::*\" ] # all\n";
        let mut contract = Contract::new("f");
        contract.must_not = vec!["network".to_owned()];
        contract.keep.insert("outputs".to_owned(), vec!["\"q\"".to_owned()]);
        contract.reason = Some("because".to_owned());
        let once = with(text, &contract).unwrap();
        assert!(once.starts_with(text), "{once}");
        contract.symbol = "g".to_owned();
        let twice = with(&once, &contract).unwrap();
        assert!(twice.starts_with(&once), "{twice}");
        let file = RepositoryFile::parse(&twice).unwrap();
        assert_eq!(file.contracts[1], contract);
        let (text, removed) = without(&twice, "g").unwrap();
        assert_eq!((text.as_str(), removed), (once.as_str(), 1));
        let (text, removed) = without(&text, "f").unwrap();
        assert_eq!(removed, 1);
        assert!(!text.contains("contract") && text.starts_with("# ours"), "{text}");
        assert_eq!(without(&text, "f").unwrap().1, 0);
        assert!(with("x = [", &contract).is_err());
        assert!(with("contract = 1", &contract).is_err());
    }
}
