//! Tests of safe change through the public interface.
