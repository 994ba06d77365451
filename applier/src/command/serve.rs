//! `isthmus serve`: the planner in a browser of this machine.

use std::io;

use shared::text::Text;

use crate::cli::Serve;
use crate::error::{Exit, Failure};
use crate::report::Report;
use crate::serve::{self, Planner};

/// Serves until the process is interrupted. The address is the result, so a script can read it.
pub(crate) fn run(arguments: &Serve, report: &Report) -> Result<Exit, Failure> {
    let planner = arguments.planner.clone().map_or(Planner::Built, Planner::Folder);
    if !planner.is_there() {
        return Err(no_planner(arguments));
    }
    let server = serve::open(arguments.port).map_err(|error| taken(arguments.port, &error))?;
    report.print(&format!("http://{}/", server.server_addr()));
    report.talk(&Text::new("The planner is there until you press Ctrl-C", "规划器已就绪，按 Ctrl-C 结束"));
    serve::answer(&server, &planner);
    Ok(Exit::Done)
}

fn no_planner(arguments: &Serve) -> Failure {
    match &arguments.planner {
        Some(folder) => {
            Failure::new(Exit::Data, Text::new("there is no index.html in this folder", "该目录中没有 index.html"))
                .at(folder.display())
                .hint(Text::new(
                    "`cargo xtask build` writes the planner to web/dist",
                    "`cargo xtask build` 会将规划器写入 web/dist",
                ))
        }
        None => {
            Failure::new(Exit::Failed, Text::new("this program was built without the planner", "此程序未内置规划器"))
                .hint(Text::new("`cargo xtask build` builds both", "`cargo xtask build` 会同时构建两者"))
                .hint(Text::new("`--planner DIR` serves one from a folder", "`--planner DIR` 可提供某个目录中的规划器"))
        }
    }
}

fn taken(port: u16, error: &io::Error) -> Failure {
    let failure = match error.kind() {
        io::ErrorKind::AddrInUse => {
            Failure::new(Exit::Failed, Text::new(format!("port {port} is taken"), format!("端口 {port} 已被占用")))
        }
        io::ErrorKind::PermissionDenied => Failure::new(
            Exit::Failed,
            Text::new(format!("you may not open port {port}"), format!("没有打开端口 {port} 的权限")),
        ),
        _ => Failure::new(Exit::Failed, Text::new(format!("cannot open port {port}"), format!("无法打开端口 {port}")))
            .because(error),
    };
    failure.hint(Text::new("`--port 0` takes a free one", "`--port 0` 会选用空闲端口"))
}
