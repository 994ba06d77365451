//! `helm`, which renders Istio's charts with the values of a bundle.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;
use shared::bundle::IndexChart;
use shared::release::{CHARTS, chart_versions};
use shared::step::Chart;
use shared::text::Text;

use super::{Program, Wanted, minor, unrendered};
use crate::cli::Programs;
use crate::error::{Exit, Failure};
use crate::object::Object;
use crate::source::charts;

/// How long one call may take: a rendering needs a second, the download of a chart from a far repository more.
const DEADLINE: Duration = Duration::from_mins(2);

/// What a chart in Istio's source tree is called: its release is put in only when it is shipped.
const UNSHIPPED: &str = "1.0.0";

/// A `helm`, and Istio's charts of the right release.
#[derive(Debug, Clone)]
pub(super) struct Helm {
    program: Program,
    /// How each chart is named on the command line.
    charts: BTreeMap<Chart, Vec<OsString>>,
}

/// What a chart says of itself.
#[derive(Deserialize)]
struct About {
    version: String,
}

impl Helm {
    /// Finds the program, then each chart that is wanted, and asks the chart for its release.
    pub(super) async fn find(given: &Programs, wanted: &Wanted) -> Result<Self, Failure> {
        let program = Program::new(given.helm.as_deref(), "helm", DEADLINE);
        let missing = |trouble: &str| no_program(&program, trouble);
        let output = program.run(&["version", "--short"], "").await.map_err(|trouble| missing(&trouble))?;
        if !output.status.success() || minor(&String::from_utf8_lossy(&output.stdout)).is_none() {
            return Err(missing("it does not tell its version"));
        }
        let mut found = Self { program, charts: BTreeMap::new() };
        for chart in &wanted.charts {
            let named = found.locate(*chart, given, wanted).await?;
            found.charts.insert(*chart, named);
        }
        Ok(found)
    }

    /// Renders a chart with its values.
    pub(super) async fn render(&self, chart: &IndexChart, values: &Value, step: &str) -> Result<Vec<Object>, Failure> {
        let what = || {
            let name = chart.chart.word();
            Text::new(format!("helm cannot render the chart {name}"), format!("helm 无法渲染 chart {name}"))
        };
        let named = self.charts.get(&chart.chart).cloned().unwrap_or_default();
        let mut arguments: Vec<OsString> = vec!["template".into(), chart.release.clone().into()];
        arguments.extend(named);
        arguments.extend(["-n", &chart.namespace, "--include-crds", "-f", "-"].map(OsString::from));
        self.program.objects(&arguments, values).await.map_err(|trouble| unrendered(what(), step, &trouble))
    }

    /// Names a chart as helm takes it, and sees that it is of the bundle's release.
    async fn locate(&self, chart: Chart, given: &Programs, wanted: &Wanted) -> Result<Vec<OsString>, Failure> {
        let place = given.charts.clone().unwrap_or_else(|| CHARTS.into());
        let named = name(chart, &place, &wanted.version);
        let missing = |trouble: &str| no_chart(chart, &place, &wanted.release, trouble);
        let Some(named) = named else { return Err(missing("there is no such folder in it")) };
        let mut arguments: Vec<OsString> = vec!["show".into(), "chart".into()];
        arguments.extend(named.iter().cloned());
        let output = self.program.run(&arguments, "").await.map_err(|trouble| missing(&trouble))?;
        if !output.status.success() {
            return Err(missing(String::from_utf8_lossy(&output.stderr).lines().next().unwrap_or_default()));
        }
        let about: About = serde_yaml::from_slice(&output.stdout).map_err(|trouble| missing(&trouble.to_string()))?;
        let release = match about.version.as_str() {
            UNSHIPPED => named.first().and_then(|folder| charts::release_of_source(Path::new(folder))),
            version => minor(version),
        };
        match release {
            Some(release) if release == wanted.release => Ok(named),
            Some(release) => Err(other_chart(chart, &place, &release, &wanted.release)),
            None => Err(missing("it does not tell its release")),
        }
    }
}

/// How helm is told where a chart is: by a folder, by the URL of a repository, or by the alias of one that was added.
fn name(chart: Chart, place: &OsString, version: &str) -> Option<Vec<OsString>> {
    let versions = || ["--version".into(), chart_versions(version).into()];
    let word = chart.word();
    match place.to_str() {
        Some(url) if url.starts_with("oci://") => {
            Some([format!("{}/{word}", url.trim_end_matches('/')).into()].into_iter().chain(versions()).collect())
        }
        Some(url) if url.contains("://") => {
            Some([word.into(), "--repo".into(), url.into()].into_iter().chain(versions()).collect())
        }
        Some(alias) if !Path::new(alias).is_dir() && !alias.is_empty() && !alias.starts_with(['.', '/', '-']) => {
            Some([format!("{alias}/{word}").into()].into_iter().chain(versions()).collect())
        }
        _ => charts::folder(Path::new(place), word).map(|folder| vec![folder.into_os_string()]),
    }
}

fn no_program(program: &Program, trouble: &str) -> Failure {
    let what = Text::new(
        "this bundle needs helm to render Istio's charts, and it cannot be run",
        "本包需要 helm 来渲染 Istio 的 chart，但无法运行它",
    );
    Failure::new(Exit::Program, what).at(program.path.to_string_lossy()).because(trouble).hint(Text::new(
        "install it on PATH or name it: `--helm PROGRAM` (https://helm.sh/docs/intro/install)",
        "请将其安装到 PATH，或指定路径：`--helm PROGRAM`（https://helm.sh/docs/intro/install）",
    ))
}

fn no_chart(chart: Chart, place: &OsString, release: &str, trouble: &str) -> Failure {
    let (word, place) = (chart.word(), place.to_string_lossy());
    let what = Text::new(
        format!("there is no chart {word} of Istio {release} in {place}"),
        format!("{place} 中没有 Istio {release} 的 chart {word}"),
    );
    Failure::new(Exit::Program, what).at(word).because(trouble).hint(hint(release))
}

fn other_chart(chart: Chart, place: &OsString, release: &str, wanted: &str) -> Failure {
    let (word, place) = (chart.word(), place.to_string_lossy());
    let what = Text::new(
        format!("the chart {word} in {place} is of release {release}, the bundle is for {wanted}"),
        format!("{place} 中的 chart {word} 属于 {release} 版本，而本包用于 {wanted}"),
    );
    Failure::new(Exit::Program, what).at(word).hint(hint(wanted))
}

fn hint(release: &str) -> Text {
    Text::new(
        format!(
            "name a repository or a folder that has it: `--charts DIR|REPO`; in a release of Istio {release} that is `manifests/charts`"
        ),
        format!("请指定包含它的仓库或目录：`--charts DIR|REPO`；在 Istio {release} 的发布包中为 `manifests/charts`"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chart_is_named_as_helm_takes_it() {
        let named = |place: &str| {
            let named = name(Chart::Istiod, &place.into(), "1.31")?;
            Some(named.iter().map(|part| part.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" "))
        };
        assert_eq!(
            named("https://x.example/charts").as_deref(),
            Some("istiod --repo https://x.example/charts --version ~1.31.0")
        );
        assert_eq!(named("oci://x.example/c/").as_deref(), Some("oci://x.example/c/istiod --version ~1.31.0"));
        assert_eq!(named("istio").as_deref(), Some("istio/istiod --version ~1.31.0"));
        assert_eq!(named("./nowhere"), None, "a path is never taken for an alias");
        assert_eq!(named("--debug"), None, "nor for an option");
    }
}
