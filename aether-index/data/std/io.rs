//! Signature stubs: std::io.
pub mod io {
    pub type Result<T> = crate::result::Result<T, Error>;
    pub type RawOsError = i32;
    pub mod prelude {
        pub use crate::io::{BufRead, Read, Seek, Write};
    }
    pub trait Read {
        fn read(&mut self, buf: &mut [u8]) -> crate::io::Result<usize>;
        fn read_vectored(&mut self, bufs: &mut [IoSliceMut]) -> crate::io::Result<usize>;
        fn read_to_end(&mut self, buf: &mut Vec<u8>) -> crate::io::Result<usize>;
        fn read_to_string(&mut self, buf: &mut String) -> crate::io::Result<usize>;
        fn read_exact(&mut self, buf: &mut [u8]) -> crate::io::Result<()>;
        fn by_ref(&mut self) -> &mut Self;
        fn bytes(self) -> Bytes<Self>;
        fn chain<R: Read>(self, next: R) -> Chain<Self, R>;
        fn take(self, limit: u64) -> Take<Self>;
    }
    pub trait Write {
        fn write(&mut self, buf: &[u8]) -> crate::io::Result<usize>;
        fn write_vectored(&mut self, bufs: &[IoSlice]) -> crate::io::Result<usize>;
        fn flush(&mut self) -> crate::io::Result<()>;
        fn write_all(&mut self, buf: &[u8]) -> crate::io::Result<()>;
        fn write_fmt(&mut self, args: crate::fmt::Arguments) -> crate::io::Result<()>;
        fn by_ref(&mut self) -> &mut Self;
    }
    pub trait Seek {
        fn seek(&mut self, pos: SeekFrom) -> crate::io::Result<u64>;
        fn rewind(&mut self) -> crate::io::Result<()>;
        fn stream_position(&mut self) -> crate::io::Result<u64>;
        fn seek_relative(&mut self, offset: i64) -> crate::io::Result<()>;
    }
    pub trait BufRead: Read {
        fn fill_buf(&mut self) -> crate::io::Result<&[u8]>;
        fn consume(&mut self, amount: usize);
        fn read_until(&mut self, byte: u8, buf: &mut Vec<u8>) -> crate::io::Result<usize>;
        fn skip_until(&mut self, byte: u8) -> crate::io::Result<usize>;
        fn read_line(&mut self, buf: &mut String) -> crate::io::Result<usize>;
        fn split(self, byte: u8) -> Split<Self>;
        fn lines(self) -> Lines<Self>;
    }
    pub trait IsTerminal { fn is_terminal(&self) -> bool; }
    impl IsTerminal for Stdin {}
    impl IsTerminal for StdinLock {}
    impl IsTerminal for Stdout {}
    impl IsTerminal for StdoutLock {}
    impl IsTerminal for Stderr {}
    impl IsTerminal for StderrLock {}
    impl IsTerminal for crate::fs::File {}
    impl IsTerminal for crate::os::fd::OwnedFd {}
    impl IsTerminal for crate::os::fd::BorrowedFd {}
    impl<R: Read> Read for &mut R {}
    impl<R: Read> Read for Box<R> {}
    impl Read for &[u8] {}
    impl Read for crate::collections::VecDeque<u8> {}
    impl<W: Write> Write for &mut W {}
    impl<W: Write> Write for Box<W> {}
    impl Write for Vec<u8> {}
    impl Write for &mut [u8] {}
    impl Write for crate::collections::VecDeque<u8> {}
    impl<S: Seek> Seek for &mut S {}
    impl<S: Seek> Seek for Box<S> {}
    impl<B: BufRead> BufRead for &mut B {}
    impl<B: BufRead> BufRead for Box<B> {}
    impl BufRead for &[u8] {}
    pub struct Bytes<R>;
    impl<R: Read> Iterator for Bytes<R> { type Item = crate::io::Result<u8>; }
    pub struct Lines<B>;
    impl<B: BufRead> Iterator for Lines<B> { type Item = crate::io::Result<String>; }
    pub struct Split<B>;
    impl<B: BufRead> Iterator for Split<B> { type Item = crate::io::Result<Vec<u8>>; }
    pub struct Chain<T, U>;
    impl<T, U> Chain<T, U> {
        pub fn into_inner(self) -> (T, U);
        pub fn get_ref(&self) -> (&T, &U);
        pub fn get_mut(&mut self) -> (&mut T, &mut U);
    }
    impl<T: Read, U: Read> Read for Chain<T, U> {}
    impl<T: BufRead, U: BufRead> BufRead for Chain<T, U> {}
    pub struct Take<T>;
    impl<T> Take<T> {
        pub fn limit(&self) -> u64;
        pub fn set_limit(&mut self, limit: u64);
        pub fn into_inner(self) -> T;
        pub fn get_ref(&self) -> &T;
        pub fn get_mut(&mut self) -> &mut T;
    }
    impl<T: Read> Read for Take<T> {}
    impl<T: BufRead> BufRead for Take<T> {}
    impl<T: Seek> Seek for Take<T> {}
    pub struct BufReader<R>;
    impl<R> BufReader<R> {
        pub fn new(inner: R) -> BufReader<R>;
        pub fn with_capacity(capacity: usize, inner: R) -> BufReader<R>;
        pub fn get_ref(&self) -> &R;
        pub fn get_mut(&mut self) -> &mut R;
        pub fn buffer(&self) -> &[u8];
        pub fn capacity(&self) -> usize;
        pub fn into_inner(self) -> R;
        pub fn seek_relative(&mut self, offset: i64) -> crate::io::Result<()>;
    }
    impl<R: Read> Read for BufReader<R> {}
    impl<R: Read> BufRead for BufReader<R> {}
    impl<R: Seek> Seek for BufReader<R> {}
    pub struct BufWriter<W>;
    impl<W: Write> BufWriter<W> {
        pub fn new(inner: W) -> BufWriter<W>;
        pub fn with_capacity(capacity: usize, inner: W) -> BufWriter<W>;
        pub fn into_inner(self) -> crate::result::Result<W, IntoInnerError<BufWriter<W>>>;
        pub fn into_parts(self) -> (W, crate::result::Result<Vec<u8>, WriterPanicked>);
        pub fn get_ref(&self) -> &W;
        pub fn get_mut(&mut self) -> &mut W;
        pub fn buffer(&self) -> &[u8];
        pub fn capacity(&self) -> usize;
    }
    impl<W: Write> Write for BufWriter<W> {}
    impl<W: Seek> Seek for BufWriter<W> {}
    pub struct WriterPanicked;
    impl WriterPanicked { pub fn into_inner(self) -> Vec<u8>; }
    pub struct LineWriter<W>;
    impl<W: Write> LineWriter<W> {
        pub fn new(inner: W) -> LineWriter<W>;
        pub fn with_capacity(capacity: usize, inner: W) -> LineWriter<W>;
        pub fn get_ref(&self) -> &W;
        pub fn get_mut(&mut self) -> &mut W;
        pub fn into_inner(self) -> crate::result::Result<W, IntoInnerError<LineWriter<W>>>;
    }
    impl<W: Write> Write for LineWriter<W> {}
    pub struct IntoInnerError<W>;
    impl<W> IntoInnerError<W> {
        pub fn error(&self) -> &Error;
        pub fn into_inner(self) -> W;
        pub fn into_error(self) -> Error;
        pub fn into_parts(self) -> (Error, W);
    }
    impl<W> From<IntoInnerError<W>> for Error { fn from(iie: IntoInnerError<W>) -> Error; }
    impl<W> crate::error::Error for IntoInnerError<W> {}
    pub struct Cursor<T>;
    impl<T> Cursor<T> {
        pub const fn new(inner: T) -> Cursor<T>;
        pub fn into_inner(self) -> T;
        pub fn get_ref(&self) -> &T;
        pub fn get_mut(&mut self) -> &mut T;
        pub fn position(&self) -> u64;
        pub fn set_position(&mut self, pos: u64);
    }
    impl<T: AsRef<[u8]>> Read for Cursor<T> {}
    impl<T: AsRef<[u8]>> BufRead for Cursor<T> {}
    impl<T: AsRef<[u8]>> Seek for Cursor<T> {}
    impl Write for Cursor<Vec<u8>> {}
    impl Write for Cursor<&mut Vec<u8>> {}
    impl Write for Cursor<&mut [u8]> {}
    impl Write for Cursor<Box<[u8]>> {}
    impl<const N: usize> Write for Cursor<[u8; N]> {}
    impl<T: Default> Default for Cursor<T> { fn default() -> Cursor<T>; }
    pub struct IoSlice;
    impl IoSlice {
        pub fn new(buf: &[u8]) -> IoSlice;
        pub fn advance(&mut self, n: usize);
        pub fn advance_slices(bufs: &mut &mut [IoSlice], n: usize);
    }
    impl crate::ops::Deref for IoSlice { type Target = [u8]; fn deref(&self) -> &[u8]; }
    pub struct IoSliceMut;
    impl IoSliceMut {
        pub fn new(buf: &mut [u8]) -> IoSliceMut;
        pub fn advance(&mut self, n: usize);
        pub fn advance_slices(bufs: &mut &mut [IoSliceMut], n: usize);
    }
    impl crate::ops::Deref for IoSliceMut { type Target = [u8]; fn deref(&self) -> &[u8]; }
    impl crate::ops::DerefMut for IoSliceMut { fn deref_mut(&mut self) -> &mut [u8]; }
    pub enum SeekFrom { Start(u64), End(i64), Current(i64) }
    pub struct Error;
    impl Error {
        pub fn new<E: Into<Box<dyn crate::error::Error + Send + Sync>>>(kind: ErrorKind, error: E) -> Error;
        pub fn other<E: Into<Box<dyn crate::error::Error + Send + Sync>>>(error: E) -> Error;
        pub fn last_os_error() -> Error;
        pub fn from_raw_os_error(code: i32) -> Error;
        pub fn raw_os_error(&self) -> Option<i32>;
        pub fn get_ref(&self) -> Option<&(dyn crate::error::Error + Send + Sync)>;
        pub fn get_mut(&mut self) -> Option<&mut (dyn crate::error::Error + Send + Sync)>;
        pub fn into_inner(self) -> Option<Box<dyn crate::error::Error + Send + Sync>>;
        pub fn downcast<E: crate::error::Error>(self) -> crate::result::Result<E, Error>;
        pub fn kind(&self) -> ErrorKind;
    }
    impl crate::error::Error for Error {}
    impl From<ErrorKind> for Error { fn from(kind: ErrorKind) -> Error; }
    impl From<crate::ffi::NulError> for Error { fn from(e: crate::ffi::NulError) -> Error; }
    impl From<crate::collections::TryReserveError> for Error { fn from(e: crate::collections::TryReserveError) -> Error; }
    pub enum ErrorKind {
        NotFound, PermissionDenied, ConnectionRefused, ConnectionReset, HostUnreachable, NetworkUnreachable,
        ConnectionAborted, NotConnected, AddrInUse, AddrNotAvailable, NetworkDown, BrokenPipe, AlreadyExists,
        WouldBlock, NotADirectory, IsADirectory, DirectoryNotEmpty, ReadOnlyFilesystem, StaleNetworkFileHandle,
        InvalidInput, InvalidData, TimedOut, WriteZero, StorageFull, NotSeekable, QuotaExceeded, FileTooLarge,
        ResourceBusy, ExecutableFileBusy, Deadlock, CrossesDevices, TooManyLinks, InvalidFilename,
        ArgumentListTooLong, Interrupted, Unsupported, UnexpectedEof, OutOfMemory, Other,
    }
    pub fn stdin() -> Stdin;
    pub fn stdout() -> Stdout;
    pub fn stderr() -> Stderr;
    pub fn copy<R: Read, W: Write>(reader: &mut R, writer: &mut W) -> crate::io::Result<u64>;
    pub fn read_to_string<R: Read>(reader: R) -> crate::io::Result<String>;
    pub const fn empty() -> Empty;
    pub const fn sink() -> Sink;
    pub const fn repeat(byte: u8) -> Repeat;
    pub fn pipe() -> crate::io::Result<(PipeReader, PipeWriter)>;
    pub struct Stdin;
    impl Stdin {
        pub fn lock(&self) -> StdinLock;
        pub fn read_line(&self, buf: &mut String) -> crate::io::Result<usize>;
        pub fn lines(self) -> Lines<StdinLock>;
    }
    impl Read for Stdin {}
    impl Read for &Stdin {}
    pub struct StdinLock;
    impl Read for StdinLock {}
    impl BufRead for StdinLock {}
    pub struct Stdout;
    impl Stdout { pub fn lock(&self) -> StdoutLock; }
    impl Write for Stdout {}
    impl Write for &Stdout {}
    pub struct StdoutLock;
    impl Write for StdoutLock {}
    pub struct Stderr;
    impl Stderr { pub fn lock(&self) -> StderrLock; }
    impl Write for Stderr {}
    impl Write for &Stderr {}
    pub struct StderrLock;
    impl Write for StderrLock {}
    pub struct Empty;
    impl Read for Empty {}
    impl BufRead for Empty {}
    impl Write for Empty {}
    impl Seek for Empty {}
    pub struct Sink;
    impl Write for Sink {}
    impl Write for &Sink {}
    pub struct Repeat;
    impl Read for Repeat {}
    pub struct PipeReader;
    impl PipeReader { pub fn try_clone(&self) -> crate::io::Result<PipeReader>; }
    impl Read for PipeReader {}
    impl Read for &PipeReader {}
    pub struct PipeWriter;
    impl PipeWriter { pub fn try_clone(&self) -> crate::io::Result<PipeWriter>; }
    impl Write for PipeWriter {}
    impl Write for &PipeWriter {}
}
