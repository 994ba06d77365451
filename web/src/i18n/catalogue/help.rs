//! What each field is for, in one sentence; and the words of the tour.

macro_rules! help {
    ([$next:ident $($rest:ident)*] $($words:tt)*) => { $next! { [$($rest)*] $($words)*
    HelpName: "The name by which everything else calls it, in files and in certificates of the mesh.", "其他一切都用这个名称来指代它，包括文件和网格内部。";
    HelpMeshId: "Names the mesh in telemetry; all clusters share it.", "在遥测数据中标识网格；所有集群共用。";
    HelpVersion: "The release of Istio that is installed; it also decides the words of the files.", "要安装的 Istio 版本，也决定文件的写法。";
    HelpInstaller: "The program that renders Istio's own part; the result is the same.", "由哪个程序渲染 Istio 自身的部分；结果相同。";
    HelpRevision: "Installs beside an older Istio under a name of its own, for canary upgrades.", "以单独的名称与旧版 Istio 并存，用于金丝雀升级。";
    HelpTrustDomain: "The root of every workload's identity; all clusters share it.", "所有工作负载身份的根；所有集群共用。";
    HelpRole: "Whether it runs its own istiod, is served by another one, or only serves others.", "运行自己的 istiod、由其他集群服务，或只服务其他集群。";
    HelpNetwork: "Pods on one network dial each other directly; between networks gateways do.", "同一网络中的 Pod 直接互访；跨网络则经由网关。";
    HelpServedBy: "The cluster whose istiod configures the proxies here.", "由哪个集群的 istiod 配置这里的代理。";
    HelpConfig: "The remote whose API server holds the configuration that the external istiod reads.", "外部 istiod 读取其配置的从集群，配置保存在它的 API Server 中。";
    HelpEntry: "How the clusters it serves reach istiod: by the balancer's address, or by a name with a certificate.", "所服务的集群如何访问 istiod：负载均衡器地址，或带证书的域名。";
    HelpHost: "The name that every served cluster resolves to istiod's gateway.", "所服务的每个集群都能解析到 istiod 网关的域名。";
    HelpCredential: "The secret that holds the certificate for that name, in the gateway's namespace.", "保存该域名证书的 Secret，位于网关所在的命名空间。";
    HelpNamespace: "Where the external istiod runs, apart from an istiod of the cluster's own.", "外部 istiod 所在的命名空间，与集群自身的 istiod 分开。";
    HelpContext: "The context of your kubeconfig that leads to this cluster; its name, if empty.", "kubeconfig 中指向此集群的上下文；留空则使用集群名。";
    HelpApiVia: "Whether others dial the API server itself or through the east-west gateway here.", "其他集群直接访问 API Server，还是经由这里的东西向网关。";
    HelpApiServer: "The address that istiods elsewhere dial; the kubeconfig's, if empty.", "其他集群的 istiod 所访问的地址；留空则取自 kubeconfig。";
    HelpServerName: "The name expected in the API server's certificate, if not the address's own.", "API Server 证书中应有的名称；默认为地址中的主机名。";
    HelpCa: "Which authority vouches for the API server: the account's token knows one, the kubeconfig another.", "由谁为 API Server 的证书担保：账户令牌或 kubeconfig 中的证书机构。";
    HelpPods: "The addresses of pods: on one network they must not overlap.", "Pod 的地址段：同一网络内不能重叠。";
    HelpServices: "The addresses of services, for the checks and the firewall.", "Service 的地址段，用于检查和防火墙。";
    HelpExpose: "How the gateway between networks is reached from outside.", "如何从外部访问跨网络的网关。";
    HelpAddressKind: "What the load balancer hands out: an IP address, or a host name as on some clouds.", "负载均衡器分配的是 IP 地址，还是某些云上的主机名。";
    HelpAddresses: "The public addresses that lead to the gateway.", "通往网关的公开地址。";
    HelpPort: "The port for mTLS between networks; 15443 unless it is taken.", "跨网络 mTLS 的端口；通常是 15443。";
    HelpSourceRanges: "Who may reach the gateway, as ranges; everybody, if empty.", "允许访问网关的地址段；留空则不限制。";
    HelpAnnotations: "What your cloud wants at the gateway's service, such as an internal balancer.", "云厂商要求写在网关 Service 上的内容，例如内网负载均衡器。";
    HelpApi: "Written as Istio's own Gateway or as one of the Kubernetes Gateway API.", "写成 Istio 的 Gateway 或 Kubernetes Gateway API。";
    HelpGatewayInstaller: "The program that renders this gateway; the mesh's, if not said.", "由哪个程序渲染此网关；默认与网格相同。";
    Tour: "Tour", "导览";
    TourHint: "Six short steps on a template; leave whenever you like.", "在模板上用六小步了解规划器，可随时退出。";
    ActTour: "Take the tour", "开始导览";
    TourSkip: "Skip", "跳过";
    TourBack: "Back", "上一步";
    TourNext: "Next", "下一步";
    TourDone: "Done", "完成";
    TourEnded: "The tour is over; the palette begins it anew", "导览结束；可从命令面板重新开始";
    TourDrawing: "A mesh is a drawing", "网格就是一张图";
    TourDrawingText: "Networks are regions, clusters are boxes in them. N adds a network, C a cluster; drag a box into another network, or press M.", "网络是区域，集群是其中的方框。N 添加网络，C 添加集群；将方框拖到另一个网络，或按 M。";
    TourCluster: "What is selected is explained", "选中即有说明";
    TourClusterText: "At the right: its properties, what is to mend, why it is there, and the file it becomes. Shift and click pick several.", "右侧显示属性、需要修复的问题、存在的原因以及对应的文件。Shift 加点击可选多个。";
    TourImplied: "Dashed means implied", "虚线表示自动推导";
    TourImpliedText: "You did not draw this gateway: two networks need it. It says why it is there, which file it becomes, and what breaks without it.", "这个网关不是您画的：两个网络之间需要它。它会说明原因、对应的文件，以及缺少它的后果。";
    TourArrow: "Arrows say who serves whom", "箭头表示由谁服务";
    TourArrowText: "Drag from the port under a box to another one, or press L: the first becomes a remote, served by the second. What cannot be is refused with the reason.", "从方框下方的端口拖到另一个方框，或按 L：前者成为从集群，由后者服务。不可行的连接会被拒绝并说明原因。";
    TourFiles: "Every edit changes the bundle", "每次编辑都会更新安装包";
    TourFilesText: "The line at the foot says what the last edit did; the files are here, as they will be exported.", "底部一行说明上次编辑的影响；这里是将要导出的文件。";
    TourSteps: "Rehearse, then export", "先演练，再导出";
    TourStepsText: "The plan can be played step by step on the drawing. Export the bundle and apply it with the isthmus command, or by hand.", "可以在图上逐步演练计划。导出安装包后，用 isthmus 命令或手动应用。";
    } };
}
