//! What a command hands back when it cannot go on: one failure, with its exit status, its place and what to do about it.
//!
//! Everything that can fail in this crate ends as a [`Failure`]; nothing here prints it, [`crate::report`] does.

use std::fmt;

use serde::Serialize;
use shared::text::Text;

/// The exit statuses of `isthmus`; the numbers above 63 are those of `sysexits.h` as `istioctl` uses them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// What was asked for is done.
    Done = 0,
    /// Failed, for a reason that has no status of its own.
    Failed = 1,
    /// `diff --exit-code` found changes to make.
    Changes = 2,
    /// The command line is wrong.
    Usage = 64,
    /// A topology or bundle cannot be read.
    Data = 65,
    /// A cluster cannot be reached.
    Unreachable = 69,
    /// A program the bundle needs is missing, or of another release.
    Program = 72,
    /// The output cannot be written.
    Output = 73,
    /// Timed out, or another operator is at work: safe to run again.
    Again = 75,
    /// A cluster refuses the account.
    Forbidden = 77,
    /// A context is missing, doubled or leads elsewhere than before, or there is no trust to use.
    Context = 78,
    /// What was read is wrong, or a fact is not so.
    Findings = 79,
    /// Somebody else owns a field.
    Conflict = 80,
    /// Interrupted by the operator.
    Interrupted = 130,
}

impl Exit {
    /// All of them, by number.
    pub const ALL: [Self; 14] = [
        Self::Done,
        Self::Failed,
        Self::Changes,
        Self::Usage,
        Self::Data,
        Self::Unreachable,
        Self::Program,
        Self::Output,
        Self::Again,
        Self::Forbidden,
        Self::Context,
        Self::Findings,
        Self::Conflict,
        Self::Interrupted,
    ];

    /// The number the process ends with.
    pub fn code(self) -> u8 {
        self as u8
    }

    /// What the number means, for the help page.
    pub fn meaning(self) -> Text {
        let (en, zh) = match self {
            Self::Done => ("done", "完成"),
            Self::Failed => ("failed", "失败"),
            Self::Changes => ("changes pending (`diff --exit-code`)", "有待更改的内容（`diff --exit-code`）"),
            Self::Usage => ("the command line is wrong", "命令行有误"),
            Self::Data => ("a topology or bundle cannot be read", "拓扑或安装包无法读取"),
            Self::Unreachable => ("a cluster cannot be reached", "无法访问某个集群"),
            Self::Program => (
                "istioctl, helm or a chart is missing, or of another release",
                "缺少 istioctl、helm 或 chart，或版本不符",
            ),
            Self::Output => ("the output cannot be written", "无法写入输出"),
            Self::Again => {
                ("timed out, or another operator is at work: safe to run again", "超时，或有他人正在操作：可安全重试")
            }
            Self::Forbidden => ("a cluster forbids it", "集群拒绝该操作"),
            Self::Context => (
                "a context is missing, doubled or leads elsewhere, or there is no trust to use",
                "上下文缺失、重复或指向别处，或没有可用的证书",
            ),
            Self::Findings => ("findings, or a fact that is not so", "发现问题，或某项事实不成立"),
            Self::Conflict => ("somebody else owns a field", "字段归他人所有"),
            Self::Interrupted => ("interrupted", "被中断"),
        };
        Text::new(en, zh)
    }
}

/// Why a command stopped: what, where, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    /// The status the process ends with.
    pub(crate) exit: Exit,
    /// Where: a path, a path with a line, a cluster, a step. Printed before what happened.
    pub(crate) place: Option<String>,
    /// What happened, one sentence without a full stop.
    pub(crate) what: Text,
    /// What others said about it (the system, a program, an API server), outermost first. Never a secret.
    pub(crate) causes: Box<[String]>,
    /// What to do, in order of promise; commands stand between backticks.
    pub(crate) hints: Vec<Text>,
}

impl Failure {
    /// A failure that has no place, cause or hint yet.
    pub(crate) fn new(exit: Exit, what: Text) -> Self {
        Self { exit, place: None, what, causes: Box::default(), hints: Vec::new() }
    }

    /// Says where.
    #[must_use]
    pub(crate) fn at(mut self, place: impl fmt::Display) -> Self {
        self.place = Some(place.to_string());
        self
    }

    /// Adds what another said.
    #[must_use]
    pub(crate) fn because(mut self, cause: impl fmt::Display) -> Self {
        let mut causes = self.causes.into_vec();
        causes.push(cause.to_string());
        self.causes = causes.into_boxed_slice();
        self
    }

    /// Adds what to do about it.
    #[must_use]
    pub(crate) fn hint(mut self, hint: Text) -> Self {
        self.hints.push(hint);
        self
    }
}

impl fmt::Display for Failure {
    /// In English on one line, for tests and logs of developers; readers get it through the report, in their language.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            write!(out, "{place}: ")?;
        }
        write!(out, "{}", self.what.en)?;
        for cause in &self.causes {
            write!(out, ": {cause}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Failure {}

impl Serialize for Exit {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(self.code())
    }
}
