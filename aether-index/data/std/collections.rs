//! Signature stubs: std::collections root re-exports, maps and sets.
pub mod collections {
    pub use crate::collections::hash_map::HashMap;
    pub use crate::collections::hash_set::HashSet;
    pub use crate::collections::btree_map::BTreeMap;
    pub use crate::collections::btree_set::BTreeSet;
    pub use crate::collections::vec_deque::VecDeque;
    pub use crate::collections::binary_heap::BinaryHeap;
    pub use crate::collections::linked_list::LinkedList;
    pub use crate::ops::Bound;
    pub struct TryReserveError;
    impl crate::error::Error for TryReserveError {}
    pub mod hash_map {
        pub use crate::hash::RandomState;
        pub use crate::hash::DefaultHasher;
        pub struct HashMap<K, V, S = crate::hash::RandomState>;
        impl<K, V> HashMap<K, V, crate::hash::RandomState> {
            pub fn new() -> HashMap<K, V, crate::hash::RandomState>;
            pub fn with_capacity(capacity: usize) -> HashMap<K, V, crate::hash::RandomState>;
        }
        impl<K, V, S> HashMap<K, V, S> {
            pub const fn with_hasher(hash_builder: S) -> HashMap<K, V, S>;
            pub fn with_capacity_and_hasher(capacity: usize, hash_builder: S) -> HashMap<K, V, S>;
            pub fn capacity(&self) -> usize;
            pub fn keys(&self) -> Keys<K, V>;
            pub fn into_keys(self) -> IntoKeys<K, V>;
            pub fn values(&self) -> Values<K, V>;
            pub fn values_mut(&mut self) -> ValuesMut<K, V>;
            pub fn into_values(self) -> IntoValues<K, V>;
            pub fn iter(&self) -> Iter<K, V>;
            pub fn iter_mut(&mut self) -> IterMut<K, V>;
            pub fn len(&self) -> usize;
            pub fn is_empty(&self) -> bool;
            pub fn drain(&mut self) -> Drain<K, V>;
            pub fn extract_if<F: FnMut(&K, &mut V) -> bool>(&mut self, pred: F) -> ExtractIf<K, V, F>;
            pub fn retain<F: FnMut(&K, &mut V) -> bool>(&mut self, f: F);
            pub fn clear(&mut self);
            pub fn hasher(&self) -> &S;
            pub fn reserve(&mut self, additional: usize);
            pub fn try_reserve(&mut self, additional: usize) -> Result<(), crate::collections::TryReserveError>;
            pub fn shrink_to_fit(&mut self);
            pub fn shrink_to(&mut self, min_capacity: usize);
            pub fn entry(&mut self, key: K) -> Entry<K, V>;
            pub fn get<Q>(&self, k: &Q) -> Option<&V> where K: crate::borrow::Borrow<Q>;
            pub fn get_key_value<Q>(&self, k: &Q) -> Option<(&K, &V)> where K: crate::borrow::Borrow<Q>;
            pub fn get_disjoint_mut<Q, const N: usize>(&mut self, ks: [&Q; N]) -> [Option<&mut V>; N] where K: crate::borrow::Borrow<Q>;
            pub unsafe fn get_disjoint_unchecked_mut<Q, const N: usize>(&mut self, ks: [&Q; N]) -> [Option<&mut V>; N] where K: crate::borrow::Borrow<Q>;
            pub fn contains_key<Q>(&self, k: &Q) -> bool where K: crate::borrow::Borrow<Q>;
            pub fn get_mut<Q>(&mut self, k: &Q) -> Option<&mut V> where K: crate::borrow::Borrow<Q>;
            pub fn insert(&mut self, k: K, v: V) -> Option<V>;
            pub fn remove<Q>(&mut self, k: &Q) -> Option<V> where K: crate::borrow::Borrow<Q>;
            pub fn remove_entry<Q>(&mut self, k: &Q) -> Option<(K, V)> where K: crate::borrow::Borrow<Q>;
        }
        impl<K: Clone, V: Clone, S: Clone> Clone for HashMap<K, V, S> { fn clone(&self) -> Self; }
        impl<K, V, S: Default> Default for HashMap<K, V, S> { fn default() -> HashMap<K, V, S>; }
        impl<K, Q, V, S> crate::ops::Index<&Q> for HashMap<K, V, S> where K: crate::borrow::Borrow<Q> { type Output = V; fn index(&self, key: &Q) -> &V; }
        impl<K, V, S: Default> FromIterator<(K, V)> for HashMap<K, V, S> { fn from_iter<T: IntoIterator<Item = (K, V)>>(iter: T) -> HashMap<K, V, S>; }
        impl<K, V, S> Extend<(K, V)> for HashMap<K, V, S> { fn extend<T: IntoIterator<Item = (K, V)>>(&mut self, iter: T); }
        impl<K: Copy, V: Copy, S> Extend<(&K, &V)> for HashMap<K, V, S> { fn extend<T: IntoIterator<Item = (&K, &V)>>(&mut self, iter: T); }
        impl<K, V, const N: usize> From<[(K, V); N]> for HashMap<K, V, crate::hash::RandomState> { fn from(arr: [(K, V); N]) -> Self; }
        impl<K, V, S> IntoIterator for HashMap<K, V, S> { type Item = (K, V); type IntoIter = IntoIter<K, V>; }
        impl<K, V, S> IntoIterator for &HashMap<K, V, S> { type Item = (&K, &V); type IntoIter = Iter<K, V>; }
        impl<K, V, S> IntoIterator for &mut HashMap<K, V, S> { type Item = (&K, &mut V); type IntoIter = IterMut<K, V>; }
        pub struct Iter<K, V>;
        impl<K, V> Iterator for Iter<K, V> { type Item = (&K, &V); }
        impl<K, V> crate::iter::ExactSizeIterator for Iter<K, V> {}
        pub struct IterMut<K, V>;
        impl<K, V> Iterator for IterMut<K, V> { type Item = (&K, &mut V); }
        impl<K, V> crate::iter::ExactSizeIterator for IterMut<K, V> {}
        pub struct IntoIter<K, V>;
        impl<K, V> Iterator for IntoIter<K, V> { type Item = (K, V); }
        impl<K, V> crate::iter::ExactSizeIterator for IntoIter<K, V> {}
        pub struct Keys<K, V>;
        impl<K, V> Iterator for Keys<K, V> { type Item = &K; }
        impl<K, V> crate::iter::ExactSizeIterator for Keys<K, V> {}
        pub struct Values<K, V>;
        impl<K, V> Iterator for Values<K, V> { type Item = &V; }
        impl<K, V> crate::iter::ExactSizeIterator for Values<K, V> {}
        pub struct ValuesMut<K, V>;
        impl<K, V> Iterator for ValuesMut<K, V> { type Item = &mut V; }
        impl<K, V> crate::iter::ExactSizeIterator for ValuesMut<K, V> {}
        pub struct IntoKeys<K, V>;
        impl<K, V> Iterator for IntoKeys<K, V> { type Item = K; }
        impl<K, V> crate::iter::ExactSizeIterator for IntoKeys<K, V> {}
        pub struct IntoValues<K, V>;
        impl<K, V> Iterator for IntoValues<K, V> { type Item = V; }
        impl<K, V> crate::iter::ExactSizeIterator for IntoValues<K, V> {}
        pub struct Drain<K, V>;
        impl<K, V> Iterator for Drain<K, V> { type Item = (K, V); }
        impl<K, V> crate::iter::ExactSizeIterator for Drain<K, V> {}
        pub struct ExtractIf<K, V, F>;
        impl<K, V, F: FnMut(&K, &mut V) -> bool> Iterator for ExtractIf<K, V, F> { type Item = (K, V); }
        pub enum Entry<K, V> { Occupied(OccupiedEntry<K, V>), Vacant(VacantEntry<K, V>) }
        impl<K, V> Entry<K, V> {
            pub fn or_insert(self, default: V) -> &mut V;
            pub fn or_insert_with<F: FnOnce() -> V>(self, default: F) -> &mut V;
            pub fn or_insert_with_key<F: FnOnce(&K) -> V>(self, default: F) -> &mut V;
            pub fn key(&self) -> &K;
            pub fn and_modify<F: FnOnce(&mut V)>(self, f: F) -> Self;
            pub fn insert_entry(self, value: V) -> OccupiedEntry<K, V>;
            pub fn or_default(self) -> &mut V where V: Default;
        }
        pub struct OccupiedEntry<K, V>;
        impl<K, V> OccupiedEntry<K, V> {
            pub fn key(&self) -> &K;
            pub fn remove_entry(self) -> (K, V);
            pub fn get(&self) -> &V;
            pub fn get_mut(&mut self) -> &mut V;
            pub fn into_mut(self) -> &mut V;
            pub fn insert(&mut self, value: V) -> V;
            pub fn remove(self) -> V;
        }
        pub struct VacantEntry<K, V>;
        impl<K, V> VacantEntry<K, V> {
            pub fn key(&self) -> &K;
            pub fn into_key(self) -> K;
            pub fn insert(self, value: V) -> &mut V;
            pub fn insert_entry(self, value: V) -> OccupiedEntry<K, V>;
        }
    }
    pub mod hash_set {
        pub struct HashSet<T, S = crate::hash::RandomState>;
        impl<T> HashSet<T, crate::hash::RandomState> {
            pub fn new() -> HashSet<T, crate::hash::RandomState>;
            pub fn with_capacity(capacity: usize) -> HashSet<T, crate::hash::RandomState>;
        }
        impl<T, S> HashSet<T, S> {
            pub const fn with_hasher(hasher: S) -> HashSet<T, S>;
            pub fn with_capacity_and_hasher(capacity: usize, hasher: S) -> HashSet<T, S>;
            pub fn capacity(&self) -> usize;
            pub fn iter(&self) -> Iter<T>;
            pub fn len(&self) -> usize;
            pub fn is_empty(&self) -> bool;
            pub fn drain(&mut self) -> Drain<T>;
            pub fn extract_if<F: FnMut(&T) -> bool>(&mut self, pred: F) -> ExtractIf<T, F>;
            pub fn retain<F: FnMut(&T) -> bool>(&mut self, f: F);
            pub fn clear(&mut self);
            pub fn hasher(&self) -> &S;
            pub fn reserve(&mut self, additional: usize);
            pub fn try_reserve(&mut self, additional: usize) -> Result<(), crate::collections::TryReserveError>;
            pub fn shrink_to_fit(&mut self);
            pub fn shrink_to(&mut self, min_capacity: usize);
            pub fn difference(&self, other: &HashSet<T, S>) -> Difference<T, S>;
            pub fn symmetric_difference(&self, other: &HashSet<T, S>) -> SymmetricDifference<T, S>;
            pub fn intersection(&self, other: &HashSet<T, S>) -> Intersection<T, S>;
            pub fn union(&self, other: &HashSet<T, S>) -> Union<T, S>;
            pub fn contains<Q>(&self, value: &Q) -> bool where T: crate::borrow::Borrow<Q>;
            pub fn get<Q>(&self, value: &Q) -> Option<&T> where T: crate::borrow::Borrow<Q>;
            pub fn is_disjoint(&self, other: &HashSet<T, S>) -> bool;
            pub fn is_subset(&self, other: &HashSet<T, S>) -> bool;
            pub fn is_superset(&self, other: &HashSet<T, S>) -> bool;
            pub fn insert(&mut self, value: T) -> bool;
            pub fn replace(&mut self, value: T) -> Option<T>;
            pub fn remove<Q>(&mut self, value: &Q) -> bool where T: crate::borrow::Borrow<Q>;
            pub fn take<Q>(&mut self, value: &Q) -> Option<T> where T: crate::borrow::Borrow<Q>;
        }
        impl<T: Clone, S: Clone> Clone for HashSet<T, S> { fn clone(&self) -> Self; }
        impl<T, S: Default> Default for HashSet<T, S> { fn default() -> HashSet<T, S>; }
        impl<T, S: Default> FromIterator<T> for HashSet<T, S> { fn from_iter<I: IntoIterator<Item = T>>(iter: I) -> HashSet<T, S>; }
        impl<T, S> Extend<T> for HashSet<T, S> { fn extend<I: IntoIterator<Item = T>>(&mut self, iter: I); }
        impl<T: Copy, S> Extend<&T> for HashSet<T, S> { fn extend<I: IntoIterator<Item = &T>>(&mut self, iter: I); }
        impl<T, const N: usize> From<[T; N]> for HashSet<T, crate::hash::RandomState> { fn from(arr: [T; N]) -> Self; }
        impl<T: Clone, S: Default> crate::ops::BitOr<&HashSet<T, S>> for &HashSet<T, S> { type Output = HashSet<T, S>; }
        impl<T: Clone, S: Default> crate::ops::BitAnd<&HashSet<T, S>> for &HashSet<T, S> { type Output = HashSet<T, S>; }
        impl<T: Clone, S: Default> crate::ops::BitXor<&HashSet<T, S>> for &HashSet<T, S> { type Output = HashSet<T, S>; }
        impl<T: Clone, S: Default> crate::ops::Sub<&HashSet<T, S>> for &HashSet<T, S> { type Output = HashSet<T, S>; }
        impl<T, S> IntoIterator for HashSet<T, S> { type Item = T; type IntoIter = IntoIter<T>; }
        impl<T, S> IntoIterator for &HashSet<T, S> { type Item = &T; type IntoIter = Iter<T>; }
        pub struct Iter<T>;
        impl<T> Iterator for Iter<T> { type Item = &T; }
        impl<T> crate::iter::ExactSizeIterator for Iter<T> {}
        pub struct IntoIter<T>;
        impl<T> Iterator for IntoIter<T> { type Item = T; }
        impl<T> crate::iter::ExactSizeIterator for IntoIter<T> {}
        pub struct Drain<T>;
        impl<T> Iterator for Drain<T> { type Item = T; }
        impl<T> crate::iter::ExactSizeIterator for Drain<T> {}
        pub struct ExtractIf<T, F>;
        impl<T, F: FnMut(&T) -> bool> Iterator for ExtractIf<T, F> { type Item = T; }
        pub struct Difference<T, S>;
        impl<T, S> Iterator for Difference<T, S> { type Item = &T; }
        pub struct SymmetricDifference<T, S>;
        impl<T, S> Iterator for SymmetricDifference<T, S> { type Item = &T; }
        pub struct Intersection<T, S>;
        impl<T, S> Iterator for Intersection<T, S> { type Item = &T; }
        pub struct Union<T, S>;
        impl<T, S> Iterator for Union<T, S> { type Item = &T; }
    }
    pub mod btree_map {
        pub struct BTreeMap<K, V>;
        impl<K, V> BTreeMap<K, V> {
            pub const fn new() -> BTreeMap<K, V>;
            pub fn clear(&mut self);
            pub fn get<Q>(&self, key: &Q) -> Option<&V> where K: crate::borrow::Borrow<Q>;
            pub fn get_key_value<Q>(&self, k: &Q) -> Option<(&K, &V)> where K: crate::borrow::Borrow<Q>;
            pub fn first_key_value(&self) -> Option<(&K, &V)>;
            pub fn first_entry(&mut self) -> Option<OccupiedEntry<K, V>>;
            pub fn pop_first(&mut self) -> Option<(K, V)>;
            pub fn last_key_value(&self) -> Option<(&K, &V)>;
            pub fn last_entry(&mut self) -> Option<OccupiedEntry<K, V>>;
            pub fn pop_last(&mut self) -> Option<(K, V)>;
            pub fn contains_key<Q>(&self, key: &Q) -> bool where K: crate::borrow::Borrow<Q>;
            pub fn get_mut<Q>(&mut self, key: &Q) -> Option<&mut V> where K: crate::borrow::Borrow<Q>;
            pub fn insert(&mut self, key: K, value: V) -> Option<V>;
            pub fn remove<Q>(&mut self, key: &Q) -> Option<V> where K: crate::borrow::Borrow<Q>;
            pub fn remove_entry<Q>(&mut self, key: &Q) -> Option<(K, V)> where K: crate::borrow::Borrow<Q>;
            pub fn retain<F: FnMut(&K, &mut V) -> bool>(&mut self, f: F);
            pub fn append(&mut self, other: &mut Self);
            pub fn range<T, R: crate::ops::RangeBounds<T>>(&self, range: R) -> Range<K, V> where K: crate::borrow::Borrow<T>;
            pub fn range_mut<T, R: crate::ops::RangeBounds<T>>(&mut self, range: R) -> RangeMut<K, V> where K: crate::borrow::Borrow<T>;
            pub fn entry(&mut self, key: K) -> Entry<K, V>;
            pub fn split_off<Q>(&mut self, key: &Q) -> Self where K: crate::borrow::Borrow<Q>;
            pub fn extract_if<F: FnMut(&K, &mut V) -> bool, R: crate::ops::RangeBounds<K>>(&mut self, range: R, pred: F) -> ExtractIf<K, V, R, F>;
            pub fn into_keys(self) -> IntoKeys<K, V>;
            pub fn into_values(self) -> IntoValues<K, V>;
            pub fn iter(&self) -> Iter<K, V>;
            pub fn iter_mut(&mut self) -> IterMut<K, V>;
            pub fn keys(&self) -> Keys<K, V>;
            pub fn values(&self) -> Values<K, V>;
            pub fn values_mut(&mut self) -> ValuesMut<K, V>;
            pub fn len(&self) -> usize;
            pub fn is_empty(&self) -> bool;
        }
        impl<K: Clone, V: Clone> Clone for BTreeMap<K, V> { fn clone(&self) -> Self; }
        impl<K, V> Default for BTreeMap<K, V> { fn default() -> BTreeMap<K, V>; }
        impl<K, Q, V> crate::ops::Index<&Q> for BTreeMap<K, V> where K: crate::borrow::Borrow<Q> { type Output = V; fn index(&self, key: &Q) -> &V; }
        impl<K, V> FromIterator<(K, V)> for BTreeMap<K, V> { fn from_iter<T: IntoIterator<Item = (K, V)>>(iter: T) -> BTreeMap<K, V>; }
        impl<K, V> Extend<(K, V)> for BTreeMap<K, V> { fn extend<T: IntoIterator<Item = (K, V)>>(&mut self, iter: T); }
        impl<K: Copy, V: Copy> Extend<(&K, &V)> for BTreeMap<K, V> { fn extend<T: IntoIterator<Item = (&K, &V)>>(&mut self, iter: T); }
        impl<K, V, const N: usize> From<[(K, V); N]> for BTreeMap<K, V> { fn from(arr: [(K, V); N]) -> Self; }
        impl<K, V> IntoIterator for BTreeMap<K, V> { type Item = (K, V); type IntoIter = IntoIter<K, V>; }
        impl<K, V> IntoIterator for &BTreeMap<K, V> { type Item = (&K, &V); type IntoIter = Iter<K, V>; }
        impl<K, V> IntoIterator for &mut BTreeMap<K, V> { type Item = (&K, &mut V); type IntoIter = IterMut<K, V>; }
        pub struct Iter<K, V>;
        impl<K, V> Iterator for Iter<K, V> { type Item = (&K, &V); }
        impl<K, V> crate::iter::DoubleEndedIterator for Iter<K, V> {}
        impl<K, V> crate::iter::ExactSizeIterator for Iter<K, V> {}
        pub struct IterMut<K, V>;
        impl<K, V> Iterator for IterMut<K, V> { type Item = (&K, &mut V); }
        impl<K, V> crate::iter::DoubleEndedIterator for IterMut<K, V> {}
        impl<K, V> crate::iter::ExactSizeIterator for IterMut<K, V> {}
        pub struct IntoIter<K, V>;
        impl<K, V> Iterator for IntoIter<K, V> { type Item = (K, V); }
        impl<K, V> crate::iter::DoubleEndedIterator for IntoIter<K, V> {}
        impl<K, V> crate::iter::ExactSizeIterator for IntoIter<K, V> {}
        pub struct Keys<K, V>;
        impl<K, V> Iterator for Keys<K, V> { type Item = &K; }
        impl<K, V> crate::iter::DoubleEndedIterator for Keys<K, V> {}
        impl<K, V> crate::iter::ExactSizeIterator for Keys<K, V> {}
        pub struct Values<K, V>;
        impl<K, V> Iterator for Values<K, V> { type Item = &V; }
        impl<K, V> crate::iter::DoubleEndedIterator for Values<K, V> {}
        impl<K, V> crate::iter::ExactSizeIterator for Values<K, V> {}
        pub struct ValuesMut<K, V>;
        impl<K, V> Iterator for ValuesMut<K, V> { type Item = &mut V; }
        impl<K, V> crate::iter::DoubleEndedIterator for ValuesMut<K, V> {}
        impl<K, V> crate::iter::ExactSizeIterator for ValuesMut<K, V> {}
        pub struct IntoKeys<K, V>;
        impl<K, V> Iterator for IntoKeys<K, V> { type Item = K; }
        impl<K, V> crate::iter::DoubleEndedIterator for IntoKeys<K, V> {}
        impl<K, V> crate::iter::ExactSizeIterator for IntoKeys<K, V> {}
        pub struct IntoValues<K, V>;
        impl<K, V> Iterator for IntoValues<K, V> { type Item = V; }
        impl<K, V> crate::iter::DoubleEndedIterator for IntoValues<K, V> {}
        impl<K, V> crate::iter::ExactSizeIterator for IntoValues<K, V> {}
        pub struct Range<K, V>;
        impl<K, V> Iterator for Range<K, V> { type Item = (&K, &V); }
        impl<K, V> crate::iter::DoubleEndedIterator for Range<K, V> {}
        pub struct RangeMut<K, V>;
        impl<K, V> Iterator for RangeMut<K, V> { type Item = (&K, &mut V); }
        impl<K, V> crate::iter::DoubleEndedIterator for RangeMut<K, V> {}
        pub struct ExtractIf<K, V, R, F>;
        impl<K, V, R, F: FnMut(&K, &mut V) -> bool> Iterator for ExtractIf<K, V, R, F> { type Item = (K, V); }
        pub enum Entry<K, V> { Vacant(VacantEntry<K, V>), Occupied(OccupiedEntry<K, V>) }
        impl<K, V> Entry<K, V> {
            pub fn or_insert(self, default: V) -> &mut V;
            pub fn or_insert_with<F: FnOnce() -> V>(self, default: F) -> &mut V;
            pub fn or_insert_with_key<F: FnOnce(&K) -> V>(self, default: F) -> &mut V;
            pub fn key(&self) -> &K;
            pub fn and_modify<F: FnOnce(&mut V)>(self, f: F) -> Self;
            pub fn insert_entry(self, value: V) -> OccupiedEntry<K, V>;
            pub fn or_default(self) -> &mut V where V: Default;
        }
        pub struct OccupiedEntry<K, V>;
        impl<K, V> OccupiedEntry<K, V> {
            pub fn key(&self) -> &K;
            pub fn remove_entry(self) -> (K, V);
            pub fn get(&self) -> &V;
            pub fn get_mut(&mut self) -> &mut V;
            pub fn into_mut(self) -> &mut V;
            pub fn insert(&mut self, value: V) -> V;
            pub fn remove(self) -> V;
        }
        pub struct VacantEntry<K, V>;
        impl<K, V> VacantEntry<K, V> {
            pub fn key(&self) -> &K;
            pub fn into_key(self) -> K;
            pub fn insert(self, value: V) -> &mut V;
            pub fn insert_entry(self, value: V) -> OccupiedEntry<K, V>;
        }
    }
    pub mod btree_set {
        pub struct BTreeSet<T>;
        impl<T> BTreeSet<T> {
            pub const fn new() -> BTreeSet<T>;
            pub fn range<K, R: crate::ops::RangeBounds<K>>(&self, range: R) -> Range<T> where T: crate::borrow::Borrow<K>;
            pub fn difference(&self, other: &BTreeSet<T>) -> Difference<T>;
            pub fn symmetric_difference(&self, other: &BTreeSet<T>) -> SymmetricDifference<T>;
            pub fn intersection(&self, other: &BTreeSet<T>) -> Intersection<T>;
            pub fn union(&self, other: &BTreeSet<T>) -> Union<T>;
            pub fn clear(&mut self);
            pub fn contains<Q>(&self, value: &Q) -> bool where T: crate::borrow::Borrow<Q>;
            pub fn get<Q>(&self, value: &Q) -> Option<&T> where T: crate::borrow::Borrow<Q>;
            pub fn is_disjoint(&self, other: &BTreeSet<T>) -> bool;
            pub fn is_subset(&self, other: &BTreeSet<T>) -> bool;
            pub fn is_superset(&self, other: &BTreeSet<T>) -> bool;
            pub fn first(&self) -> Option<&T>;
            pub fn last(&self) -> Option<&T>;
            pub fn pop_first(&mut self) -> Option<T>;
            pub fn pop_last(&mut self) -> Option<T>;
            pub fn insert(&mut self, value: T) -> bool;
            pub fn replace(&mut self, value: T) -> Option<T>;
            pub fn remove<Q>(&mut self, value: &Q) -> bool where T: crate::borrow::Borrow<Q>;
            pub fn take<Q>(&mut self, value: &Q) -> Option<T> where T: crate::borrow::Borrow<Q>;
            pub fn retain<F: FnMut(&T) -> bool>(&mut self, f: F);
            pub fn append(&mut self, other: &mut Self);
            pub fn split_off<Q>(&mut self, value: &Q) -> Self where T: crate::borrow::Borrow<Q>;
            pub fn extract_if<F: FnMut(&T) -> bool, R: crate::ops::RangeBounds<T>>(&mut self, range: R, pred: F) -> ExtractIf<T, R, F>;
            pub fn iter(&self) -> Iter<T>;
            pub fn len(&self) -> usize;
            pub fn is_empty(&self) -> bool;
        }
        impl<T: Clone> Clone for BTreeSet<T> { fn clone(&self) -> Self; }
        impl<T> Default for BTreeSet<T> { fn default() -> BTreeSet<T>; }
        impl<T> FromIterator<T> for BTreeSet<T> { fn from_iter<I: IntoIterator<Item = T>>(iter: I) -> BTreeSet<T>; }
        impl<T> Extend<T> for BTreeSet<T> { fn extend<I: IntoIterator<Item = T>>(&mut self, iter: I); }
        impl<T: Copy> Extend<&T> for BTreeSet<T> { fn extend<I: IntoIterator<Item = &T>>(&mut self, iter: I); }
        impl<T, const N: usize> From<[T; N]> for BTreeSet<T> { fn from(arr: [T; N]) -> Self; }
        impl<T: Clone> crate::ops::BitOr<&BTreeSet<T>> for &BTreeSet<T> { type Output = BTreeSet<T>; }
        impl<T: Clone> crate::ops::BitAnd<&BTreeSet<T>> for &BTreeSet<T> { type Output = BTreeSet<T>; }
        impl<T: Clone> crate::ops::BitXor<&BTreeSet<T>> for &BTreeSet<T> { type Output = BTreeSet<T>; }
        impl<T: Clone> crate::ops::Sub<&BTreeSet<T>> for &BTreeSet<T> { type Output = BTreeSet<T>; }
        impl<T> IntoIterator for BTreeSet<T> { type Item = T; type IntoIter = IntoIter<T>; }
        impl<T> IntoIterator for &BTreeSet<T> { type Item = &T; type IntoIter = Iter<T>; }
        pub struct Iter<T>;
        impl<T> Iterator for Iter<T> { type Item = &T; }
        impl<T> crate::iter::DoubleEndedIterator for Iter<T> {}
        impl<T> crate::iter::ExactSizeIterator for Iter<T> {}
        pub struct IntoIter<T>;
        impl<T> Iterator for IntoIter<T> { type Item = T; }
        impl<T> crate::iter::DoubleEndedIterator for IntoIter<T> {}
        impl<T> crate::iter::ExactSizeIterator for IntoIter<T> {}
        pub struct Range<T>;
        impl<T> Iterator for Range<T> { type Item = &T; }
        impl<T> crate::iter::DoubleEndedIterator for Range<T> {}
        pub struct ExtractIf<T, R, F>;
        impl<T, R, F: FnMut(&T) -> bool> Iterator for ExtractIf<T, R, F> { type Item = T; }
        pub struct Difference<T>;
        impl<T> Iterator for Difference<T> { type Item = &T; }
        pub struct SymmetricDifference<T>;
        impl<T> Iterator for SymmetricDifference<T> { type Item = &T; }
        pub struct Intersection<T>;
        impl<T> Iterator for Intersection<T> { type Item = &T; }
        pub struct Union<T>;
        impl<T> Iterator for Union<T> { type Item = &T; }
    }
}
