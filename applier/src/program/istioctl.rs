//! `istioctl`, which renders `IstioOperator` files.

use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;

use serde_json::Value;
use shared::text::Text;

use super::{Program, minor, unrendered};
use crate::error::{Exit, Failure};
use crate::object::Object;

/// How long one call may take; a rendering needs half a second.
const DEADLINE: Duration = Duration::from_mins(1);

/// An `istioctl` of the right release.
#[derive(Debug, Clone)]
pub(super) struct Istioctl {
    program: Program,
}

impl Istioctl {
    /// Asks the given program, or the one on `PATH`, for its release. Another than `release` (such as `1.31`) is refused;
    /// a development build counts as the release it leads to.
    pub(super) async fn find(given: Option<&Path>, release: &str) -> Result<Self, Failure> {
        let program = Program::new(given, "istioctl", DEADLINE);
        let output = program
            .run(&["version", "--remote=false"], "")
            .await
            .map_err(|trouble| missing(&program.path, release, &trouble))?;
        let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        match minor(&said) {
            Some(version) if version == release => Ok(Self { program }),
            Some(version) => Err(Failure::new(
                Exit::Program,
                Text::new(
                    format!("istioctl is of release {version}, the bundle is for {release}"),
                    format!("istioctl 的版本是 {version}，而本包用于 {release}"),
                ),
            )
            .at(program.path.to_string_lossy())
            .hint(Text::new(
                format!("name one of release {release}: `--istioctl PROGRAM`"),
                format!("请指定 {release} 版本的程序：`--istioctl PROGRAM`"),
            ))),
            None => Err(missing(&program.path, release, "it does not tell its version")),
        }
    }

    /// Renders an `IstioOperator`.
    pub(super) async fn render(&self, operator: &Value, step: &str) -> Result<Vec<Object>, Failure> {
        let what = || Text::new("istioctl cannot render the installation", "istioctl 无法渲染该安装文件");
        self.program
            .objects(&["manifest", "generate", "-f", "-"], operator)
            .await
            .map_err(|trouble| unrendered(what(), step, &trouble))
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
