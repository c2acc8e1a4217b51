//! The languages beside Rust, one file each.

#[cfg(feature = "c")]
mod c;
#[cfg(feature = "cpp")]
mod cpp;
#[cfg(any(feature = "c", feature = "go", feature = "java", feature = "javascript", feature = "python"))]
mod frame;
#[cfg(feature = "go")]
mod go;
#[cfg(feature = "java")]
mod java;
#[cfg(feature = "javascript")]
mod javascript;
#[cfg(feature = "python")]
mod python;
#[cfg(any(feature = "c", feature = "go", feature = "java", feature = "javascript", feature = "python"))]
mod tree;
#[cfg(feature = "typescript")]
mod typescript;

#[cfg(any(feature = "c", feature = "go", feature = "java", feature = "javascript", feature = "python"))]
use frame::frame_of_walk;

#[cfg(feature = "c")]
pub use c::C;
#[cfg(feature = "cpp")]
pub use cpp::Cpp;
#[cfg(feature = "go")]
pub use go::Go;
#[cfg(feature = "java")]
pub use java::Java;
#[cfg(feature = "javascript")]
pub use javascript::JavaScript;
#[cfg(feature = "python")]
pub use python::Python;
#[cfg(feature = "typescript")]
pub use typescript::TypeScript;
