//! Questions. They are asked only where somebody can answer, standard input and standard error both terminals; elsewhere the failure
//! names the flag that answers.

use std::io::{self, Read, Write};

use shared::text::Text;

use super::{Report, View};
use crate::error::{Exit, Failure};

/// An answer is a word; more than this is no answer.
const LONGEST_ANSWER: usize = 1024;

impl Report {
    /// Asks a question that is answered by yes or no; anything but yes is no. `flag` is what answers it in a script.
    pub(crate) fn confirm(&self, question: &Text, flag: &str) -> Result<bool, Failure> {
        let options = Text::new(" [y/N]", " [y/N]");
        let answer = self.ask(question, &options, flag)?;
        Ok(matches!(answer.to_lowercase().as_str(), "y" | "yes" | "是"))
    }

    /// Asks for a word to be typed out, for what cannot be undone.
    pub(crate) fn confirm_by_typing(&self, question: &Text, word: &str, flag: &str) -> Result<bool, Failure> {
        let options = Text::new(format!(" (type {word})"), format!("（请输入 {word}）"));
        Ok(self.ask(question, &options, flag)? == word)
    }

    /// Fails where nobody can answer, before any work is done for a question that cannot be asked.
    pub(crate) fn must_reach_somebody(&self, flag: &str) -> Result<(), Failure> {
        if self.terminals.stdin && self.terminals.stderr {
            return Ok(());
        }
        let what = Text::new(
            "this asks before it writes, and nobody can answer: not a terminal",
            "写入前需要确认，但当前不是终端，无人可以回答",
        );
        let hint = Text::new(format!("answer beforehand: `{flag}`"), format!("请预先回答：`{flag}`"));
        Err(Failure::new(Exit::Usage, what).hint(hint))
    }

    fn ask(&self, question: &Text, options: &Text, flag: &str) -> Result<String, Failure> {
        self.must_reach_somebody(flag)?;
        let mut desk = self.desk();
        if let View::Progress(progress) = &mut desk.view {
            progress.clear();
        }
        let ink = self.manner.colour.stderr;
        let asked = format!("{}{} ", ink.strong(self.say(question)), self.say(options));
        let answer = desk
            .streams
            .stderr
            .write_all(asked.as_bytes())
            .and_then(|()| desk.streams.stderr.flush())
            .and_then(|()| read_line(&mut desk.streams.stdin));
        answer.map_err(|error| {
            Failure::new(Exit::Failed, Text::new("cannot read the answer", "无法读取回答")).because(error)
        })
    }

    /// Reads standard input to its end; what is longer than the cap is cut one byte behind it, so that the reader notices.
    pub(crate) fn input(&self, cap: u64) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.desk().streams.stdin.by_ref().take(cap.saturating_add(1)).read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

/// Reads up to the line end, byte by byte: what follows belongs to the next question.
fn read_line(stdin: &mut impl Read) -> io::Result<String> {
    let mut line = Vec::new();
    let mut byte = [0];
    while line.len() < LONGEST_ANSWER && stdin.read(&mut byte)? == 1 && byte[0] != b'\n' {
        line.push(byte[0]);
    }
    Ok(String::from_utf8_lossy(&line).trim().to_owned())
}
