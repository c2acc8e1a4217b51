//! The languages beside Rust, one file each.

#[cfg(feature = "python")]
mod python;
#[cfg(feature = "python")]
mod tree;

#[cfg(feature = "python")]
pub use python::Python;
