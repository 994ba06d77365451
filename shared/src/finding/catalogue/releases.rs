//! Kinds of findings about what a release of Istio does not do.

use super::kinds;

kinds! {
    RELEASE_LACKS: Error "release-lacks"
        title "The release does not do what is drawn" "该版本无法实现所绘制的内容"
        means "The drawing uses something that this release of Istio does not have, or has in a form that no source document describes. Which release has what is a table in Isthmus, not a guess." "拓扑使用了该 Istio 版本没有的功能，或没有任何来源文档描述过的形式。各版本具备的功能在 Isthmus 中是一张表，而非猜测。"
        looks "`istioctl` refuses the file: `unknown field`, or takes it and ignores the field, so that a remote asks a control plane that does not know it." "`istioctl` 会拒绝文件：`unknown field`；或者接受文件却忽略该字段，使从集群去询问一个不认识它的控制平面。"
        remedy "Take the release that the hint names, or draw the mesh without that feature." "请采用提示中的版本，或在拓扑中去掉该功能。"
        source "Istio release notes; research of Istio's sources at 1.5, 1.12, 1.24 and 1.30"
    LEGACY_CONTROL_PLANES: Error "legacy-control-planes"
        title "Before 1.6 all clusters share one control plane" "1.6 之前所有集群共享一个控制平面"
        means "With Istio 1.4 and 1.5 one cluster runs the control plane, and all others are remotes that it serves; it tells its own cluster apart as the registry `Kubernetes`." "Istio 1.4 与 1.5 中由一个集群运行控制平面，其余均为它所服务的从集群；它以注册表名 `Kubernetes` 指代自己的集群。"
        looks "Endpoints of the other primary are taken for local ones: calls across networks time out (istio/istio#23828)." "另一个主集群的端点会被当作本地端点：跨网络的调用会超时（istio/istio#23828）。"
        remedy "Make all but one primary remotes of that one, or take a later release." "请只保留一个主集群，其余改为其从集群，或使用更高版本。"
        source "Shared control plane (multi-network), Istio 1.5; istio/istio#23828"
    LEGACY_HOSTNAME: Error "legacy-hostname"
        title "Before 1.6 a gateway needs an IP address" "1.6 之前网关必须有 IP 地址"
        means "The addresses of gateways are written into `meshNetworks` and into the endpoint of the control plane in every remote; both take IP addresses only. The page says so of load balancers without one: support for DNS names was still to come." "网关地址会写入 `meshNetworks` 以及每个从集群中控制平面的端点，两者都只接受 IP 地址。文档也指出：负载均衡器没有 IP 时命令会失败，DNS 域名尚不支持。"
        looks "`Endpoints … must be a valid IP` when the remote is installed (istio/istio#24155); the command that prints the address prints nothing." "安装从集群时出现 `Endpoints … must be a valid IP`（istio/istio#24155）；打印地址的命令没有输出。"
        remedy "Use a load balancer that has an IP address, and say so: `addressKind: ip`." "请使用具有 IP 地址的负载均衡器，并写明 `addressKind: ip`。"
        source "Shared control plane (multi-network), Istio 1.5: Setup cluster 2; istio/istio#24155"
    LEGACY_GATEWAY: Error "legacy-gateway"
        title "Before 1.6 traffic between networks has no gateway of its own" "1.6 之前没有专用于网络间流量的网关"
        means "The ingress gateway that every installation brings carries that traffic, on port 443. There is no east-west gateway whose port, exposure or Service could be set." "网络间流量由安装自带的入口网关在 443 端口承载，没有可以设置端口、暴露方式或 Service 的东西向网关。"
        looks "The settings would be ignored: `meshNetworks` still names port 443." "这些设置会被忽略：`meshNetworks` 中仍是 443 端口。"
        remedy "Take the settings of `eastWest` out, or take a later release." "请删除 `eastWest` 中的设置，或使用更高版本。"
        source "Shared control plane (multi-network), Istio 1.5"
}
