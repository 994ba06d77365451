//! Credentials that run out, and plugins that misbehave.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tests::bed::Bed;
use tests::proxy::{Answer, Fault, Phase, Rule, TOKEN};

use super::contacts::{CANARY, ENDLESS, FIRST, Place, kubeconfig};

/// Credentials out of files and plugins.
pub(super) fn all(place: &Place<'_>) {
    let Place { model, bed, front, job, which, .. } = *place;
    // The file changes, and the old token is void, at the second request to each cluster.
    let file = bed.folder().join("token");
    fs::write(&file, "first").unwrap();
    front.tokens(&["first", "second"]);
    let (swapped, by_file) = (file.clone(), kubeconfig(front, "file", |_| json!({"tokenFile": file})));
    front.rule(Rule::always(Fault::Answer(Answer::status(401, "Unauthorized", ""))).after(5).times(1));
    front.hook(move |asked, phase| {
        if asked.number == 5 && phase == Phase::Asked {
            fs::write(&swapped, "second").unwrap();
        }
    });
    place.contact("401 once, token file renewed", &job.clone().reached_by(&by_file), 0, "");
    if which.has(model.name, FIRST, "401 once, token file renewed") {
        let renewed = fs::read_to_string(&file).unwrap() == "second";
        assert!(renewed && front.log().iter().any(|one| one.status == Some(401)), "it was refused in between");
    }
    front.heal().unwrap();

    let good = format!("echo '{}'", json!({"status": {"token": TOKEN}}));
    let mut scripts = vec![
        ("plugin: well", good.clone(), 0, ""),
        ("plugin: slow", format!("sleep 2; {good}"), 0, ""),
        (
            "plugin: exit 1, token on both outputs",
            "echo $CANARY; echo $CANARY >&2; exit 1".to_owned(),
            78,
            "ended with status 1",
        ),
        ("plugin: garbage", "echo \"{$CANARY\"".to_owned(), 78, "does not print a credential"),
        ("plugin: endless output", "yes $CANARY".to_owned(), 78, "prints more than a credential can be"),
        ("plugin: asks a question", "read answer || exit 7".to_owned(), 78, "ended with status 7"),
        (
            "plugin: a token that is refused",
            "echo '{\"status\": {\"token\": \"'$CANARY'\"}}'".to_owned(),
            77,
            "does not accept",
        ),
    ];
    if !which.is_sample() {
        scripts.push((ENDLESS, "sleep 600".to_owned(), 78, "did not end in 30 s"));
    }
    for (number, (name, script, code, words)) in scripts.into_iter().enumerate() {
        let runs = bed.folder().join(format!("runs-{number}"));
        if !which.has(model.name, FIRST, name) {
            continue;
        }
        let path = plugin(bed, number, &runs, &script);
        let by_plugin = kubeconfig(front, &format!("plugin-{number}"), |cluster| exec(&path, cluster));
        place.contact(name, &job.clone().reached_by(&by_plugin), code, words);
        let runs = fs::read_to_string(&runs).unwrap_or_default();
        let most = if code == 77 { 2 } else { 1 };
        for cluster in model.clusters {
            let times = runs.lines().filter(|line| *line == cluster).count();
            assert!((1..=most).contains(&times), "{name} was run {times} times for {cluster}");
        }
    }
}

/// The user of a plugin, with secrets in its variables and arguments.
fn exec(path: &Path, cluster: &str) -> Value {
    json!({"exec": {
        "apiVersion": "client.authentication.k8s.io/v1", "command": path, "args": [cluster, CANARY],
        "env": [{"name": "CANARY", "value": CANARY}], "interactiveMode": "IfAvailable",
    }})
}

/// A plugin that notes each of its runs.
fn plugin(bed: &Bed, number: usize, runs: &Path, script: &str) -> PathBuf {
    let path = bed.folder().join(format!("plugin-{number}.sh"));
    fs::write(&path, format!("#!/bin/sh\necho $1 >> {}\n{script}\n", runs.display())).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path
}
