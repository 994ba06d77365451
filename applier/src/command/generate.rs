//! `isthmus generate`: the bundle of a topology, byte for byte what the planner exports but for the positions on its canvas.

use std::path::Path;

use shared::bundle::Bundle;
use shared::finding::pressing;
use shared::plan::Plan;
use shared::text::Text;

use crate::cli::Generate;
use crate::error::{Exit, Failure};
use crate::findings;
use crate::report::{Report, count};
use crate::source::{self, output};

/// Writes the bundle, unless a finding is an error; findings go to standard error, but for what is only to be known.
pub(crate) fn run(arguments: &Generate, report: &Report) -> Result<Exit, Failure> {
    let to_stdout = arguments.output == Path::new("-");
    if to_stdout && report.is_on_terminal() {
        return Err(Failure::new(Exit::Usage, Text::new("a zip is nothing for a terminal", "不能在终端上输出 zip"))
            .hint(Text::new(
                "send it somewhere: `-o - > mesh1.zip`, or name a file",
                "请重定向：`-o - > mesh1.zip`，或指定文件名",
            )));
    }
    let drawing = source::topology(&arguments.topology, report)?;
    let checked = findings::check(&drawing);
    for found in pressing(&checked.findings) {
        report.remark(|lang, ink| findings::lines(found, &drawing.place, lang, ink));
    }
    let Some(mesh) = checked.mesh else {
        let sum = findings::sum(&checked.findings).unwrap_or_default();
        report.talk(&Text::new(format!("{}; no bundle was written", sum.en), format!("{}；未写入安装包", sum.zh)));
        return Ok(Exit::Findings);
    };
    let plan = Plan::new(&mesh);
    let bundle = Bundle::of(&mesh, &plan, None);
    if to_stdout {
        report.print_bytes(&bundle.to_zip());
        return Ok(Exit::Done);
    }
    output::bundle(&arguments.output, &bundle)?;
    let (files, steps, clusters) = (bundle.files.len(), plan.steps.len(), mesh.clusters().len());
    let place = arguments.output.display();
    report.talk(&Text::new(
        format!("{place}: {}, {} on {}", count(files, "file"), count(steps, "step"), count(clusters, "cluster")),
        format!("{place}：{files} 个文件，{clusters} 个集群，共 {steps} 个步骤"),
    ));
    Ok(Exit::Done)
}
