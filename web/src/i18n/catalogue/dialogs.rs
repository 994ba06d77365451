//! Words of the dialogs, the palette and the keys.

macro_rules! dialogs {
    ([$next:ident $($rest:ident)*] $($words:tt)*) => { $next! { [$($rest)*] $($words)*
    Close: "Close", "关闭";
    LetterKeys: "Keys of one letter do something, too", "启用单字母快捷键";
    Palette: "Commands", "命令";
    PalettePrompt: "A command, a cluster, a file …", "命令、集群、文件……";
    PaletteNone: "Nothing goes by that name", "没有匹配的名称";
    ActPrimary: "Make the selected cluster a primary", "将所选集群设为主集群";
    ActRemote: "Make the selected cluster a remote", "将所选集群设为从集群";
    ActExternal: "Make the selected cluster an external control plane", "将所选集群设为外部控制平面";
    ActIngress: "Add an ingress gateway to the selected cluster", "为所选集群添加入口网关";
    ActEgress: "Add an egress gateway to the selected cluster", "为所选集群添加出口网关";
    ActSample: "Add the sample, or take it out", "添加或移除示例应用";
    ActInstaller: "Change between istioctl and helm", "在 istioctl 和 helm 之间转换安装方式";
    ActTheme: "Change the theme", "切换主题";
    LookSelected: "Show what is selected", "显示所选内容";
    KeysTitle: "Keys", "快捷键";
    KeyAddNetwork: "Add a network", "添加网络";
    KeyAddCluster: "Add a cluster", "添加集群";
    KeyRename: "Edit the name", "编辑名称";
    KeyMove: "Move to the next network", "移动到下一个网络";
    KeyMoveBack: "Move to the previous network", "移动到上一个网络";
    KeyLink: "Draw an arrow from the selected cluster", "从所选集群绘制箭头";
    KeyStep: "Next, on the canvas", "在画布上选择下一个";
    KeyStepBack: "Previous, on the canvas", "在画布上选择上一个";
    KeyToward: "Select in a direction, on the canvas", "在画布上按方向选择";
    Motion: "Boxes glide where they are placed anew", "重新布局时方框平滑移动";
    KeyHelp: "In a field: open the page that its help names", "在字段中：打开帮助中给出的页面";
    KeyPart: "Move to the next part of the page", "移到页面的下一区";
    KeyEscape: "Let go of the selection", "取消选择";
    CannotOpen: "{name} was not opened", "未能打开 {name}";
    NotText: "The file is neither a topology nor a bundle.", "该文件既不是拓扑文件，也不是安装包。";
    NotTextHint: "Choose a topology (.yaml) or a bundle (.zip) of Isthmus.", "请选择 Isthmus 的拓扑文件（.yaml）或安装包（.zip）。";
    TooLarge: "The file cannot be read, or is larger than 256 MiB.", "无法读取该文件，或其大小超过 256 MiB。";
    DraftUnreadable: "The draft kept in this browser", "此浏览器中保存的草稿";
    DrawingKept: "Your drawing is as it was.", "您的拓扑保持不变。";
    NotExported: "The bundle is not exported yet", "尚未导出安装包";
    NotExportedLead: "These findings would make it wrong. Mend them first:", "以下问题会导致安装包出错，请先修复：";
    ExportFailed: "The browser refused the file.", "浏览器拒绝了该文件。";
    ExportFailedHint: "Allow downloads for this page and export again.", "请允许此页面下载，然后重新导出。";
    } };
}
