//! Signature stubs: std::fs, std::path, std::ffi and std::env.
pub mod fs {
    pub fn read<P: AsRef<crate::path::Path>>(path: P) -> crate::io::Result<Vec<u8>>;
    pub fn read_to_string<P: AsRef<crate::path::Path>>(path: P) -> crate::io::Result<String>;
    pub fn write<P: AsRef<crate::path::Path>, C: AsRef<[u8]>>(path: P, contents: C) -> crate::io::Result<()>;
    pub fn remove_file<P: AsRef<crate::path::Path>>(path: P) -> crate::io::Result<()>;
    pub fn metadata<P: AsRef<crate::path::Path>>(path: P) -> crate::io::Result<Metadata>;
    pub fn symlink_metadata<P: AsRef<crate::path::Path>>(path: P) -> crate::io::Result<Metadata>;
    pub fn rename<P: AsRef<crate::path::Path>, Q: AsRef<crate::path::Path>>(from: P, to: Q) -> crate::io::Result<()>;
    pub fn copy<P: AsRef<crate::path::Path>, Q: AsRef<crate::path::Path>>(from: P, to: Q) -> crate::io::Result<u64>;
    pub fn hard_link<P: AsRef<crate::path::Path>, Q: AsRef<crate::path::Path>>(original: P, link: Q) -> crate::io::Result<()>;
    pub fn soft_link<P: AsRef<crate::path::Path>, Q: AsRef<crate::path::Path>>(original: P, link: Q) -> crate::io::Result<()>;
    pub fn read_link<P: AsRef<crate::path::Path>>(path: P) -> crate::io::Result<crate::path::PathBuf>;
    pub fn canonicalize<P: AsRef<crate::path::Path>>(path: P) -> crate::io::Result<crate::path::PathBuf>;
    pub fn create_dir<P: AsRef<crate::path::Path>>(path: P) -> crate::io::Result<()>;
    pub fn create_dir_all<P: AsRef<crate::path::Path>>(path: P) -> crate::io::Result<()>;
    pub fn remove_dir<P: AsRef<crate::path::Path>>(path: P) -> crate::io::Result<()>;
    pub fn remove_dir_all<P: AsRef<crate::path::Path>>(path: P) -> crate::io::Result<()>;
    pub fn read_dir<P: AsRef<crate::path::Path>>(path: P) -> crate::io::Result<ReadDir>;
    pub fn set_permissions<P: AsRef<crate::path::Path>>(path: P, perm: Permissions) -> crate::io::Result<()>;
    pub fn exists<P: AsRef<crate::path::Path>>(path: P) -> crate::io::Result<bool>;
    pub struct File;
    impl File {
        pub fn open<P: AsRef<crate::path::Path>>(path: P) -> crate::io::Result<File>;
        pub fn create<P: AsRef<crate::path::Path>>(path: P) -> crate::io::Result<File>;
        pub fn create_new<P: AsRef<crate::path::Path>>(path: P) -> crate::io::Result<File>;
        pub fn options() -> OpenOptions;
        pub fn sync_all(&self) -> crate::io::Result<()>;
        pub fn sync_data(&self) -> crate::io::Result<()>;
        pub fn lock(&self) -> crate::io::Result<()>;
        pub fn lock_shared(&self) -> crate::io::Result<()>;
        pub fn try_lock(&self) -> Result<(), TryLockError>;
        pub fn try_lock_shared(&self) -> Result<(), TryLockError>;
        pub fn unlock(&self) -> crate::io::Result<()>;
        pub fn set_len(&self, size: u64) -> crate::io::Result<()>;
        pub fn metadata(&self) -> crate::io::Result<Metadata>;
        pub fn try_clone(&self) -> crate::io::Result<File>;
        pub fn set_permissions(&self, perm: Permissions) -> crate::io::Result<()>;
        pub fn set_times(&self, times: FileTimes) -> crate::io::Result<()>;
        pub fn set_modified(&self, time: crate::time::SystemTime) -> crate::io::Result<()>;
    }
    impl crate::io::Read for File {}
    impl crate::io::Read for &File {}
    impl crate::io::Write for File {}
    impl crate::io::Write for &File {}
    impl crate::io::Seek for File {}
    impl crate::io::Seek for &File {}
    impl crate::io::Read for crate::sync::Arc<File> {}
    impl crate::io::Write for crate::sync::Arc<File> {}
    impl crate::io::Seek for crate::sync::Arc<File> {}
    pub enum TryLockError { Error(crate::io::Error), WouldBlock }
    impl crate::error::Error for TryLockError {}
    impl From<TryLockError> for crate::io::Error { fn from(err: TryLockError) -> crate::io::Error; }
    pub struct OpenOptions;
    impl OpenOptions {
        pub fn new() -> OpenOptions;
        pub fn read(&mut self, read: bool) -> &mut OpenOptions;
        pub fn write(&mut self, write: bool) -> &mut OpenOptions;
        pub fn append(&mut self, append: bool) -> &mut OpenOptions;
        pub fn truncate(&mut self, truncate: bool) -> &mut OpenOptions;
        pub fn create(&mut self, create: bool) -> &mut OpenOptions;
        pub fn create_new(&mut self, create_new: bool) -> &mut OpenOptions;
        pub fn open<P: AsRef<crate::path::Path>>(&self, path: P) -> crate::io::Result<File>;
    }
    impl Clone for OpenOptions { fn clone(&self) -> OpenOptions; }
    pub struct Metadata;
    impl Metadata {
        pub fn file_type(&self) -> FileType;
        pub fn is_dir(&self) -> bool;
        pub fn is_file(&self) -> bool;
        pub fn is_symlink(&self) -> bool;
        pub fn len(&self) -> u64;
        pub fn permissions(&self) -> Permissions;
        pub fn modified(&self) -> crate::io::Result<crate::time::SystemTime>;
        pub fn accessed(&self) -> crate::io::Result<crate::time::SystemTime>;
        pub fn created(&self) -> crate::io::Result<crate::time::SystemTime>;
    }
    pub struct FileType;
    impl FileType {
        pub fn is_dir(&self) -> bool;
        pub fn is_file(&self) -> bool;
        pub fn is_symlink(&self) -> bool;
    }
    pub struct FileTimes;
    impl FileTimes {
        pub fn new() -> FileTimes;
        pub fn set_accessed(self, t: crate::time::SystemTime) -> FileTimes;
        pub fn set_modified(self, t: crate::time::SystemTime) -> FileTimes;
    }
    pub struct Permissions;
    impl Permissions {
        pub fn readonly(&self) -> bool;
        pub fn set_readonly(&mut self, readonly: bool);
    }
    pub struct ReadDir;
    impl Iterator for ReadDir { type Item = crate::io::Result<DirEntry>; }
    pub struct DirEntry;
    impl DirEntry {
        pub fn path(&self) -> crate::path::PathBuf;
        pub fn metadata(&self) -> crate::io::Result<Metadata>;
        pub fn file_type(&self) -> crate::io::Result<FileType>;
        pub fn file_name(&self) -> crate::ffi::OsString;
    }
    pub struct DirBuilder;
    impl DirBuilder {
        pub fn new() -> DirBuilder;
        pub fn recursive(&mut self, recursive: bool) -> &mut DirBuilder;
        pub fn create<P: AsRef<crate::path::Path>>(&self, path: P) -> crate::io::Result<()>;
    }
}
pub mod path {
    pub const MAIN_SEPARATOR: char;
    pub const MAIN_SEPARATOR_STR: &str;
    pub const fn is_separator(c: char) -> bool;
    pub fn absolute<P: AsRef<Path>>(path: P) -> crate::io::Result<PathBuf>;
    pub struct Path;
    impl Path {
        pub fn new<S: AsRef<crate::ffi::OsStr>>(s: &S) -> &Path;
        pub fn as_os_str(&self) -> &crate::ffi::OsStr;
        pub fn as_mut_os_str(&mut self) -> &mut crate::ffi::OsStr;
        pub fn to_str(&self) -> Option<&str>;
        pub fn to_string_lossy(&self) -> crate::borrow::Cow<str>;
        pub fn to_path_buf(&self) -> PathBuf;
        pub fn is_absolute(&self) -> bool;
        pub fn is_relative(&self) -> bool;
        pub fn has_root(&self) -> bool;
        pub fn parent(&self) -> Option<&Path>;
        pub fn ancestors(&self) -> Ancestors;
        pub fn file_name(&self) -> Option<&crate::ffi::OsStr>;
        pub fn strip_prefix<P: AsRef<Path>>(&self, base: P) -> Result<&Path, StripPrefixError>;
        pub fn starts_with<P: AsRef<Path>>(&self, base: P) -> bool;
        pub fn ends_with<P: AsRef<Path>>(&self, child: P) -> bool;
        pub fn file_stem(&self) -> Option<&crate::ffi::OsStr>;
        pub fn file_prefix(&self) -> Option<&crate::ffi::OsStr>;
        pub fn extension(&self) -> Option<&crate::ffi::OsStr>;
        pub fn join<P: AsRef<Path>>(&self, path: P) -> PathBuf;
        pub fn with_file_name<S: AsRef<crate::ffi::OsStr>>(&self, file_name: S) -> PathBuf;
        pub fn with_extension<S: AsRef<crate::ffi::OsStr>>(&self, extension: S) -> PathBuf;
        pub fn with_added_extension<S: AsRef<crate::ffi::OsStr>>(&self, extension: S) -> PathBuf;
        pub fn components(&self) -> Components;
        pub fn iter(&self) -> Iter;
        pub fn display(&self) -> Display;
        pub fn metadata(&self) -> crate::io::Result<crate::fs::Metadata>;
        pub fn symlink_metadata(&self) -> crate::io::Result<crate::fs::Metadata>;
        pub fn canonicalize(&self) -> crate::io::Result<PathBuf>;
        pub fn read_link(&self) -> crate::io::Result<PathBuf>;
        pub fn read_dir(&self) -> crate::io::Result<crate::fs::ReadDir>;
        pub fn exists(&self) -> bool;
        pub fn try_exists(&self) -> crate::io::Result<bool>;
        pub fn is_file(&self) -> bool;
        pub fn is_dir(&self) -> bool;
        pub fn is_symlink(&self) -> bool;
        pub fn into_path_buf(self: Box<Path>) -> PathBuf;
    }
    impl AsRef<Path> for Path { fn as_ref(&self) -> &Path; }
    impl AsRef<crate::ffi::OsStr> for Path { fn as_ref(&self) -> &crate::ffi::OsStr; }
    impl AsRef<Path> for crate::borrow::Cow<crate::ffi::OsStr> { fn as_ref(&self) -> &Path; }
    impl IntoIterator for &Path { type Item = &crate::ffi::OsStr; type IntoIter = Iter; }
    pub struct PathBuf;
    impl PathBuf {
        pub const fn new() -> PathBuf;
        pub fn with_capacity(capacity: usize) -> PathBuf;
        pub fn as_path(&self) -> &Path;
        pub fn leak(self) -> &mut Path;
        pub fn push<P: AsRef<Path>>(&mut self, path: P);
        pub fn pop(&mut self) -> bool;
        pub fn set_file_name<S: AsRef<crate::ffi::OsStr>>(&mut self, file_name: S);
        pub fn set_extension<S: AsRef<crate::ffi::OsStr>>(&mut self, extension: S) -> bool;
        pub fn add_extension<S: AsRef<crate::ffi::OsStr>>(&mut self, extension: S) -> bool;
        pub fn as_mut_os_string(&mut self) -> &mut crate::ffi::OsString;
        pub fn into_os_string(self) -> crate::ffi::OsString;
        pub fn into_boxed_path(self) -> Box<Path>;
        pub fn capacity(&self) -> usize;
        pub fn clear(&mut self);
        pub fn reserve(&mut self, additional: usize);
        pub fn shrink_to_fit(&mut self);
        pub fn reserve_exact(&mut self, additional: usize);
        pub fn try_reserve(&mut self, additional: usize) -> Result<(), crate::collections::TryReserveError>;
        pub fn try_reserve_exact(&mut self, additional: usize) -> Result<(), crate::collections::TryReserveError>;
        pub fn shrink_to(&mut self, min_capacity: usize);
    }
    impl crate::ops::Deref for PathBuf { type Target = Path; fn deref(&self) -> &Path; }
    impl crate::ops::DerefMut for PathBuf { fn deref_mut(&mut self) -> &mut Path; }
    impl Clone for PathBuf { fn clone(&self) -> PathBuf; }
    impl Default for PathBuf { fn default() -> PathBuf; }
    impl AsRef<Path> for PathBuf { fn as_ref(&self) -> &Path; }
    impl AsRef<crate::ffi::OsStr> for PathBuf { fn as_ref(&self) -> &crate::ffi::OsStr; }
    impl crate::borrow::Borrow<Path> for PathBuf { fn borrow(&self) -> &Path; }
    impl<T: AsRef<crate::ffi::OsStr>> From<&T> for PathBuf { fn from(s: &T) -> PathBuf; }
    impl From<String> for PathBuf { fn from(s: String) -> PathBuf; }
    impl From<crate::ffi::OsString> for PathBuf { fn from(s: crate::ffi::OsString) -> PathBuf; }
    impl From<Box<Path>> for PathBuf { fn from(boxed: Box<Path>) -> PathBuf; }
    impl From<crate::borrow::Cow<Path>> for PathBuf { fn from(p: crate::borrow::Cow<Path>) -> PathBuf; }
    impl From<PathBuf> for Box<Path> { fn from(p: PathBuf) -> Box<Path>; }
    impl<P: AsRef<Path>> FromIterator<P> for PathBuf { fn from_iter<I: IntoIterator<Item = P>>(iter: I) -> PathBuf; }
    impl<P: AsRef<Path>> Extend<P> for PathBuf { fn extend<I: IntoIterator<Item = P>>(&mut self, iter: I); }
    impl IntoIterator for &PathBuf { type Item = &crate::ffi::OsStr; type IntoIter = Iter; }
    pub struct Components;
    impl Components { pub fn as_path(&self) -> &Path; }
    impl Iterator for Components { type Item = Component; }
    impl crate::iter::DoubleEndedIterator for Components {}
    impl AsRef<Path> for Components { fn as_ref(&self) -> &Path; }
    pub struct Iter;
    impl Iter { pub fn as_path(&self) -> &Path; }
    impl Iterator for Iter { type Item = &crate::ffi::OsStr; }
    impl crate::iter::DoubleEndedIterator for Iter {}
    pub struct Ancestors;
    impl Iterator for Ancestors { type Item = &Path; }
    pub enum Component { Prefix(PrefixComponent), RootDir, CurDir, ParentDir, Normal(&crate::ffi::OsStr) }
    impl Component { pub fn as_os_str(self) -> &crate::ffi::OsStr; }
    impl AsRef<crate::ffi::OsStr> for Component { fn as_ref(&self) -> &crate::ffi::OsStr; }
    impl AsRef<Path> for Component { fn as_ref(&self) -> &Path; }
    pub struct PrefixComponent;
    impl PrefixComponent { pub fn kind(&self) -> Prefix; pub fn as_os_str(&self) -> &crate::ffi::OsStr; }
    pub enum Prefix {
        Verbatim(&crate::ffi::OsStr), VerbatimUNC(&crate::ffi::OsStr, &crate::ffi::OsStr), VerbatimDisk(u8),
        DeviceNS(&crate::ffi::OsStr), UNC(&crate::ffi::OsStr, &crate::ffi::OsStr), Disk(u8),
    }
    impl Prefix { pub fn is_verbatim(&self) -> bool; }
    pub struct Display;
    impl crate::fmt::Display for Display {}
    pub struct StripPrefixError;
    impl crate::error::Error for StripPrefixError {}
}
pub mod ffi {
    pub use crate::ffi::c_str::CStr;
    pub use crate::ffi::c_str::CString;
    pub use crate::ffi::c_str::FromBytesWithNulError;
    pub use crate::ffi::c_str::FromBytesUntilNulError;
    pub use crate::ffi::c_str::FromVecWithNulError;
    pub use crate::ffi::c_str::IntoStringError;
    pub use crate::ffi::c_str::NulError;
    pub use crate::ffi::os_str::OsStr;
    pub use crate::ffi::os_str::OsString;
    pub enum c_void {}
    pub type c_char = i8;
    pub type c_schar = i8;
    pub type c_uchar = u8;
    pub type c_short = i16;
    pub type c_ushort = u16;
    pub type c_int = i32;
    pub type c_uint = u32;
    pub type c_long = i64;
    pub type c_ulong = u64;
    pub type c_longlong = i64;
    pub type c_ulonglong = u64;
    pub type c_float = f32;
    pub type c_double = f64;
    pub mod os_str {
        pub struct OsStr;
        impl OsStr {
            pub fn new<S: AsRef<OsStr>>(s: &S) -> &OsStr;
            pub unsafe fn from_encoded_bytes_unchecked(bytes: &[u8]) -> &OsStr;
            pub fn to_str(&self) -> Option<&str>;
            pub fn to_string_lossy(&self) -> crate::borrow::Cow<str>;
            pub fn to_os_string(&self) -> OsString;
            pub fn is_empty(&self) -> bool;
            pub fn len(&self) -> usize;
            pub fn into_os_string(self: Box<OsStr>) -> OsString;
            pub fn as_encoded_bytes(&self) -> &[u8];
            pub fn make_ascii_lowercase(&mut self);
            pub fn make_ascii_uppercase(&mut self);
            pub fn to_ascii_lowercase(&self) -> OsString;
            pub fn to_ascii_uppercase(&self) -> OsString;
            pub fn is_ascii(&self) -> bool;
            pub fn eq_ignore_ascii_case<S: AsRef<OsStr>>(&self, other: S) -> bool;
            pub fn display(&self) -> Display;
        }
        impl AsRef<OsStr> for OsStr { fn as_ref(&self) -> &OsStr; }
        impl AsRef<crate::path::Path> for OsStr { fn as_ref(&self) -> &crate::path::Path; }
        impl Default for &OsStr { fn default() -> Self; }
        impl TryFrom<&OsStr> for &str { type Error = crate::str::Utf8Error; fn try_from(value: &OsStr) -> Result<&str, crate::str::Utf8Error>; }
        pub struct OsString;
        impl OsString {
            pub const fn new() -> OsString;
            pub unsafe fn from_encoded_bytes_unchecked(bytes: Vec<u8>) -> OsString;
            pub fn as_os_str(&self) -> &OsStr;
            pub fn into_encoded_bytes(self) -> Vec<u8>;
            pub fn into_string(self) -> Result<String, OsString>;
            pub fn push<T: AsRef<OsStr>>(&mut self, s: T);
            pub fn with_capacity(capacity: usize) -> OsString;
            pub fn clear(&mut self);
            pub fn capacity(&self) -> usize;
            pub fn reserve(&mut self, additional: usize);
            pub fn shrink_to_fit(&mut self);
            pub fn reserve_exact(&mut self, additional: usize);
            pub fn try_reserve(&mut self, additional: usize) -> Result<(), crate::collections::TryReserveError>;
            pub fn try_reserve_exact(&mut self, additional: usize) -> Result<(), crate::collections::TryReserveError>;
            pub fn shrink_to(&mut self, min_capacity: usize);
            pub fn into_boxed_os_str(self) -> Box<OsStr>;
            pub fn leak(self) -> &mut OsStr;
        }
        impl crate::ops::Deref for OsString { type Target = OsStr; fn deref(&self) -> &OsStr; }
        impl crate::ops::DerefMut for OsString { fn deref_mut(&mut self) -> &mut OsStr; }
        impl Clone for OsString { fn clone(&self) -> OsString; }
        impl Default for OsString { fn default() -> OsString; }
        impl AsRef<OsStr> for OsString { fn as_ref(&self) -> &OsStr; }
        impl AsRef<crate::path::Path> for OsString { fn as_ref(&self) -> &crate::path::Path; }
        impl crate::borrow::Borrow<OsStr> for OsString { fn borrow(&self) -> &OsStr; }
        impl From<String> for OsString { fn from(s: String) -> OsString; }
        impl<T: AsRef<OsStr>> From<&T> for OsString { fn from(s: &T) -> OsString; }
        impl From<crate::path::PathBuf> for OsString { fn from(p: crate::path::PathBuf) -> OsString; }
        impl From<Box<OsStr>> for OsString { fn from(b: Box<OsStr>) -> OsString; }
        impl FromIterator<OsString> for OsString { fn from_iter<I: IntoIterator<Item = OsString>>(iter: I) -> OsString; }
        impl FromIterator<&OsStr> for OsString { fn from_iter<I: IntoIterator<Item = &OsStr>>(iter: I) -> OsString; }
        pub struct Display;
        impl crate::fmt::Display for Display {}
    }
    pub mod c_str {
        pub struct CStr;
        impl CStr {
            pub const unsafe fn from_ptr(ptr: *const i8) -> &CStr;
            pub const fn from_bytes_until_nul(bytes: &[u8]) -> Result<&CStr, FromBytesUntilNulError>;
            pub const fn from_bytes_with_nul(bytes: &[u8]) -> Result<&CStr, FromBytesWithNulError>;
            pub const unsafe fn from_bytes_with_nul_unchecked(bytes: &[u8]) -> &CStr;
            pub const fn as_ptr(&self) -> *const i8;
            pub const fn count_bytes(&self) -> usize;
            pub const fn is_empty(&self) -> bool;
            pub const fn to_bytes(&self) -> &[u8];
            pub const fn to_bytes_with_nul(&self) -> &[u8];
            pub fn to_str(&self) -> Result<&str, crate::str::Utf8Error>;
            pub fn to_string_lossy(&self) -> crate::borrow::Cow<str>;
            pub fn into_c_string(self: Box<CStr>) -> CString;
        }
        impl AsRef<CStr> for CStr { fn as_ref(&self) -> &CStr; }
        pub struct CString;
        impl CString {
            pub fn new<T: Into<Vec<u8>>>(t: T) -> Result<CString, NulError>;
            pub unsafe fn from_vec_unchecked(v: Vec<u8>) -> CString;
            pub unsafe fn from_raw(ptr: *mut i8) -> CString;
            pub fn into_raw(self) -> *mut i8;
            pub fn into_string(self) -> Result<String, IntoStringError>;
            pub fn into_bytes(self) -> Vec<u8>;
            pub fn into_bytes_with_nul(self) -> Vec<u8>;
            pub fn as_bytes(&self) -> &[u8];
            pub fn as_bytes_with_nul(&self) -> &[u8];
            pub fn as_c_str(&self) -> &CStr;
            pub fn into_boxed_c_str(self) -> Box<CStr>;
            pub fn from_vec_with_nul(v: Vec<u8>) -> Result<CString, FromVecWithNulError>;
            pub unsafe fn from_vec_with_nul_unchecked(v: Vec<u8>) -> CString;
        }
        impl crate::ops::Deref for CString { type Target = CStr; fn deref(&self) -> &CStr; }
        impl Clone for CString { fn clone(&self) -> CString; }
        impl Default for CString { fn default() -> CString; }
        impl AsRef<CStr> for CString { fn as_ref(&self) -> &CStr; }
        impl crate::borrow::Borrow<CStr> for CString { fn borrow(&self) -> &CStr; }
        impl From<&CStr> for CString { fn from(s: &CStr) -> CString; }
        impl From<Box<CStr>> for CString { fn from(s: Box<CStr>) -> CString; }
        pub struct NulError;
        impl NulError { pub fn nul_position(&self) -> usize; pub fn into_vec(self) -> Vec<u8>; }
        impl crate::error::Error for NulError {}
        pub struct IntoStringError;
        impl IntoStringError { pub fn into_cstring(self) -> CString; pub fn utf8_error(&self) -> crate::str::Utf8Error; }
        impl crate::error::Error for IntoStringError {}
        pub enum FromBytesWithNulError { InteriorNul { position: usize }, NotNulTerminated }
        impl crate::error::Error for FromBytesWithNulError {}
        pub struct FromBytesUntilNulError;
        impl crate::error::Error for FromBytesUntilNulError {}
        pub struct FromVecWithNulError;
        impl FromVecWithNulError { pub fn as_bytes(&self) -> &[u8]; pub fn into_bytes(self) -> Vec<u8>; }
        impl crate::error::Error for FromVecWithNulError {}
    }
}
pub mod env {
    pub fn args() -> Args;
    pub fn args_os() -> ArgsOs;
    pub fn vars() -> Vars;
    pub fn vars_os() -> VarsOs;
    pub fn var<K: AsRef<crate::ffi::OsStr>>(key: K) -> Result<String, VarError>;
    pub fn var_os<K: AsRef<crate::ffi::OsStr>>(key: K) -> Option<crate::ffi::OsString>;
    pub unsafe fn set_var<K: AsRef<crate::ffi::OsStr>, V: AsRef<crate::ffi::OsStr>>(key: K, value: V);
    pub unsafe fn remove_var<K: AsRef<crate::ffi::OsStr>>(key: K);
    pub fn current_dir() -> crate::io::Result<crate::path::PathBuf>;
    pub fn set_current_dir<P: AsRef<crate::path::Path>>(path: P) -> crate::io::Result<()>;
    pub fn current_exe() -> crate::io::Result<crate::path::PathBuf>;
    pub fn home_dir() -> Option<crate::path::PathBuf>;
    pub fn temp_dir() -> crate::path::PathBuf;
    pub fn split_paths<T: AsRef<crate::ffi::OsStr>>(unparsed: &T) -> SplitPaths;
    pub fn join_paths<I: IntoIterator<Item = T>, T: AsRef<crate::ffi::OsStr>>(paths: I) -> Result<crate::ffi::OsString, JoinPathsError>;
    pub struct Args;
    impl Iterator for Args { type Item = String; }
    impl crate::iter::DoubleEndedIterator for Args {}
    impl crate::iter::ExactSizeIterator for Args {}
    pub struct ArgsOs;
    impl Iterator for ArgsOs { type Item = crate::ffi::OsString; }
    impl crate::iter::DoubleEndedIterator for ArgsOs {}
    impl crate::iter::ExactSizeIterator for ArgsOs {}
    pub struct Vars;
    impl Iterator for Vars { type Item = (String, String); }
    pub struct VarsOs;
    impl Iterator for VarsOs { type Item = (crate::ffi::OsString, crate::ffi::OsString); }
    pub struct SplitPaths;
    impl Iterator for SplitPaths { type Item = crate::path::PathBuf; }
    pub enum VarError { NotPresent, NotUnicode(crate::ffi::OsString) }
    impl crate::error::Error for VarError {}
    pub struct JoinPathsError;
    impl crate::error::Error for JoinPathsError {}
    pub mod consts {
        pub const ARCH: &str;
        pub const FAMILY: &str;
        pub const OS: &str;
        pub const DLL_PREFIX: &str;
        pub const DLL_SUFFIX: &str;
        pub const DLL_EXTENSION: &str;
        pub const EXE_SUFFIX: &str;
        pub const EXE_EXTENSION: &str;
    }
}
