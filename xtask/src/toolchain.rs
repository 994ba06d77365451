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
            say(&format!("no standard library for {TARGET} yet: asking rustup"));
            let mut add = Command::new("rustup");
            // Where it cannot work it shall say so at once: there is a second way.
            add.args(["target", "add", TARGET]).current_dir(&repo.root);
            add.env("RUSTUP_MAX_RETRIES", "0").env("RUSTUP_DOWNLOAD_TIMEOUT", "20");
            match children.run("rustup target add", &mut add) {
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
            &format!("the planner needs a Rust compiler for {TARGET} (`rustup target add {TARGET}`, or these)"),
            &PACKAGES,
        )?;
        match Self::find(children)? {
            Some(found) => Ok(found),
            None => bail!(
                "no Rust compiler for {TARGET}: `rustup target add {TARGET}`, or install rust-src and a WebAssembly linker of LLVM"
            ),
        }
    }

    fn find(children: &Children) -> Result<Option<Self>> {
        let named = std::env::var_os("RUSTC").map(PathBuf::from);
        let active = named.clone().unwrap_or_else(|| PathBuf::from("rustc"));
        if has_library(children, &active)? {
            return Ok(Some(Self { rustc: named, standard_library: StandardLibrary::Installed }));
        }
        for rustc in std::env::var_os("WASM_RUSTC")
            .map(PathBuf::from)
            .into_iter()
            .chain([active, PathBuf::from("/usr/bin/rustc")])
        {
            let library = if has_library(children, &rustc)? {
                Some(StandardLibrary::Installed)
            } else {
                source(children, &rustc)?
            };
            if let Some(standard_library) = library {
                return Ok(Some(Self { rustc: Some(rustc), standard_library }));
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
            if let Some(linker) = linker {
                command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
            }
        }
        command
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
