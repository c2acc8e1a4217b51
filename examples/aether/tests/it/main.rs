//! The program as a person and a script meet it: each command over a small repository.

mod configuration;
mod documents;
mod export;
mod graph;
mod index;
mod mistakes;
mod questions;
mod support;
mod terminal;
