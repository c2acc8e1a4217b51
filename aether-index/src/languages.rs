//! The languages beside Rust, one file each.

#[cfg(feature = "go")]
mod go;
#[cfg(feature = "python")]
mod python;
#[cfg(any(feature = "go", feature = "python"))]
mod tree;

#[cfg(feature = "go")]
pub use go::Go;
#[cfg(feature = "python")]
pub use python::Python;
