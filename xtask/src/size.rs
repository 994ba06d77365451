//! `size`: what the planner weighs on the wire, and the gate.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process::{print, say};
use crate::{Repo, planner};

/// Bytes, compressed, of all that loads: more fails.
const GATE: u64 = 379_000;
/// The same, where the standard library is installed as it is and cannot be made small.
const GATE_INSTALLED: u64 = 397_000;
/// What is wished for.
const GOAL: u64 = 250_000;
/// Compresses as a web server does at its best. Node is there anyway, for the browser's tests.
const BROTLI: &str = "const z=require('zlib'),f=require('fs');for(const p of process.argv.slice(1))\
    console.log(z.brotliCompressSync(f.readFileSync(p),{params:{[z.constants.BROTLI_PARAM_QUALITY]:11}}).length)";

/// Prints a table; fails above the gate.
pub(crate) fn size(repo: &Repo) -> Result<()> {
    let gate = if planner::build(repo)?.makes_it_small() { GATE } else { GATE_INSTALLED };
    let dist = planner::dist(repo);
    let paths: Vec<_> = planner::files().map(|name| dist.join(name)).collect();
    say("planner: compressing");
    let answer =
        repo.children.output(Command::new("node").args(["-e", BROTLI]).args(&paths)).context("brotli is Node's")?;
    let compressed: Vec<u64> =
        answer.lines().map(str::parse).collect::<Result<_, _>>().context("Node printed something else than sizes")?;

    let mut table = format!("{:<14} {:>10} {:>10}\n", "planner", "bytes", "brotli");
    let mut total = (0, 0);
    for ((name, path), compressed) in planner::files().zip(&paths).zip(&compressed) {
        let raw = fs::metadata(path).with_context(|| format!("cannot read {}", path.display()))?.len();
        total = (total.0 + raw, total.1 + compressed);
        table.push_str(&line(name, raw, *compressed));
    }
    table.push_str(&line("all", total.0, total.1));
    print(&table)?;
    match total.1 {
        more if more > gate => {
            bail!("the planner weighs {more} bytes compressed; the gate is {gate}")
        }
        some if some > GOAL => print(&format!("below the gate of {gate}, above the goal of {GOAL}\n")),
        _ => print(&format!("below the goal of {GOAL} (gate {gate})\n")),
    }
}

fn line(name: &str, raw: u64, compressed: u64) -> String {
    format!("{name:<14} {raw:>10} {compressed:>10}\n")
}
