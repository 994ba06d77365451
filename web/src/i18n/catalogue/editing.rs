//! Words of editing several things at once, the clipboard, and the tools.

macro_rules! editing {
    ([$next:ident $($rest:ident)*] $($words:tt)*) => { $next! { [$($rest)*] $($words)*
    AndMore: "{what}, and {count} more", "{what}，以及另外 {count} 项";
    Pasted: "Added {name} from the clipboard", "已从剪贴板添加 {name}";
    Mixed: "mixed", "多个值";
    Duplicate: "Duplicate", "创建副本";
    CopyClusters: "Copy the selection as text", "以文本复制所选内容";
    CutClusters: "Cut the selection", "剪切所选内容";
    KeyPaste: "Paste clusters, a topology or a bundle's text", "粘贴集群或拓扑文本";
    CopiedCluster: "Copied {count} cluster as text", "已将 {count} 个集群复制为文本";
    CopiedClusters: "Copied {count} clusters as text", "已将 {count} 个集群复制为文本";
    SelectAll: "Select all clusters", "选择所有集群";
    SelectOuter: "Select what holds the selection", "选择上一级";
    HeardMany: "{count} clusters: {names}", "{count} 个集群：{names}";
    TakeHand: "Hand: a drag moves the canvas", "手形工具：拖动画布";
    TakePointer: "Pointer: a drag selects", "选择工具：拖动框选";
    KeyNudge: "Move by 8, on the canvas", "在画布上移动 8";
    KeyNudgeFar: "Move by 32, on the canvas", "在画布上移动 32";
    KeyNudgeFine: "Move by 1, on the canvas", "在画布上移动 1";
    KeyAddTo: "Add to the selection", "添加到所选内容";
    KeyDragCanvas: "Move the canvas", "移动画布";
    KeyFree: "While dragging: no snapping, and the network stays", "拖动时不对齐，也不更换网络";
    WholeSize: "Show at 100 %", "按实际大小显示";
    } };
}
