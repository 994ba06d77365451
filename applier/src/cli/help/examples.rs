//! What people type most, command by command.

use shared::text::Lang;

/// The examples of a command under their heading; empty where there are none.
pub(super) fn of(command: &str, lang: Lang) -> String {
    let heading = match lang {
        Lang::En => "Examples:",
        Lang::Zh => "示例:",
    };
    let opening = match lang {
        Lang::En => "isthmus serve                         # draw the mesh, export mesh1.zip",
        Lang::Zh => "isthmus serve                         # 绘制网格，导出 mesh1.zip",
    };
    let first = command.is_empty().then_some(opening);
    let page = first.iter().chain(lines(command)).fold(heading.to_owned(), |page, line| format!("{page}\n  {line}"));
    if command == "generate" { page + &topology(lang) } else { page }
}

/// The smallest topology worth having, which is also the answer to "what does the file look like?".
fn topology(lang: Lang) -> String {
    let heading = match lang {
        Lang::En => "A topology:",
        Lang::Zh => "拓扑文件:",
    };
    TOPOLOGY.lines().fold(format!("\n\n{heading}"), |page, line| format!("{page}\n  {line}"))
}

/// Two primaries on two networks.
const TOPOLOGY: &str = r#"apiVersion: isthmus.dev/v1alpha1
kind: Topology
metadata: {name: mesh1}
spec:
  meshId: mesh1
  istio: {version: "1.31"}
  clusters:
  - {name: cluster1, network: network1, role: primary, context: alpha}
  - {name: cluster2, network: network2, role: primary, context: beta}"#;

fn lines(command: &str) -> &'static [&'static str] {
    match command {
        "generate" => &[
            "isthmus generate topology.yaml -o mesh1.zip",
            "isthmus generate topology.yaml -o mesh1/",
            "isthmus generate - -o - < topology.yaml > mesh1.zip",
        ],
        "validate" => &["isthmus validate topology.yaml", "isthmus validate mesh1.zip -o json"],
        "explain" => &[
            "isthmus explain cidr-overlap",
            "isthmus explain expose-services",
            "isthmus explain Watched",
            "isthmus explain",
        ],
        "inspect" => &[
            "isthmus inspect mesh1.zip",
            "isthmus inspect mesh1.zip --step cluster1/istiod",
            "isthmus inspect mesh1.zip --table firewall",
        ],
        "certs" => &["isthmus certs mesh1.zip -o certs/", "isthmus apply mesh1.zip --certs certs/"],
        "check" => &[
            "isthmus check mesh1.zip --certs certs/",
            "isthmus check mesh1.zip --wait 5m",
            "isthmus check mesh1.zip -o json",
        ],
        "diff" => &["isthmus diff mesh1.zip --certs certs/", "isthmus diff mesh1.zip --exit-code -q"],
        "apply" => &[
            "isthmus apply mesh1.zip --certs certs/",
            "isthmus apply mesh1.zip --context cluster1=kind-a --context cluster2=kind-b",
            "isthmus apply mesh1.zip --until cluster1/gateway",
            "isthmus apply mesh1.zip --yes -o jsonl | tee apply.jsonl",
        ],
        "verify" => &[
            "isthmus verify mesh1.zip",
            "isthmus verify mesh1.zip -o json",
            "isthmus verify mesh1.zip --junit verify.xml",
        ],
        "status" => {
            &["isthmus status mesh1.zip", "isthmus status mesh1.zip -o json", "isthmus status mesh1.zip --watch"]
        }
        "cleanup" => &["isthmus cleanup mesh1.zip", "isthmus cleanup mesh1.zip --yes --confirm mesh1"],
        "rotate" => &["isthmus rotate mesh1.zip", "isthmus rotate mesh1.zip --cluster cluster2 --yes"],
        "revoke" => &["isthmus revoke mesh1.zip --cluster cluster2"],
        "rbac" => &["isthmus rbac mesh1.zip > roles.yaml", "isthmus rbac mesh1.zip --istioctl ~/istio/bin/istioctl"],
        "serve" => &["isthmus serve", "isthmus serve --port 0"],
        "completion" => &[
            "isthmus completion bash > /etc/bash_completion.d/isthmus",
            "isthmus completion zsh > ~/.zfunc/_isthmus",
            "isthmus completion fish > ~/.config/fish/completions/isthmus.fish",
        ],
        "man" => &["isthmus man | man -l -", "isthmus man -o ~/.local/share/man/man1"],
        "help" => &["isthmus help apply"],
        _ => &[
            "isthmus validate mesh1.zip",
            "isthmus certs mesh1.zip -o certs/",
            "isthmus apply mesh1.zip --certs certs/",
            "isthmus status mesh1.zip",
        ],
    }
}

#[cfg(test)]
mod tests {
    use shared::mesh::check;
    use shared::topology::Topology;

    #[test]
    fn the_example_topology_is_without_fault() {
        let topology = Topology::read(super::TOPOLOGY).unwrap();
        let ids: Vec<&str> = check(&topology).findings.iter().map(shared::finding::Finding::id).collect();
        assert_eq!(ids, ["gateways-public", "trust-needed"], "what every mesh like it is told");
    }
}
