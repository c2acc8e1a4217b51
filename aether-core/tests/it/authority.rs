//! Policy: the table of presets, resources, and the rule against an oracle.

mod blocks;
mod decide;
mod oracle;
mod policy;
mod resource;
mod table;
