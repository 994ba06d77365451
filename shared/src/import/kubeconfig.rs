//! A kubeconfig: a cluster for every context, and nothing but names. Users are not looked at, and of clusters only how they are dialled, to
//! know that two contexts are of one.

use super::sheet::Sheet;
use super::{Imported, NETWORK, Part, Unread, name};
use crate::topology::Cluster;
use crate::yaml::Node;

pub(super) fn read(sheet: &mut Sheet, imported: &mut Imported) {
    let items = |node: Option<&'_ Node>| node.and_then(Node::items).unwrap_or_default().to_vec();
    sheet.mark("", &["apiVersion", "kind", "current-context"]);
    let clusters = items(sheet.at("", "clusters"));
    let contexts = items(sheet.at("", "contexts"));
    // What a context's cluster is dialled by; where that is not said, its name.
    let server = |context: &Node| {
        let named = context.get("context")?.get("cluster")?.text()?.to_owned();
        let cluster = clusters.iter().find(|cluster| cluster.get("name").and_then(Node::text) == Some(&named));
        let server = cluster.and_then(|cluster| cluster.get("cluster")?.get("server")?.text());
        Some(server.map_or(named.clone(), str::to_owned))
    };
    let mut seen = Vec::new();
    for context in &contexts {
        let Some(called) = context.get("name").and_then(Node::text).filter(|called| !called.is_empty()) else {
            continue;
        };
        let server = server(context);
        if server.is_some() && seen.contains(&server) {
            imported.unread.push(Unread { line: context.line, field: ["contexts: ", called].concat() });
            continue;
        }
        seen.push(server);
        // The names of clouds begin with what all have in common: arn:aws:eks:region:account:cluster/name.
        let short = called.rsplit('/').next().unwrap_or(called);
        let Some(stem) = name(short).or_else(|| name(called)) else { continue };
        let name = imported.free_name(&stem);
        let context = Some(called.to_owned()).filter(|context| context != name.as_str());
        let cluster = Cluster { name, context, ..Cluster::primary("", NETWORK) };
        imported.clusters.push(Part { cluster, has_role: false, has_network: false });
    }
    sheet.unread(&mut imported.unread);
}
