//! Istio's charts in a folder, as they lie in its releases and in its source tree.

use std::fs;
use std::path::{Path, PathBuf};

/// What the profiles that keep the behaviour of an earlier release are called; the newest is one before the chart's own.
const COMPATIBILITY: &str = "profile-compatibility-version-1.";

/// Returns the folder of a chart; `istiod` lies deeper in Istio's own trees than in a folder of pulled charts.
pub(crate) fn folder(charts: &Path, chart: &str) -> Option<PathBuf> {
    let deeper = (chart == "istiod").then(|| charts.join("istio-control/istio-discovery"));
    [Some(charts.join(chart)), deeper].into_iter().flatten().find(|folder| folder.join("Chart.yaml").is_file())
}

/// Returns the release that a chart of the source tree leads to: such a chart has no version of its own.
pub(crate) fn release_of_source(chart: &Path) -> Option<String> {
    let earlier = |name: &str| name.strip_prefix(COMPATIBILITY)?.strip_suffix(".yaml")?.parse::<u16>().ok();
    let files = fs::read_dir(chart.join("files")).ok()?.flatten();
    let newest = files.filter_map(|entry| earlier(&entry.file_name().to_string_lossy())).max()?;
    Some(format!("1.{}", newest + 1))
}
