//! What a failed request means to the operator: which cluster, what happened, what to do.

use shared::text::Text;

use crate::error::{Exit, Failure};
use crate::report::Target;
use crate::transport::{Blocked, CallError};

/// The failure of a request to `target`; `place` is the step or the cluster, `object` what the request was about.
pub(crate) fn refusal(target: &Target, place: &str, object: &str, error: &CallError) -> Failure {
    if error.is_unreachable() {
        return unreachable(target, place, error);
    }
    match error {
        CallError::Unauthorized => Failure::new(
            Exit::Forbidden,
            Text::new(
                format!(
                    "the API server of {} does not accept the credentials of context `{}`",
                    target.cluster, target.context
                ),
                format!("{} 的 API 服务器不接受上下文 `{}` 的凭据", target.cluster, target.context),
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
        CallError::Owned(causes) => causes
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
            .at(place)
            .hint(Text::new(
                "if the other owner is right: draw it that way, so that both agree",
                "如果对方的值正确：请照此修改拓扑，使两者一致",
            ))
            .hint(Text::new(
                "if the bundle is right: let the other owner give the field up",
                "如果本包的值正确：请让对方放弃该字段",
            ))
            .hint(Text::new("or take the fields over: `--force-conflicts`", "或者接管这些字段：`--force-conflicts`")),
        CallError::Raced => Failure::new(
            Exit::Again,
            Text::new(
                format!("{object} was changed by somebody else meanwhile"),
                format!("{object} 在此期间被他人修改"),
            ),
        )
        .at(place)
        .hint(again()),
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
                CallError::Refused { code, message } if message.is_empty() => failure.because(format!("HTTP {code}")),
                CallError::Refused { message, .. } => failure.because(message),
                _ => failure,
            }
        }
    }
}

/// The hint after everything that a second run heals.
pub(crate) fn again() -> Text {
    Text::new("run the same command again: it goes on from where things are", "再次运行同一命令：它会从现状继续")
}

fn unreachable(target: &Target, place: &str, error: &CallError) -> Failure {
    let why = match error {
        CallError::Blocked(Blocked::Refused) => Text::new("nobody listens there", "该地址无人监听"),
        CallError::Blocked(Blocked::Name) => Text::new("its name does not resolve", "域名无法解析"),
        CallError::Blocked(Blocked::Certificate) => {
            Text::new("its certificate is not one that the kubeconfig trusts", "其证书不受 kubeconfig 信任")
        }
        CallError::Blocked(Blocked::Credentials) => Text::new(
            "the credentials of the context could not be had (a plugin failed, or a file is not there)",
            "无法取得该上下文的凭据（插件失败或文件不存在）",
        ),
        CallError::Busy { .. } => Text::new("it asks to come again later, every time", "它一再要求稍后重试"),
        CallError::Broken => Text::new("the connection breaks off, every time", "连接一再中断"),
        CallError::Garbled => Text::new("what answers there is no API server", "该地址的应答者不是 API 服务器"),
        CallError::Silent(time) => {
            Text::new(format!("no answer in {} s", time.as_secs()), format!("{} 秒内没有应答", time.as_secs()))
        }
        _ => Text::new("no connection comes about", "无法建立连接"),
    };
    Failure::new(
        Exit::Unreachable,
        Text::new(
            format!("cannot reach the API server of {} at {}: {}", target.cluster, target.server, why.en),
            format!("无法连接 {} 的 API 服务器 {}：{}", target.cluster, target.server, why.zh),
        ),
    )
    .at(place)
    .hint(Text::new(
        format!("check that the cluster runs and that this works: `kubectl --context {} version`", target.context),
        format!("请确认集群在运行，且此命令可用：`kubectl --context {} version`", target.context),
    ))
    .hint(Text::new(
        format!("or name another context: `--context {}=CONTEXT`", target.cluster),
        format!("或指定另一个上下文：`--context {}=CONTEXT`", target.cluster),
    ))
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
