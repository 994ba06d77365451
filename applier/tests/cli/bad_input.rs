//! Bad input: one clear error that says what, where and what to do, with the right status, and nothing written.

use std::io::{Cursor, Read, Write};

use crate::program::{Desk, TOPOLOGY};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

#[test]
fn a_field_that_is_not_known() {
    let desk = Desk::with("network: network2", "netwrok: network2");
    let expected = "\
65
err| error: topology.yaml:9: the field `netwrok` is not known
err| hint: did you mean `network`?
";
    desk.check("validate topology.yaml", expected);
    desk.check("generate topology.yaml -o mesh1", expected);
    assert!(!desk.path("mesh1").exists());
}

#[test]
fn a_name_that_is_none() {
    let desk = Desk::with("name: cluster2", "name: Cluster_2");
    desk.check(
        "generate topology.yaml -o mesh1",
        "\
79
err| error: topology.yaml:9: `Cluster_2` cannot name a cluster: a remote secret could not carry it [cluster-name-invalid]
err| hint: `cluster-2` would do
err| 1 error; no bundle was written
",
    );
    assert!(!desk.path("mesh1").exists());
}

#[test]
fn a_name_that_is_there_twice() {
    Desk::with("name: cluster2", "name: cluster1").check(
        "validate topology.yaml",
        "\
79
out| error: topology.yaml:9: two clusters are called `cluster1`: istiod would ignore one of them silently [cluster-name-duplicate]
out| hint: give every cluster a name of its own
err| topology.yaml: Multi-primary · different networks, 2 clusters: 1 error
",
    );
}

#[test]
fn a_role_that_points_nowhere() {
    let desk =
        Desk::with("network: network2, role: primary", "network: network2, role: remote, controlPlane: cluster9");
    let output = desk.run("validate topology.yaml");
    let shown = desk.shown(&output);
    assert!(shown.starts_with("79\n"), "{shown}");
    let expected = "\
out| error: topology.yaml:9: `cluster2` is served by `cluster9`, which is not in the drawing [control-plane-unresolved]
out| hint: `controlPlane` can be: cluster1
";
    assert!(shown.contains(expected), "{shown}");
}

#[test]
fn a_version_that_is_not_known_comes_before_its_fields() {
    Desk::with("v1alpha1", "v9").check(
        "validate topology.yaml",
        "\
65
err| error: topology.yaml:1: version `isthmus.dev/v9` of the format is not known here
err| hint: this Isthmus reads `isthmus.dev/v1alpha1`; a file of a newer one needs a newer Isthmus
",
    );
}

#[test]
fn what_is_no_text() {
    let desk = Desk::new();
    desk.write("topology.yaml", b"kind: Topology\n\nname: \xff\xfe\n");
    desk.check(
        "validate topology.yaml",
        "65\nerr| error: topology.yaml:3: this is not UTF-8 text\nerr| hint: save the file as UTF-8\n",
    );
}

#[test]
fn what_is_not_there_or_is_something_else() {
    let desk = Desk::new();
    desk.check(
        "validate mesh1.yaml",
        "65\nerr| error: mesh1.yaml: there is no such file\nerr| hint: check the path; you are in HERE\n",
    );
    std::fs::create_dir(desk.path("empty")).unwrap();
    let no_bundle = "\
65
err| error: empty: there is no bundle.yaml, so this is no bundle
err| hint: make one: `isthmus generate topology.yaml -o bundle.zip`
";
    desk.check("validate empty", no_bundle);
    desk.check("apply empty", no_bundle);
    desk.check(
        "inspect topology.yaml",
        "\
65
err| error: topology.yaml: this is neither a zip nor a directory, so it is no bundle
err| hint: make a bundle of a topology: `isthmus generate TOPOLOGY -o BUNDLE`
",
    );
    desk.write("huge.yaml", vec![b'a'; 2 << 20]);
    desk.check(
        "generate huge.yaml -o mesh1",
        "65\nerr| error: huge.yaml: larger than the 1 MiB that are read\nerr| hint: check that it is the right file\n",
    );
}

/// What a test does to a bundle's files before they are zipped again.
type Change = fn(&mut Vec<(String, Vec<u8>)>);

/// A bundle as a zip, changed.
pub(crate) fn zipped(desk: &Desk, change: impl FnOnce(&mut Vec<(String, Vec<u8>)>)) -> Vec<u8> {
    assert!(desk.run("generate topology.yaml -o whole.zip").status.success());
    let mut archive = ZipArchive::new(Cursor::new(desk.read("whole.zip"))).unwrap();
    let mut files = Vec::new();
    for place in 0..archive.len() {
        let mut entry = archive.by_index(place).unwrap();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        files.push((entry.name().unwrap().into_owned(), bytes));
    }
    change(&mut files);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(name, SimpleFileOptions::default()).unwrap();
        writer.write_all(&bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[track_caller]
fn refused(change: Change, expected: &str) {
    let desk = Desk::new();
    desk.write("mesh1.zip", zipped(&desk, change));
    desk.check("inspect mesh1.zip", expected);
    desk.check("apply mesh1.zip --yes", expected);
}

#[test]
fn a_zip_that_was_cut_short() {
    let desk = Desk::new();
    let zip = zipped(&desk, |_| {});
    for length in [2, 100, zip.len() / 2, zip.len() - 1] {
        desk.write("mesh1.zip", &zip[..length]);
        let shown = desk.shown(&desk.run("apply mesh1.zip"));
        assert!(shown.starts_with("65\nerr| error: mesh1.zip: not a whole zip"), "{length}: {shown}");
        assert!(
            shown.ends_with("err| hint: export it again, or copy it again: it may have been cut short\n"),
            "{shown}"
        );
    }
}

#[test]
fn a_name_that_leads_out_of_the_bundle() {
    let untrusted = "err| hint: do not trust this bundle: ask for it again where it comes from\n";
    refused(
        |files| files.push(("../evil.yaml".to_owned(), Vec::new())),
        &format!("65\nerr| error: mesh1.zip: ../evil.yaml: not a path inside the bundle\n{untrusted}"),
    );
    refused(
        |files| files.push(("clusters/\u{1b}[2Jred".to_owned(), Vec::new())),
        &format!("65\nerr| error: mesh1.zip/clusters/\\u{{1b}}[2Jred: not a path inside the bundle\n{untrusted}"),
    );
}

#[test]
fn a_file_that_is_not_what_it_was() {
    let again = "err| hint: a bundle is applied as it was reviewed: change the topology and generate it again\n";
    refused(
        |files| {
            files
                .iter_mut()
                .filter(|file| file.0.ends_with("cluster1/10-namespace/namespace.yaml"))
                .for_each(|file| file.1.push(b'\n'));
        },
        &format!(
            "65\nerr| error: mesh1.zip/clusters/cluster1/10-namespace/namespace.yaml: was changed after the bundle was made\n{again}"
        ),
    );
    refused(
        |files| files.retain(|file| file.0 != "README.md"),
        &format!("65\nerr| error: mesh1.zip/README.md: is missing\n{again}"),
    );
    refused(
        |files| files.push(("clusters/cluster1/99-more/more.yaml".to_owned(), Vec::new())),
        &format!(
            "65\nerr| error: mesh1.zip/clusters/cluster1/99-more/more.yaml: was added after the bundle was made\n{again}"
        ),
    );
}

#[test]
fn a_bundle_of_another_version() {
    refused(
        |files| {
            let index = &mut files.iter_mut().find(|file| file.0 == "bundle.yaml").unwrap().1;
            *index = String::from_utf8_lossy(index).replace("isthmus.dev/v1alpha1", "isthmus.dev/v9").into_bytes();
        },
        "\
65
err| error: mesh1.zip/bundle.yaml: version `isthmus.dev/v9` of the format is not known here
err| hint: this Isthmus reads `isthmus.dev/v1alpha1`; a bundle of a newer one needs a newer Isthmus
",
    );
}

/// Numbers that look random and are the same in every run.
fn numbers() -> impl FnMut() -> usize {
    let mut state = 42_u32;
    move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as usize
    }
}

#[test]
fn a_damaged_zip_never_makes_it_panic() {
    let desk = Desk::new();
    let whole = zipped(&desk, |_| {});
    let mut number = numbers();
    for round in 0..60 {
        let mut zip = whole.clone();
        for _ in 0..=round % 3 {
            let place = number() % zip.len();
            zip[place] ^= 1 << (number() % 8);
        }
        desk.write("mesh1.zip", &zip);
        let output = desk.run("inspect mesh1.zip");
        assert!(matches!(output.status.code(), Some(0 | 65)), "{round}: {}", desk.shown(&output));
    }
}

#[test]
fn a_damaged_topology_never_makes_it_panic() {
    let desk = Desk::new();
    let mut number = numbers();
    for round in 0..60 {
        let mut bytes = TOPOLOGY.as_bytes().to_vec();
        for _ in 0..4 {
            let place = number() % bytes.len();
            bytes[place] = b"{}[]:-,\n #'\"\x00\xff&*!|>%@`"[number() % 22];
        }
        desk.write("topology.yaml", &bytes);
        let output = desk.run("validate topology.yaml");
        let status = output.status.code();
        assert!(
            matches!(status, Some(0 | 65 | 79)),
            "{round}: {}\n{}",
            desk.shown(&output),
            String::from_utf8_lossy(&bytes)
        );
    }
}
