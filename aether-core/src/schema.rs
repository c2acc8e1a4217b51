//! JSON Schemas of the contract types.
