//! Other programs, which render installations and give credentials: with the files below it the only place that starts any.

mod helm;
mod istioctl;
pub(crate) mod plugin;
mod supply;
mod tools;

use std::ffi::OsString;
use std::path::Path;
use std::process::{Output, Stdio};
use std::time::Duration;

use serde_json::Value;
use shared::bundle::IndexChart;
use shared::step::Chart;
use shared::text::Text;
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

use crate::cli::Programs;
use crate::error::{Exit, Failure};
use crate::object::Object;
use helm::Helm;
use istioctl::Istioctl;
pub(crate) use supply::Supply;
pub(crate) use tools::Tools;

/// How many lines of what a program complains about are passed on.
const LINES_OF_COMPLAINT: usize = 6;

/// What a bundle needs programs for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Wanted {
    /// The minor release of Istio, such as `1.31`.
    pub(crate) release: String,
    /// The release as drawn, `1.31` or `1.31.1`.
    pub(crate) version: String,
    /// Whether anything is rendered by istioctl.
    pub(crate) istioctl: bool,
    /// The charts that are rendered by helm.
    pub(crate) charts: Vec<Chart>,
}

/// The programs of a run, those that its bundle needs.
#[derive(Debug, Clone, Default)]
pub(crate) struct Renderers {
    istioctl: Option<Istioctl>,
    helm: Option<Helm>,
}

impl Renderers {
    /// Finds what is needed, all of the right release.
    pub(crate) async fn find(given: &Programs, wanted: &Wanted) -> Result<Self, Failure> {
        let istioctl = async {
            if wanted.istioctl {
                Istioctl::find(given.istioctl.as_deref(), &wanted.release).await.map(Some)
            } else {
                Ok(None)
            }
        };
        let helm =
            async { if wanted.charts.is_empty() { Ok(None) } else { Helm::find(given, wanted).await.map(Some) } };
        let (istioctl, helm) = tokio::try_join!(istioctl, helm)?;
        Ok(Self { istioctl, helm })
    }

    /// Renders an `IstioOperator`.
    pub(crate) async fn operator(&self, operator: &Value, step: &str) -> Result<Vec<Object>, Failure> {
        match &self.istioctl {
            Some(istioctl) => istioctl.render(operator, step).await,
            None => Err(unforeseen("istioctl", step)),
        }
    }

    /// Renders a chart with its values.
    pub(crate) async fn chart(&self, chart: &IndexChart, values: &Value, step: &str) -> Result<Vec<Object>, Failure> {
        match &self.helm {
            Some(helm) => helm.render(chart, values, step).await,
            None => Err(unforeseen("helm", step)),
        }
    }
}

fn unforeseen(program: &str, step: &str) -> Failure {
    let what = Text::new(format!("{program} is needed and was not looked for"), format!("需要 {program}，但未查找它"));
    Failure::new(Exit::Program, what).at(step)
}

/// A program that is started to render, and told nothing about any cluster.
#[derive(Debug, Clone)]
struct Program {
    path: OsString,
    deadline: Duration,
}

impl Program {
    /// The given program, or the one of that name on `PATH`.
    fn new(given: Option<&Path>, name: &str, deadline: Duration) -> Self {
        let path = given.map_or_else(|| OsString::from(name), |path| path.as_os_str().to_owned());
        Self { path, deadline }
    }

    /// Runs it to its end; with no kubeconfig, so that it cannot speak to any cluster.
    async fn run<A: AsRef<std::ffi::OsStr>>(&self, arguments: &[A], input: &str) -> Result<Output, String> {
        let mut command = Command::new(&self.path);
        command.args(arguments).env("KUBECONFIG", "/dev/null").kill_on_drop(true);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        // In a group of its own, Ctrl-C does not reach it: what is in flight is finished.
        #[cfg(unix)]
        command.process_group(0);
        let mut child = command.spawn().map_err(|error| error.to_string())?;
        let stdin = child.stdin.take();
        let write = async move {
            if let Some(mut stdin) = stdin {
                // A program that ends without reading says why itself.
                let _ = stdin.write_all(input.as_bytes()).await;
            }
        };
        let both = async { tokio::join!(write, child.wait_with_output()).1 };
        match tokio::time::timeout(self.deadline, both).await {
            Ok(output) => output.map_err(|error| error.to_string()),
            Err(_) => Err(format!("no answer in {} s", self.deadline.as_secs())),
        }
    }

    /// Runs it with the input on its standard input, no file is written, and reads the objects it prints.
    async fn objects<A: AsRef<std::ffi::OsStr>>(&self, arguments: &[A], input: &Value) -> Result<Vec<Object>, String> {
        let output = self.run(arguments, &input.to_string()).await?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned());
        }
        Object::read(&String::from_utf8_lossy(&output.stdout))
    }
}

/// What a program complained about, at the step it was to render.
fn unrendered(what: Text, step: &str, causes: &str) -> Failure {
    causes
        .lines()
        .filter(|line| !line.trim().is_empty())
        .take(LINES_OF_COMPLAINT)
        .fold(Failure::new(Exit::Failed, what).at(step), Failure::because)
}

/// The release in what a program says of its version: `client version: 1.31.0`, `1.31-dev`, `1.31-alpha.0c2f`.
pub(crate) fn minor(said: &str) -> Option<String> {
    said.split_whitespace().find_map(|word| {
        let (major, rest) = word.trim_start_matches('v').split_once('.')?;
        let minor: String = rest.chars().take_while(char::is_ascii_digit).collect();
        let follows = rest[minor.len()..].chars().next();
        let good = !major.is_empty() && major.bytes().all(|byte| byte.is_ascii_digit()) && !minor.is_empty();
        (good && matches!(follows, None | Some('.' | '-' | '+'))).then(|| format!("{major}.{minor}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_release_is_read_from_what_is_said() {
        assert_eq!(minor("client version: 1.31.0\n").as_deref(), Some("1.31"));
        assert_eq!(minor("1.31-alpha.0c2f9c").as_deref(), Some("1.31"));
        assert_eq!(minor("client version: 1.4.10").as_deref(), Some("1.4"));
        assert_eq!(minor("client version: unknown"), None);
        assert_eq!(minor("Istio is not present in the cluster."), None);
    }

    #[tokio::test]
    async fn a_missing_program_has_a_status_of_its_own() {
        let given = Programs {
            istioctl: Some("/nonexistent/istioctl".into()),
            helm: Some("/nonexistent/helm".into()),
            ..Programs::default()
        };
        let wanted = Wanted { release: "1.31".into(), version: "1.31".into(), istioctl: true, charts: Vec::new() };
        assert_eq!(Renderers::find(&given, &wanted).await.unwrap_err().exit, Exit::Program);
        let wanted = Wanted { istioctl: false, charts: vec![Chart::Base], ..wanted };
        assert_eq!(Renderers::find(&given, &wanted).await.unwrap_err().exit, Exit::Program);
        let wanted = Wanted { charts: Vec::new(), ..wanted };
        assert!(Renderers::find(&given, &wanted).await.is_ok(), "what is not needed is not looked for");
    }
}
