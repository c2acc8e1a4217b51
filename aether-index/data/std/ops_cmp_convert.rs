//! Signature stubs: prelude, std::ops, std::cmp, std::convert, std::borrow, std::clone, std::default and std::marker.
pub mod prelude {
    pub mod v1 {
        pub use crate::marker::{Copy, Send, Sized, Sync, Unpin};
        pub use crate::ops::{Drop, Fn, FnMut, FnOnce, AsyncFn, AsyncFnMut, AsyncFnOnce};
        pub use crate::mem::{align_of, align_of_val, drop, size_of, size_of_val};
        pub use crate::boxed::Box;
        pub use crate::borrow::ToOwned;
        pub use crate::clone::Clone;
        pub use crate::cmp::{Eq, Ord, PartialEq, PartialOrd};
        pub use crate::convert::{AsMut, AsRef, From, Into};
        pub use crate::default::Default;
        pub use crate::iter::{DoubleEndedIterator, ExactSizeIterator, Extend, IntoIterator, Iterator};
        pub use crate::option::Option;
        pub use crate::option::Option::{None, Some};
        pub use crate::result::Result;
        pub use crate::result::Result::{Err, Ok};
        pub use crate::string::{String, ToString};
        pub use crate::vec::Vec;
        pub use crate::convert::{TryFrom, TryInto};
        pub use crate::iter::FromIterator;
        pub use crate::future::{Future, IntoFuture};
    }
    pub mod rust_2015 { pub use crate::prelude::v1::*; }
    pub mod rust_2018 { pub use crate::prelude::v1::*; }
    pub mod rust_2021 { pub use crate::prelude::v1::*; }
    pub mod rust_2024 { pub use crate::prelude::v1::*; }
}
pub mod marker {
    pub trait Sized {}
    pub trait Send {}
    pub trait Sync {}
    pub trait Copy: Clone {}
    pub trait Unpin {}
    pub struct PhantomData<T>;
    pub struct PhantomPinned;
}
pub mod clone {
    pub trait Clone {
        fn clone(&self) -> Self;
        fn clone_from(&mut self, source: &Self);
    }
    impl<T> Clone for &T { fn clone(&self) -> Self; }
}
pub mod default {
    pub trait Default { fn default() -> Self; }
    impl Default for () { fn default() -> (); }
    impl Default for bool { fn default() -> bool; }
    impl Default for i32 { fn default() -> Self; }
    impl Default for f64 { fn default() -> Self; }
    impl<A: Default> Default for (A,) { fn default() -> (A,); }
    impl<A: Default, B: Default> Default for (A, B) { fn default() -> (A, B); }
    impl<A: Default, B: Default, C: Default> Default for (A, B, C) { fn default() -> (A, B, C); }
}
pub mod ops {
    pub trait Drop { fn drop(&mut self); }
    pub trait Deref { type Target; fn deref(&self) -> &Self::Target; }
    pub trait DerefMut: Deref { fn deref_mut(&mut self) -> &mut Self::Target; }
    impl<T> Deref for &T { type Target = T; fn deref(&self) -> &T; }
    impl<T> Deref for &mut T { type Target = T; fn deref(&self) -> &T; }
    impl<T> DerefMut for &mut T { fn deref_mut(&mut self) -> &mut T; }
    pub trait Index<Idx> { type Output; fn index(&self, index: Idx) -> &Self::Output; }
    pub trait IndexMut<Idx>: Index<Idx> { fn index_mut(&mut self, index: Idx) -> &mut Self::Output; }
    pub trait FnOnce<Args> { type Output; }
    pub trait FnMut<Args>: FnOnce<Args> {}
    pub trait Fn<Args>: FnMut<Args> {}
    pub trait AsyncFnOnce<Args> { type Output; }
    pub trait AsyncFnMut<Args>: AsyncFnOnce<Args> {}
    pub trait AsyncFn<Args>: AsyncFnMut<Args> {}
    pub trait Add<Rhs = Self> { type Output; fn add(self, rhs: Rhs) -> Self::Output; }
    pub trait Sub<Rhs = Self> { type Output; fn sub(self, rhs: Rhs) -> Self::Output; }
    pub trait Mul<Rhs = Self> { type Output; fn mul(self, rhs: Rhs) -> Self::Output; }
    pub trait Div<Rhs = Self> { type Output; fn div(self, rhs: Rhs) -> Self::Output; }
    pub trait Rem<Rhs = Self> { type Output; fn rem(self, rhs: Rhs) -> Self::Output; }
    pub trait BitAnd<Rhs = Self> { type Output; fn bitand(self, rhs: Rhs) -> Self::Output; }
    pub trait BitOr<Rhs = Self> { type Output; fn bitor(self, rhs: Rhs) -> Self::Output; }
    pub trait BitXor<Rhs = Self> { type Output; fn bitxor(self, rhs: Rhs) -> Self::Output; }
    pub trait Shl<Rhs = Self> { type Output; fn shl(self, rhs: Rhs) -> Self::Output; }
    pub trait Shr<Rhs = Self> { type Output; fn shr(self, rhs: Rhs) -> Self::Output; }
    pub trait Neg { type Output; fn neg(self) -> Self::Output; }
    pub trait Not { type Output; fn not(self) -> Self::Output; }
    pub trait AddAssign<Rhs = Self> { fn add_assign(&mut self, rhs: Rhs); }
    pub trait SubAssign<Rhs = Self> { fn sub_assign(&mut self, rhs: Rhs); }
    pub trait MulAssign<Rhs = Self> { fn mul_assign(&mut self, rhs: Rhs); }
    pub trait DivAssign<Rhs = Self> { fn div_assign(&mut self, rhs: Rhs); }
    pub trait RemAssign<Rhs = Self> { fn rem_assign(&mut self, rhs: Rhs); }
    pub trait BitAndAssign<Rhs = Self> { fn bitand_assign(&mut self, rhs: Rhs); }
    pub trait BitOrAssign<Rhs = Self> { fn bitor_assign(&mut self, rhs: Rhs); }
    pub trait BitXorAssign<Rhs = Self> { fn bitxor_assign(&mut self, rhs: Rhs); }
    pub trait ShlAssign<Rhs = Self> { fn shl_assign(&mut self, rhs: Rhs); }
    pub trait ShrAssign<Rhs = Self> { fn shr_assign(&mut self, rhs: Rhs); }
    impl Add<i32> for i32 { type Output = i32; }
    impl Add<&i32> for i32 { type Output = i32; }
    impl Add<i32> for &i32 { type Output = i32; }
    impl Add<&i32> for &i32 { type Output = i32; }
    impl AddAssign<i32> for i32 {}
    impl AddAssign<&i32> for i32 {}
    impl Sub<i32> for i32 { type Output = i32; }
    impl Sub<&i32> for i32 { type Output = i32; }
    impl Sub<i32> for &i32 { type Output = i32; }
    impl Sub<&i32> for &i32 { type Output = i32; }
    impl SubAssign<i32> for i32 {}
    impl SubAssign<&i32> for i32 {}
    impl Mul<i32> for i32 { type Output = i32; }
    impl Mul<&i32> for i32 { type Output = i32; }
    impl Mul<i32> for &i32 { type Output = i32; }
    impl Mul<&i32> for &i32 { type Output = i32; }
    impl MulAssign<i32> for i32 {}
    impl MulAssign<&i32> for i32 {}
    impl Div<i32> for i32 { type Output = i32; }
    impl Div<&i32> for i32 { type Output = i32; }
    impl Div<i32> for &i32 { type Output = i32; }
    impl Div<&i32> for &i32 { type Output = i32; }
    impl DivAssign<i32> for i32 {}
    impl DivAssign<&i32> for i32 {}
    impl Rem<i32> for i32 { type Output = i32; }
    impl Rem<&i32> for i32 { type Output = i32; }
    impl Rem<i32> for &i32 { type Output = i32; }
    impl Rem<&i32> for &i32 { type Output = i32; }
    impl RemAssign<i32> for i32 {}
    impl RemAssign<&i32> for i32 {}
    impl BitAnd<i32> for i32 { type Output = i32; }
    impl BitAnd<&i32> for i32 { type Output = i32; }
    impl BitAnd<i32> for &i32 { type Output = i32; }
    impl BitAnd<&i32> for &i32 { type Output = i32; }
    impl BitAndAssign<i32> for i32 {}
    impl BitAndAssign<&i32> for i32 {}
    impl BitOr<i32> for i32 { type Output = i32; }
    impl BitOr<&i32> for i32 { type Output = i32; }
    impl BitOr<i32> for &i32 { type Output = i32; }
    impl BitOr<&i32> for &i32 { type Output = i32; }
    impl BitOrAssign<i32> for i32 {}
    impl BitOrAssign<&i32> for i32 {}
    impl BitXor<i32> for i32 { type Output = i32; }
    impl BitXor<&i32> for i32 { type Output = i32; }
    impl BitXor<i32> for &i32 { type Output = i32; }
    impl BitXor<&i32> for &i32 { type Output = i32; }
    impl BitXorAssign<i32> for i32 {}
    impl BitXorAssign<&i32> for i32 {}
    impl Shl<i32> for i32 { type Output = i32; }
    impl Shl<&i32> for i32 { type Output = i32; }
    impl Shl<i32> for &i32 { type Output = i32; }
    impl Shl<&i32> for &i32 { type Output = i32; }
    impl ShlAssign<i32> for i32 {}
    impl ShlAssign<&i32> for i32 {}
    impl Shr<i32> for i32 { type Output = i32; }
    impl Shr<&i32> for i32 { type Output = i32; }
    impl Shr<i32> for &i32 { type Output = i32; }
    impl Shr<&i32> for &i32 { type Output = i32; }
    impl ShrAssign<i32> for i32 {}
    impl ShrAssign<&i32> for i32 {}
    impl Neg for i32 { type Output = i32; }
    impl Neg for &i32 { type Output = i32; }
    impl Add<f64> for f64 { type Output = f64; }
    impl Add<&f64> for f64 { type Output = f64; }
    impl Add<f64> for &f64 { type Output = f64; }
    impl Add<&f64> for &f64 { type Output = f64; }
    impl AddAssign<f64> for f64 {}
    impl AddAssign<&f64> for f64 {}
    impl Sub<f64> for f64 { type Output = f64; }
    impl Sub<&f64> for f64 { type Output = f64; }
    impl Sub<f64> for &f64 { type Output = f64; }
    impl Sub<&f64> for &f64 { type Output = f64; }
    impl SubAssign<f64> for f64 {}
    impl SubAssign<&f64> for f64 {}
    impl Mul<f64> for f64 { type Output = f64; }
    impl Mul<&f64> for f64 { type Output = f64; }
    impl Mul<f64> for &f64 { type Output = f64; }
    impl Mul<&f64> for &f64 { type Output = f64; }
    impl MulAssign<f64> for f64 {}
    impl MulAssign<&f64> for f64 {}
    impl Div<f64> for f64 { type Output = f64; }
    impl Div<&f64> for f64 { type Output = f64; }
    impl Div<f64> for &f64 { type Output = f64; }
    impl Div<&f64> for &f64 { type Output = f64; }
    impl DivAssign<f64> for f64 {}
    impl DivAssign<&f64> for f64 {}
    impl Rem<f64> for f64 { type Output = f64; }
    impl Rem<&f64> for f64 { type Output = f64; }
    impl Rem<f64> for &f64 { type Output = f64; }
    impl Rem<&f64> for &f64 { type Output = f64; }
    impl RemAssign<f64> for f64 {}
    impl RemAssign<&f64> for f64 {}
    impl Neg for f64 { type Output = f64; }
    impl Neg for &f64 { type Output = f64; }
    impl Not for i32 { type Output = i32; }
    impl Not for &i32 { type Output = i32; }
    impl Not for bool { type Output = bool; }
    impl BitAnd<bool> for bool { type Output = bool; }
    impl BitOr<bool> for bool { type Output = bool; }
    impl BitXor<bool> for bool { type Output = bool; }
    pub struct Range<Idx> { pub start: Idx, pub end: Idx }
    impl<Idx> Range<Idx> { pub fn contains<U>(&self, item: &U) -> bool; pub fn is_empty(&self) -> bool; }
    impl<A> Iterator for Range<A> { type Item = A; }
    impl<A> crate::iter::DoubleEndedIterator for Range<A> {}
    impl<A> crate::iter::ExactSizeIterator for Range<A> {}
    impl<Idx: Clone> Clone for Range<Idx> { fn clone(&self) -> Range<Idx>; }
    pub struct RangeFrom<Idx> { pub start: Idx }
    impl<Idx> RangeFrom<Idx> { pub fn contains<U>(&self, item: &U) -> bool; }
    impl<A> Iterator for RangeFrom<A> { type Item = A; }
    pub struct RangeTo<Idx> { pub end: Idx }
    impl<Idx> RangeTo<Idx> { pub fn contains<U>(&self, item: &U) -> bool; }
    pub struct RangeFull;
    pub struct RangeInclusive<Idx>;
    impl<Idx> RangeInclusive<Idx> {
        pub const fn new(start: Idx, end: Idx) -> RangeInclusive<Idx>;
        pub const fn start(&self) -> &Idx;
        pub const fn end(&self) -> &Idx;
        pub fn into_inner(self) -> (Idx, Idx);
        pub fn contains<U>(&self, item: &U) -> bool;
        pub fn is_empty(&self) -> bool;
    }
    impl<A> Iterator for RangeInclusive<A> { type Item = A; }
    impl<A> crate::iter::DoubleEndedIterator for RangeInclusive<A> {}
    impl<A> crate::iter::ExactSizeIterator for RangeInclusive<A> {}
    pub struct RangeToInclusive<Idx> { pub end: Idx }
    impl<Idx> RangeToInclusive<Idx> { pub fn contains<U>(&self, item: &U) -> bool; }
    pub trait RangeBounds<T> {
        fn start_bound(&self) -> Bound<&T>;
        fn end_bound(&self) -> Bound<&T>;
        fn contains<U>(&self, item: &U) -> bool;
    }
    impl<T> RangeBounds<T> for Range<T> {}
    impl<T> RangeBounds<T> for RangeFrom<T> {}
    impl<T> RangeBounds<T> for RangeTo<T> {}
    impl<T> RangeBounds<T> for RangeFull {}
    impl<T> RangeBounds<T> for RangeInclusive<T> {}
    impl<T> RangeBounds<T> for RangeToInclusive<T> {}
    impl<T> RangeBounds<T> for (Bound<T>, Bound<T>) {}
    pub enum Bound<T> { Included(T), Excluded(T), Unbounded }
    impl<T> Bound<T> {
        pub fn as_ref(&self) -> Bound<&T>;
        pub fn map<U, F: FnOnce(T) -> U>(self, f: F) -> Bound<U>;
    }
    impl<T: Clone> Bound<&T> { pub fn cloned(self) -> Bound<T>; }
    pub enum ControlFlow<B, C = ()> { Continue(C), Break(B) }
    impl<B, C> ControlFlow<B, C> {
        pub const fn is_break(&self) -> bool;
        pub const fn is_continue(&self) -> bool;
        pub fn break_value(self) -> Option<B>;
        pub fn map_break<T, F: FnOnce(B) -> T>(self, f: F) -> ControlFlow<T, C>;
        pub fn continue_value(self) -> Option<C>;
        pub fn map_continue<T, F: FnOnce(C) -> T>(self, f: F) -> ControlFlow<B, T>;
    }
}
pub mod cmp {
    pub enum Ordering { Less, Equal, Greater }
    impl Ordering {
        pub const fn is_eq(self) -> bool;
        pub const fn is_ne(self) -> bool;
        pub const fn is_lt(self) -> bool;
        pub const fn is_gt(self) -> bool;
        pub const fn is_le(self) -> bool;
        pub const fn is_ge(self) -> bool;
        pub const fn reverse(self) -> Ordering;
        pub const fn then(self, other: Ordering) -> Ordering;
        pub fn then_with<F: FnOnce() -> Ordering>(self, f: F) -> Ordering;
    }
    pub trait PartialEq<Rhs = Self> { fn eq(&self, other: &Rhs) -> bool; fn ne(&self, other: &Rhs) -> bool; }
    pub trait Eq: PartialEq<Self> {}
    pub trait PartialOrd<Rhs = Self>: PartialEq<Rhs> {
        fn partial_cmp(&self, other: &Rhs) -> Option<Ordering>;
        fn lt(&self, other: &Rhs) -> bool;
        fn le(&self, other: &Rhs) -> bool;
        fn gt(&self, other: &Rhs) -> bool;
        fn ge(&self, other: &Rhs) -> bool;
    }
    pub trait Ord: Eq + PartialOrd<Self> {
        fn cmp(&self, other: &Self) -> Ordering;
        fn max(self, other: Self) -> Self;
        fn min(self, other: Self) -> Self;
        fn clamp(self, min: Self, max: Self) -> Self;
    }
    pub struct Reverse<T>(pub T);
    pub fn min<T: Ord>(v1: T, v2: T) -> T;
    pub fn max<T: Ord>(v1: T, v2: T) -> T;
    pub fn min_by<T, F: FnOnce(&T, &T) -> Ordering>(v1: T, v2: T, compare: F) -> T;
    pub fn max_by<T, F: FnOnce(&T, &T) -> Ordering>(v1: T, v2: T, compare: F) -> T;
    pub fn min_by_key<T, F: FnMut(&T) -> K, K: Ord>(v1: T, v2: T, f: F) -> T;
    pub fn max_by_key<T, F: FnMut(&T) -> K, K: Ord>(v1: T, v2: T, f: F) -> T;
}
pub mod convert {
    pub trait AsRef<T> { fn as_ref(&self) -> &T; }
    pub trait AsMut<T> { fn as_mut(&mut self) -> &mut T; }
    pub trait Into<T> { fn into(self) -> T; }
    pub trait From<T> { fn from(value: T) -> Self; }
    pub trait TryInto<T> { type Error; fn try_into(self) -> Result<T, Self::Error>; }
    pub trait TryFrom<T> { type Error; fn try_from(value: T) -> Result<Self, Self::Error>; }
    impl<T: AsRef<U>, U> AsRef<U> for &T { fn as_ref(&self) -> &U; }
    impl<T: AsRef<U>, U> AsRef<U> for &mut T { fn as_ref(&self) -> &U; }
    impl<T: AsMut<U>, U> AsMut<U> for &mut T { fn as_mut(&mut self) -> &mut U; }
    impl<T, U: From<T>> Into<U> for T { fn into(self) -> U; }
    impl<T> From<T> for T { fn from(t: T) -> T; }
    impl<T, U: TryFrom<T>> TryInto<U> for T { type Error = U::Error; fn try_into(self) -> Result<U, U::Error>; }
    impl<T, U: Into<T>> TryFrom<U> for T { type Error = Infallible; fn try_from(value: U) -> Result<T, Infallible>; }
    pub enum Infallible {}
    impl crate::error::Error for Infallible {}
    pub const fn identity<T>(x: T) -> T;
}
pub mod borrow {
    pub trait Borrow<Borrowed> { fn borrow(&self) -> &Borrowed; }
    pub trait BorrowMut<Borrowed>: Borrow<Borrowed> { fn borrow_mut(&mut self) -> &mut Borrowed; }
    impl<T> Borrow<T> for T { fn borrow(&self) -> &T; }
    impl<T> BorrowMut<T> for T { fn borrow_mut(&mut self) -> &mut T; }
    impl<T> Borrow<T> for &T { fn borrow(&self) -> &T; }
    impl<T> Borrow<T> for &mut T { fn borrow(&self) -> &T; }
    impl<T> BorrowMut<T> for &mut T { fn borrow_mut(&mut self) -> &mut T; }
    pub trait ToOwned {
        type Owned: Borrow<Self>;
        fn to_owned(&self) -> Self::Owned;
        fn clone_into(&self, target: &mut Self::Owned);
    }
    impl<T: Clone> ToOwned for T { type Owned = T; fn to_owned(&self) -> T; }
    impl ToOwned for str { type Owned = String; fn to_owned(&self) -> String; }
    impl<T: Clone> ToOwned for [T] { type Owned = Vec<T>; fn to_owned(&self) -> Vec<T>; }
    impl ToOwned for crate::path::Path { type Owned = crate::path::PathBuf; fn to_owned(&self) -> crate::path::PathBuf; }
    impl ToOwned for crate::ffi::OsStr { type Owned = crate::ffi::OsString; fn to_owned(&self) -> crate::ffi::OsString; }
    impl ToOwned for crate::ffi::CStr { type Owned = crate::ffi::CString; fn to_owned(&self) -> crate::ffi::CString; }
    pub enum Cow<B: ToOwned> { Borrowed(&B), Owned(<B as ToOwned>::Owned) }
    impl<B: ToOwned> Cow<B> {
        pub fn to_mut(&mut self) -> &mut <B as ToOwned>::Owned;
        pub fn into_owned(self) -> <B as ToOwned>::Owned;
    }
    impl<B: ToOwned> crate::ops::Deref for Cow<B> { type Target = B; fn deref(&self) -> &B; }
    impl<B: ToOwned> Clone for Cow<B> { fn clone(&self) -> Cow<B>; }
    impl<T: ToOwned> AsRef<T> for Cow<T> { fn as_ref(&self) -> &T; }
    impl AsRef<crate::path::Path> for Cow<crate::ffi::OsStr> { fn as_ref(&self) -> &crate::path::Path; }
    impl<B: ToOwned> Borrow<B> for Cow<B> { fn borrow(&self) -> &B; }
    impl crate::ops::Add<&str> for Cow<str> { type Output = Cow<str>; }
    impl crate::ops::AddAssign<&str> for Cow<str> {}
    impl From<&str> for Cow<str> { fn from(s: &str) -> Cow<str>; }
    impl From<String> for Cow<str> { fn from(s: String) -> Cow<str>; }
    impl From<&String> for Cow<str> { fn from(s: &String) -> Cow<str>; }
    impl<T: Clone> From<&[T]> for Cow<[T]> { fn from(s: &[T]) -> Cow<[T]>; }
    impl<T: Clone> From<Vec<T>> for Cow<[T]> { fn from(v: Vec<T>) -> Cow<[T]>; }
    impl<T: Clone> From<&Vec<T>> for Cow<[T]> { fn from(v: &Vec<T>) -> Cow<[T]>; }
    impl From<&crate::path::Path> for Cow<crate::path::Path> { fn from(s: &crate::path::Path) -> Cow<crate::path::Path>; }
    impl From<crate::path::PathBuf> for Cow<crate::path::Path> { fn from(s: crate::path::PathBuf) -> Cow<crate::path::Path>; }
    impl From<&crate::path::PathBuf> for Cow<crate::path::Path> { fn from(p: &crate::path::PathBuf) -> Cow<crate::path::Path>; }
    impl From<&crate::ffi::OsStr> for Cow<crate::ffi::OsStr> { fn from(s: &crate::ffi::OsStr) -> Cow<crate::ffi::OsStr>; }
    impl From<crate::ffi::OsString> for Cow<crate::ffi::OsStr> { fn from(s: crate::ffi::OsString) -> Cow<crate::ffi::OsStr>; }
    impl FromIterator<char> for Cow<str> { fn from_iter<I: IntoIterator<Item = char>>(iter: I) -> Cow<str>; }
    impl FromIterator<&str> for Cow<str> { fn from_iter<I: IntoIterator<Item = &str>>(iter: I) -> Cow<str>; }
    impl FromIterator<String> for Cow<str> { fn from_iter<I: IntoIterator<Item = String>>(iter: I) -> Cow<str>; }
}
