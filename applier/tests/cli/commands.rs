//! The commands that need no cluster: what is on standard output, what on standard error, and the status.

use std::io::Write;
use std::process::Stdio;

use crate::program::{Desk, TOPOLOGY, files};

/// What `validate` says of two primaries that nothing is wrong with; the place is that of `clusters`.
fn validated(place: &str, fine: &str) -> String {
    let input = place.split(':').next().unwrap();
    format!(
        "0\nout| to know: {place}: 2 istiods sign certificates, so they need one root of trust, which no drawing can hold [trust-needed]\n\
         out| hint: `isthmus certs BUNDLE -o certs` makes it; then `isthmus apply BUNDLE --certs certs`\n\
         err| {input}: {fine}\n"
    )
}

#[test]
fn a_bundle_is_generated_and_looked_at() {
    let desk = Desk::new();
    desk.check("generate topology.yaml -o mesh1.zip", "0\nerr| mesh1.zip: 45 files, 16 steps on 2 clusters\n");
    desk.check("generate topology.yaml -o mesh1", "0\nerr| mesh1: 45 files, 16 steps on 2 clusters\n");
    let fine = "Multi-primary · different networks, 2 clusters: no findings";
    desk.check("validate topology.yaml", &validated("topology.yaml:7", fine));
    desk.check("validate mesh1.zip", &validated("mesh1.zip/topology.yaml:10", fine));
    let quiet = desk.shown(&desk.run("validate mesh1/ -q"));
    assert!(quiet.ends_with("--certs certs`\n"), "{quiet}");
    let shown = desk.shown(&desk.run("inspect mesh1"));
    let (head, page) = shown.split_once("out| \n").unwrap();
    assert!(
        head.starts_with(
            "0\nout| Mesh mesh1: Multi-primary · different networks, 2 clusters\nout|   Istio         1.31\n"
        ),
        "{head}"
    );
    let expected = "\
out| Clusters
out|   cluster1  primary  network1  context cluster1
out|   cluster2  primary  network2  context cluster2
out| 
out| Steps, in the order of the plan
out|     1  cluster1/namespace        apply
out|     2  cluster2/namespace        apply
out|     3  cluster1/trust            apply     after 1
out|     4  cluster2/trust            apply     after 2
out|     5  cluster1/istiod           istioctl  after 1, 3
out|     6  cluster2/istiod           istioctl  after 2, 4
out|     7  cluster1/reader           apply     after 5
out|     8  cluster2/reader           apply     after 6
out|     9  cluster1/gateway          istioctl  after 1, 5
out|    10  cluster2/gateway          istioctl  after 2, 6
out|    11  cluster1/expose-services  apply     after 5
out|    12  cluster2/expose-services  apply     after 6
out|    13  cluster1/secret/cluster2  apply     after 1, 8
out|    14  cluster2/secret/cluster1  apply     after 2, 7
out|    15  cluster1/sample           apply     after 5
out|    16  cluster2/sample           apply     after 6
out| 
out| Checked before the first write
out|   ApiServer(cluster1)
out|   ApiServer(cluster2)
out|   Certificates(cluster1)
out|   Certificates(cluster2)
";
    assert!(page == expected, "{page}");
}

#[test]
fn a_step_says_why_it_waits() {
    let desk = Desk::new();
    desk.run("generate topology.yaml -o mesh1");
    let shown = desk.shown(&desk.run("inspect mesh1 --step cluster1/secret/cluster2"));
    let needs = "\
out| Needs
out|   ApiServer(cluster2)                checked before the first write
out|   Namespace(cluster1, istio-system)  cluster1/namespace
out|   Token(cluster2)                    cluster2/reader
out| 
out| Gives
out|   Watched(cluster1, cluster2)
out| 
out| clusters/cluster1/70-secret/cluster2.yaml
";
    assert!(shown.contains(needs), "{shown}");
    let from = "out|   From the drawing: cluster1 and cluster2 in one mesh: the istiod of cluster1 reads cluster2\n";
    assert!(shown.contains(from), "{shown}");
    assert!(shown.contains(" https://istio.io/latest/docs/setup/install/multicluster/multi-primary/\n"), "{shown}");
    assert!(shown.contains("out| kind: Secret\n") && shown.contains("${TOKEN_CLUSTER2}"), "{shown}");
    desk.check(
        "inspect mesh1 --step cluster1/istoid",
        "64\nerr| error: there is no step `cluster1/istoid` in this bundle\nerr| hint: did you mean `cluster1/istiod`?\n",
    );
}

#[test]
fn what_a_bundle_comes_to_is_a_table() {
    let desk = Desk::new();
    desk.run("generate topology.yaml -o mesh1");
    let shown = desk.shown(&desk.run("inspect mesh1 --table reach"));
    assert!(shown.contains("out| | cluster1 | own | secret |\nout| | cluster2 | secret | own |\n"), "{shown}");
    let shown = desk.shown(&desk.run("inspect mesh1 --table firewall --lang zh"));
    assert!(shown.contains("out| | 来源 | 目标 | 地址 | 端口 | 协议 | 加密 | 用途 |\n"), "{shown}");
    let refused = desk.shown(&desk.run("inspect mesh1 --table walls"));
    assert!(refused.starts_with("64\n") && refused.contains("reach, firewall, trust, secrets, score"), "{refused}");
}

#[test]
fn documents_for_machines_are_json_alone() {
    let desk = Desk::with("name: cluster2", "name: cluster1");
    let found = desk.run("validate topology.yaml -o json");
    let page: serde_json::Value = serde_json::from_slice(&found.stdout).unwrap();
    assert_eq!((found.status.code(), found.stderr.as_slice()), (Some(79), &b""[..]));
    assert_eq!(page["findings"][0]["id"], "cluster-name-duplicate");
    assert_eq!(page["findings"][0]["line"], 9);
    desk.write("topology.yaml", TOPOLOGY);
    desk.run("generate topology.yaml -o mesh1");
    let page: serde_json::Value = serde_json::from_slice(&desk.run("inspect mesh1 -o json").stdout).unwrap();
    assert_eq!(page["bundle"]["meshId"], "mesh1");
    assert_eq!(page["after"][2], serde_json::json!(["cluster1/namespace"]));
}

#[test]
fn standard_input_and_output_carry_the_same_bytes() {
    let desk = Desk::new();
    let mut child = desk.command("generate - -o -").stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(TOPOLOGY.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    desk.run("generate topology.yaml -o mesh1.zip");
    assert!(output.status.success() && output.stdout == desk.read("mesh1.zip"));
    let mut child = desk.command("validate -").stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(&output.stdout).unwrap();
    let shown = desk.shown(&child.wait_with_output().unwrap());
    let fine = "Multi-primary · different networks, 2 clusters: no findings";
    assert_eq!(shown, validated("<stdin>/topology.yaml:10", fine));
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let desk = Desk::new();
    desk.run("generate topology.yaml -o mesh1");
    let mut child = desk.command("inspect mesh1 --step cluster1/sample").spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(desk.shown(&output), "0\n");
}

#[test]
fn a_directory_is_brought_up_to_date_and_nothing_else_is_touched() {
    let desk = Desk::new();
    desk.run("generate topology.yaml -o mesh1");
    desk.write("mesh1/layout.yaml", "clusters: {}\n");
    desk.write("mesh1/.git/HEAD", "ref\n");
    desk.write("mesh1/certs/root-key.pem", "secret\n");
    desk.write("topology.yaml", TOPOLOGY.replace("network2", "network1"));
    desk.check("generate topology.yaml -o mesh1", "0\nerr| mesh1: 39 files, 12 steps on 2 clusters\n");
    let fine = "Multi-primary · one network, 2 clusters: no findings";
    desk.check("validate mesh1", &validated("mesh1/topology.yaml:10", fine));
    let left = files(&desk.path("mesh1"));
    assert!(!left.iter().any(|file| file.contains("50-gateway")), "{left:?}");
    assert!(
        ["layout.yaml", ".git/HEAD", "certs/root-key.pem"].iter().all(|kept| left.contains(&(*kept).to_owned())),
        "{left:?}"
    );
    let foreign = |path: &str| {
        format!(
            "73\nerr| error: {path}: there is something else than a bundle here, and it was left as it is\n\
             err| hint: name a new directory, or a file that ends in .zip\n"
        )
    };
    desk.write("other/notes.txt", "mine\n");
    desk.write("notes.zip", "mine\n");
    for path in ["other", "other/notes.txt", "notes.zip"] {
        desk.check(&format!("generate topology.yaml -o {path}"), &foreign(path));
    }
    assert_eq!(
        (files(&desk.path("other")), desk.read("notes.zip")),
        (vec!["notes.txt".to_owned()], b"mine\n".to_vec())
    );
}

#[test]
fn names_that_yaml_would_retype_are_ordinary() {
    let names = ["no", "on", "y", "1-a", "null", "0x1f", "1e3"];
    let lines = names.map(|name| {
        format!(
            "  - {{name: \"{name}\", network: \"{name}\", role: primary, eastWest: {{sourceRanges: [203.0.113.0/24]}}}}"
        )
    });
    let desk = Desk::new();
    let (head, tail) = (TOPOLOGY.split_once("  - {name").unwrap().0, "  sample: true\n");
    desk.write(
        "topology.yaml",
        format!("{head}{}\n{tail}", lines.join("\n")).replace("meshId: mesh1", "meshId: \"off\""),
    );
    desk.check("generate topology.yaml -o off", "0\nerr| off: 175 files, 91 steps on 7 clusters\n");
    let shown = desk.shown(&desk.run("inspect off"));
    assert!(
        shown.contains("Mesh off: ") && names.iter().all(|name| shown.contains(&format!("{name}/namespace"))),
        "{shown}"
    );
}

#[test]
fn every_sentence_is_chinese_for_who_reads_it() {
    let desk = Desk::chinese();
    desk.check("generate topology.yaml -o mesh1.zip", "0\nerr| mesh1.zip：45 个文件，2 个集群，共 16 个步骤\n");
    desk.check(
        "validate mesh1.zip",
        "\
0
out| 须知：mesh1.zip/topology.yaml:10：2 个 istiod 会签发证书，因此需要同一个信任根，而图中不能存放它 [trust-needed]
out| 提示：`isthmus certs BUNDLE -o certs` 会生成它；然后 `isthmus apply BUNDLE --certs certs`
err| mesh1.zip/topology.yaml：多主架构 · 跨网络，2 个集群：未发现问题
",
    );
    desk.check("appply mesh1.zip", "64\nerr| 错误：没有命令 `appply`\nerr| 提示：您是否想用 `apply`？\n");
    desk.check(
        "--lang en apply",
        "64\nerr| error: <BUNDLE> is missing\nerr| hint: `isthmus apply --help` shows what there is\n",
    );
    let help = desk.shown(&desk.run("apply --help"));
    assert!(
        help.contains("out| 将安装包应用到各集群\n") && help.contains("用法: isthmus apply [选项] <BUNDLE>\n"),
        "{help}"
    );
}

#[test]
fn a_wrong_command_line_is_one_error() {
    let desk = Desk::new();
    for (words, said) in [
        ("appply x", "there is no command `appply`\nerr| hint: did you mean `apply`?"),
        ("apply x --timeot 5m", "there is no option `--timeot`\nerr| hint: did you mean `--timeout`?"),
        ("apply", "<BUNDLE> is missing\nerr| hint: `isthmus apply --help` shows what there is"),
        ("apply x --timeout 5", "--timeout <TIME> cannot be `5`\nerr| hint: write it as 90s, 5m, 1h30m"),
        ("apply x --context a", "--context <CLUSTER=CONTEXT> cannot be `a`\nerr| hint: write it as CLUSTER=CONTEXT"),
        ("apply x -o json", "--output <FORMAT> cannot be `json`\nerr| hint: did you mean `jsonl`?"),
        ("apply x y", "`y` is one argument too many\nerr| hint: `isthmus apply --help` shows what there is"),
        ("cleanup x --yes", "--confirm <MESH-ID> is missing\nerr| hint: `isthmus cleanup --help` shows what there is"),
        ("-v -q serve", "--verbose does not go with --quiet\nerr| hint: `isthmus serve --help` shows what there is"),
        ("serve --port 70000", "--port <PORT> cannot be `70000`\nerr| hint: write it as 0 … 65535"),
    ] {
        desk.check(words, &format!("64\nerr| error: {said}\n"));
    }
}

#[test]
fn help_leads_with_examples_and_shows_every_command() {
    let desk = Desk::new();
    let first = desk.shown(&desk.run("--help"));
    assert!(
        first.starts_with("0\nout| Plan and install multi-cluster Istio meshes\nout| \nout| Examples:\n"),
        "{first}"
    );
    for command in ["generate", "validate", "inspect", "certs", "diff", "apply", "status", "verify", "cleanup", "serve"]
    {
        assert!(first.contains(&format!("out|   {command} ")), "{command}");
        let page = desk.shown(&desk.run(&format!("{command} --help")));
        assert!(page.contains("out| Examples:\n") && page.contains(&format!("Usage: isthmus {command}")), "{page}");
        assert_eq!(page, desk.shown(&desk.run(&format!("help {command}"))));
    }
    let statuses = first.split_once("out| Exit status:\n").unwrap().1;
    assert!(
        statuses.starts_with("out|     0  done\nout|     1  failed\nout|     2  changes pending")
            && statuses.contains("\nout|    79  findings")
    );
    let silent = desk.run("");
    assert_eq!((silent.status.code(), silent.stdout.as_slice()), (Some(64), &b""[..]));
}

#[test]
fn colour_comes_when_asked_for() {
    let desk = Desk::with("name: cluster2", "name: cluster1");
    assert!(desk.shown(&desk.run("--color always validate topology.yaml")).contains("\u{1b}["));
    assert!(!desk.shown(&desk.run("validate topology.yaml")).contains('\u{1b}'));
}

#[test]
fn findings_and_rules_are_explained_offline() {
    let desk = Desk::new();
    let page = desk.shown(&desk.run("explain cidr-overlap"));
    assert!(page.starts_with("0\nout| cidr-overlap  error\nout| Address ranges overlap on one network\n"), "{page}");
    for heading in ["What it looks like", "What to do", "Source"] {
        assert!(page.contains(&format!("out| {heading}\n")), "{page}");
    }
    let chinese = desk.shown(&desk.run("explain cidr-overlap --lang zh"));
    assert!(chinese.contains("out| 处理方法\n"), "{chinese}");
    let of_step = desk.shown(&desk.run("explain cluster1/secret/cluster2"));
    assert!(of_step.starts_with("0\nout| secret  a rule"), "{of_step}");
    let list = desk.shown(&desk.run("explain"));
    for id in ["mesh-empty", "gateways-public", "trust-needed", "expose-services"] {
        assert!(list.contains(id), "{id} is listed: {list}");
    }
    desk.check(
        "explain cdir-overlap",
        "64\nerr| error: there is nothing called `cdir-overlap` to explain\nerr| hint: did you mean `cidr-overlap`?\n",
    );
    let part = desk.shown(&desk.run("explain revision"));
    assert!(part.contains("there are: revision-invalid, revision-default, revision-mismatch"), "{part}");
}

#[test]
fn a_shell_learns_the_commands_and_man_its_pages() {
    let desk = Desk::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = desk.shown(&desk.run(&format!("completion {shell}")));
        assert!(script.starts_with("0\n") && script.contains("cleanup") && script.contains("kubeconfig"), "{shell}");
    }
    desk.check("man -o pages", "0\nerr| pages: 19 manual pages\n");
    let page = desk.shown(&desk.run("man"));
    assert!(page.contains(".SH NAME") && page.contains("isthmus apply mesh1.zip"), "{page}");
    let missing = desk.shown(&desk.run("completion tcsh"));
    assert!(missing.starts_with("64\n"), "{missing}");
}
