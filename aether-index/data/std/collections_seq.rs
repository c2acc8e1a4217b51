//! Signature stubs: std::collections sequences (VecDeque, BinaryHeap, LinkedList).
pub mod collections {
    pub mod vec_deque {
        pub struct VecDeque<T>;
        impl<T> VecDeque<T> {
            pub const fn new() -> VecDeque<T>;
            pub fn with_capacity(capacity: usize) -> VecDeque<T>;
            pub fn get(&self, index: usize) -> Option<&T>;
            pub fn get_mut(&mut self, index: usize) -> Option<&mut T>;
            pub fn swap(&mut self, i: usize, j: usize);
            pub fn capacity(&self) -> usize;
            pub fn reserve(&mut self, additional: usize);
            pub fn reserve_exact(&mut self, additional: usize);
            pub fn try_reserve(&mut self, additional: usize) -> Result<(), crate::collections::TryReserveError>;
            pub fn try_reserve_exact(&mut self, additional: usize) -> Result<(), crate::collections::TryReserveError>;
            pub fn shrink_to_fit(&mut self);
            pub fn shrink_to(&mut self, min_capacity: usize);
            pub fn truncate(&mut self, len: usize);
            pub fn iter(&self) -> Iter<T>;
            pub fn iter_mut(&mut self) -> IterMut<T>;
            pub fn as_slices(&self) -> (&[T], &[T]);
            pub fn as_mut_slices(&mut self) -> (&mut [T], &mut [T]);
            pub fn len(&self) -> usize;
            pub fn is_empty(&self) -> bool;
            pub fn range<R: crate::ops::RangeBounds<usize>>(&self, range: R) -> Iter<T>;
            pub fn range_mut<R: crate::ops::RangeBounds<usize>>(&mut self, range: R) -> IterMut<T>;
            pub fn drain<R: crate::ops::RangeBounds<usize>>(&mut self, range: R) -> Drain<T>;
            pub fn clear(&mut self);
            pub fn contains(&self, x: &T) -> bool;
            pub fn front(&self) -> Option<&T>;
            pub fn front_mut(&mut self) -> Option<&mut T>;
            pub fn back(&self) -> Option<&T>;
            pub fn back_mut(&mut self) -> Option<&mut T>;
            pub fn pop_front(&mut self) -> Option<T>;
            pub fn pop_back(&mut self) -> Option<T>;
            pub fn pop_front_if<F: FnOnce(&mut T) -> bool>(&mut self, predicate: F) -> Option<T>;
            pub fn pop_back_if<F: FnOnce(&mut T) -> bool>(&mut self, predicate: F) -> Option<T>;
            pub fn push_front(&mut self, value: T);
            pub fn push_back(&mut self, value: T);
            pub fn push_front_mut(&mut self, value: T) -> &mut T;
            pub fn push_back_mut(&mut self, value: T) -> &mut T;
            pub fn swap_remove_front(&mut self, index: usize) -> Option<T>;
            pub fn swap_remove_back(&mut self, index: usize) -> Option<T>;
            pub fn insert(&mut self, index: usize, value: T);
            pub fn insert_mut(&mut self, index: usize, value: T) -> &mut T;
            pub fn remove(&mut self, index: usize) -> Option<T>;
            pub fn split_off(&mut self, at: usize) -> Self;
            pub fn append(&mut self, other: &mut Self);
            pub fn retain<F: FnMut(&T) -> bool>(&mut self, f: F);
            pub fn retain_mut<F: FnMut(&mut T) -> bool>(&mut self, f: F);
            pub fn resize_with<F: FnMut() -> T>(&mut self, new_len: usize, generator: F);
            pub fn make_contiguous(&mut self) -> &mut [T];
            pub fn rotate_left(&mut self, n: usize);
            pub fn rotate_right(&mut self, n: usize);
            pub fn binary_search(&self, x: &T) -> Result<usize, usize>;
            pub fn binary_search_by<F: FnMut(&T) -> crate::cmp::Ordering>(&self, f: F) -> Result<usize, usize>;
            pub fn binary_search_by_key<B: crate::cmp::Ord, F: FnMut(&T) -> B>(&self, b: &B, f: F) -> Result<usize, usize>;
            pub fn partition_point<P: FnMut(&T) -> bool>(&self, pred: P) -> usize;
            pub fn resize(&mut self, new_len: usize, value: T);
        }
        impl<T: Clone> Clone for VecDeque<T> { fn clone(&self) -> Self; }
        impl<T> Default for VecDeque<T> { fn default() -> VecDeque<T>; }
        impl<T> crate::ops::Index<usize> for VecDeque<T> { type Output = T; fn index(&self, index: usize) -> &T; }
        impl<T> crate::ops::IndexMut<usize> for VecDeque<T> { fn index_mut(&mut self, index: usize) -> &mut T; }
        impl<T> FromIterator<T> for VecDeque<T> { fn from_iter<I: IntoIterator<Item = T>>(iter: I) -> VecDeque<T>; }
        impl<T> Extend<T> for VecDeque<T> { fn extend<I: IntoIterator<Item = T>>(&mut self, iter: I); }
        impl<T: Copy> Extend<&T> for VecDeque<T> { fn extend<I: IntoIterator<Item = &T>>(&mut self, iter: I); }
        impl<T> From<Vec<T>> for VecDeque<T> { fn from(other: Vec<T>) -> Self; }
        impl<T, const N: usize> From<[T; N]> for VecDeque<T> { fn from(arr: [T; N]) -> Self; }
        impl<T> IntoIterator for VecDeque<T> { type Item = T; type IntoIter = IntoIter<T>; }
        impl<T> IntoIterator for &VecDeque<T> { type Item = &T; type IntoIter = Iter<T>; }
        impl<T> IntoIterator for &mut VecDeque<T> { type Item = &mut T; type IntoIter = IterMut<T>; }
        pub struct Iter<T>;
        impl<T> Iterator for Iter<T> { type Item = &T; }
        impl<T> crate::iter::DoubleEndedIterator for Iter<T> {}
        impl<T> crate::iter::ExactSizeIterator for Iter<T> {}
        pub struct IterMut<T>;
        impl<T> Iterator for IterMut<T> { type Item = &mut T; }
        impl<T> crate::iter::DoubleEndedIterator for IterMut<T> {}
        impl<T> crate::iter::ExactSizeIterator for IterMut<T> {}
        pub struct IntoIter<T>;
        impl<T> Iterator for IntoIter<T> { type Item = T; }
        impl<T> crate::iter::DoubleEndedIterator for IntoIter<T> {}
        impl<T> crate::iter::ExactSizeIterator for IntoIter<T> {}
        pub struct Drain<T>;
        impl<T> Iterator for Drain<T> { type Item = T; }
        impl<T> crate::iter::DoubleEndedIterator for Drain<T> {}
        impl<T> crate::iter::ExactSizeIterator for Drain<T> {}
    }
    pub mod binary_heap {
        pub struct BinaryHeap<T>;
        impl<T> BinaryHeap<T> {
            pub const fn new() -> BinaryHeap<T>;
            pub fn with_capacity(capacity: usize) -> BinaryHeap<T>;
            pub fn peek_mut(&mut self) -> Option<PeekMut<T>>;
            pub fn pop(&mut self) -> Option<T>;
            pub fn push(&mut self, item: T);
            pub fn into_sorted_vec(self) -> Vec<T>;
            pub fn append(&mut self, other: &mut Self);
            pub fn retain<F: FnMut(&T) -> bool>(&mut self, f: F);
            pub fn iter(&self) -> Iter<T>;
            pub fn peek(&self) -> Option<&T>;
            pub fn capacity(&self) -> usize;
            pub fn reserve(&mut self, additional: usize);
            pub fn reserve_exact(&mut self, additional: usize);
            pub fn try_reserve(&mut self, additional: usize) -> Result<(), crate::collections::TryReserveError>;
            pub fn try_reserve_exact(&mut self, additional: usize) -> Result<(), crate::collections::TryReserveError>;
            pub fn shrink_to_fit(&mut self);
            pub fn shrink_to(&mut self, min_capacity: usize);
            pub fn into_vec(self) -> Vec<T>;
            pub fn as_slice(&self) -> &[T];
            pub fn len(&self) -> usize;
            pub fn is_empty(&self) -> bool;
            pub fn drain(&mut self) -> Drain<T>;
            pub fn clear(&mut self);
        }
        impl<T: Clone> Clone for BinaryHeap<T> { fn clone(&self) -> Self; }
        impl<T> Default for BinaryHeap<T> { fn default() -> BinaryHeap<T>; }
        impl<T> FromIterator<T> for BinaryHeap<T> { fn from_iter<I: IntoIterator<Item = T>>(iter: I) -> BinaryHeap<T>; }
        impl<T> Extend<T> for BinaryHeap<T> { fn extend<I: IntoIterator<Item = T>>(&mut self, iter: I); }
        impl<T: Copy> Extend<&T> for BinaryHeap<T> { fn extend<I: IntoIterator<Item = &T>>(&mut self, iter: I); }
        impl<T> From<Vec<T>> for BinaryHeap<T> { fn from(vec: Vec<T>) -> Self; }
        impl<T, const N: usize> From<[T; N]> for BinaryHeap<T> { fn from(arr: [T; N]) -> Self; }
        impl<T> IntoIterator for BinaryHeap<T> { type Item = T; type IntoIter = IntoIter<T>; }
        impl<T> IntoIterator for &BinaryHeap<T> { type Item = &T; type IntoIter = Iter<T>; }
        pub struct Iter<T>;
        impl<T> Iterator for Iter<T> { type Item = &T; }
        impl<T> crate::iter::DoubleEndedIterator for Iter<T> {}
        impl<T> crate::iter::ExactSizeIterator for Iter<T> {}
        pub struct IntoIter<T>;
        impl<T> Iterator for IntoIter<T> { type Item = T; }
        impl<T> crate::iter::DoubleEndedIterator for IntoIter<T> {}
        impl<T> crate::iter::ExactSizeIterator for IntoIter<T> {}
        pub struct Drain<T>;
        impl<T> Iterator for Drain<T> { type Item = T; }
        impl<T> crate::iter::DoubleEndedIterator for Drain<T> {}
        impl<T> crate::iter::ExactSizeIterator for Drain<T> {}
        pub struct PeekMut<T>;
        impl<T> PeekMut<T> { pub fn pop(this: PeekMut<T>) -> T; }
        impl<T> crate::ops::Deref for PeekMut<T> { type Target = T; fn deref(&self) -> &T; }
        impl<T> crate::ops::DerefMut for PeekMut<T> { fn deref_mut(&mut self) -> &mut T; }
    }
    pub mod linked_list {
        pub struct LinkedList<T>;
        impl<T> LinkedList<T> {
            pub const fn new() -> Self;
            pub fn append(&mut self, other: &mut Self);
            pub fn iter(&self) -> Iter<T>;
            pub fn iter_mut(&mut self) -> IterMut<T>;
            pub fn is_empty(&self) -> bool;
            pub fn len(&self) -> usize;
            pub fn clear(&mut self);
            pub fn contains(&self, x: &T) -> bool;
            pub fn front(&self) -> Option<&T>;
            pub fn front_mut(&mut self) -> Option<&mut T>;
            pub fn back(&self) -> Option<&T>;
            pub fn back_mut(&mut self) -> Option<&mut T>;
            pub fn push_front(&mut self, elt: T);
            pub fn pop_front(&mut self) -> Option<T>;
            pub fn push_back(&mut self, elt: T);
            pub fn pop_back(&mut self) -> Option<T>;
            pub fn push_front_mut(&mut self, elt: T) -> &mut T;
            pub fn push_back_mut(&mut self, elt: T) -> &mut T;
            pub fn split_off(&mut self, at: usize) -> LinkedList<T>;
            pub fn extract_if<F: FnMut(&mut T) -> bool>(&mut self, filter: F) -> ExtractIf<T, F>;
        }
        impl<T: Clone> Clone for LinkedList<T> { fn clone(&self) -> Self; }
        impl<T> Default for LinkedList<T> { fn default() -> Self; }
        impl<T> FromIterator<T> for LinkedList<T> { fn from_iter<I: IntoIterator<Item = T>>(iter: I) -> Self; }
        impl<T> Extend<T> for LinkedList<T> { fn extend<I: IntoIterator<Item = T>>(&mut self, iter: I); }
        impl<T, const N: usize> From<[T; N]> for LinkedList<T> { fn from(arr: [T; N]) -> Self; }
        impl<T> IntoIterator for LinkedList<T> { type Item = T; type IntoIter = IntoIter<T>; }
        impl<T> IntoIterator for &LinkedList<T> { type Item = &T; type IntoIter = Iter<T>; }
        impl<T> IntoIterator for &mut LinkedList<T> { type Item = &mut T; type IntoIter = IterMut<T>; }
        pub struct Iter<T>;
        impl<T> Iterator for Iter<T> { type Item = &T; }
        impl<T> crate::iter::DoubleEndedIterator for Iter<T> {}
        impl<T> crate::iter::ExactSizeIterator for Iter<T> {}
        pub struct IterMut<T>;
        impl<T> Iterator for IterMut<T> { type Item = &mut T; }
        impl<T> crate::iter::DoubleEndedIterator for IterMut<T> {}
        impl<T> crate::iter::ExactSizeIterator for IterMut<T> {}
        pub struct IntoIter<T>;
        impl<T> Iterator for IntoIter<T> { type Item = T; }
        impl<T> crate::iter::DoubleEndedIterator for IntoIter<T> {}
        impl<T> crate::iter::ExactSizeIterator for IntoIter<T> {}
        pub struct ExtractIf<T, F>;
        impl<T, F: FnMut(&mut T) -> bool> Iterator for ExtractIf<T, F> { type Item = T; }
    }
}
