//! Changes of `aether.toml` that leave the rest of it as it is written, comments included.

use aether_core::base::ErrorCode;
use aether_core::code::{Contract, RepositoryFile};
use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, Value};

use crate::failure::Failure;

/// The text with one more contract, behind all that is there.
pub(super) fn with(text: &str, contract: &Contract) -> Result<String, Failure> {
    parse(text)?;
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
    let end = match text {
        "" => "",
        text if text.ends_with('\n') => "\n",
        _ => "\n\n",
    };
    Ok(format!("{text}{end}[[contract]]\n{table}"))
}

/// The text without the contracts of a symbol, and how many those were. A comment that stands right above
/// one goes with it; what a blank line keeps apart stays.
pub(super) fn without(text: &str, symbol: &str) -> Result<(String, u64), Failure> {
    let mut document = parse(text)?;
    let (mut removed, mut header, mut is_first) = (0, String::new(), document.len() == 1);
    if let Some(contracts) = document.get_mut("contract").and_then(Item::as_array_of_tables_mut) {
        contracts.retain(|contract| {
            let is_meant = contract.get("symbol").and_then(Item::as_str) == Some(symbol);
            removed += u64::from(is_meant);
            if is_meant && is_first {
                let above = contract.decor().prefix().and_then(|it| it.as_str()).unwrap_or("");
                header.push_str(above.rsplit_once("\n\n").map_or("", |(kept, _)| kept));
            }
            is_first &= is_meant;
            !is_meant
        });
        if contracts.is_empty() {
            document.remove("contract");
        }
    }
    if !header.is_empty() {
        header.push('\n');
    }
    Ok((format!("{header}{document}"), removed))
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
        let text = "# Header.\n\n# Of f.\n[[contract]]\nsymbol = \"f\"\nmust = [\"io\"]\n";
        assert_eq!(without(text, "f").unwrap().0, "# Header.\n");
    }
}
