//! The ledger on disks that break.
