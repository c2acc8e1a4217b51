//! The stubs of the standard library: signatures alone, read as the files of one crate.

use std::sync::{Arc, OnceLock};

use aether_core::base::{IndexLimits, RelPath};

use super::program::SourceFile;
use crate::rust::RustExtractor;

macro_rules! stubs {
    ($($name:literal,)*) => {
        const STUBS: &[(&str, &str)] = &[$(($name, include_str!(concat!("../../../data/std/", $name)))),*];
    };
}

stubs! {
    "atomic.rs",
    "collections.rs",
    "collections_seq.rs",
    "fmt_error_misc.rs",
    "fs_path_ffi.rs",
    "io.rs",
    "iter.rs",
    "net.rs",
    "num.rs",
    "num_convert.rs",
    "ops_cmp_convert.rs",
    "option_result.rs",
    "os.rs",
    "process_time.rs",
    "smart_ptr.rs",
    "str_string.rs",
    "sync_thread.rs",
    "vec_slice.rs",
}

/// The files of the stubs, read once per process.
pub(crate) fn std_files() -> &'static [SourceFile] {
    static FILES: OnceLock<Vec<SourceFile>> = OnceLock::new();
    FILES.get_or_init(|| {
        let mut extractor = RustExtractor::new();
        let limits = IndexLimits::default();
        STUBS
            .iter()
            .filter_map(|(name, text)| {
                let path = RelPath::new(format!("<std>/{name}")).ok()?;
                let facts = extractor.extract(name, text, &limits);
                Some(SourceFile { path, facts: Arc::new(facts) })
            })
            .collect()
    })
}
