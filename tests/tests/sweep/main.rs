//! Every small drawing, and many at random: the wrong ones get findings, the right ones a plan that holds together.
//!
//! All of one and two clusters run each time, and a sample of the others. `SWEEP=all` in the environment takes all of three and
//! four clusters too, `SWEEP=100` one in a hundred of four; both take many more at random.

#![expect(clippy::print_stdout, reason = "how many drawings there are is worth a line")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod chance;
mod garbage;
mod random;
mod small;
mod sound;

use std::thread;

use shared::bundle::Bundle;
use shared::finding::Finding;
use shared::layout::Layout;
use shared::mesh::check;
use shared::plan::Plan;
use shared::scene::{Scene, svg};
use shared::topology::Topology;

/// A release of each dialect.
const RELEASES: [&str; 3] = ["1.31", "1.12", "1.5"];

/// Asserts that reading undoes writing.
fn survives(topology: &Topology) {
    assert_eq!(Topology::read(&topology.write()).as_ref(), Ok(topology), "reading undoes writing");
}

/// Asserts all that must be so of a drawing, right or wrong; says whether it is right.
fn is_sound(topology: &Topology) -> bool {
    let checked = check(topology);
    assert_eq!(checked.mesh.is_none(), checked.findings.iter().any(Finding::is_error), "{topology:?}");
    for finding in &checked.findings {
        let texts = [&finding.what.en, &finding.what.zh, &finding.hint.en, &finding.hint.zh];
        assert!(texts.iter().all(|text| !text.is_empty()), "{finding:?}");
    }
    let Some(mesh) = checked.mesh else { return false };
    survives(topology);
    let plan = Plan::new(&mesh);
    sound::holds_together(topology, &plan);
    sound::can_be_walked(&mesh, &plan);
    let bundle = Bundle::of(&mesh, &plan, None);
    assert_eq!(Bundle::from_zip(&bundle.to_zip()), Ok(bundle), "{topology:?}");
    true
}

fn sweep(count: usize, stride: usize) -> (usize, usize) {
    let of = |release| {
        let (mut drawn, mut valid) = (0, 0);
        small::each(count, stride, release, |topology| {
            drawn += 1;
            if is_sound(topology) {
                valid += 1;
                if release == RELEASES[0] {
                    sound::by_helm(topology);
                }
            } else if drawn % 8 == 0 {
                survives(topology);
            }
        });
        (drawn, valid)
    };
    let swept: Vec<(usize, usize)> = thread::scope(|scope| {
        let threads: Vec<_> = RELEASES.iter().map(|release| scope.spawn(move || of(release))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    swept.iter().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1))
}

/// One in how many drawings of four clusters was asked for: `SWEEP=all` or a number.
fn asked() -> Option<usize> {
    let asked = std::env::var("SWEEP").ok()?;
    Some(if asked == "all" { 1 } else { asked.parse().expect("SWEEP is `all` or a number") })
}

/// How many of what is made at random: many where more than a sample was asked for.
fn many(sample: u64, more: u64) -> u64 {
    if asked().is_some() { more } else { sample }
}

#[test]
fn every_small_drawing_gets_findings_or_a_sound_plan() {
    let (three, four) = asked().map_or((17, 4999), |stride| (1, stride));
    let seen = [sweep(1, 1), sweep(2, 1), sweep(3, three), sweep(4, four)];
    println!("drawings and valid ones among them, by number of clusters: {seen:?}");
    assert!(seen[..3].iter().all(|&(_, valid)| valid > 0));
}

#[test]
fn random_drawings_get_findings_or_a_sound_plan() {
    let count = many(600, 50_000);
    let mut valid = 0;
    for number in 1..=count {
        let topology = random::topology(number);
        let _ = svg(&Scene::new(&topology, &Layout::default()));
        survives(&topology);
        valid += u64::from(is_sound(&topology));
    }
    println!("{valid} of {count} random drawings are valid");
    assert!(valid > count / 100, "{valid} of {count}");
}

#[test]
fn whatever_is_read_is_refused_or_taken() {
    let (refused, taken) = garbage::read_all(many(300, 5_000));
    println!("{refused} refused, {taken} taken");
    assert!(refused > 100 && taken > 100, "{refused} refused, {taken} taken");
    let bundle = Bundle::write(&random_valid(), None).unwrap();
    garbage::bundles(&bundle, many(300, 5_000));
}

/// The first random drawing that is right.
fn random_valid() -> Topology {
    (1..1_000).map(random::topology).find(|topology| check(topology).mesh.is_some()).unwrap()
}

#[test]
fn a_release_that_nobody_knows_is_refused_with_advice() {
    let mut known = 0;
    let texts = (0..80).map(|minor| format!("1.{minor}"));
    let odd = ["", "1", "2.0", "0.8", "latest", "1.x", "v1.31", "1.31.1.1", "1.31-alpha", "٣.١", "1.99999"]
        .map(str::to_owned);
    for version in texts.chain(odd) {
        let mut topology = Topology::empty("mesh1");
        topology.clusters.push(shared::topology::Cluster::primary("cluster1", "network1"));
        topology.istio.version.clone_from(&version);
        let checked = check(&topology);
        if checked.mesh.is_some() {
            known += 1;
            continue;
        }
        let about = checked.findings.iter().find(|finding| finding.is_error() && finding.what.en.contains(&version));
        let hint = &about.unwrap_or_else(|| panic!("{version}: {:?}", checked.findings)).hint;
        assert!(hint.en.contains("1.") && hint.zh.contains("1."), "{version}: {hint:?}");
    }
    assert!(known > 10, "{known} releases are known");
}
