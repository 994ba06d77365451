//! Finding by name: how well a few typed letters fit, in English, in Chinese, or by the first letters of its pinyin.

/// How well letters fit a name; more is better, `None` is not at all.
pub(crate) fn fit(typed: &str, name: &str) -> Option<u32> {
    let (typed, name) = (typed.trim().to_ascii_lowercase(), name.to_ascii_lowercase());
    if typed.is_empty() {
        return Some(0);
    }
    if let Some(at) = name.find(&typed) {
        let word = at == 0 || !name[..at].ends_with(|c: char| c.is_ascii_alphanumeric());
        return Some(if at == 0 {
            400
        } else if word {
            300
        } else {
            200
        });
    }
    // The letters in their order, with others between: the fewer, the better.
    let mut letters = name.chars();
    let mut skipped = 0;
    for wanted in typed.chars().filter(|c| !c.is_whitespace()) {
        loop {
            if letters.next()? == wanted {
                break;
            }
            skipped += 1;
        }
    }
    (skipped < 40).then_some(100 - skipped)
}

/// How well letters fit one of several names.
pub(crate) fn best(typed: &str, names: &[&str]) -> Option<u32> {
    names.iter().filter(|name| !name.is_empty()).filter_map(|name| fit(typed, name)).max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beginnings_are_better_than_middles_and_those_than_scattered_letters() {
        let fits = ["Network", "Add network", "Subnetwork", "Next two worlds"].map(|name| fit("netw", name));
        assert!(fits.is_sorted_by(|a, b| a > b) && fits[3].is_some(), "{fits:?}");
        assert_eq!(fit("netz", "Network"), None);
        assert_eq!(fit(" ", "anything"), Some(0));
    }

    #[test]
    fn chinese_is_found_by_itself_and_by_its_initials() {
        let names = ["Add a network", "添加网络", "tjwl"];
        for typed in ["网络", "tjwl", "tj", "ADD NET"] {
            assert!(best(typed, &names).is_some(), "{typed}");
        }
        assert_eq!(best("集群", &names), None);
        assert_eq!(best("x", &["", ""]), None);
    }
}
