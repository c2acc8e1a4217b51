//! Tests through the public interface, on what the installed tools say.

mod classes;
mod hostile;
mod project;
mod streams;
mod test_runs;
