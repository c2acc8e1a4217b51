//! Signature stubs: std::vec, std::slice and std::array.
pub mod vec {
    pub struct Vec<T>;
    impl<T> Vec<T> {
        pub const fn new() -> Self;
        pub fn with_capacity(capacity: usize) -> Self;
        pub unsafe fn from_raw_parts(ptr: *mut T, length: usize, capacity: usize) -> Self;
        pub fn into_raw_parts(self) -> (*mut T, usize, usize);
        pub fn capacity(&self) -> usize;
        pub fn reserve(&mut self, additional: usize);
        pub fn reserve_exact(&mut self, additional: usize);
        pub fn try_reserve(&mut self, additional: usize) -> Result<(), crate::collections::TryReserveError>;
        pub fn try_reserve_exact(&mut self, additional: usize) -> Result<(), crate::collections::TryReserveError>;
        pub fn shrink_to_fit(&mut self);
        pub fn shrink_to(&mut self, min_capacity: usize);
        pub fn into_boxed_slice(self) -> Box<[T]>;
        pub fn truncate(&mut self, len: usize);
        pub fn as_slice(&self) -> &[T];
        pub fn as_mut_slice(&mut self) -> &mut [T];
        pub fn as_ptr(&self) -> *const T;
        pub fn as_mut_ptr(&mut self) -> *mut T;
        pub unsafe fn set_len(&mut self, new_len: usize);
        pub fn swap_remove(&mut self, index: usize) -> T;
        pub fn insert(&mut self, index: usize, element: T);
        pub fn insert_mut(&mut self, index: usize, element: T) -> &mut T;
        pub fn remove(&mut self, index: usize) -> T;
        pub fn retain<F: FnMut(&T) -> bool>(&mut self, f: F);
        pub fn retain_mut<F: FnMut(&mut T) -> bool>(&mut self, f: F);
        pub fn dedup_by_key<F: FnMut(&mut T) -> K, K>(&mut self, key: F);
        pub fn dedup_by<F: FnMut(&mut T, &mut T) -> bool>(&mut self, same_bucket: F);
        pub fn dedup(&mut self);
        pub fn push(&mut self, value: T);
        pub fn push_mut(&mut self, value: T) -> &mut T;
        pub fn pop(&mut self) -> Option<T>;
        pub fn pop_if<F: FnOnce(&mut T) -> bool>(&mut self, predicate: F) -> Option<T>;
        pub fn append(&mut self, other: &mut Self);
        pub fn drain<R: crate::ops::RangeBounds<usize>>(&mut self, range: R) -> Drain<T>;
        pub fn clear(&mut self);
        pub fn len(&self) -> usize;
        pub fn is_empty(&self) -> bool;
        pub fn split_off(&mut self, at: usize) -> Self;
        pub fn resize_with<F: FnMut() -> T>(&mut self, new_len: usize, f: F);
        pub fn resize(&mut self, new_len: usize, value: T);
        pub fn leak(self) -> &mut [T];
        pub fn spare_capacity_mut(&mut self) -> &mut [crate::mem::MaybeUninit<T>];
        pub fn extend_from_slice(&mut self, other: &[T]);
        pub fn extend_from_within<R: crate::ops::RangeBounds<usize>>(&mut self, src: R);
        pub fn splice<R: crate::ops::RangeBounds<usize>, I: IntoIterator<Item = T>>(&mut self, range: R, replace_with: I) -> Splice<I::IntoIter>;
        pub fn extract_if<F: FnMut(&mut T) -> bool, R: crate::ops::RangeBounds<usize>>(&mut self, range: R, filter: F) -> ExtractIf<T, F>;
    }
    impl<T, const N: usize> Vec<[T; N]> {
        pub fn into_flattened(self) -> Vec<T>;
    }
    impl<T> crate::ops::Deref for Vec<T> { type Target = [T]; fn deref(&self) -> &[T]; }
    impl<T> crate::ops::DerefMut for Vec<T> { fn deref_mut(&mut self) -> &mut [T]; }
    impl<T, I: crate::slice::SliceIndex<[T]>> crate::ops::Index<I> for Vec<T> { type Output = I::Output; fn index(&self, index: I) -> &I::Output; }
    impl<T, I: crate::slice::SliceIndex<[T]>> crate::ops::IndexMut<I> for Vec<T> { fn index_mut(&mut self, index: I) -> &mut I::Output; }
    impl<T: Clone> Clone for Vec<T> { fn clone(&self) -> Self; fn clone_from(&mut self, source: &Self); }
    impl<T> Default for Vec<T> { fn default() -> Vec<T>; }
    impl<T> FromIterator<T> for Vec<T> { fn from_iter<I: IntoIterator<Item = T>>(iter: I) -> Vec<T>; }
    impl<T> Extend<T> for Vec<T> { fn extend<I: IntoIterator<Item = T>>(&mut self, iter: I); }
    impl<T: Copy> Extend<&T> for Vec<T> { fn extend<I: IntoIterator<Item = &T>>(&mut self, iter: I); }
    impl<T> IntoIterator for Vec<T> { type Item = T; type IntoIter = IntoIter<T>; fn into_iter(self) -> IntoIter<T>; }
    impl<T> IntoIterator for &Vec<T> { type Item = &T; type IntoIter = crate::slice::Iter<T>; }
    impl<T> IntoIterator for &mut Vec<T> { type Item = &mut T; type IntoIter = crate::slice::IterMut<T>; }
    impl<T> AsRef<[T]> for Vec<T> { fn as_ref(&self) -> &[T]; }
    impl<T> AsRef<Vec<T>> for Vec<T> { fn as_ref(&self) -> &Vec<T>; }
    impl<T> AsMut<[T]> for Vec<T> { fn as_mut(&mut self) -> &mut [T]; }
    impl<T> AsMut<Vec<T>> for Vec<T> { fn as_mut(&mut self) -> &mut Vec<T>; }
    impl<T> crate::borrow::Borrow<[T]> for Vec<T> { fn borrow(&self) -> &[T]; }
    impl<T> crate::borrow::BorrowMut<[T]> for Vec<T> { fn borrow_mut(&mut self) -> &mut [T]; }
    impl<T: Clone> From<&[T]> for Vec<T> { fn from(s: &[T]) -> Vec<T>; }
    impl<T: Clone> From<&mut [T]> for Vec<T> { fn from(s: &mut [T]) -> Vec<T>; }
    impl<T: Clone, const N: usize> From<&[T; N]> for Vec<T> { fn from(s: &[T; N]) -> Vec<T>; }
    impl<T, const N: usize> From<[T; N]> for Vec<T> { fn from(s: [T; N]) -> Vec<T>; }
    impl<T> From<Box<[T]>> for Vec<T> { fn from(s: Box<[T]>) -> Vec<T>; }
    impl From<&str> for Vec<u8> { fn from(s: &str) -> Vec<u8>; }
    impl From<String> for Vec<u8> { fn from(s: String) -> Vec<u8>; }
    impl From<crate::ffi::CString> for Vec<u8> { fn from(s: crate::ffi::CString) -> Vec<u8>; }
    impl<T> From<crate::collections::VecDeque<T>> for Vec<T> { fn from(other: crate::collections::VecDeque<T>) -> Vec<T>; }
    impl<T> From<crate::collections::BinaryHeap<T>> for Vec<T> { fn from(heap: crate::collections::BinaryHeap<T>) -> Vec<T>; }
    impl<T> From<crate::borrow::Cow<[T]>> for Vec<T> { fn from(s: crate::borrow::Cow<[T]>) -> Vec<T>; }
    pub struct IntoIter<T>;
    impl<T> IntoIter<T> {
        pub fn as_slice(&self) -> &[T];
        pub fn as_mut_slice(&mut self) -> &mut [T];
    }
    impl<T> Iterator for IntoIter<T> { type Item = T; }
    impl<T> crate::iter::DoubleEndedIterator for IntoIter<T> {}
    impl<T> crate::iter::ExactSizeIterator for IntoIter<T> {}
    pub struct Drain<T>;
    impl<T> Drain<T> { pub fn as_slice(&self) -> &[T]; }
    impl<T> Iterator for Drain<T> { type Item = T; }
    impl<T> crate::iter::DoubleEndedIterator for Drain<T> {}
    impl<T> crate::iter::ExactSizeIterator for Drain<T> {}
    pub struct Splice<I: Iterator>;
    impl<I: Iterator> Iterator for Splice<I> { type Item = I::Item; }
    impl<I: Iterator> crate::iter::DoubleEndedIterator for Splice<I> {}
    pub struct ExtractIf<T, F>;
    impl<T, F: FnMut(&mut T) -> bool> Iterator for ExtractIf<T, F> { type Item = T; }
}
pub mod slice {
    pub trait SliceIndex<T> {
        type Output;
    }
    impl<T> SliceIndex<[T]> for usize { type Output = T; }
    impl<T> SliceIndex<[T]> for crate::ops::Range<usize> { type Output = [T]; }
    impl<T> SliceIndex<[T]> for crate::ops::RangeFrom<usize> { type Output = [T]; }
    impl<T> SliceIndex<[T]> for crate::ops::RangeTo<usize> { type Output = [T]; }
    impl<T> SliceIndex<[T]> for crate::ops::RangeFull { type Output = [T]; }
    impl<T> SliceIndex<[T]> for crate::ops::RangeInclusive<usize> { type Output = [T]; }
    impl<T> SliceIndex<[T]> for crate::ops::RangeToInclusive<usize> { type Output = [T]; }
    impl<T> SliceIndex<[T]> for (crate::ops::Bound<usize>, crate::ops::Bound<usize>) { type Output = [T]; }
    impl SliceIndex<str> for crate::ops::Range<usize> { type Output = str; }
    impl SliceIndex<str> for crate::ops::RangeFrom<usize> { type Output = str; }
    impl SliceIndex<str> for crate::ops::RangeTo<usize> { type Output = str; }
    impl SliceIndex<str> for crate::ops::RangeFull { type Output = str; }
    impl SliceIndex<str> for crate::ops::RangeInclusive<usize> { type Output = str; }
    impl SliceIndex<str> for crate::ops::RangeToInclusive<usize> { type Output = str; }
    impl<T> [T] {
        pub const fn len(&self) -> usize;
        pub const fn is_empty(&self) -> bool;
        pub const fn first(&self) -> Option<&T>;
        pub const fn first_mut(&mut self) -> Option<&mut T>;
        pub const fn split_first(&self) -> Option<(&T, &[T])>;
        pub const fn split_first_mut(&mut self) -> Option<(&mut T, &mut [T])>;
        pub const fn split_last(&self) -> Option<(&T, &[T])>;
        pub const fn split_last_mut(&mut self) -> Option<(&mut T, &mut [T])>;
        pub const fn last(&self) -> Option<&T>;
        pub const fn last_mut(&mut self) -> Option<&mut T>;
        pub fn first_chunk<const N: usize>(&self) -> Option<&[T; N]>;
        pub fn first_chunk_mut<const N: usize>(&mut self) -> Option<&mut [T; N]>;
        pub fn split_first_chunk<const N: usize>(&self) -> Option<(&[T; N], &[T])>;
        pub fn split_first_chunk_mut<const N: usize>(&mut self) -> Option<(&mut [T; N], &mut [T])>;
        pub fn split_last_chunk<const N: usize>(&self) -> Option<(&[T], &[T; N])>;
        pub fn split_last_chunk_mut<const N: usize>(&mut self) -> Option<(&mut [T], &mut [T; N])>;
        pub fn last_chunk<const N: usize>(&self) -> Option<&[T; N]>;
        pub fn last_chunk_mut<const N: usize>(&mut self) -> Option<&mut [T; N]>;
        pub fn get<I: SliceIndex<[T]>>(&self, index: I) -> Option<&I::Output>;
        pub fn get_mut<I: SliceIndex<[T]>>(&mut self, index: I) -> Option<&mut I::Output>;
        pub unsafe fn get_unchecked<I: SliceIndex<[T]>>(&self, index: I) -> &I::Output;
        pub unsafe fn get_unchecked_mut<I: SliceIndex<[T]>>(&mut self, index: I) -> &mut I::Output;
        pub const fn as_ptr(&self) -> *const T;
        pub const fn as_mut_ptr(&mut self) -> *mut T;
        pub const fn as_ptr_range(&self) -> crate::ops::Range<*const T>;
        pub const fn as_mut_ptr_range(&mut self) -> crate::ops::Range<*mut T>;
        pub fn as_array<const N: usize>(&self) -> Option<&[T; N]>;
        pub fn as_mut_array<const N: usize>(&mut self) -> Option<&mut [T; N]>;
        pub fn swap(&mut self, a: usize, b: usize);
        pub fn reverse(&mut self);
        pub fn iter(&self) -> Iter<T>;
        pub fn iter_mut(&mut self) -> IterMut<T>;
        pub fn windows(&self, size: usize) -> Windows<T>;
        pub fn array_windows<const N: usize>(&self) -> ArrayWindows<T, N>;
        pub fn chunks(&self, chunk_size: usize) -> Chunks<T>;
        pub fn chunks_mut(&mut self, chunk_size: usize) -> ChunksMut<T>;
        pub fn chunks_exact(&self, chunk_size: usize) -> ChunksExact<T>;
        pub fn chunks_exact_mut(&mut self, chunk_size: usize) -> ChunksExactMut<T>;
        pub fn as_chunks<const N: usize>(&self) -> (&[[T; N]], &[T]);
        pub fn as_rchunks<const N: usize>(&self) -> (&[T], &[[T; N]]);
        pub fn as_chunks_mut<const N: usize>(&mut self) -> (&mut [[T; N]], &mut [T]);
        pub fn as_rchunks_mut<const N: usize>(&mut self) -> (&mut [T], &mut [[T; N]]);
        pub fn rchunks(&self, chunk_size: usize) -> RChunks<T>;
        pub fn rchunks_mut(&mut self, chunk_size: usize) -> RChunksMut<T>;
        pub fn rchunks_exact(&self, chunk_size: usize) -> RChunksExact<T>;
        pub fn rchunks_exact_mut(&mut self, chunk_size: usize) -> RChunksExactMut<T>;
        pub fn chunk_by<F: FnMut(&T, &T) -> bool>(&self, pred: F) -> ChunkBy<T, F>;
        pub fn chunk_by_mut<F: FnMut(&T, &T) -> bool>(&mut self, pred: F) -> ChunkByMut<T, F>;
        pub fn split_at(&self, mid: usize) -> (&[T], &[T]);
        pub fn split_at_mut(&mut self, mid: usize) -> (&mut [T], &mut [T]);
        pub fn split_at_checked(&self, mid: usize) -> Option<(&[T], &[T])>;
        pub fn split_at_mut_checked(&mut self, mid: usize) -> Option<(&mut [T], &mut [T])>;
        pub unsafe fn split_at_unchecked(&self, mid: usize) -> (&[T], &[T]);
        pub unsafe fn split_at_mut_unchecked(&mut self, mid: usize) -> (&mut [T], &mut [T]);
        pub fn split<F: FnMut(&T) -> bool>(&self, pred: F) -> Split<T, F>;
        pub fn split_mut<F: FnMut(&T) -> bool>(&mut self, pred: F) -> SplitMut<T, F>;
        pub fn split_inclusive<F: FnMut(&T) -> bool>(&self, pred: F) -> SplitInclusive<T, F>;
        pub fn split_inclusive_mut<F: FnMut(&T) -> bool>(&mut self, pred: F) -> SplitInclusiveMut<T, F>;
        pub fn rsplit<F: FnMut(&T) -> bool>(&self, pred: F) -> RSplit<T, F>;
        pub fn rsplit_mut<F: FnMut(&T) -> bool>(&mut self, pred: F) -> RSplitMut<T, F>;
        pub fn splitn<F: FnMut(&T) -> bool>(&self, n: usize, pred: F) -> SplitN<T, F>;
        pub fn splitn_mut<F: FnMut(&T) -> bool>(&mut self, n: usize, pred: F) -> SplitNMut<T, F>;
        pub fn rsplitn<F: FnMut(&T) -> bool>(&self, n: usize, pred: F) -> RSplitN<T, F>;
        pub fn rsplitn_mut<F: FnMut(&T) -> bool>(&mut self, n: usize, pred: F) -> RSplitNMut<T, F>;
        pub fn contains(&self, x: &T) -> bool;
        pub fn starts_with(&self, needle: &[T]) -> bool;
        pub fn ends_with(&self, needle: &[T]) -> bool;
        pub fn strip_prefix(&self, prefix: &[T]) -> Option<&[T]>;
        pub fn strip_suffix(&self, suffix: &[T]) -> Option<&[T]>;
        pub fn binary_search(&self, x: &T) -> Result<usize, usize>;
        pub fn binary_search_by<F: FnMut(&T) -> crate::cmp::Ordering>(&self, f: F) -> Result<usize, usize>;
        pub fn binary_search_by_key<B: crate::cmp::Ord, F: FnMut(&T) -> B>(&self, b: &B, f: F) -> Result<usize, usize>;
        pub fn partition_point<P: FnMut(&T) -> bool>(&self, pred: P) -> usize;
        pub fn sort(&mut self);
        pub fn sort_by<F: FnMut(&T, &T) -> crate::cmp::Ordering>(&mut self, compare: F);
        pub fn sort_by_key<K: crate::cmp::Ord, F: FnMut(&T) -> K>(&mut self, f: F);
        pub fn sort_by_cached_key<K: crate::cmp::Ord, F: FnMut(&T) -> K>(&mut self, f: F);
        pub fn sort_unstable(&mut self);
        pub fn sort_unstable_by<F: FnMut(&T, &T) -> crate::cmp::Ordering>(&mut self, compare: F);
        pub fn sort_unstable_by_key<K: crate::cmp::Ord, F: FnMut(&T) -> K>(&mut self, f: F);
        pub fn select_nth_unstable(&mut self, index: usize) -> (&mut [T], &mut T, &mut [T]);
        pub fn select_nth_unstable_by<F: FnMut(&T, &T) -> crate::cmp::Ordering>(&mut self, index: usize, compare: F) -> (&mut [T], &mut T, &mut [T]);
        pub fn select_nth_unstable_by_key<K: crate::cmp::Ord, F: FnMut(&T) -> K>(&mut self, index: usize, f: F) -> (&mut [T], &mut T, &mut [T]);
        pub fn rotate_left(&mut self, mid: usize);
        pub fn rotate_right(&mut self, k: usize);
        pub fn fill(&mut self, value: T);
        pub fn fill_with<F: FnMut() -> T>(&mut self, f: F);
        pub fn clone_from_slice(&mut self, src: &[T]);
        pub fn copy_from_slice(&mut self, src: &[T]);
        pub fn copy_within<R: crate::ops::RangeBounds<usize>>(&mut self, src: R, dest: usize);
        pub fn swap_with_slice(&mut self, other: &mut [T]);
        pub unsafe fn align_to<U>(&self) -> (&[T], &[U], &[T]);
        pub unsafe fn align_to_mut<U>(&mut self) -> (&mut [T], &mut [U], &mut [T]);
        pub fn is_sorted(&self) -> bool;
        pub fn is_sorted_by<F: FnMut(&T, &T) -> bool>(&self, compare: F) -> bool;
        pub fn is_sorted_by_key<F: FnMut(&T) -> K, K>(&self, f: F) -> bool;
        pub fn split_off<R: crate::ops::RangeBounds<usize>>(self: &mut &Self, range: R) -> Option<&[T]>;
        pub fn split_off_first(self: &mut &Self) -> Option<&T>;
        pub fn split_off_last(self: &mut &Self) -> Option<&T>;
        pub fn split_off_mut<R: crate::ops::RangeBounds<usize>>(self: &mut &mut Self, range: R) -> Option<&mut [T]>;
        pub fn split_off_first_mut(self: &mut &mut Self) -> Option<&mut T>;
        pub fn split_off_last_mut(self: &mut &mut Self) -> Option<&mut T>;
        pub fn get_disjoint_mut<I, const N: usize>(&mut self, indices: [I; N]) -> Result<[&mut I::Output; N], GetDisjointMutError> where I: SliceIndex<[T]>;
        pub fn to_vec(&self) -> Vec<T>;
        pub fn into_vec(self: Box<Self>) -> Vec<T>;
        pub fn repeat(&self, n: usize) -> Vec<T>;
        pub fn concat<Item>(&self) -> <Self as Concat<Item>>::Output where Self: Concat<Item>;
        pub fn join<Separator>(&self, sep: Separator) -> <Self as Join<Separator>>::Output where Self: Join<Separator>;
    }
    impl<T, const N: usize> [[T; N]] {
        pub fn as_flattened(&self) -> &[T];
        pub fn as_flattened_mut(&mut self) -> &mut [T];
    }
    impl [u8] {
        pub const fn is_ascii(&self) -> bool;
        pub fn eq_ignore_ascii_case(&self, other: &[u8]) -> bool;
        pub fn make_ascii_uppercase(&mut self);
        pub fn make_ascii_lowercase(&mut self);
        pub fn to_ascii_uppercase(&self) -> Vec<u8>;
        pub fn to_ascii_lowercase(&self) -> Vec<u8>;
        pub fn escape_ascii(&self) -> EscapeAscii;
        pub fn trim_ascii_start(&self) -> &[u8];
        pub fn trim_ascii_end(&self) -> &[u8];
        pub fn trim_ascii(&self) -> &[u8];
        pub fn utf8_chunks(&self) -> crate::str::Utf8Chunks;
    }
    pub trait Concat<Item> { type Output; fn concat(slice: &Self) -> Self::Output; }
    pub trait Join<Separator> { type Output; fn join(slice: &Self, sep: Separator) -> Self::Output; }
    impl<S: crate::borrow::Borrow<str>> Concat<str> for [S] { type Output = String; }
    impl<S: crate::borrow::Borrow<str>> Join<&str> for [S] { type Output = String; }
    impl<T: Clone, V: crate::borrow::Borrow<[T]>> Concat<T> for [V] { type Output = Vec<T>; }
    impl<T: Clone, V: crate::borrow::Borrow<[T]>> Join<&T> for [V] { type Output = Vec<T>; }
    impl<T: Clone, V: crate::borrow::Borrow<[T]>> Join<&[T]> for [V] { type Output = Vec<T>; }
    impl Join<&crate::ffi::OsStr> for [crate::ffi::OsString] { type Output = crate::ffi::OsString; }
    impl<T, I: SliceIndex<[T]>> crate::ops::Index<I> for [T] { type Output = I::Output; fn index(&self, index: I) -> &I::Output; }
    impl<T, I: SliceIndex<[T]>> crate::ops::IndexMut<I> for [T] { fn index_mut(&mut self, index: I) -> &mut I::Output; }
    impl<T> IntoIterator for &[T] { type Item = &T; type IntoIter = Iter<T>; }
    impl<T> IntoIterator for &mut [T] { type Item = &mut T; type IntoIter = IterMut<T>; }
    impl<T> AsRef<[T]> for [T] { fn as_ref(&self) -> &[T]; }
    impl<T> AsMut<[T]> for [T] { fn as_mut(&mut self) -> &mut [T]; }
    impl<T> Default for &[T] { fn default() -> Self; }
    impl<T> Default for &mut [T] { fn default() -> Self; }
    pub struct Iter<T>;
    impl<T> Iter<T> { pub fn as_slice(&self) -> &[T]; }
    impl<T> Iterator for Iter<T> { type Item = &T; }
    impl<T> crate::iter::DoubleEndedIterator for Iter<T> {}
    impl<T> crate::iter::ExactSizeIterator for Iter<T> {}
    impl<T> AsRef<[T]> for Iter<T> { fn as_ref(&self) -> &[T]; }
    pub struct IterMut<T>;
    impl<T> IterMut<T> { pub fn into_slice(self) -> &mut [T]; pub fn as_slice(&self) -> &[T]; }
    impl<T> Iterator for IterMut<T> { type Item = &mut T; }
    impl<T> crate::iter::DoubleEndedIterator for IterMut<T> {}
    impl<T> crate::iter::ExactSizeIterator for IterMut<T> {}
    pub struct Windows<T>;
    impl<T> Iterator for Windows<T> { type Item = &[T]; }
    impl<T> crate::iter::DoubleEndedIterator for Windows<T> {}
    impl<T> crate::iter::ExactSizeIterator for Windows<T> {}
    pub struct ArrayWindows<T, const N: usize>;
    impl<T, const N: usize> Iterator for ArrayWindows<T, N> { type Item = &[T; N]; }
    impl<T, const N: usize> crate::iter::DoubleEndedIterator for ArrayWindows<T, N> {}
    impl<T, const N: usize> crate::iter::ExactSizeIterator for ArrayWindows<T, N> {}
    pub struct Chunks<T>;
    impl<T> Iterator for Chunks<T> { type Item = &[T]; }
    impl<T> crate::iter::DoubleEndedIterator for Chunks<T> {}
    impl<T> crate::iter::ExactSizeIterator for Chunks<T> {}
    pub struct ChunksMut<T>;
    impl<T> Iterator for ChunksMut<T> { type Item = &mut [T]; }
    impl<T> crate::iter::DoubleEndedIterator for ChunksMut<T> {}
    impl<T> crate::iter::ExactSizeIterator for ChunksMut<T> {}
    pub struct ChunksExact<T>;
    impl<T> ChunksExact<T> { pub fn remainder(&self) -> &[T]; }
    impl<T> Iterator for ChunksExact<T> { type Item = &[T]; }
    impl<T> crate::iter::DoubleEndedIterator for ChunksExact<T> {}
    impl<T> crate::iter::ExactSizeIterator for ChunksExact<T> {}
    pub struct ChunksExactMut<T>;
    impl<T> ChunksExactMut<T> { pub fn into_remainder(self) -> &mut [T]; }
    impl<T> Iterator for ChunksExactMut<T> { type Item = &mut [T]; }
    impl<T> crate::iter::DoubleEndedIterator for ChunksExactMut<T> {}
    impl<T> crate::iter::ExactSizeIterator for ChunksExactMut<T> {}
    pub struct RChunks<T>;
    impl<T> Iterator for RChunks<T> { type Item = &[T]; }
    impl<T> crate::iter::DoubleEndedIterator for RChunks<T> {}
    impl<T> crate::iter::ExactSizeIterator for RChunks<T> {}
    pub struct RChunksMut<T>;
    impl<T> Iterator for RChunksMut<T> { type Item = &mut [T]; }
    impl<T> crate::iter::DoubleEndedIterator for RChunksMut<T> {}
    pub struct RChunksExact<T>;
    impl<T> RChunksExact<T> { pub fn remainder(&self) -> &[T]; }
    impl<T> Iterator for RChunksExact<T> { type Item = &[T]; }
    impl<T> crate::iter::DoubleEndedIterator for RChunksExact<T> {}
    pub struct RChunksExactMut<T>;
    impl<T> RChunksExactMut<T> { pub fn into_remainder(self) -> &mut [T]; }
    impl<T> Iterator for RChunksExactMut<T> { type Item = &mut [T]; }
    impl<T> crate::iter::DoubleEndedIterator for RChunksExactMut<T> {}
    pub struct ChunkBy<T, P>;
    impl<T, P: FnMut(&T, &T) -> bool> Iterator for ChunkBy<T, P> { type Item = &[T]; }
    impl<T, P: FnMut(&T, &T) -> bool> crate::iter::DoubleEndedIterator for ChunkBy<T, P> {}
    pub struct ChunkByMut<T, P>;
    impl<T, P: FnMut(&T, &T) -> bool> Iterator for ChunkByMut<T, P> { type Item = &mut [T]; }
    impl<T, P: FnMut(&T, &T) -> bool> crate::iter::DoubleEndedIterator for ChunkByMut<T, P> {}
    pub struct Split<T, P>;
    impl<T, P: FnMut(&T) -> bool> Iterator for Split<T, P> { type Item = &[T]; }
    impl<T, P: FnMut(&T) -> bool> crate::iter::DoubleEndedIterator for Split<T, P> {}
    pub struct SplitMut<T, P>;
    impl<T, P: FnMut(&T) -> bool> Iterator for SplitMut<T, P> { type Item = &mut [T]; }
    impl<T, P: FnMut(&T) -> bool> crate::iter::DoubleEndedIterator for SplitMut<T, P> {}
    pub struct SplitInclusive<T, P>;
    impl<T, P: FnMut(&T) -> bool> Iterator for SplitInclusive<T, P> { type Item = &[T]; }
    impl<T, P: FnMut(&T) -> bool> crate::iter::DoubleEndedIterator for SplitInclusive<T, P> {}
    pub struct SplitInclusiveMut<T, P>;
    impl<T, P: FnMut(&T) -> bool> Iterator for SplitInclusiveMut<T, P> { type Item = &mut [T]; }
    pub struct RSplit<T, P>;
    impl<T, P: FnMut(&T) -> bool> Iterator for RSplit<T, P> { type Item = &[T]; }
    impl<T, P: FnMut(&T) -> bool> crate::iter::DoubleEndedIterator for RSplit<T, P> {}
    pub struct RSplitMut<T, P>;
    impl<T, P: FnMut(&T) -> bool> Iterator for RSplitMut<T, P> { type Item = &mut [T]; }
    pub struct SplitN<T, P>;
    impl<T, P: FnMut(&T) -> bool> Iterator for SplitN<T, P> { type Item = &[T]; }
    pub struct SplitNMut<T, P>;
    impl<T, P: FnMut(&T) -> bool> Iterator for SplitNMut<T, P> { type Item = &mut [T]; }
    pub struct RSplitN<T, P>;
    impl<T, P: FnMut(&T) -> bool> Iterator for RSplitN<T, P> { type Item = &[T]; }
    pub struct RSplitNMut<T, P>;
    impl<T, P: FnMut(&T) -> bool> Iterator for RSplitNMut<T, P> { type Item = &mut [T]; }
    pub struct EscapeAscii;
    impl Iterator for EscapeAscii { type Item = u8; }
    impl crate::iter::DoubleEndedIterator for EscapeAscii {}
    pub enum GetDisjointMutError { IndexOutOfBounds, OverlappingIndices }
    pub unsafe fn from_raw_parts<T>(data: *const T, len: usize) -> &[T];
    pub unsafe fn from_raw_parts_mut<T>(data: *mut T, len: usize) -> &mut [T];
    pub const fn from_ref<T>(s: &T) -> &[T];
    pub const fn from_mut<T>(s: &mut T) -> &mut [T];
}
pub mod array {
    impl<T, const N: usize> [T; N] {
        pub fn map<F: FnMut(T) -> U, U>(self, f: F) -> [U; N];
        pub const fn as_slice(&self) -> &[T];
        pub const fn as_mut_slice(&mut self) -> &mut [T];
        pub const fn each_ref(&self) -> [&T; N];
        pub const fn each_mut(&mut self) -> [&mut T; N];
    }
    pub fn from_fn<T, const N: usize, F: FnMut(usize) -> T>(f: F) -> [T; N];
    pub fn repeat<T: Clone, const N: usize>(val: T) -> [T; N];
    pub const fn from_ref<T>(s: &T) -> &[T; 1];
    pub const fn from_mut<T>(s: &mut T) -> &mut [T; 1];
    pub struct IntoIter<T, const N: usize>;
    impl<T, const N: usize> IntoIter<T, N> {
        pub fn as_slice(&self) -> &[T];
        pub fn as_mut_slice(&mut self) -> &mut [T];
    }
    impl<T, const N: usize> Iterator for IntoIter<T, N> { type Item = T; }
    impl<T, const N: usize> crate::iter::DoubleEndedIterator for IntoIter<T, N> {}
    impl<T, const N: usize> crate::iter::ExactSizeIterator for IntoIter<T, N> {}
    impl<T, const N: usize> IntoIterator for [T; N] { type Item = T; type IntoIter = IntoIter<T, N>; }
    impl<T, const N: usize> IntoIterator for &[T; N] { type Item = &T; type IntoIter = crate::slice::Iter<T>; }
    impl<T, const N: usize> IntoIterator for &mut [T; N] { type Item = &mut T; type IntoIter = crate::slice::IterMut<T>; }
    impl<T, I: crate::slice::SliceIndex<[T]>, const N: usize> crate::ops::Index<I> for [T; N] { type Output = I::Output; fn index(&self, index: I) -> &I::Output; }
    impl<T, I: crate::slice::SliceIndex<[T]>, const N: usize> crate::ops::IndexMut<I> for [T; N] { fn index_mut(&mut self, index: I) -> &mut I::Output; }
    impl<T, const N: usize> AsRef<[T]> for [T; N] { fn as_ref(&self) -> &[T]; }
    impl<T, const N: usize> AsMut<[T]> for [T; N] { fn as_mut(&mut self) -> &mut [T]; }
    impl<T, const N: usize> crate::borrow::Borrow<[T]> for [T; N] { fn borrow(&self) -> &[T]; }
    impl<T: Copy, const N: usize> TryFrom<&[T]> for [T; N] { type Error = TryFromSliceError; fn try_from(slice: &[T]) -> Result<[T; N], TryFromSliceError>; }
    impl<T, const N: usize> TryFrom<&[T]> for &[T; N] { type Error = TryFromSliceError; fn try_from(slice: &[T]) -> Result<&[T; N], TryFromSliceError>; }
    impl<T, const N: usize> TryFrom<&mut [T]> for &mut [T; N] { type Error = TryFromSliceError; fn try_from(slice: &mut [T]) -> Result<&mut [T; N], TryFromSliceError>; }
    impl<T, const N: usize> TryFrom<Vec<T>> for [T; N] { type Error = Vec<T>; fn try_from(vec: Vec<T>) -> Result<[T; N], Vec<T>>; }
    impl<T: Default, const N: usize> Default for [T; N] { fn default() -> [T; N]; }
    pub struct TryFromSliceError;
    impl crate::error::Error for TryFromSliceError {}
}
