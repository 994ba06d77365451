//! Every topology gives exactly the bundle that a person reviewed: `tests/bundles/<name>/`. Bless with `UPDATE=1`.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::Path;

use shared::bundle::Bundle;
use shared::preset::presets;
use shared::topology::Topology;

/// Reads a topology of the tests by its name.
fn topology(name: &str) -> Topology {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("topologies/{name}.yaml"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    Topology::read(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Compares the bundle of a topology with its golden tree, and takes it through a zip and back.
fn check(name: &str) {
    let topology = topology(name);
    let bundle = Bundle::write(&topology, None).unwrap_or_else(|findings| panic!("{name}: {findings:?}"));
    tests::golden::golden_tree(name, &bundle.files);
    assert_eq!(Bundle::from_zip(&bundle.to_zip()).as_ref(), Ok(&bundle), "{name}: reading undoes writing");
    assert_eq!(Topology::read(&bundle.files["topology.yaml"]).as_ref(), Ok(&topology), "{name}: the drawing survives");
    assert_eq!(
        bundle.to_zip(),
        Bundle::write(&topology, None).unwrap().to_zip(),
        "{name}: the same input, the same bytes"
    );
}

#[test]
fn multi_primary() {
    check("multi-primary");
}

#[test]
fn multi_primary_on_different_networks() {
    check("multi-primary-multi-network");
}

#[test]
fn primary_remote() {
    check("primary-remote");
}

#[test]
fn primary_remote_on_different_networks() {
    check("primary-remote-multi-network");
}

#[test]
fn multi_primary_by_helm() {
    check("multi-primary-helm");
}

#[test]
fn multi_primary_on_different_networks_by_helm() {
    check("multi-primary-multi-network-helm");
}

#[test]
fn primary_remote_by_helm() {
    check("primary-remote-helm");
}

#[test]
fn primary_remote_on_different_networks_by_helm() {
    check("primary-remote-multi-network-helm");
}

#[test]
fn a_single_cluster() {
    check("single");
}

#[test]
fn an_external_control_plane_by_host_name() {
    check("external-dns");
}

#[test]
fn an_external_control_plane_by_address() {
    check("external-ip");
}

#[test]
fn an_external_control_plane_with_two_remotes() {
    check("external-two-remotes");
}

#[test]
fn ingress_and_egress_gateways() {
    check("ingress-egress");
}

#[test]
fn an_ingress_of_the_gateway_api() {
    check("ingress-gateway-api");
}

#[test]
fn gateways_behind_node_ports_and_an_address_translation() {
    check("node-port-and-nat");
}

#[test]
fn an_api_server_behind_its_gateway() {
    check("api-server-by-gateway");
}

#[test]
fn names_that_yaml_readers_retype_are_ordinary_names() {
    check("awkward-names");
}

#[test]
fn presets_are_the_topologies_of_the_same_name() {
    for preset in presets() {
        assert_eq!(preset.topology, topology(preset.id), "{}", preset.id);
    }
}

#[test]
fn archived_releases() {
    for name in [
        "multi-primary-classic",
        "multi-primary-multi-network-classic",
        "primary-remote-classic",
        "shared-control-plane",
    ] {
        check(name);
    }
}

#[test]
fn a_revision() {
    check("revision");
}
