//! The question of trust, before anything is written: every signer needs certificates, and all of them one root.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use shared::fact::Fact;
use shared::hole::Part;
use shared::probe::Probe;
use shared::text::Text;

use crate::error::{Exit, Failure};
use crate::probe::{self, Learned};

/// The failure of a fact that has to be so before the first write, and is not.
pub(crate) fn unmet(fact: &Fact, probe: &Probe, why: Text, context: &str) -> Failure {
    if let Probe::Credential { namespace, secret, .. } = probe {
        let make = format!(
            "`kubectl create ns {namespace}`, `kubectl create secret tls {secret} -n {namespace} --cert=FILE --key=FILE`"
        );
        let hint = Text::new(format!("put it there: {make}"), format!("请创建：{make}"));
        return Failure::new(Exit::Findings, why).at(fact).hint(hint);
    }
    if let Probe::Definitions { install, .. } = probe {
        let make = install.replace("CONTEXT", context);
        let hint = Text::new(format!("install them: `{make}`"), format!("请安装：`{make}`"));
        return Failure::new(Exit::Findings, why).at(fact).hint(hint);
    }
    let Fact::Certificates(cluster) = fact else {
        return Failure::new(Exit::Findings, why).at(fact);
    };
    Failure::new(
        Exit::Context,
        Text::new(
            format!("there are no certificates for {cluster}, and nothing has been written: {}", why.en),
            format!("{cluster} 没有可用的证书，尚未写入任何内容：{}", why.zh),
        ),
    )
    .at(fact)
    .hint(Text::new(
        "make them, then give them: `isthmus certs BUNDLE -o DIR`, `isthmus apply BUNDLE --certs DIR`",
        "生成证书并指定：`isthmus certs BUNDLE -o DIR`，`isthmus apply BUNDLE --certs DIR`",
    ))
    .hint(Text::new(
        "or put a secret `cacerts` with certificates under one root into every cluster that signs, and run this again",
        "或在每个签发证书的集群中放入同一根证书下的 `cacerts` Secret，再次运行本命令",
    ))
}

/// Refuses certificates under different roots.
pub(crate) fn one_root(learnt: &BTreeMap<Fact, Learned>) -> Result<(), Failure> {
    let mut first: Option<(&Fact, String)> = None;
    for (fact, learnt) in learnt {
        let Some(root) = learnt.parts.get(&Part::RootCert) else { continue };
        let pem = root.reveal(|text| STANDARD.decode(text).unwrap_or_default());
        let root = probe::canonical(&String::from_utf8_lossy(&pem));
        match &first {
            None => first = Some((fact, root)),
            Some((_, known)) if *known == root => {}
            Some((other, _)) => {
                let (one, two) = (other.cluster(), fact.cluster());
                return Err(Failure::new(
                    Exit::Context,
                    Text::new(
                        format!("the certificates of {one} and {two} have different roots: their workloads would not trust each other; nothing has been written"),
                        format!("{one} 与 {two} 的证书根不同，两边的工作负载将互不信任；尚未写入任何内容"),
                    ),
                )
                .at(fact)
                .hint(Text::new(
                    "give certificates under one root for all clusters: `--certs DIR`, made by `isthmus certs BUNDLE -o DIR`",
                    "请为所有集群指定同一根证书下的证书：`--certs DIR`，由 `isthmus certs BUNDLE -o DIR` 生成",
                )));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fill::Filling;

    fn learnt(roots: &[(&str, &str)]) -> BTreeMap<Fact, Learned> {
        let one = |(cluster, root): &(&str, &str)| {
            let parts = BTreeMap::from([(Part::RootCert, Filling::secret(STANDARD.encode(root)))]);
            (Fact::Certificates((*cluster).into()), Learned { parts, ..Learned::default() })
        };
        roots.iter().map(one).collect()
    }

    #[test]
    fn roots_are_compared_by_content_not_by_line_ends() {
        assert!(one_root(&learnt(&[("a", "x\ny\n"), ("b", "x\r\ny")])).is_ok());
        assert_eq!(one_root(&learnt(&[("a", "x"), ("b", "y")])).unwrap_err().exit, Exit::Context);
    }

    #[test]
    fn missing_certificates_name_two_ways() {
        let failure =
            unmet(&Fact::Certificates("a".into()), &Probe::Namespace { name: String::new() }, Text::default(), "a");
        assert_eq!((failure.exit, failure.hints.len()), (Exit::Context, 2));
    }
}
