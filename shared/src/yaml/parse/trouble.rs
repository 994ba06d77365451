//! What the reader cannot take, in words.

use crate::text::Text;
use crate::yaml::GuardError;

/// What is wrong in a line.
pub(super) enum Trouble {
    /// A character where nothing can begin with it, and its column, counted from 1.
    Unexpected(char, usize),
    /// No colon behind a key.
    Colon,
    /// A line that begins between the columns of those around it.
    Indent,
    /// A tab that indents.
    Tab,
    /// Quotes or brackets that are not closed.
    Open,
    /// A backslash with something behind it that means nothing.
    Escape,
    /// A character that no text holds.
    Control,
    /// Too many levels.
    Depth,
}

impl Trouble {
    pub(super) fn at(self, line: u32) -> GuardError {
        let (en, zh, hint_en, hint_zh) = match self {
            Trouble::Unexpected(found, column) => {
                return GuardError {
                    line,
                    what: Text::new(
                        format!("`{found}` at column {column} cannot stand there"),
                        format!("第 {column} 列的 `{found}` 不能出现在此处"),
                    ),
                    hint: Text::new(
                        "quote the text if the character is meant, or give what follows a line of its own",
                        "若该字符是内容的一部分，请加引号；否则请将其后的内容另起一行",
                    ),
                };
            }
            Trouble::Colon => (
                "a key without `:` behind it",
                "键的后面缺少 `:`",
                "write `key: value`, with a space behind the colon",
                "请写成 `key: value`，冒号后面有空格",
            ),
            Trouble::Indent => (
                "indented unlike the lines around it",
                "缩进与前后各行不一致",
                "let it begin where the field before it begins",
                "请与前一个字段对齐",
            ),
            Trouble::Tab => ("indented by a tab", "使用了制表符缩进", "indent by spaces", "请用空格缩进"),
            Trouble::Open => (
                "a quote or bracket that begins here is not closed",
                "此处开始的引号或括号没有闭合",
                "close it",
                "请将其闭合",
            ),
            Trouble::Escape => (
                "a backslash in quotes with something behind it that means nothing",
                "引号中的反斜杠后面是无效的转义",
                "write two backslashes where one is meant",
                "若要表示一个反斜杠，请写两个",
            ),
            Trouble::Control => (
                "a control character",
                "包含控制字符",
                "take it out; in double quotes it may be written as `\\x07`",
                "请删除；在双引号中可写作 `\\x07`",
            ),
            Trouble::Depth => (
                "nested too deeply",
                "嵌套过深",
                "no document of Isthmus is that deep: check that it is the right file",
                "Isthmus 的文档不会这么深：请确认文件是否正确",
            ),
        };
        GuardError { line, what: Text::new(en, zh), hint: Text::new(hint_en, hint_zh) }
    }
}
