//! The three streams of the process and what the environment says about them; tests hand in streams of their own.

use std::collections::BTreeMap;
use std::io::{self, IsTerminal, Read, Write};

/// Where a run reads from and writes to, and the variables it looks at.
pub struct Streams {
    /// Standard input: a bundle given as `-`, and answers to questions.
    pub stdin: Box<dyn Read + Send>,
    /// Standard output: results.
    pub stdout: Box<dyn Write + Send>,
    /// Standard error: talk.
    pub stderr: Box<dyn Write + Send>,
    /// Which of them are terminals.
    pub terminals: Terminals,
    /// The environment: language, colour, terminal.
    pub variables: BTreeMap<String, String>,
}

/// Which streams are terminals; each is judged apart.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Terminals {
    /// Standard input: there is somebody to ask.
    pub stdin: bool,
    /// Standard output: there is somebody to please.
    pub stdout: bool,
    /// Standard error: there is somebody to keep company.
    pub stderr: bool,
}

impl Streams {
    /// The streams and the environment of this process.
    pub fn of_process() -> Self {
        let terminals = Terminals {
            stdin: io::stdin().is_terminal(),
            stdout: io::stdout().is_terminal(),
            stderr: io::stderr().is_terminal(),
        };
        // A variable that is not UTF-8 is nothing we can read a language or a wish from.
        let variables = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        Self {
            stdin: Box::new(io::stdin()),
            stdout: Box::new(io::stdout()),
            stderr: Box::new(io::stderr()),
            terminals,
            variables,
        }
    }

    /// Whether the terminal can do no more than print lines.
    pub fn is_dumb(&self) -> bool {
        self.variable("TERM") == Some("dumb")
    }

    /// A variable that is set and not empty: an empty one counts as unset everywhere here.
    pub fn variable(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }
}
