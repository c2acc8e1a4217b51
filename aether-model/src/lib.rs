//! Embedders, and the home of Aether's byte language model.
//!
//! What is there are two embedders without training data: [`Latent`], which learns from the repository itself,
//! and [`HashedWords`], which learns nothing and is the floor.
//!
//! # What it will own
//!
//! | part | what |
//! | --- | --- |
//! | corpus | recipe, filters, licence ledger and snapshots of the training data |
//! | model | a decoder over bytes, without a tokenizer, in sizes chosen by configuration |
//! | training | curriculum, optimisers, exact resume, checkpoints |
//! | inference | continuation, likelihood of a candidate, infill, confidence |
//! | embedder | a small static embedder for search by meaning |
//! | quantisation | int8 and int4 artefacts with kernels of their own |
//!
//! The contracts of these parts will be declared in `aether-core`, so that callers can use any other
//! model as well. The requirements are those whose ids begin with `BM` in `docs/requirements.md`.
//!
//! # What it will not do
//!
//! It will not depend on the other crates of Aether but `aether-core`, hold no SQL, parse no source
//! and open no socket in its default build. Types of its tensor library will not be public.
#![cfg_attr(not(test), warn(clippy::disallowed_methods))]

mod features;
mod hashed;
mod latent;

pub use hashed::HashedWords;
pub use latent::Latent;
