//! What people type most, command by command.

use shared::text::Lang;

/// The examples of a command under their heading; empty where there are none.
pub(super) fn of(command: &str, lang: Lang) -> String {
    let lines = lines(command);
    let heading = match lang {
        Lang::En => "Examples:",
        Lang::Zh => "示例：",
    };
    lines.iter().fold(heading.to_owned(), |page, line| format!("{page}\n  {line}"))
}

fn lines(command: &str) -> &'static [&'static str] {
    match command {
        "generate" => &[
            "isthmus generate topology.yaml -o mesh1.zip",
            "isthmus generate topology.yaml -o mesh1/",
            "isthmus generate - -o - < topology.yaml > mesh1.zip",
        ],
        "validate" => &["isthmus validate topology.yaml", "isthmus validate mesh1.zip -o json"],
        "inspect" => &["isthmus inspect mesh1.zip", "isthmus inspect mesh1.zip --step cluster1/istiod"],
        "certs" => &["isthmus certs mesh1.zip -o certs/", "isthmus apply mesh1.zip --certs certs/"],
        "diff" => &["isthmus diff mesh1.zip --certs certs/", "isthmus diff mesh1.zip --exit-code -q"],
        "apply" => &[
            "isthmus apply mesh1.zip --certs certs/",
            "isthmus apply mesh1.zip --context cluster1=kind-a --context cluster2=kind-b",
            "isthmus apply mesh1.zip --yes -o jsonl | tee apply.jsonl",
        ],
        "status" => &["isthmus status mesh1.zip", "isthmus status mesh1.zip -o json"],
        "cleanup" => &["isthmus cleanup mesh1.zip", "isthmus cleanup mesh1.zip --yes --confirm mesh1"],
        "serve" => &["isthmus serve", "isthmus serve --port 0"],
        "help" => &["isthmus help apply"],
        _ => &[
            "isthmus serve                                 # draw the mesh, export mesh1.zip",
            "isthmus validate mesh1.zip",
            "isthmus certs mesh1.zip -o certs/",
            "isthmus apply mesh1.zip --certs certs/",
            "isthmus status mesh1.zip",
        ],
    }
}
