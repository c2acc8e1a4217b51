//! Records of what was done and why: traces, and the scripts that say beforehand what is to be done.

pub mod script;
pub mod trace;
