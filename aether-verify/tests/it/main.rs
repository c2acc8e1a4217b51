//! Tests of safe change through the public interface.

#[cfg(unix)]
mod hostile;
