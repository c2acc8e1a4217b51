//! Signature stubs: std::boxed, std::rc, std::cell, std::pin, std::mem and std::ptr.
pub mod boxed {
    pub struct Box<T>;
    impl<T> Box<T> {
        pub fn new(x: T) -> Box<T>;
        pub fn new_uninit() -> Box<crate::mem::MaybeUninit<T>>;
        pub fn new_zeroed() -> Box<crate::mem::MaybeUninit<T>>;
        pub fn pin(x: T) -> crate::pin::Pin<Box<T>>;
        pub unsafe fn from_raw(raw: *mut T) -> Box<T>;
        pub fn into_raw(b: Box<T>) -> *mut T;
        pub fn leak(b: Box<T>) -> &mut T;
        pub fn into_pin(boxed: Box<T>) -> crate::pin::Pin<Box<T>>;
    }
    impl<T> Box<[T]> {
        pub fn new_uninit_slice(len: usize) -> Box<[crate::mem::MaybeUninit<T>]>;
        pub fn new_zeroed_slice(len: usize) -> Box<[crate::mem::MaybeUninit<T>]>;
    }
    impl<T> Box<crate::mem::MaybeUninit<T>> {
        pub unsafe fn assume_init(self) -> Box<T>;
        pub fn write(boxed: Self, value: T) -> Box<T>;
    }
    impl Box<dyn crate::any::Any> {
        pub fn downcast<T: crate::any::Any>(self) -> Result<Box<T>, Self>;
    }
    impl Box<dyn crate::any::Any + Send> {
        pub fn downcast<T: crate::any::Any>(self) -> Result<Box<T>, Self>;
    }
    impl Box<dyn crate::any::Any + Send + Sync> {
        pub fn downcast<T: crate::any::Any>(self) -> Result<Box<T>, Self>;
    }
    impl<T> crate::ops::Deref for Box<T> { type Target = T; fn deref(&self) -> &T; }
    impl<T> crate::ops::DerefMut for Box<T> { fn deref_mut(&mut self) -> &mut T; }
    impl<T: Clone> Clone for Box<T> { fn clone(&self) -> Self; }
    impl<T: Default> Default for Box<T> { fn default() -> Self; }
    impl<T> AsRef<T> for Box<T> { fn as_ref(&self) -> &T; }
    impl<T> AsMut<T> for Box<T> { fn as_mut(&mut self) -> &mut T; }
    impl<T> crate::borrow::Borrow<T> for Box<T> { fn borrow(&self) -> &T; }
    impl<T> crate::borrow::BorrowMut<T> for Box<T> { fn borrow_mut(&mut self) -> &mut T; }
    impl<T> From<T> for Box<T> { fn from(t: T) -> Box<T>; }
    impl From<&str> for Box<str> { fn from(s: &str) -> Box<str>; }
    impl From<String> for Box<str> { fn from(s: String) -> Box<str>; }
    impl<T: Clone> From<&[T]> for Box<[T]> { fn from(slice: &[T]) -> Box<[T]>; }
    impl<T> From<Vec<T>> for Box<[T]> { fn from(v: Vec<T>) -> Box<[T]>; }
    impl<T, const N: usize> From<[T; N]> for Box<[T]> { fn from(array: [T; N]) -> Box<[T]>; }
    impl From<&crate::path::Path> for Box<crate::path::Path> { fn from(p: &crate::path::Path) -> Box<crate::path::Path>; }
    impl<E: crate::error::Error> From<E> for Box<dyn crate::error::Error> { fn from(err: E) -> Box<dyn crate::error::Error>; }
    impl From<String> for Box<dyn crate::error::Error> { fn from(err: String) -> Box<dyn crate::error::Error>; }
    impl From<&str> for Box<dyn crate::error::Error> { fn from(err: &str) -> Box<dyn crate::error::Error>; }
    impl<E: crate::error::Error> From<E> for Box<dyn crate::error::Error + Send + Sync> { fn from(err: E) -> Box<dyn crate::error::Error + Send + Sync>; }
    impl From<String> for Box<dyn crate::error::Error + Send + Sync> { fn from(err: String) -> Box<dyn crate::error::Error + Send + Sync>; }
    impl From<&str> for Box<dyn crate::error::Error + Send + Sync> { fn from(err: &str) -> Box<dyn crate::error::Error + Send + Sync>; }
    impl<T> FromIterator<T> for Box<[T]> { fn from_iter<I: IntoIterator<Item = T>>(iter: I) -> Box<[T]>; }
    impl FromIterator<char> for Box<str> { fn from_iter<I: IntoIterator<Item = char>>(iter: I) -> Box<str>; }
    impl FromIterator<&str> for Box<str> { fn from_iter<I: IntoIterator<Item = &str>>(iter: I) -> Box<str>; }
    impl FromIterator<String> for Box<str> { fn from_iter<I: IntoIterator<Item = String>>(iter: I) -> Box<str>; }
    impl<T> IntoIterator for Box<[T]> { type Item = T; type IntoIter = crate::vec::IntoIter<T>; }
    impl<T> IntoIterator for &Box<[T]> { type Item = &T; type IntoIter = crate::slice::Iter<T>; }
    impl<T> IntoIterator for &mut Box<[T]> { type Item = &mut T; type IntoIter = crate::slice::IterMut<T>; }
    impl<Args, F: FnOnce<Args>> crate::ops::FnOnce<Args> for Box<F> { type Output = F::Output; }
}
pub mod rc {
    pub struct Rc<T>;
    impl<T> Rc<T> {
        pub fn new(value: T) -> Rc<T>;
        pub fn new_cyclic<F: FnOnce(&Weak<T>) -> T>(data_fn: F) -> Rc<T>;
        pub fn new_uninit() -> Rc<crate::mem::MaybeUninit<T>>;
        pub fn new_zeroed() -> Rc<crate::mem::MaybeUninit<T>>;
        pub fn pin(value: T) -> crate::pin::Pin<Rc<T>>;
        pub fn try_unwrap(this: Rc<T>) -> Result<T, Rc<T>>;
        pub fn into_inner(this: Rc<T>) -> Option<T>;
        pub fn unwrap_or_clone(this: Rc<T>) -> T;
        pub unsafe fn from_raw(ptr: *const T) -> Rc<T>;
        pub fn into_raw(this: Rc<T>) -> *const T;
        pub unsafe fn increment_strong_count(ptr: *const T);
        pub unsafe fn decrement_strong_count(ptr: *const T);
        pub fn as_ptr(this: &Rc<T>) -> *const T;
        pub fn downgrade(this: &Rc<T>) -> Weak<T>;
        pub fn weak_count(this: &Rc<T>) -> usize;
        pub fn strong_count(this: &Rc<T>) -> usize;
        pub fn get_mut(this: &mut Rc<T>) -> Option<&mut T>;
        pub fn ptr_eq(this: &Rc<T>, other: &Rc<T>) -> bool;
        pub fn make_mut(this: &mut Rc<T>) -> &mut T;
    }
    impl<T> Rc<crate::mem::MaybeUninit<T>> { pub unsafe fn assume_init(self) -> Rc<T>; }
    impl<T> Rc<[T]> { pub fn new_uninit_slice(len: usize) -> Rc<[crate::mem::MaybeUninit<T>]>; }
    impl Rc<dyn crate::any::Any> { pub fn downcast<T: crate::any::Any>(self) -> Result<Rc<T>, Self>; }
    impl<T> crate::ops::Deref for Rc<T> { type Target = T; fn deref(&self) -> &T; }
    impl<T> Clone for Rc<T> { fn clone(&self) -> Rc<T>; }
    impl<T: Default> Default for Rc<T> { fn default() -> Rc<T>; }
    impl<T> AsRef<T> for Rc<T> { fn as_ref(&self) -> &T; }
    impl<T> crate::borrow::Borrow<T> for Rc<T> { fn borrow(&self) -> &T; }
    impl<T> From<T> for Rc<T> { fn from(t: T) -> Rc<T>; }
    impl From<&str> for Rc<str> { fn from(v: &str) -> Rc<str>; }
    impl From<String> for Rc<str> { fn from(v: String) -> Rc<str>; }
    impl<T> From<Box<T>> for Rc<T> { fn from(v: Box<T>) -> Rc<T>; }
    impl<T> From<Vec<T>> for Rc<[T]> { fn from(v: Vec<T>) -> Rc<[T]>; }
    impl<T: Clone> From<&[T]> for Rc<[T]> { fn from(v: &[T]) -> Rc<[T]>; }
    impl<T, const N: usize> From<[T; N]> for Rc<[T]> { fn from(v: [T; N]) -> Rc<[T]>; }
    impl From<crate::path::PathBuf> for Rc<crate::path::Path> { fn from(s: crate::path::PathBuf) -> Rc<crate::path::Path>; }
    impl From<&crate::path::Path> for Rc<crate::path::Path> { fn from(s: &crate::path::Path) -> Rc<crate::path::Path>; }
    impl<T> FromIterator<T> for Rc<[T]> { fn from_iter<I: IntoIterator<Item = T>>(iter: I) -> Rc<[T]>; }
    pub struct Weak<T>;
    impl<T> Weak<T> {
        pub const fn new() -> Weak<T>;
        pub unsafe fn from_raw(ptr: *const T) -> Weak<T>;
        pub fn into_raw(self) -> *const T;
        pub fn as_ptr(&self) -> *const T;
        pub fn upgrade(&self) -> Option<Rc<T>>;
        pub fn strong_count(&self) -> usize;
        pub fn weak_count(&self) -> usize;
        pub fn ptr_eq(&self, other: &Weak<T>) -> bool;
    }
    impl<T> Clone for Weak<T> { fn clone(&self) -> Weak<T>; }
    impl<T> Default for Weak<T> { fn default() -> Weak<T>; }
}
pub mod cell {
    pub struct Cell<T>;
    impl<T> Cell<T> {
        pub const fn new(value: T) -> Cell<T>;
        pub fn set(&self, val: T);
        pub fn swap(&self, other: &Cell<T>);
        pub fn replace(&self, val: T) -> T;
        pub fn into_inner(self) -> T;
        pub fn get(&self) -> T;
        pub fn update<F: FnOnce(T) -> T>(&self, f: F);
        pub const fn as_ptr(&self) -> *mut T;
        pub fn get_mut(&mut self) -> &mut T;
        pub fn from_mut(t: &mut T) -> &Cell<T>;
        pub fn take(&self) -> T where T: Default;
    }
    impl<T> Cell<[T]> { pub fn as_slice_of_cells(&self) -> &[Cell<T>]; }
    impl<T, const N: usize> Cell<[T; N]> { pub fn as_array_of_cells(&self) -> &[Cell<T>; N]; }
    impl<T: Copy> Clone for Cell<T> { fn clone(&self) -> Cell<T>; }
    impl<T: Default> Default for Cell<T> { fn default() -> Cell<T>; }
    impl<T> From<T> for Cell<T> { fn from(t: T) -> Cell<T>; }
    pub struct RefCell<T>;
    impl<T> RefCell<T> {
        pub const fn new(value: T) -> RefCell<T>;
        pub fn into_inner(self) -> T;
        pub fn replace(&self, t: T) -> T;
        pub fn replace_with<F: FnOnce(&mut T) -> T>(&self, f: F) -> T;
        pub fn swap(&self, other: &RefCell<T>);
        pub fn borrow(&self) -> Ref<T>;
        pub fn try_borrow(&self) -> Result<Ref<T>, BorrowError>;
        pub fn borrow_mut(&self) -> RefMut<T>;
        pub fn try_borrow_mut(&self) -> Result<RefMut<T>, BorrowMutError>;
        pub fn as_ptr(&self) -> *mut T;
        pub fn get_mut(&mut self) -> &mut T;
        pub unsafe fn try_borrow_unguarded(&self) -> Result<&T, BorrowError>;
        pub fn take(&self) -> T where T: Default;
    }
    impl<T: Clone> Clone for RefCell<T> { fn clone(&self) -> RefCell<T>; }
    impl<T: Default> Default for RefCell<T> { fn default() -> RefCell<T>; }
    impl<T> From<T> for RefCell<T> { fn from(t: T) -> RefCell<T>; }
    pub struct BorrowError;
    impl crate::error::Error for BorrowError {}
    pub struct BorrowMutError;
    impl crate::error::Error for BorrowMutError {}
    pub struct Ref<T>;
    impl<T> Ref<T> {
        pub fn clone(orig: &Ref<T>) -> Ref<T>;
        pub fn map<U, F: FnOnce(&T) -> &U>(orig: Ref<T>, f: F) -> Ref<U>;
        pub fn filter_map<U, F: FnOnce(&T) -> Option<&U>>(orig: Ref<T>, f: F) -> Result<Ref<U>, Ref<T>>;
        pub fn map_split<U, V, F: FnOnce(&T) -> (&U, &V)>(orig: Ref<T>, f: F) -> (Ref<U>, Ref<V>);
    }
    impl<T> crate::ops::Deref for Ref<T> { type Target = T; fn deref(&self) -> &T; }
    pub struct RefMut<T>;
    impl<T> RefMut<T> {
        pub fn map<U, F: FnOnce(&mut T) -> &mut U>(orig: RefMut<T>, f: F) -> RefMut<U>;
        pub fn filter_map<U, F: FnOnce(&mut T) -> Option<&mut U>>(orig: RefMut<T>, f: F) -> Result<RefMut<U>, RefMut<T>>;
        pub fn map_split<U, V, F: FnOnce(&mut T) -> (&mut U, &mut V)>(orig: RefMut<T>, f: F) -> (RefMut<U>, RefMut<V>);
    }
    impl<T> crate::ops::Deref for RefMut<T> { type Target = T; fn deref(&self) -> &T; }
    impl<T> crate::ops::DerefMut for RefMut<T> { fn deref_mut(&mut self) -> &mut T; }
    pub struct OnceCell<T>;
    impl<T> OnceCell<T> {
        pub const fn new() -> OnceCell<T>;
        pub fn get(&self) -> Option<&T>;
        pub fn get_mut(&mut self) -> Option<&mut T>;
        pub fn set(&self, value: T) -> Result<(), T>;
        pub fn get_or_init<F: FnOnce() -> T>(&self, f: F) -> &T;
        pub fn into_inner(self) -> Option<T>;
        pub fn take(&mut self) -> Option<T>;
    }
    impl<T> Default for OnceCell<T> { fn default() -> OnceCell<T>; }
    impl<T> From<T> for OnceCell<T> { fn from(value: T) -> OnceCell<T>; }
    pub struct LazyCell<T, F = fn() -> T>;
    impl<T, F: FnOnce() -> T> LazyCell<T, F> {
        pub const fn new(f: F) -> LazyCell<T, F>;
        pub fn force(this: &LazyCell<T, F>) -> &T;
        pub fn force_mut(this: &mut LazyCell<T, F>) -> &mut T;
        pub fn get(this: &LazyCell<T, F>) -> Option<&T>;
        pub fn get_mut(this: &mut LazyCell<T, F>) -> Option<&mut T>;
    }
    impl<T, F: FnOnce() -> T> crate::ops::Deref for LazyCell<T, F> { type Target = T; fn deref(&self) -> &T; }
    impl<T, F: FnOnce() -> T> crate::ops::DerefMut for LazyCell<T, F> { fn deref_mut(&mut self) -> &mut T; }
    pub struct UnsafeCell<T>;
    impl<T> UnsafeCell<T> {
        pub const fn new(value: T) -> UnsafeCell<T>;
        pub fn into_inner(self) -> T;
        pub fn from_mut(value: &mut T) -> &mut UnsafeCell<T>;
        pub const fn get(&self) -> *mut T;
        pub const fn get_mut(&mut self) -> &mut T;
        pub const fn raw_get(this: *const UnsafeCell<T>) -> *mut T;
    }
    impl<T> From<T> for UnsafeCell<T> { fn from(t: T) -> UnsafeCell<T>; }
}
pub mod pin {
    pub struct Pin<Ptr>;
    impl<Ptr: crate::ops::Deref> Pin<Ptr> {
        pub const fn new(pointer: Ptr) -> Pin<Ptr>;
        pub const fn into_inner(pin: Pin<Ptr>) -> Ptr;
        pub const unsafe fn new_unchecked(pointer: Ptr) -> Pin<Ptr>;
        pub const unsafe fn into_inner_unchecked(pin: Pin<Ptr>) -> Ptr;
        pub fn as_ref(&self) -> Pin<&Ptr::Target>;
        pub fn as_mut(&mut self) -> Pin<&mut Ptr::Target>;
        pub fn as_deref_mut(self: Pin<&mut Self>) -> Pin<&mut Ptr::Target>;
        pub fn set(&mut self, value: Ptr::Target);
    }
    impl<T> Pin<&T> {
        pub unsafe fn map_unchecked<U, F: FnOnce(&T) -> &U>(self, func: F) -> Pin<&U>;
        pub const fn get_ref(self) -> &T;
        pub fn static_ref(r: &T) -> Pin<&T>;
    }
    impl<T> Pin<&mut T> {
        pub const fn into_ref(self) -> Pin<&T>;
        pub const fn get_mut(self) -> &mut T;
        pub const unsafe fn get_unchecked_mut(self) -> &mut T;
        pub unsafe fn map_unchecked_mut<U, F: FnOnce(&mut T) -> &mut U>(self, func: F) -> Pin<&mut U>;
        pub fn static_mut(r: &mut T) -> Pin<&mut T>;
    }
    impl<Ptr: crate::ops::Deref> crate::ops::Deref for Pin<Ptr> { type Target = Ptr::Target; fn deref(&self) -> &Ptr::Target; }
    impl<Ptr: crate::ops::DerefMut> crate::ops::DerefMut for Pin<Ptr> { fn deref_mut(&mut self) -> &mut Ptr::Target; }
    impl<T> From<Box<T>> for Pin<Box<T>> { fn from(boxed: Box<T>) -> Pin<Box<T>>; }
}
pub mod mem {
    pub const fn forget<T>(t: T);
    pub const fn size_of<T>() -> usize;
    pub const fn size_of_val<T>(val: &T) -> usize;
    pub const fn align_of<T>() -> usize;
    pub const fn align_of_val<T>(val: &T) -> usize;
    pub fn min_align_of<T>() -> usize;
    pub const fn needs_drop<T>() -> bool;
    pub const unsafe fn zeroed<T>() -> T;
    pub unsafe fn uninitialized<T>() -> T;
    pub const fn swap<T>(x: &mut T, y: &mut T);
    pub fn take<T: Default>(dest: &mut T) -> T;
    pub const fn replace<T>(dest: &mut T, src: T) -> T;
    pub fn drop<T>(x: T);
    pub const unsafe fn transmute<Src, Dst>(src: Src) -> Dst;
    pub const unsafe fn transmute_copy<Src, Dst>(src: &Src) -> Dst;
    pub struct Discriminant<T>;
    pub const fn discriminant<T>(v: &T) -> Discriminant<T>;
    pub struct ManuallyDrop<T>;
    impl<T> ManuallyDrop<T> {
        pub const fn new(value: T) -> ManuallyDrop<T>;
        pub const fn into_inner(slot: ManuallyDrop<T>) -> T;
        pub unsafe fn take(slot: &mut ManuallyDrop<T>) -> T;
        pub unsafe fn drop(slot: &mut ManuallyDrop<T>);
    }
    impl<T> crate::ops::Deref for ManuallyDrop<T> { type Target = T; fn deref(&self) -> &T; }
    impl<T> crate::ops::DerefMut for ManuallyDrop<T> { fn deref_mut(&mut self) -> &mut T; }
    pub union MaybeUninit<T> { uninit: (), value: crate::mem::ManuallyDrop<T> }
    impl<T> MaybeUninit<T> {
        pub const fn new(val: T) -> MaybeUninit<T>;
        pub const fn uninit() -> MaybeUninit<T>;
        pub const fn zeroed() -> MaybeUninit<T>;
        pub const fn write(&mut self, val: T) -> &mut T;
        pub const fn as_ptr(&self) -> *const T;
        pub const fn as_mut_ptr(&mut self) -> *mut T;
        pub const unsafe fn assume_init(self) -> T;
        pub const unsafe fn assume_init_read(&self) -> T;
        pub unsafe fn assume_init_drop(&mut self);
        pub const unsafe fn assume_init_ref(&self) -> &T;
        pub const unsafe fn assume_init_mut(&mut self) -> &mut T;
    }
}
pub mod ptr {
    pub struct NonNull<T>;
    impl<T> NonNull<T> {
        pub const fn dangling() -> NonNull<T>;
        pub const unsafe fn new_unchecked(ptr: *mut T) -> NonNull<T>;
        pub const fn new(ptr: *mut T) -> Option<NonNull<T>>;
        pub const fn from_ref(r: &T) -> NonNull<T>;
        pub const fn from_mut(r: &mut T) -> NonNull<T>;
        pub fn addr(self) -> crate::num::NonZeroUsize;
        pub const fn as_ptr(self) -> *mut T;
        pub const unsafe fn as_ref(&self) -> &T;
        pub const unsafe fn as_mut(&mut self) -> &mut T;
        pub const fn cast<U>(self) -> NonNull<U>;
        pub const unsafe fn offset(self, count: isize) -> NonNull<T>;
        pub const unsafe fn add(self, count: usize) -> NonNull<T>;
        pub const unsafe fn sub(self, count: usize) -> NonNull<T>;
        pub const unsafe fn byte_add(self, count: usize) -> NonNull<T>;
        pub const unsafe fn byte_sub(self, count: usize) -> NonNull<T>;
        pub const unsafe fn offset_from(self, origin: NonNull<T>) -> isize;
        pub const unsafe fn offset_from_unsigned(self, origin: NonNull<T>) -> usize;
        pub const unsafe fn byte_offset(self, count: isize) -> NonNull<T>;
        pub const unsafe fn byte_offset_from<U>(self, origin: NonNull<U>) -> isize;
        pub const unsafe fn byte_offset_from_unsigned<U>(self, origin: NonNull<U>) -> usize;
        pub const unsafe fn write_unaligned(self, val: T);
        pub const unsafe fn swap(self, with: NonNull<T>);
        pub fn with_addr(self, addr: crate::num::NonZeroUsize) -> NonNull<T>;
        pub fn map_addr<F: FnOnce(crate::num::NonZeroUsize) -> crate::num::NonZeroUsize>(self, f: F) -> NonNull<T>;
        pub fn expose_provenance(self) -> crate::num::NonZeroUsize;
        pub const fn without_provenance(addr: crate::num::NonZeroUsize) -> NonNull<T>;
        pub fn with_exposed_provenance(addr: crate::num::NonZeroUsize) -> NonNull<T>;
        pub const unsafe fn read(self) -> T;
        pub unsafe fn read_volatile(self) -> T;
        pub const unsafe fn read_unaligned(self) -> T;
        pub const unsafe fn write(self, val: T);
        pub unsafe fn write_volatile(self, val: T);
        pub const unsafe fn write_bytes(self, val: u8, count: usize);
        pub unsafe fn replace(self, src: T) -> T;
        pub unsafe fn drop_in_place(self);
        pub const unsafe fn copy_to(self, dest: NonNull<T>, count: usize);
        pub const unsafe fn copy_from(self, src: NonNull<T>, count: usize);
        pub const unsafe fn copy_to_nonoverlapping(self, dest: NonNull<T>, count: usize);
        pub const unsafe fn copy_from_nonoverlapping(self, src: NonNull<T>, count: usize);
        pub fn is_aligned(self) -> bool;
        pub fn align_offset(self, align: usize) -> usize;
    }
    impl<T> NonNull<[T]> {
        pub const fn slice_from_raw_parts(data: NonNull<T>, len: usize) -> NonNull<[T]>;
        pub const fn len(self) -> usize;
        pub const fn is_empty(self) -> bool;
    }
    impl<T> Clone for NonNull<T> { fn clone(&self) -> NonNull<T>; }
    impl<T> From<&mut T> for NonNull<T> { fn from(r: &mut T) -> NonNull<T>; }
    impl<T> From<&T> for NonNull<T> { fn from(r: &T) -> NonNull<T>; }
    impl<T> *const T {
        pub const fn is_null(self) -> bool;
        pub const fn cast<U>(self) -> *const U;
        pub const fn cast_mut(self) -> *mut T;
        pub fn addr(self) -> usize;
        pub fn expose_provenance(self) -> usize;
        pub fn with_addr(self, addr: usize) -> Self;
        pub fn map_addr<F: FnOnce(usize) -> usize>(self, f: F) -> Self;
        pub const unsafe fn as_ref(self) -> Option<&T>;
        pub const unsafe fn offset(self, count: isize) -> *const T;
        pub const unsafe fn byte_offset(self, count: isize) -> Self;
        pub const fn wrapping_offset(self, count: isize) -> *const T;
        pub const unsafe fn offset_from(self, origin: *const T) -> isize;
        pub const unsafe fn offset_from_unsigned(self, origin: *const T) -> usize;
        pub const unsafe fn byte_offset_from<U>(self, origin: *const U) -> isize;
        pub const unsafe fn add(self, count: usize) -> Self;
        pub const unsafe fn byte_add(self, count: usize) -> Self;
        pub const unsafe fn sub(self, count: usize) -> Self;
        pub const unsafe fn byte_sub(self, count: usize) -> Self;
        pub const fn wrapping_add(self, count: usize) -> Self;
        pub const fn wrapping_sub(self, count: usize) -> Self;
        pub const fn wrapping_byte_add(self, count: usize) -> Self;
        pub const unsafe fn read(self) -> T;
        pub unsafe fn read_volatile(self) -> T;
        pub const unsafe fn read_unaligned(self) -> T;
        pub const unsafe fn copy_to(self, dest: *mut T, count: usize);
        pub const unsafe fn copy_to_nonoverlapping(self, dest: *mut T, count: usize);
        pub fn align_offset(self, align: usize) -> usize;
        pub fn is_aligned(self) -> bool;
    }
    impl<T> *const [T] {
        pub const fn len(self) -> usize;
        pub const fn is_empty(self) -> bool;
    }
    impl<T> *mut T {
        pub const fn is_null(self) -> bool;
        pub const fn cast<U>(self) -> *mut U;
        pub const fn cast_const(self) -> *const T;
        pub fn addr(self) -> usize;
        pub fn expose_provenance(self) -> usize;
        pub fn with_addr(self, addr: usize) -> Self;
        pub fn map_addr<F: FnOnce(usize) -> usize>(self, f: F) -> Self;
        pub const unsafe fn as_ref(self) -> Option<&T>;
        pub const unsafe fn as_mut(self) -> Option<&mut T>;
        pub const unsafe fn offset(self, count: isize) -> *mut T;
        pub const unsafe fn byte_offset(self, count: isize) -> Self;
        pub const fn wrapping_offset(self, count: isize) -> *mut T;
        pub const unsafe fn offset_from(self, origin: *const T) -> isize;
        pub const unsafe fn offset_from_unsigned(self, origin: *const T) -> usize;
        pub const unsafe fn add(self, count: usize) -> Self;
        pub const unsafe fn byte_add(self, count: usize) -> Self;
        pub const unsafe fn sub(self, count: usize) -> Self;
        pub const unsafe fn byte_sub(self, count: usize) -> Self;
        pub const fn wrapping_add(self, count: usize) -> Self;
        pub const fn wrapping_sub(self, count: usize) -> Self;
        pub const unsafe fn read(self) -> T;
        pub unsafe fn read_volatile(self) -> T;
        pub const unsafe fn read_unaligned(self) -> T;
        pub const unsafe fn copy_to(self, dest: *mut T, count: usize);
        pub const unsafe fn copy_to_nonoverlapping(self, dest: *mut T, count: usize);
        pub const unsafe fn copy_from(self, src: *const T, count: usize);
        pub const unsafe fn copy_from_nonoverlapping(self, src: *const T, count: usize);
        pub unsafe fn drop_in_place(self);
        pub const unsafe fn write(self, val: T);
        pub const unsafe fn write_bytes(self, val: u8, count: usize);
        pub unsafe fn write_volatile(self, val: T);
        pub const unsafe fn write_unaligned(self, val: T);
        pub const unsafe fn replace(self, src: T) -> T;
        pub const unsafe fn swap(self, with: *mut T);
        pub fn align_offset(self, align: usize) -> usize;
        pub fn is_aligned(self) -> bool;
    }
    impl<T> *mut [T] {
        pub const fn len(self) -> usize;
        pub const fn is_empty(self) -> bool;
    }
    pub const fn null<T>() -> *const T;
    pub const fn null_mut<T>() -> *mut T;
    pub const fn dangling<T>() -> *const T;
    pub const fn dangling_mut<T>() -> *mut T;
    pub const fn without_provenance<T>(addr: usize) -> *const T;
    pub const fn without_provenance_mut<T>(addr: usize) -> *mut T;
    pub fn with_exposed_provenance<T>(addr: usize) -> *const T;
    pub fn with_exposed_provenance_mut<T>(addr: usize) -> *mut T;
    pub const fn from_ref<T>(r: &T) -> *const T;
    pub const fn from_mut<T>(r: &mut T) -> *mut T;
    pub const fn slice_from_raw_parts<T>(data: *const T, len: usize) -> *const [T];
    pub const fn slice_from_raw_parts_mut<T>(data: *mut T, len: usize) -> *mut [T];
    pub fn eq<T>(a: *const T, b: *const T) -> bool;
    pub fn addr_eq<T, U>(p: *const T, q: *const U) -> bool;
    pub fn fn_addr_eq<T, U>(f: T, g: U) -> bool;
    pub fn hash<T, S: crate::hash::Hasher>(hashee: *const T, into: &mut S);
    pub unsafe fn drop_in_place<T>(to_drop: *mut T);
    pub const unsafe fn copy<T>(src: *const T, dst: *mut T, count: usize);
    pub const unsafe fn copy_nonoverlapping<T>(src: *const T, dst: *mut T, count: usize);
    pub const unsafe fn swap<T>(x: *mut T, y: *mut T);
    pub const unsafe fn swap_nonoverlapping<T>(x: *mut T, y: *mut T, count: usize);
    pub const unsafe fn replace<T>(dst: *mut T, src: T) -> T;
    pub const unsafe fn read<T>(src: *const T) -> T;
    pub const unsafe fn read_unaligned<T>(src: *const T) -> T;
    pub unsafe fn read_volatile<T>(src: *const T) -> T;
    pub const unsafe fn write<T>(dst: *mut T, src: T);
    pub const unsafe fn write_unaligned<T>(dst: *mut T, src: T);
    pub unsafe fn write_volatile<T>(dst: *mut T, src: T);
    pub const unsafe fn write_bytes<T>(dst: *mut T, val: u8, count: usize);
}
