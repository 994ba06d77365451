//! Words of the walkthrough and of the line at the foot.

macro_rules! plan {
    ([$next:ident $($rest:ident)*] $($words:tt)*) => { $next! { [$($rest)*] $($words)*
    // Walkthrough
    Walk: "Walkthrough", "演练";
    WalkStart: "Walk through the steps", "逐步演练一遍";
    WalkNext: "Next step", "下一步";
    WalkBack: "Previous step", "上一步";
    WalkPlay: "Play", "播放";
    WalkPause: "Pause", "暂停";
    WalkEnd: "End", "结束";
    WalkEnded: "The walkthrough is over", "演练已结束";
    WalkAt: "Step {number} of {count}: {step}", "第 {number} 步，共 {count} 步：{step}";
    WalkTime: "done after about {now} of {all}", "约 {now} 后完成，全程约 {all}";
    WalkLong: "About {all}, where whatever can run at once does.", "能并行的步骤并行时，全程约 {all}。";
    PlanTime: "about {all}", "约 {all}";
    WalkGuess: "Counted with 45 s for a control plane, 75 s for a gateway and its load balancer.", "按控制平面 45 秒、网关及其负载均衡器 75 秒估算。";
    Critical: "critical path", "关键路径";
    Minutes: "{count} min", "{count} 分钟";
    Seconds: "{count} s", "{count} 秒";
    ByHand: "By hand", "手动执行";
    Print: "Print the steps", "打印步骤";
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
    } };
}
