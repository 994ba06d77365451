//! From a context of a kubeconfig to how its API server is reached, and where the credentials come from. Runs no plugin and
//! speaks to nobody. What is wrong is named by its place in the kubeconfig, never by its content.

use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::Uri;
use kube::config::{AuthInfo, Cluster, Kubeconfig};
use shared::text::Text;

use super::{CONNECT_DEADLINE, route};
use crate::error::{Exit, Failure};
use crate::program::plugin::{Plugin, Trouble};
use crate::refusal::credentials;
use crate::source::{self, PEM_CAP};
use crate::transport::Source;

/// How an API server is reached.
pub(super) struct Settings {
    /// For the kube library: with no plugin, no token file and no proxy but ours.
    pub(super) config: kube::Config,
    /// Where the credentials come from.
    pub(super) source: Source,
    /// The proxy on the way, without its account.
    pub(super) proxy: Option<String>,
}

/// What stands wrong in the kubeconfig.
struct Wrong(Text);

/// Reads a context. The kubeconfig's relative paths are made whole when it is read.
pub(super) fn settings(kubeconfig: &Kubeconfig, cluster: &str, context: &str) -> Result<Settings, Failure> {
    let unusable = |Wrong(what): Wrong| {
        let what = Text::new(
            format!("context `{context}` cannot be used: {}", what.en),
            format!("上下文 `{context}` 无法使用：{}", what.zh),
        );
        Failure::new(Exit::Context, what).at(cluster).hint(Text::new(
            format!("see what this says: `kubectl --context {context} version`"),
            format!("请查看此命令的输出：`kubectl --context {context} version`"),
        ))
    };
    let (place, mut user) = parts(kubeconfig, context).map_err(unusable)?;
    let source = match source(&mut user) {
        Ok(source) => source,
        Err(trouble) => return Err(unusable(Wrong(credentials(&trouble)))),
    };
    let mut config = reach(place).map_err(unusable)?;
    let proxy = config.proxy_url.as_ref().map(route::shown);
    config.auth_info = user;
    Ok(Settings { config, source, proxy })
}

/// The cluster and the user of a context.
fn parts<'a>(kubeconfig: &'a Kubeconfig, context: &str) -> Result<(&'a Cluster, AuthInfo), Wrong> {
    let missing = |en: &str, zh: &str, name: &str| {
        Wrong(Text::new(format!("there is no {en} `{name}`"), format!("没有{zh} `{name}`")))
    };
    let named = kubeconfig.contexts.iter().find(|one| one.name == context).and_then(|one| one.context.as_ref());
    let named = named.ok_or_else(|| missing("context", "上下文", context))?;
    let cluster = kubeconfig.clusters.iter().find(|one| one.name == named.cluster).and_then(|one| one.cluster.as_ref());
    let cluster = cluster.ok_or_else(|| missing("cluster", "集群", &named.cluster))?;
    let user = match &named.user {
        None => AuthInfo::default(),
        Some(name) => {
            let user = kubeconfig.auth_infos.iter().find(|one| one.name == *name);
            user.ok_or_else(|| missing("user", "用户", name))?.auth_info.clone().unwrap_or_default()
        }
    };
    Ok((cluster, user))
}

/// Takes out of a user what the kube library would run or read by itself.
fn source(user: &mut AuthInfo) -> Result<Source, Trouble> {
    // Programs of the providers that kubectl has dropped are not run.
    if let Some(program) = user.auth_provider.as_ref().and_then(|provider| provider.config.get("cmd-path")) {
        return Err(Trouble::Missing(program.clone()));
    }
    let (file, exec) = (user.token_file.take(), user.exec.take());
    if let Some(file) = file {
        user.token = None;
        return Ok(Source::File(file.into()));
    }
    let settled = user.token.is_some() || user.username.is_some() || user.auth_provider.is_some();
    match exec.filter(|_| !settled) {
        Some(exec) => Plugin::of(&exec).map(Source::Plugin),
        None => Ok(Source::Kubeconfig),
    }
}

/// How a cluster is reached, by anybody.
fn reach(place: &Cluster) -> Result<kube::Config, Wrong> {
    let wrong = |en: &str, zh: &str| Wrong(Text::new(en, zh));
    let server = place.server.as_deref().ok_or_else(|| wrong("its cluster has no `server`", "其集群没有 `server`"))?;
    let server: Uri = server.parse().map_err(|_| wrong("its `server` is no URL", "其 `server` 不是 URL"))?;
    if server.host().is_none() || server.scheme().is_none() {
        return Err(wrong("its `server` is no URL", "其 `server` 不是 URL"));
    }
    let proxy = route::proxy(&server, place.proxy_url.as_deref(), |name| std::env::var(name).ok());
    let proxy: Option<Uri> =
        proxy.map(|proxy| proxy.parse()).transpose().map_err(|_| wrong("its proxy is no URL", "其代理不是 URL"))?;
    if proxy.as_ref().is_some_and(|proxy| !matches!(proxy.scheme_str(), Some("http" | "https"))) {
        return Err(wrong(
            "its proxy is of a kind that isthmus does not speak: only http and https",
            "不支持其代理的类型：只支持 http 和 https",
        ));
    }
    let mut config = kube::Config::new(server);
    config.root_cert = authority(place)?;
    config.accept_invalid_certs = place.insecure_skip_tls_verify.unwrap_or(false);
    config.tls_server_name.clone_from(&place.tls_server_name);
    config.proxy_url = proxy;
    config.connect_timeout = Some(CONNECT_DEADLINE);
    config.default_retry = false;
    Ok(config)
}

/// The certificates that are trusted; nothing where those of the machine are.
fn authority(place: &Cluster) -> Result<Option<Vec<Vec<u8>>>, Wrong> {
    let wrong = |en: &str, zh: &str| Wrong(Text::new(en, zh));
    let bytes = match (&place.certificate_authority_data, &place.certificate_authority) {
        (Some(data), _) if !data.is_empty() => STANDARD.decode(data).map_err(|_| {
            wrong("its `certificate-authority-data` is not base64", "其 `certificate-authority-data` 不是 base64")
        })?,
        (_, Some(file)) => source::bytes(Path::new(file), PEM_CAP).map_err(|_| {
            wrong("its file `certificate-authority` cannot be read", "无法读取其文件 `certificate-authority`")
        })?,
        _ => return Ok(None),
    };
    let read: Result<Vec<_>, _> = x509_parser::pem::Pem::iter_from_buffer(&bytes).collect();
    match read {
        Ok(found) if !found.is_empty() => Ok(Some(found.into_iter().map(|one| one.contents).collect())),
        _ => Err(wrong("its certificate authority is not PEM", "其证书颁发机构不是 PEM 格式")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(cluster: &str, user: &str) -> Result<Settings, Failure> {
        let text = format!(
            "apiVersion: v1\nkind: Config\nclusters: [{{name: c, cluster: {cluster}}}]\nusers: [{{name: u, user: {user}}}]\n\
             contexts: [{{name: ctx, context: {{cluster: c, user: u}}}}]\n"
        );
        settings(&Kubeconfig::from_yaml(&text).unwrap(), "c1", "ctx")
    }

    #[test]
    fn plugins_and_files_are_taken_out_of_what_the_library_gets() {
        let cluster = "{server: 'https://api.example:6443', proxy-url: 'http://me:hush@proxy:3128'}";
        let plugin =
            read(cluster, "{exec: {command: aws, args: [hush]}}").unwrap_or_else(|failure| panic!("{failure}"));
        assert!(plugin.config.auth_info.exec.is_none() && matches!(plugin.source, Source::Plugin(_)));
        assert_eq!(plugin.proxy.as_deref(), Some("http://proxy:3128"));
        let file = read(cluster, "{token: old, tokenFile: /run/token}").unwrap_or_else(|failure| panic!("{failure}"));
        assert!(file.config.auth_info.token.is_none() && file.config.auth_info.token_file.is_none());
        assert!(matches!(file.source, Source::File(_)));
        let token = read(cluster, "{token: hush}").unwrap_or_else(|failure| panic!("{failure}"));
        assert!(matches!(token.source, Source::Kubeconfig));
    }

    #[test]
    fn what_is_wrong_is_named_and_not_quoted() {
        for (cluster, user, words) in [
            ("{}", "{}", "has no `server`"),
            ("{server: hush}", "{}", "`server` is no URL"),
            ("{server: 'https://x', certificate-authority-data: hush!}", "{}", "is not base64"),
            ("{server: 'https://x', certificate-authority-data: aHVzaA==}", "{}", "is not PEM"),
            ("{server: 'https://x', certificate-authority: /hush}", "{}", "cannot be read"),
            ("{server: 'https://x', proxy-url: 'socks5://hush'}", "{}", "only http and https"),
            ("{server: 'https://x'}", "{exec: {command: sh, interactiveMode: Always}}", "wants a terminal"),
        ] {
            let failure = read(cluster, user).err().unwrap_or_else(|| panic!("{cluster} {user} is taken"));
            assert_eq!(failure.exit, Exit::Context);
            assert!(failure.to_string().contains(words) && !failure.to_string().contains("hush"), "{failure}");
        }
    }
}
