//! Istio's releases, and in which vocabulary each is written: the version table, as data.

use crate::text::Text;

/// The vocabulary a release is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dialect {
    /// 1.4 – 1.5: seed 001.
    Legacy,
    /// 1.8 – 1.12: seeds 000, 002 and 003 as printed.
    Classic,
    /// 1.24 and later: seed 004, and the sidecar models as documented today.
    Current,
}

/// A release, by its minor version: `1.31.1` is 31.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Release {
    /// The minor version.
    pub minor: u16,
    /// The vocabulary.
    pub dialect: Dialect,
}

/// The releases of each dialect, first and last; `u16::MAX` is open.
const DIALECTS: [(Dialect, u16, u16); 1] = [(Dialect::Current, 24, u16::MAX)];

impl Release {
    /// Reads `1.31` or `1.31.1`.
    ///
    /// # Errors
    ///
    /// A sentence and a hint, where the text is no release or one of a gap between the dialects.
    pub fn parse(version: &str) -> Result<Release, (Text, Text)> {
        let mut parts = version.split('.');
        let number = |part: Option<&str>| {
            part.filter(|part| !part.is_empty() && part.len() <= 3 && part.bytes().all(|b| b.is_ascii_digit()))
                .and_then(|part| part.parse::<u16>().ok())
        };
        let (major, minor) = (number(parts.next()), number(parts.next()));
        let patch = parts.next();
        let well_formed = parts.next().is_none() && patch.is_none_or(|patch| number(Some(patch)).is_some());
        let (Some(1), Some(minor), true) = (major, minor, well_formed) else {
            return Err((
                Text::new(format!("`{version}` is not a release of Istio"), format!("`{version}` 不是 Istio 的版本")),
                Text::new("write it as 1.31 or 1.31.1, in quotes", "请写成带引号的 1.31 或 1.31.1"),
            ));
        };
        DIALECTS
            .iter()
            .find(|&&(_, first, last)| (first..=last).contains(&minor))
            .map(|&(dialect, ..)| Release { minor, dialect })
            .ok_or_else(|| {
                (
                    Text::new(
                        format!("Istio {version} is not among the releases Isthmus writes for"),
                        format!("Isthmus 不支持 Istio {version}"),
                    ),
                    Text::new("take 1.24 or later; 1.31 is the default", "请使用 1.24 或更高版本；默认为 1.31"),
                )
            })
    }
}

/// Istio's repository of charts.
pub const CHARTS: &str = "https://istio-release.storage.googleapis.com/charts";

/// Returns which versions of the charts are of a release, as helm reads it: `1.31` gives `~1.31.0`, `1.31.1` itself.
pub fn chart_versions(version: &str) -> String {
    if version.matches('.').count() > 1 { version.to_owned() } else { format!("~{version}.0") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_are_read_and_gaps_refused() {
        assert_eq!(Release::parse("1.31").unwrap(), Release { minor: 31, dialect: Dialect::Current });
        assert_eq!(Release::parse("1.24.3").unwrap().minor, 24);
        for bad in ["", "1", "2.0", "1.x", "1.31.", "1.31.1.1", "1.16", "1.-1", "1.31-rc.0", "1.+31"] {
            assert!(Release::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn charts_are_those_of_the_release() {
        assert_eq!((chart_versions("1.31"), chart_versions("1.31.1")), ("~1.31.0".to_owned(), "1.31.1".to_owned()));
    }
}
