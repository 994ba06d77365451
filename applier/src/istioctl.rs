//! `istioctl`, which renders installations. The only file that starts other programs.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Output, Stdio};
use std::time::Duration;

use serde_json::Value;
use shared::text::Text;
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

use crate::error::{Exit, Failure};
use crate::object::Object;

/// How long one call may take; a rendering needs half a second.
const DEADLINE: Duration = Duration::from_mins(1);

/// How many lines of what it complains about are passed on.
const LINES_OF_COMPLAINT: usize = 6;

/// An `istioctl` of the right release.
#[derive(Debug, Clone)]
pub(crate) struct Istioctl {
    program: OsString,
}

impl Istioctl {
    /// Asks the given program, or the one on `PATH`, for its release. Another than `release` (such as `1.31`) is refused;
    /// a development build counts as the release it leads to.
    pub(crate) async fn find(given: Option<&Path>, release: &str) -> Result<Self, Failure> {
        let program = given.map_or_else(|| OsString::from("istioctl"), |path| path.as_os_str().to_owned());
        let found = Self { program };
        let output = found
            .run(&["version", "--remote=false"], "")
            .await
            .map_err(|trouble| missing(&found.program, release, &trouble))?;
        let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        match minor(&said) {
            Some(version) if version == release => Ok(found),
            Some(version) => Err(Failure::new(
                Exit::Program,
                Text::new(
                    format!("istioctl is of release {version}, the bundle is for {release}"),
                    format!("istioctl 的版本是 {version}，而本包用于 {release}"),
                ),
            )
            .at(found.program.to_string_lossy())
            .hint(Text::new(
                format!("name one of release {release}: `--istioctl PROGRAM`"),
                format!("请指定 {release} 版本的程序：`--istioctl PROGRAM`"),
            ))),
            None => Err(missing(&found.program, release, "it does not tell its version")),
        }
    }

    /// Renders an `IstioOperator`. It is handed over on standard input, no file is written.
    pub(crate) async fn render(&self, operator: &Value, step: &str) -> Result<Vec<Object>, Failure> {
        let fail = |causes: &str| {
            let failure = Failure::new(
                Exit::Failed,
                Text::new("istioctl cannot render the installation", "istioctl 无法渲染该安装文件"),
            )
            .at(step);
            causes
                .lines()
                .filter(|line| !line.trim().is_empty())
                .take(LINES_OF_COMPLAINT)
                .fold(failure, Failure::because)
        };
        let output = self
            .run(&["manifest", "generate", "-f", "-"], &operator.to_string())
            .await
            .map_err(|trouble| fail(&trouble))?;
        if !output.status.success() {
            return Err(fail(&String::from_utf8_lossy(&output.stderr)));
        }
        Object::read(&String::from_utf8_lossy(&output.stdout)).map_err(|trouble| fail(&trouble))
    }

    /// Runs it to its end; with no kubeconfig, so that it cannot speak to any cluster.
    async fn run(&self, arguments: &[&str], input: &str) -> Result<Output, String> {
        let mut command = Command::new(&self.program);
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
        match tokio::time::timeout(DEADLINE, both).await {
            Ok(output) => output.map_err(|error| error.to_string()),
            Err(_) => Err(format!("no answer in {} s", DEADLINE.as_secs())),
        }
    }
}

fn missing(program: &OsString, release: &str, trouble: &str) -> Failure {
    Failure::new(
        Exit::Program,
        Text::new(
            format!("this bundle needs istioctl {release} to render Istio, and it cannot be run"),
            format!("本包需要 istioctl {release} 来渲染 Istio，但无法运行它"),
        ),
    )
    .at(program.to_string_lossy())
    .because(trouble)
    .hint(Text::new(
        format!("install it on PATH or name it: `--istioctl PROGRAM` (releases: https://github.com/istio/istio/releases, {release})"),
        format!("请将其安装到 PATH，或指定路径：`--istioctl PROGRAM`（发布页：https://github.com/istio/istio/releases，{release}）"),
    ))
}

/// The release in what `istioctl version` says: `client version: 1.31.0`, `1.31-dev`, `1.31-alpha.0c2f`.
fn minor(said: &str) -> Option<String> {
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
        let failure = Istioctl::find(Some(Path::new("/nonexistent/istioctl")), "1.31").await.unwrap_err();
        assert_eq!(failure.exit, Exit::Program);
    }
}
