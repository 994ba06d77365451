//! The tables of the templates, and of drawings that are large or wild.

use super::*;
use crate::firewall::firewall;
use crate::mesh::check;
use crate::preset::presets;
use crate::topology::{ApiServer, Cluster, Entry, Role, Topology};

fn mesh(id: &str) -> Mesh {
    let preset = presets().into_iter().find(|preset| preset.id == id).unwrap();
    check(&preset.topology).mesh.unwrap()
}

fn table(mesh: &Mesh, topic: Topic) -> Table {
    tables(mesh, topic, Lang::En).remove(0)
}

fn words(table: &Table) -> Vec<Vec<&str>> {
    table.rows.iter().map(|row| row.iter().map(|cell| cell.words.as_str()).collect()).collect()
}

#[test]
fn every_table_is_a_rectangle_in_both_languages() {
    for preset in presets() {
        let mesh = check(&preset.topology).mesh.unwrap();
        for topic in Topic::ALL {
            for lang in [Lang::En, Lang::Zh] {
                for table in tables(&mesh, topic, lang) {
                    assert!(!table.caption.is_empty() && !table.rows.is_empty(), "{} {topic:?}", preset.id);
                    for row in &table.rows {
                        assert_eq!(row.len(), table.head.len(), "{} {topic:?} {row:?}", preset.id);
                    }
                    let all = table.rows.iter().flatten().flat_map(|cell| [&cell.words, &cell.why]);
                    let loose = all.chain(&table.notes).find(|words| words.contains('{'));
                    assert_eq!(loose, None, "{} {topic:?}: a place that nothing fills", preset.id);
                }
            }
        }
    }
}

#[test]
fn who_reads_whom_is_what_the_mesh_says() {
    for preset in presets() {
        let mesh = check(&preset.topology).mesh.unwrap();
        let table = table(&mesh, Topic::Reach);
        for (from, row) in mesh.clusters().iter().enumerate() {
            for (to, column) in mesh.clusters().iter().enumerate() {
                let cell = &table.rows[from][to + 1];
                let is_istiod = mesh.istiods().any(|istiod| istiod.name == row.name);
                let reads = is_istiod && mesh.watched_by(row).any(|watched| watched.name == column.name);
                let marked = matches!(cell.mark, Mark::Reads | Mark::Serves);
                assert_eq!(reads, marked, "{}: {} {}", preset.id, row.name, column.name);
                let serves = is_istiod && mesh.served_by(row).any(|served| served.name == column.name);
                assert_eq!(serves, cell.mark == Mark::Serves, "{}: {} {}", preset.id, row.name, column.name);
            }
        }
    }
    let mesh = mesh("primary-remote");
    let table = table(&mesh, Topic::Reach);
    assert_eq!(words(&table), [["cluster1", "own", "secret · serves"], ["cluster2", "same istiod", "same istiod"]]);
    assert!(table.rows[0][2].why.contains("istio-remote-secret-cluster2"), "{}", table.rows[0][2].why);
    assert_eq!(table.rows[0][2].about, Some(About::Arrow(ArrowKind::Reads, 0, 1)));
    assert_eq!(table.rows[1][1].about, Some(About::Arrow(ArrowKind::ServedBy, 1, 0)));
}

#[test]
fn firewall_rows_are_all_there_until_they_are_too_many() {
    let small = mesh("multi-primary-multi-network");
    assert_eq!(table(&small, Topic::Firewall).rows.len(), firewall(&small).len());
    let clusters = (1..=30).map(|i| Cluster::primary(&format!("c{i}"), &format!("n{i}"))).collect();
    let large = check(&Topology { clusters, ..Topology::empty("large") }).mesh.unwrap();
    let folded = table(&large, Topic::Firewall);
    assert!(folded.rows.len() < 12, "{}", folded.rows.len());
    assert!(folded.notes[0].contains(&firewall(&large).len().to_string()), "{}", folded.notes[0]);
}

#[test]
fn what_protects_a_way_is_what_its_gateway_says() {
    let row = |mesh: &Mesh, port: &str| {
        let table = table(mesh, Topic::Firewall);
        let found = words(&table).into_iter().find(|row| row[3] == port);
        found.map_or_else(|| panic!("{port}"), |row| [row[2].to_owned(), row[5].to_owned()])
    };
    assert_eq!(row(&mesh("primary-remote"), "15012")[1], "TLS, end to end (PASSTHROUGH)");
    assert_eq!(row(&mesh("multi-primary-multi-network"), "15443")[1], "mTLS, end to end (AUTO_PASSTHROUGH)");
    let preset = presets().into_iter().find(|preset| preset.id == "primary-remote").unwrap();
    let mut topology = preset.topology;
    let entry = Entry::Host { host: "istiod.example.com".to_owned(), credential: "istiod-credential".to_owned() };
    topology.clusters[0].role = Role::Primary { entry };
    let url = "https://[fd00::1]:7443/".to_owned();
    topology.clusters[1].api_server = Some(ApiServer { url, ..ApiServer::default() });
    let mesh = check(&topology).mesh.unwrap();
    assert_eq!(row(&mesh, "15017"), ["istiod.example.com", "TLS, ended at the gateway (SIMPLE)"]);
    assert_eq!(row(&mesh, "7443"), ["[fd00::1]", "TLS, end to end"]);
}

#[test]
fn secrets_are_counted_as_they_are_made() {
    for preset in presets() {
        let mesh = check(&preset.topology).mesh.unwrap();
        let made = crate::plan::Plan::new(&mesh);
        let secrets = made.steps.iter().filter(|step| step.id.rule.word == "secret").count();
        let [models, clusters] = <[Table; 2]>::try_from(tables(&mesh, Topic::Secrets, Lang::En)).unwrap();
        assert_eq!(models.rows[0][1].words, secrets.to_string(), "{}", preset.id);
        let sum = |column: usize| -> usize {
            clusters.rows.iter().map(|row| row[column].words.parse::<usize>().unwrap()).sum()
        };
        assert_eq!((sum(1), sum(2)), (secrets, secrets), "{}", preset.id);
    }
}

#[test]
fn copies_stay_tables_whatever_a_name_holds() {
    let cells = ["=1+1", "a|b", "c,\"d\""].map(Cell::plain).to_vec();
    let head = ["x", "y", "z"].map(str::to_owned).to_vec();
    let table = Table { head, rows: vec![cells], ..Table::default() };
    assert_eq!(table.csv(), "\u{feff}\"x\",\"y\",\"z\"\r\n\"'=1+1\",\"a|b\",\"c,\"\"d\"\"\"\r\n");
    assert_eq!(table.markdown(), "| x | y | z |\n|---|---|---|\n| =1+1 | a\\|b | c,\"d\" |\n");
}
