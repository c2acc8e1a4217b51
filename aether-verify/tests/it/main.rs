//! Tests of safe change through the public interface.

mod diff;
