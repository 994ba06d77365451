//! `isthmus certs`: what it makes, who may read it, and what it refuses.

use crate::program::{Desk, files};

/// What to do about a folder that will not do.
const ANEW: &str = "err| hint: `isthmus certs BUNDLE -o DIR` makes the folders that are missing: move this one away to have it made anew\n";

/// A desk with a bundle.
fn desk() -> Desk {
    let desk = Desk::new();
    assert!(desk.run("generate topology.yaml -o mesh1").status.success());
    desk
}

#[test]
fn a_root_and_a_folder_for_every_cluster_are_made_once() {
    let desk = desk();
    let next = "err| Next: isthmus apply mesh1 --certs certs\n";
    let made = "err| certs/root-cert.pem: created\nerr| certs/cluster1: created\nerr| certs/cluster2: created\n";
    desk.check("certs mesh1 -o certs", &format!("0\n{made}{next}"));
    let four = ["ca-cert.pem", "ca-key.pem", "cert-chain.pem", "root-cert.pem"];
    let mut expected: Vec<String> =
        ["cluster1", "cluster2"].iter().flat_map(|c| four.map(|file| format!("{c}/{file}"))).collect();
    expected.extend(["root-cert.pem".to_owned(), "root-key.pem".to_owned()]);
    assert_eq!(files(&desk.path("certs")), expected);
    let before: Vec<_> = expected.iter().map(|file| desk.read(&format!("certs/{file}"))).collect();
    desk.check("certs mesh1 -o certs", &format!("0\nerr| certs/cluster1: kept\nerr| certs/cluster2: kept\n{next}"));
    std::fs::remove_dir_all(desk.path("certs/cluster2")).unwrap();
    let again = "err| certs/root-cert.pem: kept\nerr| certs/cluster2: created\nerr| certs/cluster1: kept\n";
    desk.check("certs mesh1 -o certs", &format!("0\n{again}{next}"));
    for (file, bytes) in
        expected.iter().zip(before).filter(|(file, _)| !file.starts_with("cluster2/ca") && !file.contains("chain"))
    {
        assert!(desk.read(&format!("certs/{file}")) == bytes, "{file} stays as it is");
    }
}

#[cfg(unix)]
#[test]
fn nobody_else_may_read_them() {
    use std::os::unix::fs::PermissionsExt;
    let desk = desk();
    desk.run("certs mesh1 -o certs");
    let mode = |path: &str| std::fs::metadata(desk.path(path)).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode("certs"), mode("certs/cluster1")), (0o700, 0o700));
    for file in files(&desk.path("certs")) {
        assert_eq!(mode(&format!("certs/{file}")), 0o600, "{file}");
    }
}

#[test]
fn a_folder_that_does_not_hold_together_is_refused() {
    let desk = desk();
    desk.run("certs mesh1 -o certs");
    desk.run("certs mesh1 -o other");
    std::fs::copy(desk.path("other/cluster1/ca-key.pem"), desk.path("certs/cluster1/ca-key.pem")).unwrap();
    let pairing = "err| error: certs/cluster1/ca-cert.pem: the private key beside it belongs to another certificate\n";
    desk.check("certs mesh1 -o certs", &format!("78\n{pairing}{ANEW}"));
    std::fs::remove_dir_all(desk.path("certs/cluster1")).unwrap();
    std::fs::remove_file(desk.path("certs/root-key.pem")).unwrap();
    desk.check(
        "certs mesh1 -o certs",
        "\
78
err| error: certs/root-key.pem: root-cert.pem is there without it
err| hint: put it back beside the other, or name an empty folder for a new root CA
",
    );
}

#[test]
fn the_samples_that_istio_publishes_are_refused() {
    let desk = desk();
    desk.run("certs mesh1 -o certs");
    desk.write("certs/cluster1/root-cert.pem", include_str!("../fixtures/istio-sample-root-cert.pem"));
    let sample = "err| error: certs/cluster1/root-cert.pem: this is one of Istio's sample certificates, whose keys everybody has\n";
    desk.check("certs mesh1 -o certs", &format!("78\n{sample}{ANEW}"));
}

#[test]
fn a_folder_that_was_cut_short_is_told() {
    let desk = desk();
    desk.run("certs mesh1 -o certs");
    std::fs::remove_file(desk.path("certs/cluster2/ca-key.pem")).unwrap();
    let missing =
        "err| error: certs/cluster2/ca-key.pem: there is no such file\nerr| hint: check the path; you are in HERE\n";
    desk.check("certs mesh1 -o certs", &format!("78\n{missing}{ANEW}"));
    desk.write("file", "");
    desk.check("certs mesh1 -o file", "73\nerr| error: file: there is a file where a folder is to be\n");
}
