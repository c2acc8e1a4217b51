//! Signature stubs: std::fmt, error, any, hash, future, task, panic, alloc, ascii, backtrace, hint.
pub mod fmt {
    pub type Result = crate::result::Result<(), Error>;
    pub struct Error;
    impl crate::error::Error for Error {}
    impl Default for Error { fn default() -> Error; }
    pub enum Alignment { Left, Right, Center }
    pub struct Arguments;
    impl Arguments { pub const fn as_str(&self) -> Option<&str>; }
    impl Display for Arguments {}
    impl Debug for Arguments {}
    pub trait Write {
        fn write_str(&mut self, s: &str) -> crate::fmt::Result;
        fn write_char(&mut self, c: char) -> crate::fmt::Result;
        fn write_fmt(&mut self, args: Arguments) -> crate::fmt::Result;
    }
    impl<W: Write> Write for &mut W {}
    impl Write for Formatter {}
    impl Write for crate::ffi::OsString {}
    pub trait Debug { fn fmt(&self, f: &mut Formatter) -> crate::fmt::Result; }
    pub trait Display { fn fmt(&self, f: &mut Formatter) -> crate::fmt::Result; }
    pub trait Octal { fn fmt(&self, f: &mut Formatter) -> crate::fmt::Result; }
    pub trait Binary { fn fmt(&self, f: &mut Formatter) -> crate::fmt::Result; }
    pub trait LowerHex { fn fmt(&self, f: &mut Formatter) -> crate::fmt::Result; }
    pub trait UpperHex { fn fmt(&self, f: &mut Formatter) -> crate::fmt::Result; }
    pub trait Pointer { fn fmt(&self, f: &mut Formatter) -> crate::fmt::Result; }
    pub trait LowerExp { fn fmt(&self, f: &mut Formatter) -> crate::fmt::Result; }
    pub trait UpperExp { fn fmt(&self, f: &mut Formatter) -> crate::fmt::Result; }
    impl<T: Display> Display for &T {}
    impl<T: Display> Display for &mut T {}
    impl<T: Display> Display for Box<T> {}
    impl<T: Display> Display for crate::rc::Rc<T> {}
    impl<T: Display> Display for crate::sync::Arc<T> {}
    impl<B: Display + ToOwned> Display for crate::borrow::Cow<B> {}
    impl Display for str {}
    impl Display for String {}
    impl Display for char {}
    impl Display for bool {}
    impl Display for i32 {}
    impl Display for f64 {}
    impl<T: Debug> Debug for &T {}
    impl<T: Debug> Debug for &mut T {}
    pub struct Formatter;
    impl Formatter {
        pub fn pad_integral(&mut self, is_nonnegative: bool, prefix: &str, buf: &str) -> crate::fmt::Result;
        pub fn pad(&mut self, s: &str) -> crate::fmt::Result;
        pub fn write_str(&mut self, data: &str) -> crate::fmt::Result;
        pub fn write_fmt(&mut self, fmt: Arguments) -> crate::fmt::Result;
        pub fn fill(&self) -> char;
        pub fn align(&self) -> Option<Alignment>;
        pub fn width(&self) -> Option<usize>;
        pub fn precision(&self) -> Option<usize>;
        pub fn sign_plus(&self) -> bool;
        pub fn sign_minus(&self) -> bool;
        pub fn alternate(&self) -> bool;
        pub fn sign_aware_zero_pad(&self) -> bool;
        pub fn debug_struct(&mut self, name: &str) -> DebugStruct;
        pub fn debug_tuple(&mut self, name: &str) -> DebugTuple;
        pub fn debug_list(&mut self) -> DebugList;
        pub fn debug_set(&mut self) -> DebugSet;
        pub fn debug_map(&mut self) -> DebugMap;
    }
    pub struct DebugStruct;
    impl DebugStruct {
        pub fn field(&mut self, name: &str, value: &dyn Debug) -> &mut Self;
        pub fn finish_non_exhaustive(&mut self) -> crate::fmt::Result;
        pub fn finish(&mut self) -> crate::fmt::Result;
    }
    pub struct DebugTuple;
    impl DebugTuple {
        pub fn field(&mut self, value: &dyn Debug) -> &mut Self;
        pub fn finish_non_exhaustive(&mut self) -> crate::fmt::Result;
        pub fn finish(&mut self) -> crate::fmt::Result;
    }
    pub struct DebugList;
    impl DebugList {
        pub fn entry(&mut self, entry: &dyn Debug) -> &mut Self;
        pub fn entries<D: Debug, I: IntoIterator<Item = D>>(&mut self, entries: I) -> &mut Self;
        pub fn finish_non_exhaustive(&mut self) -> crate::fmt::Result;
        pub fn finish(&mut self) -> crate::fmt::Result;
    }
    pub struct DebugSet;
    impl DebugSet {
        pub fn entry(&mut self, entry: &dyn Debug) -> &mut Self;
        pub fn entries<D: Debug, I: IntoIterator<Item = D>>(&mut self, entries: I) -> &mut Self;
        pub fn finish_non_exhaustive(&mut self) -> crate::fmt::Result;
        pub fn finish(&mut self) -> crate::fmt::Result;
    }
    pub struct DebugMap;
    impl DebugMap {
        pub fn entry(&mut self, key: &dyn Debug, value: &dyn Debug) -> &mut Self;
        pub fn key(&mut self, key: &dyn Debug) -> &mut Self;
        pub fn value(&mut self, value: &dyn Debug) -> &mut Self;
        pub fn entries<K: Debug, V: Debug, I: IntoIterator<Item = (K, V)>>(&mut self, entries: I) -> &mut Self;
        pub fn finish_non_exhaustive(&mut self) -> crate::fmt::Result;
        pub fn finish(&mut self) -> crate::fmt::Result;
    }
    pub struct FromFn<F>;
    impl<F: Fn(&mut Formatter) -> crate::fmt::Result> Display for FromFn<F> {}
    impl<F: Fn(&mut Formatter) -> crate::fmt::Result> Debug for FromFn<F> {}
    pub fn from_fn<F: Fn(&mut Formatter) -> crate::fmt::Result>(f: F) -> FromFn<F>;
    pub fn format(args: Arguments) -> String;
    pub fn write(output: &mut dyn Write, args: Arguments) -> crate::fmt::Result;
}
pub mod error {
    pub trait Error: crate::fmt::Debug + crate::fmt::Display {
        fn source(&self) -> Option<&(dyn Error + 'static)>;
        fn description(&self) -> &str;
        fn cause(&self) -> Option<&dyn Error>;
    }
    impl dyn Error {
        pub fn is<T: Error>(&self) -> bool;
        pub fn downcast_ref<T: Error>(&self) -> Option<&T>;
        pub fn downcast_mut<T: Error>(&mut self) -> Option<&mut T>;
        pub fn downcast<T: Error>(self: Box<Self>) -> Result<Box<T>, Box<dyn Error>>;
    }
    impl dyn Error + Send + Sync {
        pub fn is<T: Error>(&self) -> bool;
        pub fn downcast_ref<T: Error>(&self) -> Option<&T>;
        pub fn downcast_mut<T: Error>(&mut self) -> Option<&mut T>;
        pub fn downcast<T: Error>(self: Box<Self>) -> Result<Box<T>, Box<dyn Error + Send + Sync>>;
    }
    impl<T: Error> Error for &T {}
    impl<T: Error> Error for Box<T> {}
    impl<T: Error> Error for crate::sync::Arc<T> {}
}
pub mod any {
    pub trait Any { fn type_id(&self) -> TypeId; }
    impl<T> Any for T { fn type_id(&self) -> TypeId; }
    impl dyn Any {
        pub fn is<T: Any>(&self) -> bool;
        pub fn downcast_ref<T: Any>(&self) -> Option<&T>;
        pub fn downcast_mut<T: Any>(&mut self) -> Option<&mut T>;
    }
    impl dyn Any + Send {
        pub fn is<T: Any>(&self) -> bool;
        pub fn downcast_ref<T: Any>(&self) -> Option<&T>;
        pub fn downcast_mut<T: Any>(&mut self) -> Option<&mut T>;
    }
    impl dyn Any + Send + Sync {
        pub fn is<T: Any>(&self) -> bool;
        pub fn downcast_ref<T: Any>(&self) -> Option<&T>;
        pub fn downcast_mut<T: Any>(&mut self) -> Option<&mut T>;
    }
    pub struct TypeId;
    impl TypeId { pub const fn of<T>() -> TypeId; }
    pub fn type_name<T>() -> &str;
    pub fn type_name_of_val<T>(val: &T) -> &str;
}
pub mod hash {
    pub trait Hash {
        fn hash<H: Hasher>(&self, state: &mut H);
        fn hash_slice<H: Hasher>(data: &[Self], state: &mut H);
    }
    pub trait Hasher {
        fn finish(&self) -> u64;
        fn write(&mut self, bytes: &[u8]);
        fn write_u8(&mut self, i: u8);
        fn write_u16(&mut self, i: u16);
        fn write_u32(&mut self, i: u32);
        fn write_u64(&mut self, i: u64);
        fn write_u128(&mut self, i: u128);
        fn write_usize(&mut self, i: usize);
        fn write_i8(&mut self, i: i8);
        fn write_i16(&mut self, i: i16);
        fn write_i32(&mut self, i: i32);
        fn write_i64(&mut self, i: i64);
        fn write_i128(&mut self, i: i128);
        fn write_isize(&mut self, i: isize);
    }
    impl<H: Hasher> Hasher for &mut H {}
    impl<H: Hasher> Hasher for Box<H> {}
    pub trait BuildHasher {
        type Hasher: Hasher;
        fn build_hasher(&self) -> Self::Hasher;
        fn hash_one<T: Hash>(&self, x: T) -> u64;
    }
    pub struct BuildHasherDefault<H>;
    impl<H> BuildHasherDefault<H> { pub const fn new() -> BuildHasherDefault<H>; }
    impl<H: Default + Hasher> BuildHasher for BuildHasherDefault<H> { type Hasher = H; }
    impl<H> Default for BuildHasherDefault<H> { fn default() -> BuildHasherDefault<H>; }
    pub struct RandomState;
    impl RandomState { pub fn new() -> RandomState; }
    impl BuildHasher for RandomState { type Hasher = DefaultHasher; }
    impl Default for RandomState { fn default() -> RandomState; }
    pub struct DefaultHasher;
    impl DefaultHasher { pub const fn new() -> DefaultHasher; }
    impl Hasher for DefaultHasher {}
    impl Default for DefaultHasher { fn default() -> DefaultHasher; }
    pub struct SipHasher;
    impl SipHasher { pub const fn new() -> SipHasher; pub const fn new_with_keys(key0: u64, key1: u64) -> SipHasher; }
    impl Hasher for SipHasher {}
}
pub mod future {
    pub trait Future {
        type Output;
        fn poll(self: crate::pin::Pin<&mut Self>, cx: &mut crate::task::Context) -> crate::task::Poll<Self::Output>;
    }
    pub trait IntoFuture {
        type Output;
        type IntoFuture: Future<Output = Self::Output>;
        fn into_future(self) -> Self::IntoFuture;
    }
    impl<F: Future> IntoFuture for F { type Output = F::Output; type IntoFuture = F; fn into_future(self) -> F; }
    impl<F: Future> Future for &mut F { type Output = F::Output; }
    impl<F: Future> Future for Box<F> { type Output = F::Output; }
    impl<F: Future, P: crate::ops::DerefMut<Target = F>> Future for crate::pin::Pin<P> { type Output = F::Output; }
    impl<F: Future> Future for crate::panic::AssertUnwindSafe<F> { type Output = F::Output; }
    pub struct Ready<T>;
    impl<T> Ready<T> { pub fn into_inner(self) -> T; }
    impl<T> Future for Ready<T> { type Output = T; }
    pub fn ready<T>(t: T) -> Ready<T>;
    pub struct Pending<T>;
    impl<T> Future for Pending<T> { type Output = T; }
    pub fn pending<T>() -> Pending<T>;
    pub struct PollFn<F>;
    impl<T, F: FnMut(&mut crate::task::Context) -> crate::task::Poll<T>> Future for PollFn<F> { type Output = T; }
    pub fn poll_fn<T, F: FnMut(&mut crate::task::Context) -> crate::task::Poll<T>>(f: F) -> PollFn<F>;
}
pub mod task {
    pub enum Poll<T> { Ready(T), Pending }
    impl<T> Poll<T> {
        pub fn map<U, F: FnOnce(T) -> U>(self, f: F) -> Poll<U>;
        pub const fn is_ready(&self) -> bool;
        pub const fn is_pending(&self) -> bool;
    }
    impl<T, E> Poll<Result<T, E>> {
        pub fn map_ok<U, F: FnOnce(T) -> U>(self, f: F) -> Poll<Result<U, E>>;
        pub fn map_err<U, F: FnOnce(E) -> U>(self, f: F) -> Poll<Result<T, U>>;
    }
    impl<T, E> Poll<Option<Result<T, E>>> {
        pub fn map_ok<U, F: FnOnce(T) -> U>(self, f: F) -> Poll<Option<Result<U, E>>>;
        pub fn map_err<U, F: FnOnce(E) -> U>(self, f: F) -> Poll<Option<Result<T, U>>>;
    }
    impl<T> From<T> for Poll<T> { fn from(t: T) -> Poll<T>; }
    pub struct Context;
    impl Context {
        pub const fn from_waker(waker: &Waker) -> Context;
        pub const fn waker(&self) -> &Waker;
    }
    pub struct Waker;
    impl Waker {
        pub fn wake(self);
        pub fn wake_by_ref(&self);
        pub fn will_wake(&self, other: &Waker) -> bool;
        pub const unsafe fn from_raw(waker: RawWaker) -> Waker;
        pub const unsafe fn new(data: *const (), vtable: &RawWakerVTable) -> Waker;
        pub const fn noop() -> &Waker;
        pub fn data(&self) -> *const ();
        pub fn vtable(&self) -> &RawWakerVTable;
    }
    impl Clone for Waker { fn clone(&self) -> Waker; fn clone_from(&mut self, source: &Self); }
    pub struct RawWaker;
    impl RawWaker { pub const fn new(data: *const (), vtable: &RawWakerVTable) -> RawWaker; }
    pub struct RawWakerVTable;
    impl RawWakerVTable { pub const fn new(clone: unsafe fn(*const ()) -> RawWaker, wake: unsafe fn(*const ()), wake_by_ref: unsafe fn(*const ()), drop: unsafe fn(*const ())) -> RawWakerVTable; }
    pub trait Wake {
        fn wake(self: crate::sync::Arc<Self>);
        fn wake_by_ref(self: &crate::sync::Arc<Self>);
    }
}
pub mod panic {
    pub fn catch_unwind<F: FnOnce() -> R, R>(f: F) -> crate::thread::Result<R>;
    pub fn resume_unwind(payload: Box<dyn crate::any::Any + Send>) -> !;
    pub fn panic_any<M>(msg: M) -> !;
    pub fn set_hook(hook: Box<dyn Fn(&PanicHookInfo) + Sync + Send>);
    pub fn take_hook() -> Box<dyn Fn(&PanicHookInfo) + Sync + Send>;
    pub trait UnwindSafe {}
    pub trait RefUnwindSafe {}
    pub struct AssertUnwindSafe<T>(pub T);
    impl<T> crate::ops::Deref for AssertUnwindSafe<T> { type Target = T; fn deref(&self) -> &T; }
    impl<T> crate::ops::DerefMut for AssertUnwindSafe<T> { fn deref_mut(&mut self) -> &mut T; }
    impl<R, F: FnOnce() -> R> crate::ops::FnOnce<()> for AssertUnwindSafe<F> { type Output = R; }
    pub struct Location;
    impl Location {
        pub const fn caller() -> &Location;
        pub const fn file(&self) -> &str;
        pub const fn line(&self) -> u32;
        pub const fn column(&self) -> u32;
        pub const fn file_as_c_str(&self) -> &crate::ffi::CStr;
    }
    impl crate::fmt::Display for Location {}
    pub type PanicInfo = PanicHookInfo;
    pub struct PanicHookInfo;
    impl PanicHookInfo {
        pub fn payload(&self) -> &(dyn crate::any::Any + Send);
        pub fn payload_as_str(&self) -> Option<&str>;
        pub fn location(&self) -> Option<&Location>;
    }
    impl crate::fmt::Display for PanicHookInfo {}
}
pub mod alloc {
    pub struct Layout;
    impl Layout {
        pub const fn from_size_align(size: usize, align: usize) -> Result<Layout, LayoutError>;
        pub const unsafe fn from_size_align_unchecked(size: usize, align: usize) -> Layout;
        pub const fn size(&self) -> usize;
        pub const fn align(&self) -> usize;
        pub const fn new<T>() -> Layout;
        pub const fn for_value<T>(t: &T) -> Layout;
        pub const fn align_to(&self, align: usize) -> Result<Layout, LayoutError>;
        pub const fn pad_to_align(&self) -> Layout;
        pub const fn extend(&self, next: Layout) -> Result<(Layout, usize), LayoutError>;
        pub const fn array<T>(n: usize) -> Result<Layout, LayoutError>;
    }
    pub struct LayoutError;
    impl crate::error::Error for LayoutError {}
    pub trait GlobalAlloc {
        unsafe fn alloc(&self, layout: Layout) -> *mut u8;
        unsafe fn dealloc(&self, ptr: *mut u8, layout: Layout);
        unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8;
        unsafe fn realloc(&self, ptr: *mut u8, layout: Layout, new_size: usize) -> *mut u8;
    }
    pub struct System;
    impl GlobalAlloc for System {}
    pub unsafe fn alloc(layout: Layout) -> *mut u8;
    pub unsafe fn dealloc(ptr: *mut u8, layout: Layout);
    pub unsafe fn realloc(ptr: *mut u8, layout: Layout, new_size: usize) -> *mut u8;
    pub unsafe fn alloc_zeroed(layout: Layout) -> *mut u8;
    pub fn handle_alloc_error(layout: Layout) -> !;
}
pub mod ascii {
    pub trait AsciiExt {}
    pub struct EscapeDefault;
    impl Iterator for EscapeDefault { type Item = u8; }
    impl crate::iter::DoubleEndedIterator for EscapeDefault {}
    impl crate::iter::ExactSizeIterator for EscapeDefault {}
    impl crate::fmt::Display for EscapeDefault {}
    pub fn escape_default(c: u8) -> EscapeDefault;
}
pub mod backtrace {
    pub struct Backtrace;
    impl Backtrace {
        pub fn capture() -> Backtrace;
        pub fn force_capture() -> Backtrace;
        pub const fn disabled() -> Backtrace;
        pub fn status(&self) -> BacktraceStatus;
    }
    impl crate::fmt::Display for Backtrace {}
    pub enum BacktraceStatus { Unsupported, Disabled, Captured }
}
pub mod hint {
    pub fn spin_loop();
    pub fn black_box<T>(dummy: T) -> T;
    pub const fn cold_path();
    pub fn select_unpredictable<T>(condition: bool, true_val: T, false_val: T) -> T;
    pub const unsafe fn unreachable_unchecked() -> !;
    pub const unsafe fn assert_unchecked(cond: bool);
}
