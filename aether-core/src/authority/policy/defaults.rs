//! Domains that are blocked where nobody says otherwise.

use std::collections::{BTreeMap, BTreeSet};

use super::HardBlock;

/// A beginning, not a census: the best known of each kind. A policy adds its own.
const DOMAINS: [(HardBlock, &[&str]); 4] = [
    (
        HardBlock::FinanceDomains,
        &["paypal.com", "stripe.com", "chase.com", "bankofamerica.com", "wellsfargo.com", "coinbase.com"],
    ),
    (HardBlock::HealthcareDomains, &["mychart.com", "nhs.uk", "kaiserpermanente.org", "healthcare.gov"]),
    (
        HardBlock::PasswordManagerDomains,
        &["1password.com", "bitwarden.com", "lastpass.com", "dashlane.com", "keepersecurity.com"],
    ),
    (HardBlock::GovernmentDomains, &["gov", "mil", "gov.uk", "europa.eu", "bund.de", "gouv.fr", "go.jp"]),
];

pub(super) fn blocked_domains() -> BTreeMap<HardBlock, BTreeSet<String>> {
    let set = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
    DOMAINS.iter().map(|(block, names)| (*block, set(names))).collect()
}
