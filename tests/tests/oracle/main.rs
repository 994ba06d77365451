//! The source documents as oracle: their own commands are run with programs that only write down what they are given, and
//! all that they would have made is in what Isthmus generates for that model, by value and in an order that they admit.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod compare;
mod deviations;
mod documents;
mod judge;
mod printed;
mod stage;

use std::path::Path;

use shared::mesh::{Mesh, check};
use shared::plan::Plan;
use shared::topology::Topology;

use deviations::DEVIATIONS;
use documents::{ORACLES, Oracle, SAMPLES};
use judge::{Found, MADE_BY, disorder, judge};
use stage::run;

fn mesh(oracle: &Oracle) -> Mesh {
    let topology = oracle.topology;
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("topologies/{topology}.yaml"));
    let mut text = std::fs::read_to_string(path).unwrap();
    for (from, to) in oracle.edits {
        assert!(text.contains(from), "{topology} has no {from}");
        text = text.replacen(from, to, 1);
    }
    let checked = check(&Topology::read(&text).unwrap());
    checked.mesh.unwrap_or_else(|| panic!("{topology}: {:?}", checked.findings))
}

fn found(oracle: &Oracle) -> (Plan, Found) {
    let mesh = mesh(oracle);
    let plan = Plan::new(&mesh);
    let mut found = judge(&mesh, &plan, &run(&oracle.script, &mesh));
    if oracle.document == SAMPLES {
        // The samples are parts of an installation: what they do not have says nothing.
        found.differences.retain(|difference| !difference.path.starts_with(MADE_BY));
    }
    (plan, found)
}

#[test]
fn what_is_generated_is_what_the_documents_print() {
    let mut unused: Vec<bool> = DEVIATIONS.iter().map(|_| true).collect();
    let mut told = Vec::new();
    for oracle in ORACLES {
        let (_, found) = found(oracle);
        assert!(found.objects > 1, "{}: {} objects", oracle.topology, found.objects);
        for difference in &found.differences {
            let row = DEVIATIONS.iter().position(|row| row.covers(oracle.document, difference));
            match row {
                Some(row) => unused[row] = false,
                None => told.push(format!("{} {}: {difference:?}", oracle.document, oracle.topology)),
            }
        }
    }
    assert!(told.is_empty(), "not in the table:\n{}", told.join("\n"));
    let idle: Vec<String> =
        DEVIATIONS.iter().zip(unused).filter(|(_, unused)| *unused).map(|(row, _)| row.row()).collect();
    assert!(idle.is_empty(), "rows that nothing needs:\n{}", idle.join("\n"));
}

#[test]
fn the_reverse_of_a_printed_order_is_refused() {
    for oracle in ORACLES.iter().filter(|oracle| oracle.document != SAMPLES) {
        let (plan, mut found) = found(oracle);
        found.order.reverse();
        assert!(!disorder(&plan, &found.order).is_empty(), "{}", oracle.topology);
    }
}

#[test]
fn the_documentation_shows_the_table() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/models.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let head = "| document | object and path | the document's | ours | why |\n|---|---|---|---|---|\n";
    let rows: String = DEVIATIONS.iter().map(|row| row.row() + "\n").collect();
    if text.contains(&format!("{head}{rows}\n")) {
        return;
    }
    assert!(
        std::env::var("UPDATE").is_ok_and(|update| update == "1"),
        "docs/models.md (UPDATE=1 writes it):\n{head}{rows}"
    );
    let (before, after) = text.split_once(head).expect("the documentation has the table's head");
    let after = after.find("\n\n").map_or("\n", |end| &after[end + 1..]);
    std::fs::write(path, format!("{before}{head}{rows}{after}")).unwrap();
}
