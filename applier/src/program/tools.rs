//! The programs that render, told apart without running them: rendering takes half a second, and so does asking for a version.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::Wanted;
use crate::cli::Programs;
use crate::source;
use crate::source::charts;

/// What renders the installations of a bundle, as digests; nothing where it cannot be told, or is not needed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Tools {
    /// The `istioctl`.
    pub(crate) istioctl: Option<String>,
    /// The `helm`.
    pub(crate) helm: Option<String>,
    /// The charts, where they lie in a folder or their exact version is named: the newest of a repository may be another tomorrow.
    pub(crate) charts: Option<String>,
}

impl Tools {
    /// Looks at the files of the programs that a bundle needs.
    pub(crate) fn of(given: &Programs, wanted: &Wanted) -> Self {
        let program = |given: Option<&Path>, name: &str| source::fingerprint(&found(given, name)?);
        let helm = !wanted.charts.is_empty();
        Self {
            istioctl: wanted.istioctl.then(|| program(given.istioctl.as_deref(), "istioctl")).flatten(),
            helm: helm.then(|| program(given.helm.as_deref(), "helm")).flatten(),
            charts: helm.then(|| charts_of(given, wanted)).flatten(),
        }
    }
}

/// The file of a program, as it would be started.
fn found(given: Option<&Path>, name: &str) -> Option<PathBuf> {
    let named = given.unwrap_or(Path::new(name));
    if named.components().count() > 1 {
        return Some(named.to_owned());
    }
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(named)).find(|file| source::kind(file) == source::Kind::File)
}

fn charts_of(given: &Programs, wanted: &Wanted) -> Option<String> {
    let place = given.charts.as_deref().unwrap_or(OsStr::new(""));
    let folders: Option<Vec<PathBuf>> =
        wanted.charts.iter().map(|chart| charts::folder(Path::new(place), chart.word())).collect();
    match folders {
        Some(folders) => charts::fingerprint(&folders),
        // Published charts do not change under their version.
        None if wanted.version.matches('.').count() > 1 => Some(format!("{} {}", place.display(), wanted.version)),
        None => None,
    }
}
