//! Suites that any implementation of a port can run.
