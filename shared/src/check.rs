//! The live checks of `isthmus check`: every id there is, what it means, and the tables about Istio that they go by. Pure data; the
//! applier does the looking.

mod catalogue;
mod tables;

pub use catalogue::*;
pub use tables::{
    FIELD_MANAGER, HELM_RELEASE, HELM_RELEASE_NAMESPACE, ISTIOD_LABEL, OWNING_RESOURCE, REMOTE_SECRET_LABEL,
    REVISION_LABEL, ROOT_CONFIG_MAP, ROOT_KEY, WEBHOOK_PREFIXES, minimum_kubernetes,
};

use crate::text::Words;

/// What a check is about; checks are shown in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// API servers and how they are reached.
    Clusters,
    /// The programs that render installations.
    Programs,
    /// What the account may do.
    Rights,
    /// What is in the clusters already.
    Istio,
    /// Certificates.
    Trust,
    /// Names under which clusters are registered.
    Names,
    /// How gateways are reached.
    WaysIn,
}

impl Group {
    /// Returns the heading.
    pub fn title(self) -> Words {
        let (en, zh) = match self {
            Group::Clusters => ("Clusters", "集群"),
            Group::Programs => ("Programs", "程序"),
            Group::Rights => ("Rights", "权限"),
            Group::Istio => ("What is there already", "集群中已有的内容"),
            Group::Trust => ("Trust", "信任"),
            Group::Names => ("Names", "名称"),
            Group::WaysIn => ("Ways in", "入口"),
        };
        Words { en, zh }
    }

    /// Returns the word for machines.
    pub fn word(self) -> &'static str {
        match self {
            Group::Clusters => "clusters",
            Group::Programs => "programs",
            Group::Rights => "rights",
            Group::Istio => "istio",
            Group::Trust => "trust",
            Group::Names => "names",
            Group::WaysIn => "waysIn",
        }
    }
}

/// One check, and all that can be said about it without a cluster.
#[derive(Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Check {
    /// The stable id, what `isthmus explain` takes.
    pub id: &'static str,
    /// What it is about.
    pub group: Group,
    /// What is checked, as a statement that should hold.
    pub title: Words,
    /// Why it matters, and what the failure would look like later.
    pub means: Words,
    /// What to do where it fails.
    pub remedy: Words,
    /// Where the rule comes from.
    pub source: &'static str,
}

impl Check {
    /// Returns the check of that id.
    pub fn of(id: &str) -> Option<&'static Check> {
        ALL.iter().copied().find(|check| check.id == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sorted;

    #[test]
    fn every_check_has_an_id_of_its_own_and_says_everything_in_both_languages() {
        let findings = crate::finding::catalogue::all().map(|kind| kind.id);
        let topics = crate::rules::topics::TOPICS.iter().map(|topic| topic.word);
        let mut ids = sorted::set(findings.chain(topics));
        for check in ALL {
            assert!(ids.insert(check.id), "{} is there twice", check.id);
            assert!(crate::name::is_label(check.id), "{} can be typed", check.id);
            for words in [check.title, check.means, check.remedy, check.group.title()] {
                assert!(!words.en.is_empty() && !words.zh.is_empty() && words.en != words.zh, "{}", check.id);
            }
            assert!(check.remedy.en.ends_with('.') && !check.title.en.ends_with('.'), "{}", check.id);
            assert_eq!(Check::of(check.id), Some(*check));
        }
        assert!(ALL.is_sorted_by_key(|check| check.group), "the list is in the order in which checks are shown");
    }
}
