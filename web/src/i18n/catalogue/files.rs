//! What the browser keeps, and what comes into the page and goes out of it.

macro_rules! files {
    ([$next:ident $($rest:ident)*] $($words:tt)*) => { $next! { [$($rest)*] $($words)*
    // Without a network
    StartOffline: "Works offline: this browser keeps the planner and your drawings.", "可离线使用：规划器和您的拓扑都保存在此浏览器中。";
    // Drafts
    Drafts: "Drawings in this browser", "此浏览器中的拓扑";
    DraftName: "Name of {name}", "{name} 的名称";
    DraftOpenLong: "Open {name}", "打开 {name}";
    DraftDelete: "Delete", "删除";
    DraftDeleteLong: "Delete {name}", "删除 {name}";
    DraftDeleted: "Deleted {name}.", "已删除 {name}。";
    DraftRestore: "Bring it back", "恢复";
    OpenedDraft: "Opened {name}", "已打开 {name}";
    Elsewhere: "This drawing is open in another tab, and can be changed there.", "此拓扑已在另一个标签页中打开，请在那里修改。";
    ElsewhereHint: "It can be read and exported here. To change it here, take it over: the other tab is told.", "可在此处阅读和导出。若要在此处修改，请接管：另一个标签页会收到通知。";
    TakeOver: "Take over", "接管";
    TakenOver: "The drawing can be changed here", "现在可以在此处修改拓扑";
    // Imports
    ImportTitle: "Import {name}", "导入 {name}";
    ImportDrawing: "A drawing.", "一份拓扑。";
    ImportOperator: "IstioOperator files.", "IstioOperator 文件。";
    ImportValues: "Values for Istio's charts.", "Istio Chart 的 values。";
    ImportKubeconfig: "A kubeconfig. Only names of contexts are taken: tokens, certificates and keys are left in the file.", "kubeconfig。仅取上下文名称：令牌、证书和密钥都留在文件中。";
    ImportDiffers: "Of the mesh as a whole your drawing says something else: {fields}. Added to it, the drawing counts.", "整个网格的以下设置与当前拓扑不同：{fields}。添加时以当前拓扑为准。";
    ImportUnread: "Not read: {count}", "未读取：{count} 项";
    ImportAdd: "Add to my drawing", "添加到当前拓扑";
    ImportReplace: "Replace my drawing", "替换当前拓扑";
    AddedFile: "Added {name}", "已添加 {name}";
    } };
}
