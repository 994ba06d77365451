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
    } };
}
