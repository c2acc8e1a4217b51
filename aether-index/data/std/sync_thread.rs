//! Signature stubs: std::sync (locks, Arc, mpsc) and std::thread.
pub mod sync {
    pub type LockResult<T> = Result<T, PoisonError<T>>;
    pub type TryLockResult<T> = Result<T, TryLockError<T>>;
    pub struct PoisonError<T>;
    impl<T> PoisonError<T> {
        pub fn new(data: T) -> PoisonError<T>;
        pub fn into_inner(self) -> T;
        pub fn get_ref(&self) -> &T;
        pub fn get_mut(&mut self) -> &mut T;
    }
    impl<T> crate::error::Error for PoisonError<T> {}
    pub enum TryLockError<T> { Poisoned(PoisonError<T>), WouldBlock }
    impl<T> From<PoisonError<T>> for TryLockError<T> { fn from(err: PoisonError<T>) -> TryLockError<T>; }
    impl<T> crate::error::Error for TryLockError<T> {}
    pub struct Arc<T>;
    impl<T> Arc<T> {
        pub fn new(data: T) -> Arc<T>;
        pub fn new_cyclic<F: FnOnce(&Weak<T>) -> T>(data_fn: F) -> Arc<T>;
        pub fn new_uninit() -> Arc<crate::mem::MaybeUninit<T>>;
        pub fn new_zeroed() -> Arc<crate::mem::MaybeUninit<T>>;
        pub fn pin(data: T) -> crate::pin::Pin<Arc<T>>;
        pub fn try_unwrap(this: Arc<T>) -> Result<T, Arc<T>>;
        pub fn into_inner(this: Arc<T>) -> Option<T>;
        pub fn unwrap_or_clone(this: Arc<T>) -> T;
        pub unsafe fn from_raw(ptr: *const T) -> Arc<T>;
        pub fn into_raw(this: Arc<T>) -> *const T;
        pub unsafe fn increment_strong_count(ptr: *const T);
        pub unsafe fn decrement_strong_count(ptr: *const T);
        pub fn as_ptr(this: &Arc<T>) -> *const T;
        pub fn downgrade(this: &Arc<T>) -> Weak<T>;
        pub fn weak_count(this: &Arc<T>) -> usize;
        pub fn strong_count(this: &Arc<T>) -> usize;
        pub fn get_mut(this: &mut Arc<T>) -> Option<&mut T>;
        pub fn ptr_eq(this: &Arc<T>, other: &Arc<T>) -> bool;
        pub fn make_mut(this: &mut Arc<T>) -> &mut T;
    }
    impl<T> Arc<crate::mem::MaybeUninit<T>> { pub unsafe fn assume_init(self) -> Arc<T>; }
    impl<T> Arc<[T]> { pub fn new_uninit_slice(len: usize) -> Arc<[crate::mem::MaybeUninit<T>]>; }
    impl Arc<dyn crate::any::Any + Send + Sync> { pub fn downcast<T: crate::any::Any>(self) -> Result<Arc<T>, Self>; }
    impl<T> crate::ops::Deref for Arc<T> { type Target = T; fn deref(&self) -> &T; }
    impl<T> Clone for Arc<T> { fn clone(&self) -> Arc<T>; }
    impl<T: Default> Default for Arc<T> { fn default() -> Arc<T>; }
    impl<T> AsRef<T> for Arc<T> { fn as_ref(&self) -> &T; }
    impl<T> crate::borrow::Borrow<T> for Arc<T> { fn borrow(&self) -> &T; }
    impl<T> From<T> for Arc<T> { fn from(t: T) -> Arc<T>; }
    impl From<&str> for Arc<str> { fn from(v: &str) -> Arc<str>; }
    impl From<String> for Arc<str> { fn from(v: String) -> Arc<str>; }
    impl<T> From<Box<T>> for Arc<T> { fn from(v: Box<T>) -> Arc<T>; }
    impl<T> From<Vec<T>> for Arc<[T]> { fn from(v: Vec<T>) -> Arc<[T]>; }
    impl<T: Clone> From<&[T]> for Arc<[T]> { fn from(v: &[T]) -> Arc<[T]>; }
    impl<T, const N: usize> From<[T; N]> for Arc<[T]> { fn from(v: [T; N]) -> Arc<[T]>; }
    impl From<crate::path::PathBuf> for Arc<crate::path::Path> { fn from(s: crate::path::PathBuf) -> Arc<crate::path::Path>; }
    impl From<&crate::path::Path> for Arc<crate::path::Path> { fn from(s: &crate::path::Path) -> Arc<crate::path::Path>; }
    impl<W: crate::task::Wake> From<Arc<W>> for crate::task::Waker { fn from(waker: Arc<W>) -> crate::task::Waker; }
    impl<T> FromIterator<T> for Arc<[T]> { fn from_iter<I: IntoIterator<Item = T>>(iter: I) -> Arc<[T]>; }
    pub struct Weak<T>;
    impl<T> Weak<T> {
        pub const fn new() -> Weak<T>;
        pub unsafe fn from_raw(ptr: *const T) -> Weak<T>;
        pub fn into_raw(self) -> *const T;
        pub fn as_ptr(&self) -> *const T;
        pub fn upgrade(&self) -> Option<Arc<T>>;
        pub fn strong_count(&self) -> usize;
        pub fn weak_count(&self) -> usize;
        pub fn ptr_eq(&self, other: &Weak<T>) -> bool;
    }
    impl<T> Clone for Weak<T> { fn clone(&self) -> Weak<T>; }
    impl<T> Default for Weak<T> { fn default() -> Weak<T>; }
    pub struct Mutex<T>;
    impl<T> Mutex<T> {
        pub const fn new(t: T) -> Mutex<T>;
        pub fn lock(&self) -> Result<MutexGuard<T>, PoisonError<MutexGuard<T>>>;
        pub fn try_lock(&self) -> Result<MutexGuard<T>, TryLockError<MutexGuard<T>>>;
        pub fn is_poisoned(&self) -> bool;
        pub fn clear_poison(&self);
        pub fn into_inner(self) -> Result<T, PoisonError<T>>;
        pub fn get_mut(&mut self) -> Result<&mut T, PoisonError<&mut T>>;
    }
    impl<T: Default> Default for Mutex<T> { fn default() -> Mutex<T>; }
    impl<T> From<T> for Mutex<T> { fn from(t: T) -> Mutex<T>; }
    pub struct MutexGuard<T>;
    impl<T> crate::ops::Deref for MutexGuard<T> { type Target = T; fn deref(&self) -> &T; }
    impl<T> crate::ops::DerefMut for MutexGuard<T> { fn deref_mut(&mut self) -> &mut T; }
    pub struct RwLock<T>;
    impl<T> RwLock<T> {
        pub const fn new(t: T) -> RwLock<T>;
        pub fn read(&self) -> Result<RwLockReadGuard<T>, PoisonError<RwLockReadGuard<T>>>;
        pub fn try_read(&self) -> Result<RwLockReadGuard<T>, TryLockError<RwLockReadGuard<T>>>;
        pub fn write(&self) -> Result<RwLockWriteGuard<T>, PoisonError<RwLockWriteGuard<T>>>;
        pub fn try_write(&self) -> Result<RwLockWriteGuard<T>, TryLockError<RwLockWriteGuard<T>>>;
        pub fn is_poisoned(&self) -> bool;
        pub fn clear_poison(&self);
        pub fn into_inner(self) -> Result<T, PoisonError<T>>;
        pub fn get_mut(&mut self) -> Result<&mut T, PoisonError<&mut T>>;
    }
    impl<T: Default> Default for RwLock<T> { fn default() -> RwLock<T>; }
    impl<T> From<T> for RwLock<T> { fn from(t: T) -> RwLock<T>; }
    pub struct RwLockReadGuard<T>;
    impl<T> crate::ops::Deref for RwLockReadGuard<T> { type Target = T; fn deref(&self) -> &T; }
    pub struct RwLockWriteGuard<T>;
    impl<T> RwLockWriteGuard<T> { pub fn downgrade(s: RwLockWriteGuard<T>) -> RwLockReadGuard<T>; }
    impl<T> crate::ops::Deref for RwLockWriteGuard<T> { type Target = T; fn deref(&self) -> &T; }
    impl<T> crate::ops::DerefMut for RwLockWriteGuard<T> { fn deref_mut(&mut self) -> &mut T; }
    pub struct Condvar;
    impl Condvar {
        pub const fn new() -> Condvar;
        pub fn wait<T>(&self, guard: MutexGuard<T>) -> Result<MutexGuard<T>, PoisonError<MutexGuard<T>>>;
        pub fn wait_while<T, F: FnMut(&mut T) -> bool>(&self, guard: MutexGuard<T>, condition: F) -> Result<MutexGuard<T>, PoisonError<MutexGuard<T>>>;
        pub fn wait_timeout_ms<T>(&self, guard: MutexGuard<T>, ms: u32) -> Result<(MutexGuard<T>, bool), PoisonError<(MutexGuard<T>, bool)>>;
        pub fn wait_timeout<T>(&self, guard: MutexGuard<T>, dur: crate::time::Duration) -> Result<(MutexGuard<T>, WaitTimeoutResult), PoisonError<(MutexGuard<T>, WaitTimeoutResult)>>;
        pub fn wait_timeout_while<T, F: FnMut(&mut T) -> bool>(&self, guard: MutexGuard<T>, dur: crate::time::Duration, condition: F) -> Result<(MutexGuard<T>, WaitTimeoutResult), PoisonError<(MutexGuard<T>, WaitTimeoutResult)>>;
        pub fn notify_one(&self);
        pub fn notify_all(&self);
    }
    impl Default for Condvar { fn default() -> Condvar; }
    pub struct WaitTimeoutResult;
    impl WaitTimeoutResult { pub fn timed_out(&self) -> bool; }
    pub struct Barrier;
    impl Barrier { pub const fn new(n: usize) -> Barrier; pub fn wait(&self) -> BarrierWaitResult; }
    pub struct BarrierWaitResult;
    impl BarrierWaitResult { pub fn is_leader(&self) -> bool; }
    pub struct Once;
    impl Once {
        pub const fn new() -> Once;
        pub fn call_once<F: FnOnce()>(&self, f: F);
        pub fn call_once_force<F: FnOnce(&OnceState)>(&self, f: F);
        pub fn is_completed(&self) -> bool;
        pub fn wait(&self);
        pub fn wait_force(&self);
    }
    pub struct OnceState;
    impl OnceState { pub fn is_poisoned(&self) -> bool; }
    pub const ONCE_INIT: Once;
    pub struct OnceLock<T>;
    impl<T> OnceLock<T> {
        pub const fn new() -> OnceLock<T>;
        pub fn get(&self) -> Option<&T>;
        pub fn get_mut(&mut self) -> Option<&mut T>;
        pub fn wait(&self) -> &T;
        pub fn set(&self, value: T) -> Result<(), T>;
        pub fn get_or_init<F: FnOnce() -> T>(&self, f: F) -> &T;
        pub fn into_inner(self) -> Option<T>;
        pub fn take(&mut self) -> Option<T>;
    }
    impl<T> Default for OnceLock<T> { fn default() -> OnceLock<T>; }
    impl<T> From<T> for OnceLock<T> { fn from(value: T) -> OnceLock<T>; }
    pub struct LazyLock<T, F = fn() -> T>;
    impl<T, F: FnOnce() -> T> LazyLock<T, F> {
        pub const fn new(f: F) -> LazyLock<T, F>;
        pub fn force(this: &LazyLock<T, F>) -> &T;
        pub fn force_mut(this: &mut LazyLock<T, F>) -> &mut T;
        pub fn get(this: &LazyLock<T, F>) -> Option<&T>;
        pub fn get_mut(this: &mut LazyLock<T, F>) -> Option<&mut T>;
    }
    impl<T, F: FnOnce() -> T> crate::ops::Deref for LazyLock<T, F> { type Target = T; fn deref(&self) -> &T; }
    impl<T, F: FnOnce() -> T> crate::ops::DerefMut for LazyLock<T, F> { fn deref_mut(&mut self) -> &mut T; }
    impl<T: Default> Default for LazyLock<T> { fn default() -> LazyLock<T>; }
    pub mod mpsc {
        pub fn channel<T>() -> (Sender<T>, Receiver<T>);
        pub fn sync_channel<T>(bound: usize) -> (SyncSender<T>, Receiver<T>);
        pub struct Sender<T>;
        impl<T> Sender<T> { pub fn send(&self, t: T) -> Result<(), SendError<T>>; }
        impl<T> Clone for Sender<T> { fn clone(&self) -> Sender<T>; }
        pub struct SyncSender<T>;
        impl<T> SyncSender<T> {
            pub fn send(&self, t: T) -> Result<(), SendError<T>>;
            pub fn try_send(&self, t: T) -> Result<(), TrySendError<T>>;
        }
        impl<T> Clone for SyncSender<T> { fn clone(&self) -> SyncSender<T>; }
        pub struct Receiver<T>;
        impl<T> Receiver<T> {
            pub fn try_recv(&self) -> Result<T, TryRecvError>;
            pub fn recv(&self) -> Result<T, RecvError>;
            pub fn recv_timeout(&self, timeout: crate::time::Duration) -> Result<T, RecvTimeoutError>;
            pub fn iter(&self) -> Iter<T>;
            pub fn try_iter(&self) -> TryIter<T>;
        }
        impl<T> IntoIterator for Receiver<T> { type Item = T; type IntoIter = IntoIter<T>; }
        impl<T> IntoIterator for &Receiver<T> { type Item = T; type IntoIter = Iter<T>; }
        pub struct Iter<T>;
        impl<T> Iterator for Iter<T> { type Item = T; }
        pub struct TryIter<T>;
        impl<T> Iterator for TryIter<T> { type Item = T; }
        pub struct IntoIter<T>;
        impl<T> Iterator for IntoIter<T> { type Item = T; }
        pub struct SendError<T>(pub T);
        impl<T> crate::error::Error for SendError<T> {}
        pub enum TrySendError<T> { Full(T), Disconnected(T) }
        impl<T> crate::error::Error for TrySendError<T> {}
        pub struct RecvError;
        impl crate::error::Error for RecvError {}
        pub enum TryRecvError { Empty, Disconnected }
        impl crate::error::Error for TryRecvError {}
        pub enum RecvTimeoutError { Timeout, Disconnected }
        impl crate::error::Error for RecvTimeoutError {}
    }
}
pub mod thread {
    pub type Result<T> = crate::result::Result<T, Box<dyn crate::any::Any + Send>>;
    pub fn spawn<F: FnOnce() -> T, T>(f: F) -> JoinHandle<T>;
    pub fn scope<F: FnOnce(&Scope) -> T, T>(f: F) -> T;
    pub fn current() -> Thread;
    pub fn yield_now();
    pub fn panicking() -> bool;
    pub fn sleep(dur: crate::time::Duration);
    pub fn sleep_ms(ms: u32);
    pub fn park();
    pub fn park_timeout(dur: crate::time::Duration);
    pub fn available_parallelism() -> crate::io::Result<crate::num::NonZeroUsize>;
    pub struct JoinHandle<T>;
    impl<T> JoinHandle<T> {
        pub fn thread(&self) -> &Thread;
        pub fn join(self) -> crate::result::Result<T, Box<dyn crate::any::Any + Send>>;
        pub fn is_finished(&self) -> bool;
    }
    pub struct ScopedJoinHandle<T>;
    impl<T> ScopedJoinHandle<T> {
        pub fn thread(&self) -> &Thread;
        pub fn join(self) -> crate::result::Result<T, Box<dyn crate::any::Any + Send>>;
        pub fn is_finished(&self) -> bool;
    }
    pub struct Scope;
    impl Scope { pub fn spawn<F: FnOnce() -> T, T>(&self, f: F) -> ScopedJoinHandle<T>; }
    pub struct Builder;
    impl Builder {
        pub fn new() -> Builder;
        pub fn name(self, name: String) -> Builder;
        pub fn stack_size(self, size: usize) -> Builder;
        pub fn spawn<F: FnOnce() -> T, T>(self, f: F) -> crate::io::Result<JoinHandle<T>>;
        pub unsafe fn spawn_unchecked<F: FnOnce() -> T, T>(self, f: F) -> crate::io::Result<JoinHandle<T>>;
        pub fn spawn_scoped<F: FnOnce() -> T, T>(self, scope: &Scope, f: F) -> crate::io::Result<ScopedJoinHandle<T>>;
    }
    pub struct Thread;
    impl Thread {
        pub fn unpark(&self);
        pub fn id(&self) -> ThreadId;
        pub fn name(&self) -> Option<&str>;
    }
    impl Clone for Thread { fn clone(&self) -> Thread; }
    pub struct ThreadId;
    pub struct LocalKey<T>;
    impl<T> LocalKey<T> {
        pub fn with<F: FnOnce(&T) -> R, R>(&self, f: F) -> R;
        pub fn try_with<F: FnOnce(&T) -> R, R>(&self, f: F) -> crate::result::Result<R, AccessError>;
    }
    impl<T> LocalKey<crate::cell::Cell<T>> {
        pub fn set(&self, value: T);
        pub fn get(&self) -> T;
        pub fn take(&self) -> T;
        pub fn replace(&self, value: T) -> T;
    }
    impl<T> LocalKey<crate::cell::RefCell<T>> {
        pub fn with_borrow<F: FnOnce(&T) -> R, R>(&self, f: F) -> R;
        pub fn with_borrow_mut<F: FnOnce(&mut T) -> R, R>(&self, f: F) -> R;
        pub fn set(&self, value: T);
        pub fn take(&self) -> T;
        pub fn replace(&self, value: T) -> T;
    }
    pub struct AccessError;
    impl crate::error::Error for AccessError {}
}
