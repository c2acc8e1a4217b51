//! How large a patch may be.

/// How large a patch may be.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct PatchOptions {
    /// See [`PatchOptions::with_max_files`].
    pub max_files: u32,
    /// See [`PatchOptions::with_max_file_bytes`].
    pub max_file_bytes: u64,
    /// See [`PatchOptions::with_max_total_bytes`].
    pub max_total_bytes: u64,
}

impl Default for PatchOptions {
    fn default() -> Self {
        Self { max_files: 10_000, max_file_bytes: 64 * 1024 * 1024, max_total_bytes: 512 * 1024 * 1024 }
    }
}

impl PatchOptions {
    /// Most files of one patch. Default 10,000.
    #[must_use]
    pub fn with_max_files(mut self, files: u32) -> Self {
        self.max_files = files;
        self
    }

    /// Largest file that a patch may change or leave, in bytes. Default 64 MiB.
    #[must_use]
    pub fn with_max_file_bytes(mut self, bytes: u64) -> Self {
        self.max_file_bytes = bytes;
        self
    }

    /// Most bytes of all files together, as they are before and afterwards: they are held in memory.
    /// Default 512 MiB.
    #[must_use]
    pub fn with_max_total_bytes(mut self, bytes: u64) -> Self {
        self.max_total_bytes = bytes;
        self
    }
}
