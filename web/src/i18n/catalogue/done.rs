//! What was done, as it is said and written.

macro_rules! done {
    ([$next:ident $($rest:ident)*] $($words:tt)*) => { $next! { [$($rest)*] $($words)*
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
    MakeExplicit: "Make the east-west gateway explicit", "明确绘制东西向网关";
    MakeImplied: "Leave the east-west gateway to the rules", "将东西向网关交给规则";
    MadeExplicit: "Made the east-west gateway of {name} explicit", "已明确绘制 {name} 的东西向网关";
    MadeImplied: "Left the east-west gateway of {name} to the rules", "已将 {name} 的东西向网关交给规则";
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
    Fixed: "Mended: {what}", "已修复：{what}";
    Undid: "Undid: {what}", "已撤销：{what}";
    Redid: "Redid: {what}", "已重做：{what}";
    OpenedTemplate: "Started {name} from a template", "已从模板创建 {name}";
    OpenedBlank: "Started an empty drawing", "已创建空白拓扑";
    OpenedFile: "Opened {name}", "已打开 {name}";
    Exported: "Exported {name}", "已导出 {name}";
    Saved: "Saved {name}", "已保存 {name}";
    Copied: "Copied {name}", "已复制 {name}";
    Share: "Copy a link", "复制链接";
    Shared: "Copied a link that holds the drawing: {count} characters", "已复制包含拓扑的链接：{count} 个字符";
    SaveDots: "Save a picture (PNG)", "保存图片（PNG）";
    SaveDotsAt: "PNG {count}×", "PNG {count}×";
    SaveRunbook: "Save the runbook", "保存执行手册";
    SaveFile: "Save this file", "保存此文件";
    SavePicture: "Save a picture (SVG)", "保存图片（SVG）";
    CopyCommand: "Copy as an isthmus command", "复制 isthmus 命令";
    CopiedCommand: "Copied the command that makes the bundle", "已复制生成安装包的命令";
    OpenedLink: "Opened the drawing of the link; undo brings yours back", "已打开链接中的拓扑；撤销可恢复您原来的拓扑";
    LinkBroken: "The link", "链接";
    LinkBrokenWhat: "The link holds no drawing, or was cut short.", "链接中没有拓扑，或链接不完整。";
    LinkBrokenHint: "Ask for it again, or for the topology as a file.", "请重新索取链接，或索取拓扑文件。";
    BarePicture: "The picture has no drawing inside.", "图片中没有拓扑。";
    BarePictureHint: "Pictures that the planner saves have: save it anew, or open the topology.", "由规划器保存的图片才包含拓扑：请重新保存，或打开拓扑文件。";
    NotKept: "This browser keeps no drafts: save the drawing to a file.", "此浏览器无法保存草稿：请将拓扑保存到文件。";
    Implied: "The rules put this into {name}; it goes with what implies it.", "这是规则为 {name} 推导出的内容，随其来源一起消失。";
    // Heard while selecting
    HeardMesh: "Mesh {name}", "网格 {name}";
    HeardNetwork: "Network {name}, clusters: {count}", "网络 {name}，集群数：{count}";
    HeardCluster: "Cluster {name}, {role}, in {network}, findings: {count}", "集群 {name}，{role}，位于 {network}，问题数：{count}";
    } };
}
