//! What planning and installing cost, each beside its goal. `cargo xtask bench` prints all of it, `cargo xtask bench generation` one part.
//!
//! The machine may be busy, so pairs are run in turn and ratios count more than times.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on fails")]
#![expect(clippy::print_stdout, reason = "a benchmark prints")]

mod apply;
mod browser;
mod drawings;
mod generation;
mod processor;
mod rest;
mod secrets;
mod statistics;
mod way;

/// The parts by name.
const PARTS: [(&str, fn()); 7] = [
    ("generation", generation::measure),
    ("browser", browser::measure),
    ("apply", apply::measure),
    ("rest", rest::measure),
    ("secrets", secrets::measure),
    ("connect", way::connect),
    ("reaction", way::react),
];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if let [word, count] = &arguments[..]
        && word == generation::CHILD
    {
        return generation::child(count);
    }
    for name in &arguments {
        assert!(
            PARTS.iter().any(|(part, _)| part == name),
            "there is no part `{name}`; there are {:?}",
            PARTS.map(|(part, _)| part)
        );
    }
    for (part, measure) in PARTS {
        if arguments.is_empty() || arguments.iter().any(|name| name == part) {
            measure();
        }
    }
}
