//! Signature stubs: std::sync::atomic.
pub mod sync {
    pub mod atomic {
        pub enum Ordering { Relaxed, Release, Acquire, AcqRel, SeqCst }
        pub fn fence(order: Ordering);
        pub fn compiler_fence(order: Ordering);
        pub struct AtomicUsize;
        impl AtomicUsize {
            pub const fn new(v: usize) -> AtomicUsize;
            pub const unsafe fn from_ptr(ptr: *mut usize) -> &AtomicUsize;
            pub fn get_mut(&mut self) -> &mut usize;
            pub const fn into_inner(self) -> usize;
            pub fn load(&self, order: Ordering) -> usize;
            pub fn store(&self, val: usize, order: Ordering);
            pub fn swap(&self, val: usize, order: Ordering) -> usize;
            pub fn compare_and_swap(&self, current: usize, new: usize, order: Ordering) -> usize;
            pub fn compare_exchange(&self, current: usize, new: usize, success: Ordering, failure: Ordering) -> Result<usize, usize>;
            pub fn compare_exchange_weak(&self, current: usize, new: usize, success: Ordering, failure: Ordering) -> Result<usize, usize>;
            pub fn fetch_and(&self, val: usize, order: Ordering) -> usize;
            pub fn fetch_nand(&self, val: usize, order: Ordering) -> usize;
            pub fn fetch_or(&self, val: usize, order: Ordering) -> usize;
            pub fn fetch_xor(&self, val: usize, order: Ordering) -> usize;
            pub fn fetch_add(&self, val: usize, order: Ordering) -> usize;
            pub fn fetch_sub(&self, val: usize, order: Ordering) -> usize;
            pub fn fetch_max(&self, val: usize, order: Ordering) -> usize;
            pub fn fetch_min(&self, val: usize, order: Ordering) -> usize;
            pub fn fetch_update<F: FnMut(usize) -> Option<usize>>(&self, set_order: Ordering, fetch_order: Ordering, f: F) -> Result<usize, usize>;
            pub fn try_update<F: FnMut(usize) -> Option<usize>>(&self, set_order: Ordering, fetch_order: Ordering, f: F) -> Result<usize, usize>;
            pub fn update<F: FnMut(usize) -> usize>(&self, set_order: Ordering, fetch_order: Ordering, f: F) -> usize;
            pub const fn as_ptr(&self) -> *mut usize;
        }
        impl Default for AtomicUsize { fn default() -> AtomicUsize; }
        impl From<usize> for AtomicUsize { fn from(v: usize) -> AtomicUsize; }
        pub struct AtomicIsize;
        impl AtomicIsize {
            pub const fn new(v: isize) -> AtomicIsize;
            pub const unsafe fn from_ptr(ptr: *mut isize) -> &AtomicIsize;
            pub fn get_mut(&mut self) -> &mut isize;
            pub const fn into_inner(self) -> isize;
            pub fn load(&self, order: Ordering) -> isize;
            pub fn store(&self, val: isize, order: Ordering);
            pub fn swap(&self, val: isize, order: Ordering) -> isize;
            pub fn compare_and_swap(&self, current: isize, new: isize, order: Ordering) -> isize;
            pub fn compare_exchange(&self, current: isize, new: isize, success: Ordering, failure: Ordering) -> Result<isize, isize>;
            pub fn compare_exchange_weak(&self, current: isize, new: isize, success: Ordering, failure: Ordering) -> Result<isize, isize>;
            pub fn fetch_and(&self, val: isize, order: Ordering) -> isize;
            pub fn fetch_nand(&self, val: isize, order: Ordering) -> isize;
            pub fn fetch_or(&self, val: isize, order: Ordering) -> isize;
            pub fn fetch_xor(&self, val: isize, order: Ordering) -> isize;
            pub fn fetch_add(&self, val: isize, order: Ordering) -> isize;
            pub fn fetch_sub(&self, val: isize, order: Ordering) -> isize;
            pub fn fetch_max(&self, val: isize, order: Ordering) -> isize;
            pub fn fetch_min(&self, val: isize, order: Ordering) -> isize;
            pub fn fetch_update<F: FnMut(isize) -> Option<isize>>(&self, set_order: Ordering, fetch_order: Ordering, f: F) -> Result<isize, isize>;
            pub fn try_update<F: FnMut(isize) -> Option<isize>>(&self, set_order: Ordering, fetch_order: Ordering, f: F) -> Result<isize, isize>;
            pub fn update<F: FnMut(isize) -> isize>(&self, set_order: Ordering, fetch_order: Ordering, f: F) -> isize;
            pub const fn as_ptr(&self) -> *mut isize;
        }
        impl Default for AtomicIsize { fn default() -> AtomicIsize; }
        impl From<isize> for AtomicIsize { fn from(v: isize) -> AtomicIsize; }
        pub struct AtomicU8;
        impl AtomicU8 {
            pub const fn new(v: u8) -> AtomicU8;
            pub const unsafe fn from_ptr(ptr: *mut u8) -> &AtomicU8;
            pub fn get_mut(&mut self) -> &mut u8;
            pub const fn into_inner(self) -> u8;
            pub fn load(&self, order: Ordering) -> u8;
            pub fn store(&self, val: u8, order: Ordering);
            pub fn swap(&self, val: u8, order: Ordering) -> u8;
            pub fn compare_and_swap(&self, current: u8, new: u8, order: Ordering) -> u8;
            pub fn compare_exchange(&self, current: u8, new: u8, success: Ordering, failure: Ordering) -> Result<u8, u8>;
            pub fn compare_exchange_weak(&self, current: u8, new: u8, success: Ordering, failure: Ordering) -> Result<u8, u8>;
            pub fn fetch_and(&self, val: u8, order: Ordering) -> u8;
            pub fn fetch_nand(&self, val: u8, order: Ordering) -> u8;
            pub fn fetch_or(&self, val: u8, order: Ordering) -> u8;
            pub fn fetch_xor(&self, val: u8, order: Ordering) -> u8;
            pub fn fetch_add(&self, val: u8, order: Ordering) -> u8;
            pub fn fetch_sub(&self, val: u8, order: Ordering) -> u8;
            pub fn fetch_max(&self, val: u8, order: Ordering) -> u8;
            pub fn fetch_min(&self, val: u8, order: Ordering) -> u8;
            pub fn fetch_update<F: FnMut(u8) -> Option<u8>>(&self, set_order: Ordering, fetch_order: Ordering, f: F) -> Result<u8, u8>;
            pub fn try_update<F: FnMut(u8) -> Option<u8>>(&self, set_order: Ordering, fetch_order: Ordering, f: F) -> Result<u8, u8>;
            pub fn update<F: FnMut(u8) -> u8>(&self, set_order: Ordering, fetch_order: Ordering, f: F) -> u8;
            pub const fn as_ptr(&self) -> *mut u8;
        }
        impl Default for AtomicU8 { fn default() -> AtomicU8; }
        impl From<u8> for AtomicU8 { fn from(v: u8) -> AtomicU8; }
        pub struct AtomicU16;
        impl AtomicU16 {
            pub const fn new(v: u16) -> AtomicU16;
            pub const unsafe fn from_ptr(ptr: *mut u16) -> &AtomicU16;
            pub fn get_mut(&mut self) -> &mut u16;
            pub const fn into_inner(self) -> u16;
            pub fn load(&self, order: Ordering) -> u16;
            pub fn store(&self, val: u16, order: Ordering);
            pub fn swap(&self, val: u16, order: Ordering) -> u16;
            pub fn compare_and_swap(&self, current: u16, new: u16, order: Ordering) -> u16;
            pub fn compare_exchange(&self, current: u16, new: u16, success: Ordering, failure: Ordering) -> Result<u16, u16>;
            pub fn compare_exchange_weak(&self, current: u16, new: u16, success: Ordering, failure: Ordering) -> Result<u16, u16>;
            pub fn fetch_and(&self, val: u16, order: Ordering) -> u16;
            pub fn fetch_nand(&self, val: u16, order: Ordering) -> u16;
            pub fn fetch_or(&self, val: u16, order: Ordering) -> u16;
            pub fn fetch_xor(&self, val: u16, order: Ordering) -> u16;
            pub fn fetch_add(&self, val: u16, order: Ordering) -> u16;
            pub fn fetch_sub(&self, val: u16, order: Ordering) -> u16;
            pub fn fetch_max(&self, val: u16, order: Ordering) -> u16;
            pub fn fetch_min(&self, val: u16, order: Ordering) -> u16;
            pub fn fetch_update<F: FnMut(u16) -> Option<u16>>(&self, set_order: Ordering, fetch_order: Ordering, f: F) -> Result<u16, u16>;
            pub fn try_update<F: FnMut(u16) -> Option<u16>>(&self, set_order: Ordering, fetch_order: Ordering, f: F) -> Result<u16, u16>;
            pub fn update<F: FnMut(u16) -> u16>(&self, set_order: Ordering, fetch_order: Ordering, f: F) -> u16;
            pub const fn as_ptr(&self) -> *mut u16;
        }
        impl Default for AtomicU16 { fn default() -> AtomicU16; }
        impl From<u16> for AtomicU16 { fn from(v: u16) -> AtomicU16; }
        pub struct AtomicU32;
        impl AtomicU32 {
            pub const fn new(v: u32) -> AtomicU32;
            pub const unsafe fn from_ptr(ptr: *mut u32) -> &AtomicU32;
            pub fn get_mut(&mut self) -> &mut u32;
            pub const fn into_inner(self) -> u32;
            pub fn load(&self, order: Ordering) -> u32;
            pub fn store(&self, val: u32, order: Ordering);
            pub fn swap(&self, val: u32, order: Ordering) -> u32;
            pub fn compare_and_swap(&self, current: u32, new: u32, order: Ordering) -> u32;
            pub fn compare_exchange(&self, current: u32, new: u32, success: Ordering, failure: Ordering) -> Result<u32, u32>;
            pub fn compare_exchange_weak(&self, current: u32, new: u32, success: Ordering, failure: Ordering) -> Result<u32, u32>;
            pub fn fetch_and(&self, val: u32, order: Ordering) -> u32;
            pub fn fetch_nand(&self, val: u32, order: Ordering) -> u32;
            pub fn fetch_or(&self, val: u32, order: Ordering) -> u32;
            pub fn fetch_xor(&self, val: u32, order: Ordering) -> u32;
            pub fn fetch_add(&self, val: u32, order: Ordering) -> u32;
            pub fn fetch_sub(&self, val: u32, order: Ordering) -> u32;
            pub fn fetch_max(&self, val: u32, order: Ordering) -> u32;
            pub fn fetch_min(&self, val: u32, order: Ordering) -> u32;
            pub fn fetch_update<F: FnMut(u32) -> Option<u32>>(&self, set_order: Ordering, fetch_order: Ordering, f: F) -> Result<u32, u32>;
            pub fn try_update<F: FnMut(u32) -> Option<u32>>(&self, set_order: Ordering, fetch_order: Ordering, f: F) -> Result<u32, u32>;
            pub fn update<F: FnMut(u32) -> u32>(&self, set_order: Ordering, fetch_order: Ordering, f: F) -> u32;
            pub const fn as_ptr(&self) -> *mut u32;
        }
        impl Default for AtomicU32 { fn default() -> AtomicU32; }
        impl From<u32> for AtomicU32 { fn from(v: u32) -> AtomicU32; }
        pub struct AtomicU64;
        impl AtomicU64 {
            pub const fn new(v: u64) -> AtomicU64;
            pub const unsafe fn from_ptr(ptr: *mut u64) -> &AtomicU64;
            pub fn get_mut(&mut self) -> &mut u64;
            pub const fn into_inner(self) -> u64;
            pub fn load(&self, order: Ordering) -> u64;
            pub fn store(&self, val: u64, order: Ordering);
            pub fn swap(&self, val: u64, order: Ordering) -> u64;
            pub fn compare_and_swap(&self, current: u64, new: u64, order: Ordering) -> u64;
            pub fn compare_exchange(&self, current: u64, new: u64, success: Ordering, failure: Ordering) -> Result<u64, u64>;
            pub fn compare_exchange_weak(&self, current: u64, new: u64, success: Ordering, failure: Ordering) -> Result<u64, u64>;
            pub fn fetch_and(&self, val: u64, order: Ordering) -> u64;
            pub fn fetch_nand(&self, val: u64, order: Ordering) -> u64;
            pub fn fetch_or(&self, val: u64, order: Ordering) -> u64;
            pub fn fetch_xor(&self, val: u64, order: Ordering) -> u64;
            pub fn fetch_add(&self, val: u64, order: Ordering) -> u64;
            pub fn fetch_sub(&self, val: u64, order: Ordering) -> u64;
            pub fn fetch_max(&self, val: u64, order: Ordering) -> u64;
            pub fn fetch_min(&self, val: u64, order: Ordering) -> u64;
            pub fn fetch_update<F: FnMut(u64) -> Option<u64>>(&self, set_order: Ordering, fetch_order: Ordering, f: F) -> Result<u64, u64>;
            pub fn try_update<F: FnMut(u64) -> Option<u64>>(&self, set_order: Ordering, fetch_order: Ordering, f: F) -> Result<u64, u64>;
            pub fn update<F: FnMut(u64) -> u64>(&self, set_order: Ordering, fetch_order: Ordering, f: F) -> u64;
            pub const fn as_ptr(&self) -> *mut u64;
        }
        impl Default for AtomicU64 { fn default() -> AtomicU64; }
        impl From<u64> for AtomicU64 { fn from(v: u64) -> AtomicU64; }
        pub struct AtomicI8;
        impl AtomicI8 {
            pub const fn new(v: i8) -> AtomicI8;
            pub const unsafe fn from_ptr(ptr: *mut i8) -> &AtomicI8;
            pub fn get_mut(&mut self) -> &mut i8;
            pub const fn into_inner(self) -> i8;
            pub fn load(&self, order: Ordering) -> i8;
            pub fn store(&self, val: i8, order: Ordering);
            pub fn swap(&self, val: i8, order: Ordering) -> i8;
            pub fn compare_and_swap(&self, current: i8, new: i8, order: Ordering) -> i8;
            pub fn compare_exchange(&self, current: i8, new: i8, success: Ordering, failure: Ordering) -> Result<i8, i8>;
            pub fn compare_exchange_weak(&self, current: i8, new: i8, success: Ordering, failure: Ordering) -> Result<i8, i8>;
            pub fn fetch_and(&self, val: i8, order: Ordering) -> i8;
            pub fn fetch_nand(&self, val: i8, order: Ordering) -> i8;
            pub fn fetch_or(&self, val: i8, order: Ordering) -> i8;
            pub fn fetch_xor(&self, val: i8, order: Ordering) -> i8;
            pub fn fetch_add(&self, val: i8, order: Ordering) -> i8;
            pub fn fetch_sub(&self, val: i8, order: Ordering) -> i8;
            pub fn fetch_max(&self, val: i8, order: Ordering) -> i8;
            pub fn fetch_min(&self, val: i8, order: Ordering) -> i8;
            pub fn fetch_update<F: FnMut(i8) -> Option<i8>>(&self, set_order: Ordering, fetch_order: Ordering, f: F) -> Result<i8, i8>;
            pub fn try_update<F: FnMut(i8) -> Option<i8>>(&self, set_order: Ordering, fetch_order: Ordering, f: F) -> Result<i8, i8>;
            pub fn update<F: FnMut(i8) -> i8>(&self, set_order: Ordering, fetch_order: Ordering, f: F) -> i8;
            pub const fn as_ptr(&self) -> *mut i8;
        }
        impl Default for AtomicI8 { fn default() -> AtomicI8; }
        impl From<i8> for AtomicI8 { fn from(v: i8) -> AtomicI8; }
        pub struct AtomicI16;
        impl AtomicI16 {
            pub const fn new(v: i16) -> AtomicI16;
            pub const unsafe fn from_ptr(ptr: *mut i16) -> &AtomicI16;
            pub fn get_mut(&mut self) -> &mut i16;
            pub const fn into_inner(self) -> i16;
            pub fn load(&self, order: Ordering) -> i16;
            pub fn store(&self, val: i16, order: Ordering);
            pub fn swap(&self, val: i16, order: Ordering) -> i16;
            pub fn compare_and_swap(&self, current: i16, new: i16, order: Ordering) -> i16;
            pub fn compare_exchange(&self, current: i16, new: i16, success: Ordering, failure: Ordering) -> Result<i16, i16>;
            pub fn compare_exchange_weak(&self, current: i16, new: i16, success: Ordering, failure: Ordering) -> Result<i16, i16>;
            pub fn fetch_and(&self, val: i16, order: Ordering) -> i16;
            pub fn fetch_nand(&self, val: i16, order: Ordering) -> i16;
            pub fn fetch_or(&self, val: i16, order: Ordering) -> i16;
            pub fn fetch_xor(&self, val: i16, order: Ordering) -> i16;
            pub fn fetch_add(&self, val: i16, order: Ordering) -> i16;
            pub fn fetch_sub(&self, val: i16, order: Ordering) -> i16;
            pub fn fetch_max(&self, val: i16, order: Ordering) -> i16;
            pub fn fetch_min(&self, val: i16, order: Ordering) -> i16;
            pub fn fetch_update<F: FnMut(i16) -> Option<i16>>(&self, set_order: Ordering, fetch_order: Ordering, f: F) -> Result<i16, i16>;
            pub fn try_update<F: FnMut(i16) -> Option<i16>>(&self, set_order: Ordering, fetch_order: Ordering, f: F) -> Result<i16, i16>;
            pub fn update<F: FnMut(i16) -> i16>(&self, set_order: Ordering, fetch_order: Ordering, f: F) -> i16;
            pub const fn as_ptr(&self) -> *mut i16;
        }
        impl Default for AtomicI16 { fn default() -> AtomicI16; }
        impl From<i16> for AtomicI16 { fn from(v: i16) -> AtomicI16; }
        pub struct AtomicI32;
        impl AtomicI32 {
            pub const fn new(v: i32) -> AtomicI32;
            pub const unsafe fn from_ptr(ptr: *mut i32) -> &AtomicI32;
            pub fn get_mut(&mut self) -> &mut i32;
            pub const fn into_inner(self) -> i32;
            pub fn load(&self, order: Ordering) -> i32;
            pub fn store(&self, val: i32, order: Ordering);
            pub fn swap(&self, val: i32, order: Ordering) -> i32;
            pub fn compare_and_swap(&self, current: i32, new: i32, order: Ordering) -> i32;
            pub fn compare_exchange(&self, current: i32, new: i32, success: Ordering, failure: Ordering) -> Result<i32, i32>;
            pub fn compare_exchange_weak(&self, current: i32, new: i32, success: Ordering, failure: Ordering) -> Result<i32, i32>;
            pub fn fetch_and(&self, val: i32, order: Ordering) -> i32;
            pub fn fetch_nand(&self, val: i32, order: Ordering) -> i32;
            pub fn fetch_or(&self, val: i32, order: Ordering) -> i32;
            pub fn fetch_xor(&self, val: i32, order: Ordering) -> i32;
            pub fn fetch_add(&self, val: i32, order: Ordering) -> i32;
            pub fn fetch_sub(&self, val: i32, order: Ordering) -> i32;
            pub fn fetch_max(&self, val: i32, order: Ordering) -> i32;
            pub fn fetch_min(&self, val: i32, order: Ordering) -> i32;
            pub fn fetch_update<F: FnMut(i32) -> Option<i32>>(&self, set_order: Ordering, fetch_order: Ordering, f: F) -> Result<i32, i32>;
            pub fn try_update<F: FnMut(i32) -> Option<i32>>(&self, set_order: Ordering, fetch_order: Ordering, f: F) -> Result<i32, i32>;
            pub fn update<F: FnMut(i32) -> i32>(&self, set_order: Ordering, fetch_order: Ordering, f: F) -> i32;
            pub const fn as_ptr(&self) -> *mut i32;
        }
        impl Default for AtomicI32 { fn default() -> AtomicI32; }
        impl From<i32> for AtomicI32 { fn from(v: i32) -> AtomicI32; }
        pub struct AtomicI64;
        impl AtomicI64 {
            pub const fn new(v: i64) -> AtomicI64;
            pub const unsafe fn from_ptr(ptr: *mut i64) -> &AtomicI64;
            pub fn get_mut(&mut self) -> &mut i64;
            pub const fn into_inner(self) -> i64;
            pub fn load(&self, order: Ordering) -> i64;
            pub fn store(&self, val: i64, order: Ordering);
            pub fn swap(&self, val: i64, order: Ordering) -> i64;
            pub fn compare_and_swap(&self, current: i64, new: i64, order: Ordering) -> i64;
            pub fn compare_exchange(&self, current: i64, new: i64, success: Ordering, failure: Ordering) -> Result<i64, i64>;
            pub fn compare_exchange_weak(&self, current: i64, new: i64, success: Ordering, failure: Ordering) -> Result<i64, i64>;
            pub fn fetch_and(&self, val: i64, order: Ordering) -> i64;
            pub fn fetch_nand(&self, val: i64, order: Ordering) -> i64;
            pub fn fetch_or(&self, val: i64, order: Ordering) -> i64;
            pub fn fetch_xor(&self, val: i64, order: Ordering) -> i64;
            pub fn fetch_add(&self, val: i64, order: Ordering) -> i64;
            pub fn fetch_sub(&self, val: i64, order: Ordering) -> i64;
            pub fn fetch_max(&self, val: i64, order: Ordering) -> i64;
            pub fn fetch_min(&self, val: i64, order: Ordering) -> i64;
            pub fn fetch_update<F: FnMut(i64) -> Option<i64>>(&self, set_order: Ordering, fetch_order: Ordering, f: F) -> Result<i64, i64>;
            pub fn try_update<F: FnMut(i64) -> Option<i64>>(&self, set_order: Ordering, fetch_order: Ordering, f: F) -> Result<i64, i64>;
            pub fn update<F: FnMut(i64) -> i64>(&self, set_order: Ordering, fetch_order: Ordering, f: F) -> i64;
            pub const fn as_ptr(&self) -> *mut i64;
        }
        impl Default for AtomicI64 { fn default() -> AtomicI64; }
        impl From<i64> for AtomicI64 { fn from(v: i64) -> AtomicI64; }
        pub struct AtomicBool;
        impl AtomicBool {
            pub const fn new(v: bool) -> AtomicBool;
            pub const unsafe fn from_ptr(ptr: *mut bool) -> &AtomicBool;
            pub fn get_mut(&mut self) -> &mut bool;
            pub const fn into_inner(self) -> bool;
            pub fn load(&self, order: Ordering) -> bool;
            pub fn store(&self, val: bool, order: Ordering);
            pub fn swap(&self, val: bool, order: Ordering) -> bool;
            pub fn compare_and_swap(&self, current: bool, new: bool, order: Ordering) -> bool;
            pub fn compare_exchange(&self, current: bool, new: bool, success: Ordering, failure: Ordering) -> Result<bool, bool>;
            pub fn compare_exchange_weak(&self, current: bool, new: bool, success: Ordering, failure: Ordering) -> Result<bool, bool>;
            pub fn fetch_and(&self, val: bool, order: Ordering) -> bool;
            pub fn fetch_nand(&self, val: bool, order: Ordering) -> bool;
            pub fn fetch_or(&self, val: bool, order: Ordering) -> bool;
            pub fn fetch_xor(&self, val: bool, order: Ordering) -> bool;
            pub fn fetch_not(&self, order: Ordering) -> bool;
            pub fn fetch_update<F: FnMut(bool) -> Option<bool>>(&self, set_order: Ordering, fetch_order: Ordering, f: F) -> Result<bool, bool>;
            pub fn try_update<F: FnMut(bool) -> Option<bool>>(&self, set_order: Ordering, fetch_order: Ordering, f: F) -> Result<bool, bool>;
            pub fn update<F: FnMut(bool) -> bool>(&self, set_order: Ordering, fetch_order: Ordering, f: F) -> bool;
            pub const fn as_ptr(&self) -> *mut bool;
        }
        impl Default for AtomicBool { fn default() -> AtomicBool; }
        impl From<bool> for AtomicBool { fn from(v: bool) -> AtomicBool; }
        pub struct AtomicPtr<T>;
        impl<T> AtomicPtr<T> {
            pub const fn new(v: *mut T) -> AtomicPtr<T>;
            pub const unsafe fn from_ptr(ptr: *mut *mut T) -> &AtomicPtr<T>;
            pub fn get_mut(&mut self) -> &mut *mut T;
            pub const fn into_inner(self) -> *mut T;
            pub fn load(&self, order: Ordering) -> *mut T;
            pub fn store(&self, val: *mut T, order: Ordering);
            pub fn swap(&self, val: *mut T, order: Ordering) -> *mut T;
            pub fn compare_and_swap(&self, current: *mut T, new: *mut T, order: Ordering) -> *mut T;
            pub fn compare_exchange(&self, current: *mut T, new: *mut T, success: Ordering, failure: Ordering) -> Result<*mut T, *mut T>;
            pub fn compare_exchange_weak(&self, current: *mut T, new: *mut T, success: Ordering, failure: Ordering) -> Result<*mut T, *mut T>;
            pub fn fetch_xor(&self, val: usize, order: Ordering) -> *mut T;
            pub fn fetch_and(&self, val: usize, order: Ordering) -> *mut T;
            pub fn fetch_or(&self, val: usize, order: Ordering) -> *mut T;
            pub fn fetch_byte_sub(&self, val: usize, order: Ordering) -> *mut T;
            pub fn fetch_byte_add(&self, val: usize, order: Ordering) -> *mut T;
            pub fn fetch_ptr_sub(&self, val: usize, order: Ordering) -> *mut T;
            pub fn fetch_ptr_add(&self, val: usize, order: Ordering) -> *mut T;
            pub fn fetch_update<F: FnMut(*mut T) -> Option<*mut T>>(&self, set_order: Ordering, fetch_order: Ordering, f: F) -> Result<*mut T, *mut T>;
            pub fn try_update<F: FnMut(*mut T) -> Option<*mut T>>(&self, set_order: Ordering, fetch_order: Ordering, f: F) -> Result<*mut T, *mut T>;
            pub fn update<F: FnMut(*mut T) -> *mut T>(&self, set_order: Ordering, fetch_order: Ordering, f: F) -> *mut T;
            pub const fn as_ptr(&self) -> *mut *mut T;
        }
        impl<T> Default for AtomicPtr<T> { fn default() -> AtomicPtr<T>; }
        impl<T> From<*mut T> for AtomicPtr<T> { fn from(v: *mut T) -> AtomicPtr<T>; }
    }
}
