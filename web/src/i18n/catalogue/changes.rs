//! Words of what edits did to the bundle, of the history, and of the way between boxes and lines.

macro_rules! changes {
    ([$next:ident $($rest:ident)*] $($words:tt)*) => { $next! { [$($rest)*] $($words)*
    TabChanges: "Changes", "更改";
    ShowDifference: "Show the difference", "查看差异";
    Since: "Since", "比较起点";
    SinceEdit: "the last edit", "上一次编辑";
    SinceOpened: "I opened the drawing", "打开拓扑时";
    SinceExported: "the last export", "上一次导出";
    NotExportedYet: "Nothing was exported yet", "尚未导出";
    MarkGone: "gone", "已移除";
    MoreFiles: "… and {count} more files", "……另有 {count} 个文件";
    History: "History", "历史记录";
    HistoryBegin: "Where you began", "起点";
    Here: "here", "当前";
    WentTo: "Went to: {what}", "已转到：{what}";
    // Between boxes and lines
    LineHint: "A line leads to what it comes from: click it, or go there by arrow keys and press Enter", "每一行都能找到其来源：点击该行，或用方向键移到该行后按 Enter";
    MarkMine: "comes from what is selected", "源自所选内容";
    ActFix: "Mend what is selected", "修复所选内容的问题";
    MineFiles: "In {count} files", "涉及 {count} 个文件";
    } };
}
