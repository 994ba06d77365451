//! A compiler for the planner: one that has WebAssembly's standard library, or one that can build it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use crate::process::{Children, Interrupted, say};
use crate::{Repo, packages};

/// The target the planner is built for.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";
/// Debian's compiler with the standard library's source, and a linker.
const PACKAGES: [&str; 3] = ["rustc-web", "rust-web-src", "lld-19"];
/// The oldest and the newest linker of LLVM that is looked for by its versioned name. It need not match the compiler's LLVM.
const LINKERS: (u32, u32) = (14, 30);

/// How to call cargo for the planner.
pub(crate) struct Toolchain {
    /// The compiler, where it is not the one cargo takes by itself.
    rustc: Option<PathBuf>,
    standard_library: StandardLibrary,
}

enum StandardLibrary {
    Installed,
    /// Compiled from source; `None` is a linker that the compiler brings.
    Built {
        linker: Option<PathBuf>,
    },
}

impl Toolchain {
    /// Finds a toolchain, or brings one: by rustup, else by Debian's packages.
    pub(crate) fn ensure(repo: &Repo) -> Result<Self> {
        let children = &repo.children;
        if let Some(found) = Self::find(children)? {
            return Ok(found);
        }
        if packages::find(&["rustup"]).is_some() {
            say("no source of Rust's standard library yet: asking rustup");
            let mut add = Command::new("rustup");
            // Where it cannot work it shall say so at once: there is a second way.
            add.args(["component", "add", "rust-src"]).current_dir(&repo.root);
            add.env("RUSTUP_MAX_RETRIES", "0").env("RUSTUP_DOWNLOAD_TIMEOUT", "20");
            match children.run("rustup component add", &mut add) {
                Ok(()) => (),
                Err(error) if error.is::<Interrupted>() => return Err(error),
                Err(_) => say("rustup cannot bring it; trying Debian's packages"),
            }
            if let Some(found) = Self::find(children)? {
                return Ok(found);
            }
        }
        packages::install(
            children,
            &format!("the planner needs a Rust compiler for {TARGET} (`rustup component add rust-src`, or these)"),
            &PACKAGES,
        )?;
        match Self::find(children)? {
            Some(found) => Ok(found),
            None => bail!(
                "no Rust compiler for {TARGET}: `rustup component add rust-src`, or install rust-src and a WebAssembly linker of LLVM"
            ),
        }
    }

    /// One that can build the library comes first: it is asked to be small, which an installed one is not.
    fn find(children: &Children) -> Result<Option<Self>> {
        let named = std::env::var_os("RUSTC").map(PathBuf::from);
        let active = named.clone().unwrap_or_else(|| PathBuf::from("rustc"));
        let others = [std::env::var_os("WASM_RUSTC").map(PathBuf::from), Some(PathBuf::from("/usr/bin/rustc"))];
        let all: Vec<PathBuf> = [active.clone()].into_iter().chain(others.into_iter().flatten()).collect();
        let with = |rustc: &PathBuf, standard_library| Self {
            // What cargo takes by itself is not named to it.
            rustc: (named.is_some() || *rustc != active).then(|| rustc.clone()),
            standard_library,
        };
        for rustc in &all {
            if let Some(built) = source(children, rustc)? {
                return Ok(Some(with(rustc, built)));
            }
        }
        for rustc in &all {
            if has_library(children, rustc)? {
                return Ok(Some(with(rustc, StandardLibrary::Installed)));
            }
        }
        Ok(None)
    }

    /// `cargo build` for the planner's target. Everything is set on this command alone: native builds keep their compiler.
    pub(crate) fn cargo_build(&self) -> Command {
        let mut command = Command::new("cargo");
        command.args(["build", "--target", TARGET]);
        if let Some(rustc) = &self.rustc {
            command.env("RUSTC", rustc);
        }
        if let StandardLibrary::Built { linker } = &self.standard_library {
            command.env("RUSTC_BOOTSTRAP", "1");
            command.args(["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"]);
            // A panic is a trap and no more: its sentence, and all that writes it, would travel to everybody.
            command.args(["-Zpanic-immediate-abort", "--config", "profile.web.panic='immediate-abort'"]);
            if let Some(linker) = linker {
                command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
            }
        }
        command
    }

    /// Whether the standard library is made small along with the planner; an installed one is as it is.
    pub(crate) fn makes_it_small(&self) -> bool {
        matches!(self.standard_library, StandardLibrary::Built { .. })
    }

    /// In words, for the first line of a build.
    pub(crate) fn describe(&self) -> String {
        let rustc = self.rustc.as_deref().unwrap_or(Path::new("rustc")).display();
        match &self.standard_library {
            StandardLibrary::Installed => format!("{rustc}, standard library installed"),
            StandardLibrary::Built { .. } => format!("{rustc}, standard library built from source"),
        }
    }
}

/// What a compiler prints about itself; `None` if there is no such compiler.
fn ask(children: &Children, rustc: &Path, question: &[&str]) -> Result<Option<String>> {
    match children.output(Command::new(rustc).args(question)) {
        Err(error) if error.is::<Interrupted>() => Err(error),
        answer => Ok(answer.ok()),
    }
}

/// The compiler names the library's folder whether it is there or not, so look inside.
fn has_library(children: &Children, rustc: &Path) -> Result<bool> {
    let Some(folder) = ask(children, rustc, &["--print", "target-libdir", "--target", TARGET])? else {
        return Ok(false);
    };
    let Ok(entries) = fs::read_dir(folder) else {
        return Ok(false);
    };
    Ok(entries.flatten().any(|entry| {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        name.starts_with("libstd-") && name.ends_with(".rlib")
    }))
}

/// The library's source with a linker to go with it.
fn source(children: &Children, rustc: &Path) -> Result<Option<StandardLibrary>> {
    let (Some(sysroot), Some(host)) =
        (ask(children, rustc, &["--print", "sysroot"])?, ask(children, rustc, &["--print", "host-tuple"])?)
    else {
        return Ok(None);
    };
    let rustlib = Path::new(&sysroot).join("lib/rustlib");
    if !rustlib.join("src/rust/library/std/Cargo.toml").is_file() {
        return Ok(None);
    }
    if rustlib.join(host).join("bin/rust-lld").is_file() {
        return Ok(Some(StandardLibrary::Built { linker: None }));
    }
    let names: Vec<String> = std::iter::once("wasm-ld".to_owned())
        .chain((LINKERS.0..=LINKERS.1).rev().map(|version| format!("wasm-ld-{version}")))
        .collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    Ok(packages::find(&names).map(|linker| StandardLibrary::Built { linker: Some(linker) }))
}
