//! Every sentence of the planner, in English and Chinese. The type makes a missing translation impossible.

macro_rules! catalogue {
    ($($name:ident: $en:literal, $zh:literal;)*) => {
        /// A sentence of the planner.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Msg { $($name),* }

        impl Msg {
            /// All sentences.
            #[cfg(test)]
            pub(super) const ALL: &[Msg] = &[$(Msg::$name),*];

            /// Returns the sentence in English and in Chinese.
            pub(super) fn both(self) -> (&'static str, &'static str) {
                match self { $(Msg::$name => ($en, $zh)),* }
            }
        }
    };
}

catalogue! {
    // Top bar
    Unnamed: "unnamed", "未命名";
    Undo: "Undo", "撤销";
    Redo: "Redo", "重做";
    UndoWhat: "Undo: {what}", "撤销：{what}";
    RedoWhat: "Redo: {what}", "重做：{what}";
    Templates: "Templates", "模板";
    OpenFile: "Open", "打开";
    OpenFileLong: "Open a topology or a bundle", "打开拓扑文件或安装包";
    Keys: "Keys", "快捷键";
    SaveShort: "Save", "保存";
    Save: "Save drawing", "保存拓扑";
    Export: "Export bundle", "导出安装包";
    ThemeSystem: "Theme: as the system", "主题：跟随系统";
    ThemeLight: "Theme: light", "主题：浅色";
    ThemeDark: "Theme: dark", "主题：深色";
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
    StartOpenHint: "A topology (.yaml) or a bundle (.zip). You can also drop it anywhere.", "拓扑文件（.yaml）或安装包（.zip），也可以拖放到页面任意位置。";
    StartContinue: "Continue with {name}", "继续编辑 {name}";
    StartContinueHint: "Your drawing, as you left it: {clusters}.", "您上次的拓扑：{clusters}。";
    Clipboard: "The pasted topology", "粘贴的拓扑";
    DropHere: "Drop a topology or a bundle", "将拓扑文件或安装包拖放到此处";
    // Outline
    Outline: "Outline", "大纲";
    Add: "Add", "添加";
    AddNetwork: "Network", "网络";
    AddCluster: "Cluster", "集群";
    MeshHeading: "Mesh", "网格";
    OneCluster: "{count} cluster", "{count} 个集群";
    ManyClusters: "{count} clusters", "{count} 个集群";
    Primary: "primary", "主集群";
    Remote: "remote", "从集群";
    External: "external", "外部";
    Istiod: "istiod", "istiod";
    Webhook: "injection webhook", "注入 Webhook";
    ServesLabel: "served by", "由其服务";
    EastWest: "east-west gateway", "东西向网关";
    Ingress: "ingress gateway", "入口网关";
    Egress: "egress gateway", "出口网关";
    IngressShort: "ingress", "入口网关";
    EgressShort: "egress", "出口网关";
    ControlPlaneGateway: "control plane gateway", "控制平面网关";
    SampleApp: "sample", "示例应用";
    ImpliedNote: "implied", "自动推导";
    NoNetwork: "no network", "无网络";
    WhoReads: "Who reads whom", "谁读取谁";
    ReadsNobody: "No istiod reads another cluster yet.", "还没有 istiod 读取其他集群。";
    ReadsLine: "istiod of {istiod} reads", "{istiod} 的 istiod 读取";
    OneSecret: "{count} remote secret", "{count} 个远程 Secret";
    ManySecrets: "{count} remote secrets", "{count} 个远程 Secret";
    Firewall: "Firewall", "防火墙";
    ApiPort: "API", "API";
    // Canvas
    Drawing: "Drawing", "画布";
    CanvasHelp: "Tab and arrows select, N adds a network, C a cluster, M moves the selected cluster to the next network, Enter edits its name, Delete deletes. The outline can do all of this too.", "Tab 和方向键用于选择，N 添加网络，C 添加集群，M 将所选集群移到下一个网络，Enter 编辑名称，Delete 删除。大纲也可以完成所有操作。";
    BlankTitle: "Nothing drawn yet", "画布还是空的";
    BlankHint: "A network holds the clusters whose pods reach each other directly. Begin with one, or add a cluster: it brings its network.", "网络包含 Pod 可以直接互访的集群。先添加一个网络，或直接添加集群：它会自带网络。";
    EmptyRegion: "Drop a cluster here, or press C", "将集群拖到此处，或按 C 添加";
    ContextLine: "context {name}", "上下文 {name}";
    ReadsLabel: "reads its API", "读取其 API";
    CrossesLabel: "mTLS {port}", "mTLS {port}";
    LegendServes: "is served by", "由其服务";
    LegendReads: "reads the API server", "读取 API Server";
    LegendCrosses: "traffic between networks", "跨网络流量";
    LegendImplied: "implied by the rules", "按规则推导";
    ZoomIn: "Zoom in", "放大";
    ZoomOut: "Zoom out", "缩小";
    Fit: "Fit", "适应";
    FitLong: "Show all of the drawing", "显示整个拓扑";
    // Details
    Details: "Details", "详情";
    TabFindings: "Findings", "检查结果";
    TabFiles: "Files", "文件";
    TabSteps: "Steps", "步骤";
    Name: "Name", "名称";
    MeshId: "Mesh ID", "网格 ID";
    Version: "Istio release", "Istio 版本";
    Model: "Model", "部署模型";
    Sample: "Sample", "示例应用";
    SampleLong: "helloworld and a client in every cluster", "在每个集群部署 helloworld 和客户端";
    Role: "Role", "角色";
    RolePrimary: "primary: runs its own istiod", "主集群：运行自己的 istiod";
    RoleRemote: "remote: served by another", "从集群：由其他集群服务";
    RoleExternal: "external: only serves others", "外部：只服务其他集群";
    ServedBy: "Served by", "控制平面";
    ConfigCluster: "Config cluster", "配置集群";
    NotChosen: "not chosen yet", "尚未选择";
    NotDrawn: "{name} (not available)", "{name}（不可用）";
    Entry: "Istiod's entry", "istiod 入口";
    EntryBalancer: "load balancer's address", "负载均衡器的地址";
    EntryHost: "host name, certificate", "带证书的域名";
    Host: "Host name", "域名";
    Credential: "TLS secret", "TLS Secret";
    Network: "Network", "网络";
    Context: "Context", "上下文";
    ApiServer: "API address", "API 地址";
    ApiServerHint: "from the kubeconfig", "取自 kubeconfig";
    TrustDomain: "Trust domain", "信任域";
    Installer: "Installer", "安装方式";
    InstallerIstioctl: "istioctl: IstioOperator files", "istioctl：IstioOperator 文件";
    InstallerHelm: "helm: charts and values", "helm：Chart 与 values";
    InstallerMesh: "as the mesh: {name}", "与网格相同：{name}";
    Revision: "Revision", "修订版本";
    RevisionHint: "the default one", "默认版本";
    Namespace: "Namespace", "命名空间";
    GroupApiServer: "API server", "API Server";
    ApiVia: "Dialled", "访问方式";
    ViaDirect: "directly", "直接访问";
    ViaEastWest: "by its east-west gateway", "经由其东西向网关";
    ServerName: "TLS name", "TLS 名称";
    ServerNameHint: "the host of the address", "地址中的主机名";
    Ca: "Certificate from", "证书来源";
    CaToken: "the account's token", "账户令牌";
    CaKubeconfig: "the kubeconfig", "kubeconfig";
    GroupRanges: "Address ranges", "地址段";
    PodRanges: "Pods", "Pod";
    ServiceRanges: "Services", "Service";
    Expose: "Reached by", "暴露方式";
    ExposeBalancer: "load balancer", "负载均衡器";
    ExposeNodePort: "port of the nodes", "节点端口";
    ExposeNat: "address translation (NAT)", "地址转换（NAT）";
    AddressKind: "Hands out", "分配的地址";
    AddressIp: "IP addresses", "IP 地址";
    AddressHost: "host names", "主机名";
    Addresses: "Addresses", "地址";
    Port: "Port", "端口";
    PortHint: "A number from 1 to 65535.", "1 到 65535 之间的数字。";
    SourceRanges: "Allowed from", "允许的来源";
    SourceRangesHint: "everywhere", "任意来源";
    Annotations: "Annotations", "注解";
    AnnotationsHint: "key: value, one a line", "key: value，每行一个";
    GroupEastWest: "East-west gateway", "东西向网关";
    GroupGateways: "Ingress and egress", "入口与出口";
    Api: "Written in", "配置方式";
    ApiIstio: "Istio's Gateway", "Istio 的 Gateway";
    ApiGatewayApi: "Gateway API", "Gateway API";
    AddIngress: "Add ingress", "添加入口";
    AddEgress: "Add egress", "添加出口";
    Remove: "Remove", "移除";
    Clusters: "Clusters", "集群";
    LabelHint: "Lower-case letters, digits and hyphens, at most 63.", "小写字母、数字和连字符，最多 63 个字符。";
    TakenHint: "This name is taken.", "该名称已被使用。";
    AddHere: "Add a cluster here", "在此添加集群";
    Delete: "Delete", "删除";
    Tidy: "Tidy up", "整理布局";
    WhyPart: "Why {part} of {cluster} is there", "为什么 {cluster} 有 {part}";
    NetworkWhy: "What a network says", "网络的含义";
    NetworkWhyText: "Pods on one network dial each other directly. Between networks, traffic passes through an east-west gateway in every cluster.", "同一网络中的 Pod 可以直接互访。跨网络的流量经过各集群的东西向网关。";
    NoFindings: "Nothing to mend", "没有需要修复的问题";
    NoFindingsHint: "The drawing is checked after every edit.", "每次编辑后都会检查拓扑。";
    Show: "Show", "查看";
    Line: "line {line}", "第 {line} 行";
    SeverityError: "Error", "错误";
    SeverityWarning: "Warning", "警告";
    Explain: "What it means", "含义与现象";
    LooksLike: "What it looks like", "现象";
    WhatToDo: "What to do", "处理方法";
    Source: "Source: ", "来源：";
    WhyStep: "Why {step} is there", "为什么有 {step}";
    FromDrawing: "From the drawing: ", "源自图中：";
    SeverityInfo: "To know", "须知";
    Stale: "These are the files of the last drawing without errors.", "以下是上一个无错误拓扑的文件。";
    NoFiles: "No files yet", "还没有文件";
    NoFilesHint: "They appear as soon as the drawing has no errors.", "拓扑没有错误后，文件会立即显示。";
    CopyFile: "Copy", "复制";
    MarkNew: "new", "新增";
    MarkChanged: "changed", "已更改";
    ActionApply: "apply", "应用";
    ActionInstall: "install", "安装";
    Waits: "waits for {facts}", "等待 {facts}";
    Assumes: "checked before the first write: {facts}", "首次写入前检查：{facts}";
    // Foot
    NothingDone: "Nothing changed yet", "尚无更改";
    PlusFiles: "+{count} files", "+{count} 个文件";
    PlusFile: "+{count} file", "+{count} 个文件";
    ChangedFiles: "{count} changed", "{count} 个更改";
    MinusFiles: "−{count} gone", "−{count} 个移除";
    NoFileChanged: "no file changed", "文件无变化";
    BundleWaits: "the bundle waits for the findings", "解决检查结果后才能生成安装包";
    Writing: "writing the bundle …", "正在生成安装包……";
    Packing: "Packing {name} …", "正在打包 {name}……";
    MoreLines: "… {count} more lines: copy the file to read them", "……另有 {count} 行：复制文件即可阅读";
    SomeSteps: "{shown} of {count} steps. Select a cluster to see its own.", "共 {count} 步，显示其中 {shown} 步。选中某个集群可查看它的步骤。";
    ShowFiles: "Show the files", "查看文件";
    OneStep: "{count} step", "{count} 个步骤";
    ManySteps: "{count} steps", "{count} 个步骤";
    OneFinding: "{count} finding", "{count} 个问题";
    ManyFindings: "{count} findings", "{count} 个问题";
    ZeroFindings: "no findings", "没有问题";
    // What was done
    AddedNetwork: "Added {name}", "已添加 {name}";
    AddedCluster: "Added {name} to {network}", "已将 {name} 添加到 {network}";
    Renamed: "Renamed {from} to {to}", "已将 {from} 重命名为 {to}";
    MovedCluster: "Moved {name} to {network}", "已将 {name} 移到 {network}";
    Placed: "Placed {name}", "已移动 {name} 的位置";
    Tidied: "Tidied up", "已整理布局";
    MadePrimary: "Made {name} a primary", "已将 {name} 设为主集群";
    MadeRemote: "Made {name} a remote, served by {by}", "已将 {name} 设为从集群，由 {by} 服务";
    MadeRemoteAlone: "Made {name} a remote; nobody serves it yet", "已将 {name} 设为从集群，尚无控制平面为其服务";
    MadeExternal: "Made {name} an external control plane", "已将 {name} 设为外部控制平面";
    SetControlPlane: "Let {by} serve {name}", "已改由 {by} 服务 {name}";
    SetConfig: "Made {config} the config cluster of {name}", "已将 {config} 设为 {name} 的配置集群";
    SetEntry: "Set how istiod of {name} is reached", "已设置 {name} 的 istiod 入口";
    SetContext: "Set the context of {name}", "已设置 {name} 的上下文";
    SetApiServer: "Set how the API server of {name} is dialled", "已设置 {name} 的 API Server 访问方式";
    SetRanges: "Set the address ranges of {name}", "已设置 {name} 的地址段";
    SetEastWest: "Set how the east-west gateway of {name} is reached", "已设置 {name} 的东西向网关访问方式";
    SetNamespace: "Put the control plane of {name} into {namespace}", "已将 {name} 的控制平面放入 {namespace}";
    AddedIngress: "Added an ingress gateway to {name}", "已为 {name} 添加入口网关";
    AddedEgress: "Added an egress gateway to {name}", "已为 {name} 添加出口网关";
    SetGateway: "Changed a gateway of {name}", "已更改 {name} 的网关";
    RemovedGateway: "Took a gateway out of {name}", "已从 {name} 移除网关";
    SetTrustDomain: "Set the trust domain to {name}", "已将信任域设为 {name}";
    SetInstaller: "Chose {name} as the installer", "已选择用 {name} 安装";
    SetRevision: "Set the revision {name}", "已将修订版本设为 {name}";
    NoRevision: "Took the revision out", "已移除修订版本";
    SetName: "Named the drawing {name}", "已将拓扑命名为 {name}";
    SetMeshId: "Set the mesh ID to {name}", "已将网格 ID 设为 {name}";
    SetVersion: "Chose Istio {version}", "已选择 Istio {version}";
    SampleOn: "Added the sample", "已添加示例应用";
    SampleOff: "Took the sample out", "已移除示例应用";
    DeletedCluster: "Deleted {name}", "已删除 {name}";
    DeletedNetwork: "Deleted {name} and what was in it", "已删除 {name} 及其内容";
    Fixed: "Applied the fix", "已应用修复";
    Undid: "Undid: {what}", "已撤销：{what}";
    Redid: "Redid: {what}", "已重做：{what}";
    OpenedTemplate: "Started {name} from a template", "已从模板创建 {name}";
    OpenedBlank: "Started an empty drawing", "已创建空白拓扑";
    OpenedFile: "Opened {name}", "已打开 {name}";
    Exported: "Exported {name}", "已导出 {name}";
    Saved: "Saved {name}", "已保存 {name}";
    Copied: "Copied {name}", "已复制 {name}";
    NotKept: "This browser keeps no drafts: save the drawing to a file.", "此浏览器无法保存草稿：请将拓扑保存到文件。";
    Implied: "The rules put this into {name}; it goes with what implies it.", "这是规则为 {name} 推导出的内容，随其来源一起消失。";
    // Heard while selecting
    HeardMesh: "Mesh {name}", "网格 {name}";
    HeardNetwork: "Network {name}, clusters: {count}", "网络 {name}，集群数：{count}";
    HeardCluster: "Cluster {name}, {role}, in {network}, findings: {count}", "集群 {name}，{role}，位于 {network}，问题数：{count}";
    // Dialogs
    Close: "Close", "关闭";
    KeysTitle: "Keys", "快捷键";
    KeyAddNetwork: "Add a network", "添加网络";
    KeyAddCluster: "Add a cluster", "添加集群";
    KeyRename: "Edit the name", "编辑名称";
    KeyMove: "Move to the next or previous network", "移到下一个或上一个网络";
    KeyStep: "Next or previous, on the canvas", "在画布上选择下一个或上一个";
    KeyToward: "Select in a direction, on the canvas", "在画布上按方向选择";
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
}
