//! Istio's charts in a folder, as they lie in its releases and in its source tree.

use std::fs;
use std::path::{Path, PathBuf};

use crate::applyset::sha256;

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

/// A digest of everything in these folders; nothing where that cannot be read.
pub(crate) fn fingerprint(folders: &[PathBuf]) -> Option<String> {
    let mut told = String::new();
    for folder in folders {
        let mut files = Vec::new();
        below(folder, &mut files)?;
        files.sort();
        for file in files {
            let digest = sha256(&fs::read(&file).ok()?);
            let name = file.strip_prefix(folder).unwrap_or(&file).display().to_string();
            told.extend([&*name, " ", &*digest, "\n"]);
        }
        told.push('\n');
    }
    Some(sha256(told.as_bytes()))
}

/// The files below a folder.
fn below(folder: &Path, files: &mut Vec<PathBuf>) -> Option<()> {
    for entry in fs::read_dir(folder).ok()? {
        let path = entry.ok()?.path();
        if path.is_dir() {
            below(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Some(())
}
