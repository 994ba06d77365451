//! Words of the top bar and the start screen.

macro_rules! start {
    ([$next:ident $($rest:ident)*] $($words:tt)*) => { $next! { [$($rest)*] $($words)*
    // Top bar
    Unnamed: "unnamed", "未命名";
    Undo: "Undo", "撤销";
    Redo: "Redo", "重做";
    UndoWhat: "Undo: {what}", "撤销：{what}";
    RedoWhat: "Redo: {what}", "重做：{what}";
    Templates: "Templates", "模板";
    OpenFile: "Open", "打开";
    OpenFileLong: "Open a drawing, a bundle, a picture, IstioOperator files, Helm values, or a kubeconfig (names only)", "打开拓扑文件、安装包、图片、IstioOperator 文件、Helm values，或 kubeconfig（仅读取名称）";
    Keys: "Keys", "快捷键";
    SaveShort: "Save", "保存";
    Save: "Save drawing", "保存拓扑";
    Export: "Export bundle", "导出安装包";
    ThemeSystem: "Theme: as the system", "主题：跟随系统";
    ThemeLight: "Theme: light", "主题：浅色";
    ThemeDark: "Theme: dark", "主题：深色";
    ThemeContrast: "Theme: high contrast", "主题：高对比度";
    OtherLanguage: "中文", "EN";
    SwitchLanguage: "Switch to Chinese", "切换到英文";
    // Start screen
    StartTitle: "Draw a mesh of clusters", "绘制多集群网格";
    StartLead: "Choose the system that is nearest to yours and change it, or begin with an empty drawing. Nothing leaves this browser until you export.", "选择与您最接近的系统再修改，或从空白开始。导出之前，任何内容都不会离开此浏览器。";
    StartFrom: "Start from a template", "从模板开始";
    StartElse: "Or", "或者";
    StartBlank: "Empty drawing", "空白拓扑";
    StartBlankHint: "Add networks and clusters yourself.", "自行添加网络和集群。";
    StartOpen: "Open a file", "打开文件";
    StartOpenHint: "A topology, a bundle, a picture; IstioOperator files, Helm values; a kubeconfig, of which only names of contexts are read, never tokens or keys. Drop or paste it anywhere.", "拓扑文件、安装包、图片；IstioOperator 文件、Helm values；或 kubeconfig，只读取上下文名称，绝不读取令牌或密钥。可拖放或粘贴到页面任意位置。";
    Wizard: "A few questions", "引导助手";
    WizardHint: "For who knows the clusters and not yet the models: the answers are a drawing.", "了解自己的集群，但不熟悉部署模型？回答几个问题即可得到拓扑。";
    WizardMakes: "This makes", "将得到";
    WizardDraw: "Draw it", "绘制";
    AskClusters: "How many clusters run services?", "有多少个集群运行业务服务？";
    AskApart: "Can their pods dial each other directly?", "它们的 Pod 能否直接互访？";
    AskTogether: "Yes, one network", "能，同一网络";
    AskTogetherHint: "Routed addresses, none used twice.", "地址可路由且不重叠。";
    AskSplit: "No, several networks", "不能，多个网络";
    AskSplitHint: "Other clouds, regions or VPCs: gateways carry the traffic.", "不同的云、区域或 VPC：流量经由网关。";
    AskWho: "Who runs istiod?", "由谁运行 istiod？";
    AskEach: "Each cluster its own", "每个集群各自运行";
    AskEachHint: "A cluster keeps working when another is gone.", "一个集群失联时，其他集群仍可工作。";
    AskFirst: "One of them, for all", "其中一个，供所有集群使用";
    AskFirstHint: "One istiod to run; the others depend on it.", "只维护一个 istiod，其他集群依赖它。";
    AskExternal: "A cluster of its own", "一个专用集群";
    AskExternalHint: "Another team runs Istio, away from the services.", "由另一个团队在业务集群之外运行 Istio。";
    StartContinue: "Continue with {name}", "继续编辑 {name}";
    StartContinueHint: "Your drawing, as you left it: {clusters}.", "您上次的拓扑：{clusters}。";
    Clipboard: "The pasted topology", "粘贴的拓扑";
    DropHere: "Drop a drawing, a bundle or files of Istio. Of a kubeconfig only names are read, never tokens or keys.", "将拓扑文件、安装包或 Istio 的文件拖放到此处。kubeconfig 只读取名称，绝不读取令牌或密钥。";
    } };
}
