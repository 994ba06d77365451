//! Sorted sets and maps, filled one by one.
//!
//! `collect` would sort first, by a copy of the standard library's sort for every type that is collected; the planner carries each of them
//! to the browser, where they came to a twentieth of the module.

use std::collections::{BTreeMap, BTreeSet};

/// Gathers a set.
pub fn set<T: Ord>(items: impl IntoIterator<Item = T>) -> BTreeSet<T> {
    let mut set = BTreeSet::new();
    set.extend(items);
    set
}

/// Gathers a map; of entries with one key the last stays.
pub fn map<K: Ord, V>(entries: impl IntoIterator<Item = (K, V)>) -> BTreeMap<K, V> {
    let mut map = BTreeMap::new();
    map.extend(entries);
    map
}
