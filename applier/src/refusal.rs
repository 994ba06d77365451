//! What a failed request means to the operator: which cluster, what happened, what to do.

use shared::text::Text;

use crate::error::{Exit, Failure};
use crate::program::plugin::Trouble;
use crate::report::Target;
use crate::transport::{Blocked, CallError, Distrust};

/// The failure of a request to `target`; `place` is the step or the cluster, `object` what the request was about.
pub(crate) fn refusal(target: &Target, place: &str, object: &str, error: &CallError) -> Failure {
    if let CallError::Blocked(Blocked::Credentials(trouble)) = error {
        return without_credentials(target, place, trouble);
    }
    if error.is_unreachable() {
        return unreachable(target, place, object, error);
    }
    match error {
        CallError::Unauthorized => Failure::new(
            Exit::Forbidden,
            Text::new(
                format!(
                    "the API server of {} does not accept the credentials of context `{}` for {object}",
                    target.cluster, target.context
                ),
                format!("{} 的 API 服务器不接受上下文 `{}` 的凭据，请求对象：{object}", target.cluster, target.context),
            ),
        )
        .at(place)
        .hint(Text::new(
            "log in again, or choose another context with `--context`",
            "请重新登录，或用 `--context` 选择另一个上下文",
        )),
        CallError::Forbidden(message) => Failure::new(
            Exit::Forbidden,
            Text::new(format!("the account may not do this: {object}"), format!("该账号无权执行此操作：{object}")),
        )
        .at(place)
        .because(message)
        .hint(Text::new(
            "ask the cluster's administrator for this right, or use another context",
            "请向集群管理员申请该权限，或使用另一个上下文",
        )),
        CallError::Owned(causes) => ways_out(
            causes
                .iter()
                .fold(
                    Failure::new(
                        Exit::Conflict,
                        Text::new(
                            format!("{object}: others own {} of the fields to be set", causes.len()),
                            format!("{object}：要设置的字段中有 {} 个归他人所有", causes.len()),
                        ),
                    ),
                    |failure, cause| failure.because(format!("{} is owned by {}", cause.field, cause.owner)),
                )
                .at(place),
        ),
        CallError::Raced | CallError::Fenced | CallError::HeldUp(_) => {
            Failure::new(Exit::Again, overtaken(object, error)).at(place).hint(again())
        }
        CallError::Terminating => Failure::new(
            Exit::Again,
            Text::new(
                format!("the namespace of {object} is being deleted"),
                format!("{object} 所在的命名空间正在被删除"),
            ),
        )
        .at(place)
        .hint(Text::new("wait until it is gone, then run the same command again", "请等它删除完毕，再运行同一命令")),
        CallError::NotFound => Failure::new(
            Exit::Failed,
            Text::new(
                format!("the API server knows no such thing: {object}"),
                format!("API 服务器没有这种对象：{object}"),
            ),
        )
        .at(place)
        .hint(Text::new(
            "its kind is not served, or its namespace is gone; `isthmus status` shows what is there",
            "该类型未被提供，或其命名空间已不存在；用 `isthmus status` 查看现状",
        )),
        other => {
            let failure = Failure::new(
                Exit::Failed,
                Text::new(format!("the API server refuses {object}"), format!("API 服务器拒绝 {object}")),
            )
            .at(place);
            match other {
                CallError::Refused { code: 413, .. } => failure.because("HTTP 413".to_owned()).hint(Text::new(
                    "it is larger than the API server takes: make what was drawn or given for it smaller",
                    "它超过了 API 服务器接受的大小：请缩小拓扑或文件中的相应内容",
                )),
                CallError::Refused { code, message } if message.is_empty() => failure.because(format!("HTTP {code}")),
                CallError::Refused { message, .. } => failure.because(message),
                _ => failure,
            }
        }
    }
}

/// What others did, or may have done, while a request was on its way.
fn overtaken(object: &str, error: &CallError) -> Text {
    match error {
        CallError::Fenced => Text::new(
            format!("{object} is not written: the Lease of this run has run out, and another operator may be at work"),
            format!("未写入 {object}：本次运行的 Lease 已失效，可能已有他人开始操作"),
        ),
        CallError::HeldUp(time) => Text::new(
            format!("this program was held up for {} s in the middle of a request for {object}", time.as_secs()),
            format!("本程序在请求 {object} 的过程中停顿了 {} 秒", time.as_secs()),
        ),
        _ => Text::new(
            format!("{object} was changed by somebody else meanwhile"),
            format!("{object} 在此期间被他人修改"),
        ),
    }
}

/// What to do where others own fields.
pub(crate) fn ways_out(failure: Failure) -> Failure {
    failure
        .hint(Text::new(
            "if the other owner is right: draw it that way, so that both agree",
            "如果对方的值正确：请照此修改拓扑，使两者一致",
        ))
        .hint(Text::new(
            "if the bundle is right: let the other owner give the field up",
            "如果本包的值正确：请让对方放弃该字段",
        ))
        .hint(Text::new("or take the fields over: `--force-conflicts`", "或者接管这些字段：`--force-conflicts`"))
}

/// The hint after everything that a second run heals.
pub(crate) fn again() -> Text {
    Text::new("run the same command again: it goes on from where things are", "再次运行同一命令：它会从现状继续")
}

fn without_credentials(target: &Target, place: &str, trouble: &Trouble) -> Failure {
    let why = credentials(trouble);
    Failure::new(
        Exit::Context,
        Text::new(
            format!("there are no credentials for context `{}`: {}", target.context, why.en),
            format!("没有上下文 `{}` 的凭据：{}", target.context, why.zh),
        ),
    )
    .at(place)
    .hint(Text::new(
        format!("log in again; this shows what is missing: `kubectl --context {} version`", target.context),
        format!("请重新登录；此命令会显示缺少什么：`kubectl --context {} version`", target.context),
    ))
}

fn unreachable(target: &Target, place: &str, object: &str, error: &CallError) -> Failure {
    let why = why(error);
    let about = Text::new(
        if object.is_empty() { String::new() } else { format!(" (asked for {object})") },
        if object.is_empty() { String::new() } else { format!("（请求对象：{object}）") },
    );
    let failure = Failure::new(
        Exit::Unreachable,
        Text::new(
            format!("cannot reach the API server of {} at {}: {}{}", target.cluster, target.server, why.en, about.en),
            format!("无法连接 {} 的 API 服务器 {}：{}{}", target.cluster, target.server, why.zh, about.zh),
        ),
    )
    .at(place);
    let failure = fixes(error).into_iter().fold(failure, Failure::hint);
    failure
        .hint(Text::new(
            format!("check that the cluster runs and that this works: `kubectl --context {} version`", target.context),
            format!("请确认集群在运行，且此命令可用：`kubectl --context {} version`", target.context),
        ))
        .hint(Text::new(
            format!("or name another context: `--context {}=CONTEXT`", target.cluster),
            format!("或指定另一个上下文：`--context {}=CONTEXT`", target.cluster),
        ))
}

/// Why a server could not be spoken to, in a few words.
pub(crate) fn why(error: &CallError) -> Text {
    match error {
        CallError::Blocked(Blocked::Refused) => Text::new("nobody listens there", "该地址无人监听"),
        CallError::Blocked(Blocked::Name) => Text::new("its name does not resolve", "域名无法解析"),
        CallError::Blocked(Blocked::Timeout) => Text::new("no connection comes about in time", "连接超时"),
        CallError::Blocked(Blocked::NoRoute) => Text::new("no network leads there", "没有通向该地址的网络"),
        CallError::Blocked(Blocked::Proxy) => {
            Text::new("the proxy on the way does not let through", "途中的代理不予放行")
        }
        CallError::Blocked(Blocked::Certificate(distrust)) => match distrust {
            Distrust::Stranger => Text::new(
                "its certificate is not signed by the authority that the kubeconfig trusts",
                "其证书并非由 kubeconfig 信任的机构签发",
            ),
            Distrust::Expired => Text::new("its certificate has expired", "其证书已过期"),
            Distrust::Early => Text::new("its certificate is not valid yet", "其证书尚未生效"),
            Distrust::Name => Text::new("its certificate is for other names", "其证书属于其他名称"),
            Distrust::Leaf => Text::new(
                "what the kubeconfig trusts is a server's own certificate, not an authority's",
                "kubeconfig 信任的是服务器自身的证书，而非颁发机构的证书",
            ),
            Distrust::Other => Text::new("its certificate cannot be used", "其证书无法使用"),
        },
        CallError::Blocked(Blocked::Credentials(trouble)) => credentials(trouble),
        CallError::Busy { status, retry_after: Some(time) } => Text::new(
            format!("it answers {status} and asks to come again in {} s", time.as_secs()),
            format!("它返回 {status}，并要求 {} 秒后重试", time.as_secs()),
        ),
        CallError::Busy { status, retry_after: None } => {
            Text::new(format!("it answers {status}"), format!("它返回 {status}"))
        }
        CallError::Broken => Text::new("the connection breaks off", "连接中断"),
        CallError::Garbled => Text::new("what answers there is no API server", "该地址的应答者不是 API 服务器"),
        CallError::Silent(time) => {
            let seconds = time.as_millis().div_ceil(1000);
            Text::new(format!("no answer in {seconds} s"), format!("{seconds} 秒内没有应答"))
        }
        _ => Text::new("no connection comes about", "无法建立连接"),
    }
}

/// Why there are no credentials. Nothing of what a plugin prints, or of what it is given, is in it.
pub(crate) fn credentials(trouble: &Trouble) -> Text {
    let plugin = |name: &str, en: &str, zh: &str| {
        Text::new(format!("its credential plugin `{name}` {en}"), format!("其凭据插件 `{name}` {zh}"))
    };
    match trouble {
        Trouble::Missing(name) => plugin(name, "cannot be started", "无法启动"),
        Trouble::Interactive(name) => {
            plugin(name, "wants a terminal, which it does not get here", "需要终端，此处无法提供")
        }
        Trouble::Slow(name, time) => plugin(
            name,
            &format!("did not end in {} s", time.as_secs()),
            &format!("在 {} 秒内没有结束", time.as_secs()),
        ),
        Trouble::Failed(name, Some(status)) => {
            plugin(name, &format!("ended with status {status}"), &format!("以状态 {status} 结束"))
        }
        Trouble::Failed(name, None) => plugin(name, "was ended by a signal", "被信号终止"),
        Trouble::TooMuch(name) => plugin(name, "prints more than a credential can be", "的输出超过凭据应有的大小"),
        Trouble::Garbled(name) => plugin(name, "does not print a credential", "没有输出凭据"),
        Trouble::File(path) => {
            Text::new(format!("its token file {path} cannot be read"), format!("无法读取其令牌文件 {path}"))
        }
        Trouble::Unusable => Text::new("its certificates, key or token cannot be used", "其证书、密钥或令牌无法使用"),
    }
}

/// What mends it, before what is to be tried anyway.
fn fixes(error: &CallError) -> Option<Text> {
    let (en, zh) = match error {
        CallError::Blocked(Blocked::Certificate(Distrust::Stranger)) => (
            "if the cluster was made anew, or its authority replaced: fetch its kubeconfig again (`certificate-authority-data`)",
            "如果集群已重建或更换了颁发机构：请重新获取其 kubeconfig（`certificate-authority-data`）",
        ),
        CallError::Blocked(Blocked::Certificate(Distrust::Expired | Distrust::Early)) => (
            "renew the API server's certificate (`kubeadm certs renew apiserver`), or mend the clock of this machine",
            "请更新 API 服务器的证书（`kubeadm certs renew apiserver`），或校正本机时钟",
        ),
        CallError::Blocked(Blocked::Certificate(Distrust::Name)) => (
            "use an address that the certificate names, or set `tls-server-name` of the cluster in the kubeconfig to one",
            "请使用证书所含的地址，或在 kubeconfig 的集群中将 `tls-server-name` 设为证书所含的名称",
        ),
        CallError::Blocked(Blocked::Certificate(Distrust::Leaf)) => (
            "put the authority that signed it into `certificate-authority-data`; kubectl takes either, isthmus only the authority",
            "请将签发它的机构证书放入 `certificate-authority-data`；kubectl 两者皆可，isthmus 只接受机构证书",
        ),
        CallError::Blocked(Blocked::NoRoute) => (
            "join the network that the cluster is on, by a VPN or a jump host, or use an address that is reached from here",
            "请通过 VPN 或跳板机接入集群所在的网络，或使用此处可达的地址",
        ),
        CallError::Blocked(Blocked::Proxy) => (
            "look at HTTPS_PROXY, NO_PROXY and the cluster's `proxy-url`",
            "请检查 HTTPS_PROXY、NO_PROXY 与集群的 `proxy-url`",
        ),
        _ => return None,
    };
    Some(Text::new(en, zh))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::Cause;

    fn target() -> Target {
        Target { cluster: "c1".into(), context: "ctx".into(), server: "https://x:6443".into() }
    }

    #[test]
    fn a_conflict_names_owner_field_and_ways_out() {
        let error = CallError::Owned(vec![Cause { field: ".data.x".into(), owner: "helm".into() }]);
        let failure = refusal(&target(), "c1/trust", "ConfigMap a/b", &error);
        assert_eq!(failure.exit, Exit::Conflict);
        assert_eq!(
            failure.to_string(),
            "c1/trust: ConfigMap a/b: others own 1 of the fields to be set: .data.x is owned by helm"
        );
        assert_eq!(failure.hints.len(), 3);
    }

    #[test]
    fn an_unreachable_server_is_named() {
        let failure = refusal(&target(), "c1", "", &CallError::Blocked(Blocked::Refused));
        assert_eq!(failure.exit, Exit::Unreachable);
        assert!(failure.what.en.contains("https://x:6443"));
    }
}
