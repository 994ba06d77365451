//! Names of clusters and networks, and what Kubernetes and Istio accept as one.
//!
//! A name in a [`Topology`](crate::topology::Topology) may be wrong; in a [`Mesh`](crate::mesh::Mesh) it cannot be.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The longest DNS-1123 label, in bytes.
pub const LABEL_MAX: usize = 63;

macro_rules! name {
    ($(#[$doc:meta])* $type:ident) => {
        $(#[$doc])*
        ///
        /// A copy is cheap: every fact and every hole has one.
        #[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
        pub struct $type(Arc<str>);

        impl $type {
            /// Returns the name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// Says whether no name was given.
            pub fn is_empty(&self) -> bool {
                self.0.is_empty()
            }
        }

        impl Ord for $type {
            fn cmp(&self, other: &Self) -> Ordering {
                // Most that are compared are copies of one.
                if Arc::ptr_eq(&self.0, &other.0) { Ordering::Equal } else { self.0.cmp(&other.0) }
            }
        }

        impl PartialOrd for $type {
            fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
                Some(self.cmp(other))
            }
        }

        impl From<&str> for $type {
            fn from(name: &str) -> Self {
                $type(name.into())
            }
        }

        impl From<String> for $type {
            fn from(name: String) -> Self {
                $type(name.into())
            }
        }

        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer).map($type::from)
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

name! {
    /// The name of a cluster: also Istio's cluster id, the key of its remote secret and a part of its injection path.
    ClusterName
}

name! {
    /// The name of a network: clusters that share it reach each other's pods directly.
    NetworkName
}

impl ClusterName {
    /// Returns the name as part of a shell variable, `cluster-1` as `CLUSTER_1`.
    ///
    /// Two valid names never give the same variable, since a DNS label holds no `_` and no capital.
    pub fn variable(&self) -> String {
        self.0.to_ascii_uppercase().replace('-', "_")
    }
}

/// Says whether the text is a DNS-1123 label, which cluster names must be: `istioctl create-remote-secret` refuses others
/// and a remote secret's key could not carry them (Istio, `pkg/multicluster`, read at 1.30.3).
pub fn is_label(text: &str) -> bool {
    let word = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    let bytes = text.as_bytes();
    match (bytes.first(), bytes.last()) {
        (Some(&first), Some(&last)) => {
            bytes.len() <= LABEL_MAX && word(first) && word(last) && bytes.iter().all(|&b| word(b) || b == b'-')
        }
        _ => false,
    }
}

/// Proposes the DNS-1123 label nearest to the text, or `None` where nothing of it can stay.
pub fn slug(text: &str) -> Option<String> {
    let mut out = String::new();
    for c in text.chars() {
        let c = c.to_ascii_lowercase();
        if c.is_ascii_lowercase() || c.is_ascii_digit() {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    out.truncate(LABEL_MAX);
    let out = out.trim_matches('-').to_owned();
    (!out.is_empty()).then_some(out)
}

/// Finds the candidate nearest to a mistyped word, if one is near enough to be meant.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let allowed = (word.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (distance(&word.to_ascii_lowercase(), &candidate.to_ascii_lowercase()), candidate))
        .filter(|&(distance, _)| distance <= allowed)
        .min()
        .map(|(_, candidate)| candidate)
}

/// Returns the first name that is not taken: the stem and a number, counted from `first`.
pub fn free(stem: &str, first: u32, taken: &dyn Fn(&str) -> bool) -> String {
    (first..u32::MAX).map(|number| [stem, &number.to_string()].concat()).find(|name| !taken(name)).unwrap_or_default()
}

/// Counts the single-letter edits between two words (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, &y) in b.iter().enumerate() {
            let change = corner + usize::from(x != y);
            corner = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(corner + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_what_istioctl_accepts() {
        for good in ["cluster1", "1-a", "no", "y", "a", &"a".repeat(63)] {
            assert!(is_label(good), "{good}");
        }
        for bad in ["", "-a", "a-", "A", "a_b", "a.b", "arn:aws:eks", "集群", &"a".repeat(64)] {
            assert!(!is_label(bad), "{bad}");
        }
    }

    #[test]
    fn a_slug_is_a_label_or_nothing() {
        assert_eq!(slug("gke_Project_zone-A").as_deref(), Some("gke-project-zone-a"));
        assert_eq!(slug("--x--").as_deref(), Some("x"));
        assert_eq!(slug("集群"), None);
        assert!(is_label(&slug(&"A_".repeat(80)).unwrap()));
    }

    #[test]
    fn the_nearest_word_is_offered_only_if_it_is_near() {
        assert_eq!(nearest("netwrok", ["network", "name"]), Some("network"));
        assert_eq!(nearest("controlplane", ["controlPlane", "config"]), Some("controlPlane"));
        assert_eq!(nearest("colour", ["network", "name"]), None);
    }
}
