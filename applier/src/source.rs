//! The disk: with what is below it the only part of the program that opens files. Everything is read whole and with a cap, before
//! anything is done with it; nothing is followed out of the folder that was named.

pub(crate) mod charts;
pub(crate) mod output;

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Component, Path};

use shared::bundle::{self, Bundle, BundleError, COMPRESSED_MAX};
use shared::text::Text;
use shared::topology::{ReadError, Topology};
use shared::yaml::INPUT_MAX;

use crate::applyset::sha256;
use crate::error::{Exit, Failure};
use crate::report::Report;

/// A PEM file is a few kilobytes; chains of many links are still far below this.
pub(crate) const PEM_CAP: u64 = 256 * 1024;

/// How much of a program is read to tell it from others: the loader's tables and the build id stand within.
const BEGINNING: u64 = 64 * 1024;

/// A topology, with the text it was read from: findings point into it.
pub(crate) struct Drawing {
    /// What the operator calls it: the path, or that of the file in the bundle.
    pub(crate) place: String,
    /// The text.
    pub(crate) text: String,
    /// The topology.
    pub(crate) topology: Topology,
}

impl Drawing {
    fn read(place: String, text: String) -> Result<Self, Failure> {
        let topology = Topology::read(&text).map_err(|error| unread(&place, error))?;
        Ok(Self { place, text, topology })
    }
}

/// Reads a topology file, or standard input.
pub(crate) fn topology(path: &Path, report: &Report) -> Result<Drawing, Failure> {
    if !is_stdin(path) && kind(path) == Kind::Directory {
        let what = Text::new("this is a directory, not a topology file", "这是目录，不是拓扑文件");
        let failure = Failure::new(Exit::Data, what).at(path.display());
        let hint = Text::new("a bundle holds its topology in topology.yaml", "安装包中的拓扑位于 topology.yaml");
        return Err(if kind(&path.join(bundle::TOPOLOGY)) == Kind::File { failure.hint(hint) } else { failure });
    }
    topology_of(called(path), input(path, INPUT_MAX as u64, report)?)
}

/// Reads a bundle: a directory, a zip, or a zip on standard input.
pub(crate) fn bundle(path: &Path, report: &Report) -> Result<Bundle, Failure> {
    if !is_stdin(path) && kind(path) == Kind::Directory {
        return folder(path);
    }
    let bytes = input(path, COMPRESSED_MAX as u64, report)?;
    if !is_zip(&bytes) {
        let what = Text::new(
            "this is neither a zip nor a directory, so it is no bundle",
            "既不是 zip 也不是目录，因此不是安装包",
        );
        return Err(Failure::new(Exit::Data, what).at(called(path)).hint(Text::new(
            "make a bundle of a topology: `isthmus generate TOPOLOGY -o BUNDLE`",
            "由拓扑生成安装包：`isthmus generate TOPOLOGY -o BUNDLE`",
        )));
    }
    Bundle::from_zip(&bytes).map_err(|error| unbound(&called(path), error))
}

/// Reads the drawing out of whatever is there: a topology file or a bundle.
pub(crate) fn drawing(path: &Path, report: &Report) -> Result<Drawing, Failure> {
    let name = called(path);
    let mut bundle = if !is_stdin(path) && kind(path) == Kind::Directory {
        folder(path)?
    } else {
        let bytes = input(path, COMPRESSED_MAX as u64, report)?;
        if !is_zip(&bytes) {
            return topology_of(name, bytes);
        }
        Bundle::from_zip(&bytes).map_err(|error| unbound(&name, error))?
    };
    let text = bundle.files.remove(bundle::TOPOLOGY).unwrap_or_default();
    Drawing::read(inside(&name, bundle::TOPOLOGY, 0), text)
}

fn topology_of(name: String, bytes: Vec<u8>) -> Result<Drawing, Failure> {
    if is_zip(&bytes) {
        let what = Text::new("this is a zip, not a topology file", "这是 zip，不是拓扑文件");
        return Err(Failure::new(Exit::Data, what)
            .at(name)
            .hint(Text::new("a bundle holds its topology in topology.yaml", "安装包中的拓扑位于 topology.yaml")));
    }
    let text = String::from_utf8(bytes).map_err(|error| not_utf8(&name, &error.into_bytes()))?;
    Drawing::read(name, text)
}

/// What keeps a bundle's directory from being read: what its files hold, or the disk.
enum Unread {
    Bundle(BundleError),
    Disk(Failure),
}

impl From<BundleError> for Unread {
    fn from(error: BundleError) -> Self {
        Self::Bundle(error)
    }
}

/// Reads a bundle's directory: the files its index names and the layout. What else lies there (a repository's own files, a folder of
/// certificates) is no part of the bundle and is never looked at; a link is never followed.
fn folder(path: &Path) -> Result<Bundle, Failure> {
    let read = Bundle::from_folder(|name, max| {
        let file = path.join(name);
        let mut found = None;
        for part in file.ancestors().take_while(|part| *part != path) {
            let there = fs::symlink_metadata(part);
            if there.as_ref().is_ok_and(fs::Metadata::is_symlink) {
                return Err(Unread::Bundle(BundleError::link(name)));
            }
            found = found.or(Some(there.is_ok_and(|there| there.is_file())));
        }
        if found == Some(true) { bytes(&file, max as u64).map(Some).map_err(Unread::Disk) } else { Ok(None) }
    });
    read.map_err(|error| match error {
        Unread::Bundle(error) => unbound(&called(path), error),
        Unread::Disk(failure) => failure,
    })
}

/// Reads a file that was named on the command line, or standard input for `-`.
fn input(path: &Path, cap: u64, report: &Report) -> Result<Vec<u8>, Failure> {
    if !is_stdin(path) {
        return bytes(path, cap);
    }
    let read = report.input(cap).map_err(|error| unreadable(path, &error))?;
    if read.len() as u64 > cap { Err(too_large(&called(path), cap)) } else { Ok(read) }
}

fn is_stdin(path: &Path) -> bool {
    path == Path::new("-")
}

/// What messages call an input.
fn called(path: &Path) -> String {
    if is_stdin(path) { "<stdin>".to_owned() } else { path.display().to_string() }
}

/// A file in a bundle, with its line where there is one.
fn inside(bundle: &str, file: &str, line: u32) -> String {
    let bundle = bundle.trim_end_matches('/');
    // A name that leads out of the bundle must not read as a path that does.
    let stays = Path::new(file).components().all(|part| matches!(part, Component::Normal(_)));
    let place = match (file.is_empty(), stays) {
        (true, _) => bundle.to_owned(),
        (false, true) => format!("{bundle}/{file}"),
        (false, false) => format!("{bundle}: {file}"),
    };
    if line == 0 { place } else { format!("{place}:{line}") }
}

/// Whether these bytes are meant as a zip, whole or not.
fn is_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK")
}

fn unread(place: &str, error: ReadError) -> Failure {
    Failure::new(Exit::Data, error.what).at(inside(place, "", error.line)).hint(error.hint)
}

fn unbound(bundle: &str, error: BundleError) -> Failure {
    Failure::new(Exit::Data, error.what).at(inside(bundle, &error.path, error.line)).hint(error.hint)
}

/// Reads a text file.
pub(crate) fn text(path: &Path, cap: u64) -> Result<String, Failure> {
    let bytes = bytes(path, cap)?;
    String::from_utf8(bytes).map_err(|error| not_utf8(&path.display().to_string(), &error.into_bytes()))
}

/// Reads a file.
pub(crate) fn bytes(path: &Path, cap: u64) -> Result<Vec<u8>, Failure> {
    let read = || -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        File::open(path)?.take(cap.saturating_add(1)).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    let bytes = read().map_err(|error| unreadable(path, &error))?;
    if bytes.len() as u64 > cap {
        return Err(too_large(&path.display().to_string(), cap));
    }
    Ok(bytes)
}

/// A digest by which a program is told from every other: of its size and of its beginning, which in what Go and Rust build holds an id
/// of all the rest, and in a script what it does.
pub(crate) fn fingerprint(path: &Path) -> Option<String> {
    let mut file = File::open(path).ok()?;
    let length = file.metadata().ok()?.len();
    let mut start = Vec::new();
    file.by_ref().take(BEGINNING).read_to_end(&mut start).ok()?;
    start.extend(length.to_le_bytes());
    Some(sha256(&start))
}

/// Who runs the program, and where, as others may know them: `ann@laptop`.
pub(crate) fn operator() -> String {
    let user = ["USER", "LOGNAME", "USERNAME"].iter().find_map(|name| std::env::var(name).ok());
    let named = std::env::var("HOSTNAME").ok();
    let host = named.or_else(|| text(Path::new("/proc/sys/kernel/hostname"), 256).ok());
    let host = host.as_deref().map_or("", str::trim);
    format!("{}@{}", user.as_deref().unwrap_or("somebody"), if host.is_empty() { "somewhere" } else { host })
}

/// What is at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Nothing.
    Nothing,
    /// A file, or something else that can be read like one.
    File,
    /// A directory.
    Directory,
}

/// Looks at a path; what may not be looked at is nothing.
pub(crate) fn kind(path: &Path) -> Kind {
    match fs::metadata(path) {
        Ok(found) if found.is_dir() => Kind::Directory,
        Ok(_) => Kind::File,
        Err(_) => Kind::Nothing,
    }
}

/// The failure of a file that cannot be opened or read.
fn unreadable(path: &Path, error: &io::Error) -> Failure {
    let what = match error.kind() {
        io::ErrorKind::NotFound => {
            return Failure::new(Exit::Data, Text::new("there is no such file", "文件不存在"))
                .at(path.display())
                .hint(from_where());
        }
        io::ErrorKind::PermissionDenied => Text::new("you may not read this file", "没有读取该文件的权限"),
        io::ErrorKind::IsADirectory => Text::new("this is a directory, not a file", "这是目录，不是文件"),
        _ => {
            return Failure::new(Exit::Data, Text::new("cannot read this file", "无法读取该文件"))
                .at(path.display())
                .because(error);
        }
    };
    Failure::new(Exit::Data, what).at(path.display())
}

/// Most files that are missing are somewhere else.
fn from_where() -> Text {
    let here = std::env::current_dir().map(|here| here.display().to_string()).unwrap_or_default();
    Text::new(format!("check the path; you are in {here}"), format!("请检查路径；当前目录为 {here}"))
}

fn too_large(place: &str, cap: u64) -> Failure {
    let mebibytes = cap / (1024 * 1024);
    let size = if mebibytes > 0 { format!("{mebibytes} MiB") } else { format!("{} KiB", cap / 1024) };
    Failure::new(Exit::Data, Text::new(format!("larger than the {size} that are read"), format!("超过可读取的 {size}")))
        .at(place)
        .hint(Text::new("check that it is the right file", "请确认文件是否正确"))
}

/// Says on which line the first byte stands that is no UTF-8.
fn not_utf8(place: &str, bytes: &[u8]) -> Failure {
    let valid = bytes.utf8_chunks().next().map_or("", |chunk| chunk.valid());
    let line = 1 + valid.matches('\n').count();
    Failure::new(Exit::Data, Text::new("this is not UTF-8 text", "不是 UTF-8 文本"))
        .at(format!("{place}:{line}"))
        .hint(Text::new("save the file as UTF-8", "请将文件保存为 UTF-8"))
}
