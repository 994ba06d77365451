//! `isthmus rbac`: the role that an account needs on each cluster, derived from what would be sent and looked at.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use serde_json::Value;
use shared::text::Text;

use crate::applyset;
use crate::cli::Rbac;
use crate::error::{Exit, Failure};
use crate::object::Object;
use crate::program::Renderers;
use crate::report::Report;
use crate::rights::{self, Purpose, Right, Rights};
use crate::source;
use crate::work::Work;

/// What a role allows in one breath: resources of one group, some of their names or all, and the verbs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Rule {
    group: String,
    names: BTreeSet<String>,
    verbs: BTreeSet<&'static str>,
    resources: BTreeSet<String>,
    uses: BTreeSet<Use>,
}

/// What a rule is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Use {
    Look,
    Apply,
    Wait,
    Rotate,
    Verify,
    Cleanup,
    Check,
}

impl Use {
    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Look => ("every command", "所有命令"),
            Self::Apply => ("apply, diff", "apply、diff"),
            Self::Wait => ("waits of apply and rotate, told with events", "apply 与 rotate 的等待及其事件"),
            Self::Rotate => ("rotate, revoke", "rotate、revoke"),
            Self::Verify => ("verify", "verify"),
            Self::Cleanup => ("cleanup", "cleanup"),
            Self::Check => ("check", "check"),
        }
    }
}

/// What is allowed, and what for; where a role is bound for the whole cluster, namespaces do not count.
type Allowed = BTreeMap<(String, String, String, &'static str), BTreeSet<Use>>;

/// Runs the command.
pub(crate) async fn run(arguments: &Rbac, report: &Arc<Report>) -> Result<Exit, Failure> {
    let work = Work::of(&source::bundle(&arguments.bundle, report)?)?;
    let renderers = Renderers::find(&arguments.programs, &work.programs()).await?;
    let objects = rights::outline(&work, &renderers).await?;
    let mut page = String::new();
    for (cluster, rights) in rights::collect(&work, &objects) {
        let mut allowed = allowed(&rights);
        if work.watched().contains(&cluster) {
            allow_rotation(&mut allowed);
        }
        let own = work.jobs.iter().zip(&objects).filter(|(job, _)| job.cluster == cluster);
        let granted = granted(own.flat_map(|(_, objects)| objects));
        let _ =
            write!(page, "{}{}", if page.is_empty() { "" } else { "---\n" }, head(&work, &cluster, &granted, report));
        for rule in rules(&allowed) {
            page.push_str(&written(&rule, report));
        }
    }
    report.print(&page);
    Ok(Exit::Done)
}

/// The rights of a cluster, without those that a wider one holds already.
fn allowed(rights: &Rights) -> Allowed {
    let mut allowed = Allowed::new();
    for (Right { group, resource, name, verb, .. }, purpose) in rights {
        let what = match purpose {
            Purpose::Look => Use::Look,
            Purpose::Apply => Use::Apply,
            Purpose::Wait => Use::Wait,
            Purpose::Verify => Use::Verify,
            Purpose::Cleanup => Use::Cleanup,
            Purpose::Check => Use::Check,
        };
        allowed.entry((group.clone(), resource.clone(), name.clone(), *verb)).or_default().insert(what);
    }
    allowed
}

/// New tokens lie in secrets whose names are not known before.
fn allow_rotation(allowed: &mut Allowed) {
    for verb in ["get", "list", "create", "patch", "update", "delete"] {
        let right = (String::new(), "secrets".to_owned(), String::new(), verb);
        allowed.entry(right).or_default().insert(Use::Rotate);
    }
}

/// The fewest rules for what is allowed.
fn rules(allowed: &Allowed) -> Vec<Rule> {
    let wider = |(group, resource, name, verb): &(String, String, String, &'static str)| {
        let any = ("*".to_owned(), "*".to_owned(), String::new(), *verb);
        let all = (group.clone(), resource.clone(), String::new(), *verb);
        let own = (group.clone(), resource.clone(), name.clone(), *verb);
        [any, all].into_iter().find(|wide| *wide != own && allowed.contains_key(wide))
    };
    let mut kept = allowed.clone();
    for (right, uses) in allowed {
        if let Some(wide) = wider(right) {
            kept.remove(right);
            if let Some(of_wide) = kept.get_mut(&wide) {
                of_wide.extend(uses);
            }
        }
    }
    let one = |((group, resource, name, verb), uses): ((String, String, String, &'static str), BTreeSet<Use>)| Rule {
        group,
        names: Some(name).filter(|name| !name.is_empty()).into_iter().collect(),
        verbs: BTreeSet::from([verb]),
        resources: BTreeSet::from([resource]),
        uses,
    };
    let rules = kept.into_iter().map(one);
    // Verbs of one object first, then objects with the same verbs, then resources with the same of both.
    let rules = merged(rules, |a, b| a.resources == b.resources && a.names == b.names);
    let rules = merged(rules.into_iter(), |a, b| {
        a.resources == b.resources && a.verbs == b.verbs && a.names.is_empty() == b.names.is_empty()
    });
    let mut rules = merged(rules.into_iter(), |a, b| a.names == b.names && a.verbs == b.verbs);
    rules.sort_by(|a, b| (&a.group, &a.resources, &a.names).cmp(&(&b.group, &b.resources, &b.names)));
    rules
}

/// The rules with those of one group made one that are alike.
fn merged(rules: impl Iterator<Item = Rule>, alike: impl Fn(&Rule, &Rule) -> bool) -> Vec<Rule> {
    let mut merged: Vec<Rule> = Vec::new();
    for rule in rules {
        match merged.iter_mut().find(|other| other.group == rule.group && alike(other, &rule)) {
            Some(other) => {
                other.names.extend(rule.names);
                other.verbs.extend(rule.verbs);
                other.resources.extend(rule.resources);
                other.uses.extend(rule.uses);
            }
            None => merged.push(rule),
        }
    }
    merged
}

/// The roles that are made, and that so grant something.
fn granted<'o>(objects: impl Iterator<Item = &'o Object>) -> BTreeSet<String> {
    let roles = objects.filter(|object| matches!(object.value()["kind"].as_str(), Some("ClusterRole" | "Role")));
    roles.map(|object| format!("{} {}", object.id().kind.kind, object.id().name)).collect()
}

/// The head of a role, and what has to be known about it.
fn head(work: &Work, cluster: &str, granted: &BTreeSet<String>, report: &Report) -> String {
    let name = applyset::parent_name(&work.mesh);
    let mesh = &work.mesh;
    let list = granted.iter().cloned().collect::<Vec<_>>().join(", ");
    let mut lines = vec![
        Text::new(
            format!("{cluster}: what an account needs for mesh {mesh}, and no more."),
            format!("{cluster}：账号为网格 {mesh} 所需的权限，不多不少。"),
        ),
        Text::new(
            format!("Bind it: kubectl create clusterrolebinding {name} --clusterrole {name} --user NAME"),
            format!("绑定：kubectl create clusterrolebinding {name} --clusterrole {name} --user NAME"),
        ),
        Text::new(
            "It is bound for the whole cluster, as the namespaces are made by `apply`; names keep it narrow where they are known.",
            "由于命名空间由 `apply` 创建，须绑定到整个集群；凡名称已知之处，均以名称限定范围。",
        ),
    ];
    if !granted.is_empty() {
        lines.push(Text::new(
            format!(
                "`escalate` and `bind` are for these, which grant what the account does not have: {list}. Whoever leaves the two verbs out must give the account all that these grant."
            ),
            format!("`escalate` 与 `bind` 用于以下角色，它们授予账号自身没有的权限：{list}。若去掉这两个动词，则须把这些角色授予的全部权限给予该账号。"),
        ));
    }
    let comments = lines.iter().fold(String::new(), |page, line| format!("{page}# {}\n", report.say(line)));
    format!(
        "{comments}apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata:\n  name: {}\nrules:\n",
        Value::from(name)
    )
}

/// A rule as YAML, after a line that says what it is for.
fn written(rule: &Rule, report: &Report) -> String {
    let list = |items: &mut dyn Iterator<Item = &str>| {
        items.map(|item| Value::from(item).to_string()).collect::<Vec<_>>().join(", ")
    };
    let (en, zh): (Vec<&str>, Vec<&str>) = rule.uses.iter().map(|one| one.words()).unzip();
    let mut text = format!("# {}\n", report.say(&Text::new(en.join(", "), zh.join("、"))));
    let _ = writeln!(text, "- apiGroups: [{}]", Value::from(rule.group.as_str()));
    let _ = writeln!(text, "  resources: [{}]", list(&mut rule.resources.iter().map(String::as_str)));
    if !rule.names.is_empty() {
        let _ = writeln!(text, "  resourceNames: [{}]", list(&mut rule.names.iter().map(String::as_str)));
    }
    let _ = writeln!(text, "  verbs: [{}]", list(&mut rule.verbs.iter().copied()));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allow(rights: &[(&str, &str, &str, &'static str)]) -> Allowed {
        let right = |&(group, resource, name, verb): &(&str, &str, &str, &'static str)| {
            ((group.to_owned(), resource.to_owned(), name.to_owned(), verb), BTreeSet::from([Use::Apply]))
        };
        rights.iter().map(right).collect()
    }

    fn told(rights: &[(&str, &str, &str, &'static str)]) -> Vec<String> {
        let words = |rule: Rule| {
            let list = |items: BTreeSet<String>| items.into_iter().collect::<Vec<_>>().join(",");
            let verbs = rule.verbs.into_iter().map(str::to_owned).collect();
            format!("{} {} {} {}", rule.group, list(rule.resources), list(rule.names), list(verbs))
        };
        rules(&allow(rights)).into_iter().map(words).collect()
    }

    #[test]
    fn a_wider_right_swallows_the_narrower() {
        assert_eq!(told(&[("", "secrets", "a", "get"), ("", "secrets", "", "get")]), [" secrets  get"]);
        assert_eq!(told(&[("apps", "deployments", "", "list"), ("*", "*", "", "list")]), ["* *  list"]);
        assert_eq!(told(&[("", "secrets", "a", "get"), ("", "secrets", "", "list")]).len(), 2);
    }

    #[test]
    fn what_is_alike_is_one_rule() {
        assert_eq!(
            told(&[("", "secrets", "a", "get"), ("", "secrets", "b", "get"), ("", "services", "", "get")]),
            [" secrets a,b get", " services  get"]
        );
        assert_eq!(told(&[("", "pods", "", "list"), ("", "nodes", "", "list")]), [" nodes,pods  list"]);
    }
}
