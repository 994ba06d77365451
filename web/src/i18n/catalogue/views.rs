//! Words of the views and of comparing.

macro_rules! views {
    ([$next:ident $($rest:ident)*] $($words:tt)*) => { $next! { [$($rest)*] $($words)*
    // Views
    ActReach: "Show who reads and serves whom", "查看谁读取谁";
    ActFirewall: "Show the firewall table", "查看防火墙表";
    ActTrust: "Show who vouches for whom", "查看信任";
    ActSecrets: "Show the cost of secrets", "查看 Secret 的代价";
    ActScore: "Show the summary", "查看总评";
    Views: "Views", "视图";
    CopyMarkdown: "Copy as Markdown", "复制为 Markdown";
    CopyCsv: "Copy as CSV", "复制为 CSV";
    GridHelp: "Arrow keys move, Enter shows it on the canvas.", "方向键移动，Enter 在画布上显示。";
    // Comparing
    Compare: "Comparison", "比较";
    CompareFile: "Compare with a file", "与文件比较";
    CompareKept: "Compare with a kept drawing", "与已保存的拓扑比较";
    DraftCompare: "Compare", "比较";
    DraftCompareLong: "Compare with {name}", "与 {name} 比较";
    CompareOpened: "Compare with the drawing as it was opened", "与打开时的拓扑比较";
    CompareExported: "Compare with the last export", "与上一次导出比较";
    CompareEnd: "End comparing", "结束比较";
    CompareEnded: "Comparing has ended", "比较已结束";
    ComparedWith: "Compared with: {name}", "比较对象：{name}";
    ComparedCount: "{new} new, {gone} gone, {changed} changed", "新增 {new}，移除 {gone}，更改 {changed}";
    ComparedSame: "Nothing differs.", "没有差异。";
    ComparedNoFiles: "Its files are not compared: the other drawing has an error, or is very large.", "未比较文件：另一拓扑有错误，或规模很大。";
    SinceCompared: "the drawing compared with", "所比较的拓扑";
    } };
}
