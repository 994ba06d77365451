//! `build`: compiles the planner and lays the static site out in `web/dist/`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use wasm_bindgen_cli_support::Bindgen;

use crate::Repo;
use crate::arrange::arrange;
use crate::cache::{digest, replace};
use crate::process::say;
use crate::shorten;
use crate::toolchain::{TARGET, Toolchain};

/// The profile in the root manifest; cargo puts its output into a folder of that name.
const PROFILE: &str = "web";
/// The page at the root of the repository speaks to `trunk`, which may also build it; in the site its two lines are ours. So is the
/// policy, which holds on any web server (`isthmus serve` sends it too, with what only a header can say), and `trunk` could not live with.
const PAGE: [(&str, &str); 3] = [
    (
        r#"<meta charset="utf-8">"#,
        r#"<meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'">"#,
    ),
    (r#"<link data-trunk rel="css" href="web/style.css">"#, r#"<link rel="stylesheet" href="./style.css">"#),
    (
        r#"<link data-trunk rel="rust" href="web/Cargo.toml" data-bin="web">"#,
        // Asked for at once, not when the one before it has come.
        r#"<link rel="modulepreload" href="./app.js">
  <script type="module" src="./boot.js"></script>"#,
    ),
];
/// Files that are copied from `web/` as they are.
const ASSETS: [&str; 3] = ["boot.js", STYLE, "worker.js"];
const STYLE: &str = "style.css";
/// What there is to say of every finding, by language: loaded when somebody asks, not before.
const EXPLANATIONS: [(&str, &str); 2] = [("explain.en.txt", "en"), ("explain.zh.txt", "zh")];
/// What keeps the planner for when there is no network; it holds the digests of all other files.
const KEEPER: &str = "sw.js";
/// What the list of files is written in place of.
const NO_FILES: &str = "const FILES = {};";
/// Beside the module as it was compiled: its functions by the numbers that a browser tells of a trap.
const FUNCTIONS: &str = "functions.txt";
/// Files that `wasm-bindgen` makes.
pub(crate) const BOUND: [&str; 2] = ["app.js", "app_bg.wasm"];

/// Builds what changed, says where it lies, and returns by what it was built.
pub(crate) fn build(repo: &Repo) -> Result<Toolchain> {
    let toolchain = Toolchain::ensure(repo)?;
    say(&format!("planner: compiling ({})", toolchain.describe()));
    // A folder of its own: the compiler may differ from the one of native builds, and neither waits for the other's lock.
    let target = target_folder(repo).join("planner");
    let mut cargo = toolchain.cargo_build();
    cargo.args(["--package", "web", "--profile", PROFILE]).arg("--target-dir").arg(&target).current_dir(&repo.root);
    repo.children.run("planner", &mut cargo)?;

    let dist = dist(repo);
    fs::create_dir_all(&dist).with_context(|| format!("cannot make {}", dist.display()))?;
    bind(&target.join(TARGET).join(PROFILE).join("web.wasm"), &target, &dist)?;
    for name in ASSETS {
        let shorten = if name == STYLE { shorten::style } else { shorten::lines };
        replace(&dist.join(name), shorten(&read(&repo.root.join("web").join(name))?).as_bytes())?;
    }
    replace(&dist.join("index.html"), page(repo)?.as_bytes())?;
    for (name, lang) in EXPLANATIONS {
        let mut cargo = Command::new("cargo");
        cargo.args(["run", "--quiet", "--package", "shared", "--example", "explanations", "--", lang]);
        let words = repo.children.output(cargo.current_dir(&repo.root)).context("the words of the findings")?;
        replace(&dist.join(name), words.as_bytes())?;
    }
    replace(&dist.join(KEEPER), keeper(repo, &dist)?.as_bytes())?;
    say(&format!("planner: ready in {}", dist.display()));
    Ok(toolchain)
}

/// Writes the list of files into what keeps them.
fn keeper(repo: &Repo, dist: &Path) -> Result<String> {
    let script = read(&repo.root.join("web").join(KEEPER))?;
    if !script.contains(NO_FILES) {
        bail!("web/{KEEPER} must hold `{NO_FILES}`");
    }
    let mut files = "const FILES = {\n".to_owned();
    for name in files_loaded().chain(EXPLANATIONS.map(|(name, _)| name)) {
        let path = dist.join(name);
        let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        // Asked for as the folder it is in: some servers lead away from its name.
        let name = if name == "index.html" { "./" } else { name };
        files = [&files, "  '", name, "': 'sha256-", &STANDARD.encode(Sha256::digest(&bytes)), "',\n"].concat();
    }
    Ok(script.replace(NO_FILES, &format!("{files}}};")))
}

/// The folder of the static site.
pub(crate) fn dist(repo: &Repo) -> PathBuf {
    repo.root.join("web/dist")
}

/// Names of all files that load with the page, and of what keeps them.
pub(crate) fn files() -> impl Iterator<Item = &'static str> {
    files_loaded().chain([KEEPER])
}

fn files_loaded() -> impl Iterator<Item = &'static str> {
    ["index.html"].into_iter().chain(ASSETS).chain(BOUND)
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("the planner needs {}", path.display()))
}

fn page(repo: &Repo) -> Result<String> {
    let path = repo.root.join("index.html");
    let mut page = read(&path)?;
    for (old, new) in PAGE {
        if !page.contains(old) {
            bail!("{} must hold `{old}`", path.display());
        }
        page = page.replace(old, new);
    }
    Ok(page)
}

fn target_folder(repo: &Repo) -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| repo.root.join("target"), |folder| repo.root.join(folder))
}

/// Makes the browser's half, unless the one that is there was made from this very module, and in this very way.
fn bind(module: &Path, target: &Path, dist: &Path) -> Result<()> {
    let wasm = fs::read(module).with_context(|| format!("cannot read {}", module.display()))?;
    let stamp = target.join("bound");
    let made_from = digest(&[&wasm, include_bytes!("arrange.rs"), include_bytes!("shorten.rs")]);
    if BOUND.iter().all(|name| dist.join(name).is_file())
        && fs::read_to_string(&stamp).is_ok_and(|old| old == made_from)
    {
        return Ok(());
    }
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(module)
        .out_name("app")
        .typescript(false)
        .remove_name_section(false)
        .remove_producers_section(true);
    let mut output = bindgen.web(true).and_then(Bindgen::generate_output).context("wasm-bindgen")?;
    let fresh = target.join("bindgen");
    output.emit(&fresh).context("wasm-bindgen")?;
    let [script, module] = BOUND.map(|name| fresh.join(name));
    let bytes = fs::read(&module).with_context(|| format!("cannot read {}", module.display()))?;
    let (bytes, script) = shorten::imports(&bytes, &read(&script)?)?;
    replace(&dist.join(BOUND[0]), shorten::lines(&script).as_bytes())?;
    let (bytes, functions) = arrange(&bytes)?;
    replace(&dist.join(BOUND[1]), &bytes)?;
    replace(&target.join(FUNCTIONS), functions.as_bytes())?;
    fs::write(&stamp, made_from).with_context(|| format!("cannot write {}", stamp.display()))
}
