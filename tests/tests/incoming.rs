//! What comes into the planner takes little time and room, however it is made: bombs are refused or passed over. A test of its own, so that
//! what the process takes is what the reader took.

#![expect(clippy::print_stdout, reason = "how much each took is worth a line")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::time::{Duration, Instant};

use miniz_oxide::deflate::compress_to_vec;
use web::incoming::Way;

/// The most that any of them may take, beside what came in.
const TIME_MAX: Duration = Duration::from_secs(2);
const ROOM_MAX: usize = 32 << 20;

const MIB: usize = 1 << 20;

/// Writes what is packed as a link does: in base64 for URLs.
fn linked(packed: &[u8]) -> String {
    use base64::Engine;
    ["v1:", &base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(packed)].concat()
}

/// A PNG with a text of ours in it.
fn dots(text: &str) -> Vec<u8> {
    let chunk = [&b"tEXtisthmus\0"[..], text.as_bytes()].concat();
    let length = u32::try_from(chunk.len() - 4).unwrap().to_be_bytes();
    [&b"\x89PNG\r\n\x1a\n"[..], &length, &chunk, &[0; 4]].concat()
}

/// Steps, each of which says the one before twice.
fn doubling() -> String {
    let double = |at: u32| format!("\u{1e}\u{1f}\u{1f}1\u{1f}{0}\u{1f}{0}\u{1f}", 1_u64 << at);
    ["0\u{1e}\u{1f}\u{1f}1\u{1f}0\u{1f}0\u{1f}x".to_owned(), (0..60).map(double).collect()].concat()
}

/// A large state, and two hundred that differ from it in nothing.
fn repeated() -> String {
    let same = format!("\u{1e}\u{1f}\u{1f}1\u{1f}{}\u{1f}0\u{1f}", 4 * MIB);
    format!("0\u{1e}\u{1f}\u{1f}1\u{1f}0\u{1f}0\u{1f}{}{}", "x".repeat(4 * MIB), same.repeat(200))
}

/// Returns a number of the process, in bytes.
fn of_process(field: &str) -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(field)).unwrap();
    line.trim().trim_end_matches(" kB").parse::<usize>().unwrap() << 10
}

#[test]
fn no_bomb_takes_time_or_room() {
    let zeros = compress_to_vec(&vec![0; 64 * MIB], 9);
    let names = "\u{0}".repeat(16 * MIB);
    let many = format!("clusters:\n{}", "- name: a\n  role: primary\n".repeat(100_000));
    let bombs: Vec<(&str, Way, Vec<u8>)> = vec![
        ("zeros in a link", Way::Link, linked(&zeros).into_bytes()),
        ("a long link", Way::Link, format!("v1:{}", "A".repeat(16 * MIB)).into_bytes()),
        ("zeros in a PNG", Way::Dots, dots(&linked(&zeros))),
        ("a PNG of empty chunks", Way::Dots, [&b"\x89PNG\r\n\x1a\n"[..], &vec![0; 4 * MIB]].concat()),
        ("a chunk that ends nowhere", Way::Dots, [&b"\x89PNG\r\n\x1a\n"[..], &[0xff; 64]].concat()),
        (
            "a picture that holds much",
            Way::Picture,
            format!("<svg><metadata id=\"isthmus-topology\">{}</metadata>", "&lt;".repeat(3 * MIB)).into_bytes(),
        ),
        (
            "a picture that begins often",
            Way::Picture,
            ["<svg>", &"<metadata id=\"isthmus-topology\">".repeat(MIB / 4)].concat().into_bytes(),
        ),
        ("a draft of zeros", Way::Draft, ["1 1 a\n", &names].concat().into_bytes()),
        ("a draft with a long name", Way::Draft, ["1 1 ", &"a".repeat(16 * MIB), "\n"].concat().into_bytes()),
        ("steps that double", Way::Steps, doubling().into_bytes()),
        ("steps that repeat", Way::Steps, repeated().into_bytes()),
        ("clusters without end", Way::Paste, many.clone().into_bytes()),
        ("a file of clusters without end", Way::File, [HEAD, &many].concat().into_bytes()),
        ("a file of brackets", Way::File, ["kind: Topology\na: ", &"[".repeat(MIB / 2)].concat().into_bytes()),
    ];
    // What is made once is made before.
    for way in Way::ALL {
        assert!(way.read(&way.template()).unwrap().is_ok(), "{way:?}");
    }
    for (name, way, bytes) in &bombs {
        // Forgets what was taken before (proc(5): `clear_refs`).
        fs::write("/proc/self/clear_refs", "5").unwrap();
        let (room, begun) = (of_process("VmRSS:"), Instant::now());
        let read = way.read(bytes);
        let (time, room) = (begun.elapsed(), of_process("VmHWM:").saturating_sub(room));
        println!("{name}: {} kB came in, {time:.1?}, {} kB more", bytes.len() >> 10, room >> 10);
        assert!(!matches!(read, Some(Ok(_))) || *way == Way::Steps, "{name} is no drawing");
        assert!(time < TIME_MAX, "{name} took {time:?}");
        assert!(room < ROOM_MAX, "{name} took {} MB", room >> 20);
    }
}

const HEAD: &str = "apiVersion: isthmus.dev/v1alpha1\nkind: Topology\nmetadata: {name: m}\nspec:\n";
