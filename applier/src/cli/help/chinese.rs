//! The Chinese of the help pages.

/// What a command does; the first page has the empty name.
pub(super) fn about(command: &str) -> Option<&'static str> {
    Some(match command {
        "" => "规划并安装多集群 Istio 网格",
        "generate" => "由拓扑生成安装包，与规划器导出的相同",
        "validate" => "离线检查拓扑或安装包",
        "explain" => "说明一个问题、检查、事实或规则：含义、现象与处理方法",
        "inspect" => "显示安装包的内容及其应用顺序",
        "certs" => "生成根 CA，并为每个签发证书的集群生成中间 CA",
        "check" => "写入之前检查集群：权限、版本、证书、已有的内容",
        "diff" => "在每个集群上试运行，显示 `apply` 将更改的内容",
        "apply" => "将安装包应用到各集群",
        "status" => "显示安装包的各项事实当前在集群中是否成立",
        "verify" => "从每个集群调用其他每个集群，并询问每个 istiod 所见",
        "cleanup" => "移除 `apply` 带来的内容",
        "rotate" => "为 istiod 换发访问其他集群的新令牌，再使旧令牌失效",
        "revoke" => "移除其他集群的 istiod 监视某个集群的凭据",
        "rbac" => "输出账号在每个集群上所需的角色",
        "serve" => "在本机回环地址上打开规划器",
        "completion" => "输出供 shell 补全命令与选项的脚本",
        "man" => "输出手册页，或写出所有命令的手册页",
        "help" => "显示某个命令的帮助",
        _ => return None,
    })
}

/// What an argument means.
pub(super) fn argument(command: &str, argument: &str) -> Option<&'static str> {
    Some(match (command, argument) {
        (_, "lang") => "语言：en 或 zh；默认取自 `LC_ALL`、`LC_MESSAGES` 或 `LANG`",
        (_, "color") => "颜色：auto、always 或 never；遵守 `NO_COLOR`",
        (_, "verbose") => "显示更多：列出每个对象，包括未变的对象",
        (_, "quiet") => "显示更少：只显示结果、警告和错误",
        (_, "help") => "显示帮助",
        (_, "version") => "显示版本",
        ("generate", "topology") => "拓扑文件，- 表示标准输入",
        ("generate", "output") => "安装包的位置：目录、以 .zip 结尾的文件，- 表示把 zip 写到标准输出",
        ("validate", "input") => "拓扑文件或安装包（目录或 .zip），- 表示标准输入",
        ("validate" | "inspect" | "check" | "status" | "verify", "output") => "机器可读的输出：json",
        ("explain", "id") => "问题或检查旁显示的 ID、事实，或规则名称；省略时列出全部",
        ("inspect", "table") => "以 Markdown 表格输出其概览：reach、firewall、trust、secrets 或 score",
        ("inspect", "step") => "显示一个步骤：文件、等待的条件及原因",
        ("certs", "output") => "写入的目录；已有的根 CA 会保留",
        ("check", "wait") => "在此时间内反复进行未通过的检查，例如 90s 或 5m",
        ("rotate", "clusters") => "只轮换此集群的令牌，每个集群一次；默认：全部",
        ("rotate" | "revoke", "yes") => "不询问",
        ("rotate", "grace") => "旧令牌失效前留给 istiod 启用新令牌的时间，例如 10s；默认：10s",
        ("rotate", "restarting_istiod") => {
            "在 Istio 1.30.0 – 1.30.3 上也轮换：这些版本会丢失端点，您须随后重启每个 istiod"
        }
        ("revoke", "cluster") => "不再被监视的集群",
        ("diff" | "apply" | "cleanup" | "rotate" | "revoke", "output") => "机器可读的输出：jsonl，每行一个 JSON 对象",
        (_, "bundle") => "安装包：目录或 .zip，- 表示标准输入",
        (_, "kubeconfig") => "使用的 kubeconfig；默认：`KUBECONFIG`，其次 ~/.kube/config",
        (_, "contexts") => "用此上下文访问集群，每个集群一次；默认：拓扑中的上下文，其次与集群同名的上下文",
        (_, "certs") => "`isthmus certs` 写入的目录；默认：集群中已有的 Secret `cacerts`",
        (_, "istioctl") => "使用的 istioctl，须与安装包的版本一致；默认：`PATH` 中的 istioctl",
        (_, "helm") => "使用的 helm；默认：`PATH` 中的 helm",
        (_, "charts") => {
            "Istio 的 chart，须与安装包的版本一致：目录、仓库的 URL 或其在 helm 中的名称；默认：Istio 的仓库"
        }
        ("cleanup", "clusters") => "只清理此集群，例如已从图中移除的集群；可重复",
        (_, "clusters") => "只执行此集群上的步骤，每个集群一次",
        (_, "steps") => "只执行此步骤，每个步骤一次",
        (_, "until") => "只执行此步骤及其等待的步骤",
        ("diff", "exit_code") => "有需要更改的内容时，以状态码 2 结束",
        ("diff" | "status", "timeout") => "等待应答的时间，例如 30s 或 5m；默认：1m",
        ("verify", "timeout") => "全部检查最长的时间，例如 90s 或 5m；默认：5m",
        ("verify", "junit") => "把检查结果同时以构建服务器可读的 XML 写入此文件",
        ("apply" | "cleanup" | "rotate", "timeout") => "单个步骤最长的等待时间，例如 90s 或 5m；默认：5m",
        (_, "deadline") => "整次运行最长的时间，例如 20m：到时完成进行中的请求，不再开始新的步骤",
        (_, "report") => "同时把过程写入此文件，每行一个 JSON 对象；继续上一次的运行时接着写",
        ("status", "wait") => "等到所有事实成立，最长为 `--timeout`",
        ("status", "watch") => "持续观察，输出每个发生变化的事实，直到被中断",
        ("apply", "yes") => "首次写入前不询问",
        ("apply", "force_conflicts") => "接管由其他管理者拥有的字段",
        ("cleanup", "yes") => "不询问；需要 --confirm",
        ("cleanup", "confirm") => "直接给出网格 ID，代替询问",
        ("serve", "port") => "127.0.0.1 上的端口；0 表示任选空闲端口；默认：8080",
        ("serve", "planner") => "提供此目录中的规划器，而不是内置的规划器",
        ("completion", "shell") => "shell：bash、elvish、fish、powershell 或 zsh",
        ("man", "output") => "将 isthmus.1 及每个命令的手册页写入此目录",
        ("help", "command") => "命令",
        _ => return None,
    })
}
