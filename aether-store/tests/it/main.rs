//! Integration tests of the store.

mod apply;
mod conformance;
mod damage;
mod deltas;
mod digest;
mod ed25519;
mod format;
mod ledger;
mod ledger_damage;
mod ledger_index;
mod ledger_python;
mod ledger_sharing;
mod model;
mod opening;
mod output_files;
mod policy;
mod record_files;
mod search;
mod sharing;
mod signing_key;
mod support;
