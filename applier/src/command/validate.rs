//! `isthmus validate`: the findings of a topology or of the topology in a bundle, offline. The findings are the result.

use shared::mesh::model;
use shared::text::Text;

use crate::cli::Validate;
use crate::error::{Exit, Failure};
use crate::findings::{self, Page};
use crate::report::{Report, count};
use crate::source;

/// Prints all findings; an error among them ends with status 79, a warning does not.
pub(crate) fn run(arguments: &Validate, report: &Report) -> Result<Exit, Failure> {
    let drawing = source::drawing(&arguments.input, report)?;
    let checked = findings::check(&drawing);
    if arguments.output.is_some() {
        report.document(&Page::new(&drawing, &checked.findings));
    } else {
        for found in &checked.findings {
            report.print(&findings::lines(found, &drawing.place, report.lang(), report.paint().stdout));
        }
        let said = findings::sum(&checked.findings).unwrap_or_else(|| Text::new("no findings", "未发现问题"));
        let (clusters, model) = (drawing.topology.clusters.len(), model(&drawing.topology));
        report.talk(&Text::new(
            format!("{}: {}, {}: {}", drawing.place, model.en, count(clusters, "cluster"), said.en),
            format!("{}：{}，{clusters} 个集群：{}", drawing.place, model.zh, said.zh),
        ));
    }
    Ok(if checked.mesh.is_some() { Exit::Done } else { Exit::Findings })
}
