//! Which kubeconfig context a cluster is reached by: never the current one, which may be anybody's.

use shared::text::Text;

use crate::cli::Context;
use crate::error::{Exit, Failure};

/// A cluster and how its context is chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wanted {
    /// The cluster, as drawn.
    pub(crate) cluster: String,
    /// The context that was drawn or given; the cluster's own name otherwise.
    pub(crate) context: Option<String>,
}

impl Wanted {
    /// Joins what was drawn with what the command line says, which goes first.
    pub(crate) fn join<'a>(
        drawn: impl Iterator<Item = (&'a str, Option<&'a str>)>,
        given: &[Context],
    ) -> Result<Vec<Self>, Failure> {
        let mut wanted: Vec<Self> = drawn
            .map(|(cluster, context)| Self { cluster: cluster.to_owned(), context: context.map(str::to_owned) })
            .collect();
        for one in given {
            let known: Vec<&str> = wanted.iter().map(|wanted| wanted.cluster.as_str()).collect();
            let stranger = Failure::new(
                Exit::Usage,
                Text::new(
                    format!("`--context {}={}`: the bundle has no cluster of this name", one.cluster, one.context),
                    format!("`--context {}={}`：包中没有这个名字的集群", one.cluster, one.context),
                ),
            )
            .hint(Text::new(
                format!("its clusters: {}", known.join(", ")),
                format!("包中的集群：{}", known.join("、")),
            ));
            wanted.iter_mut().find(|wanted| wanted.cluster == one.cluster).ok_or(stranger)?.context =
                Some(one.context.clone());
        }
        Ok(wanted)
    }
}

/// The context of every cluster, out of those there are.
pub(crate) fn assign(wanted: &[Wanted], there: &[&str]) -> Result<Vec<(String, String)>, Failure> {
    let mut assigned: Vec<(String, String)> = Vec::new();
    for Wanted { cluster, context } in wanted {
        let name = context.as_ref().unwrap_or(cluster);
        if !there.contains(&name.as_str()) {
            let list = if there.is_empty() { "-".to_owned() } else { there.join(", ") };
            return Err(Failure::new(
                Exit::Context,
                Text::new(
                    format!("the kubeconfig has no context `{name}`"),
                    format!("kubeconfig 中没有上下文 `{name}`"),
                ),
            )
            .at(cluster)
            .hint(Text::new(
                format!("name the one that leads to this cluster: `--context {cluster}=CONTEXT`"),
                format!("请指定通向该集群的上下文：`--context {cluster}=CONTEXT`"),
            ))
            .hint(Text::new(format!("contexts there are: {list}"), format!("现有的上下文：{list}"))));
        }
        if let Some((other, _)) = assigned.iter().find(|(_, taken)| taken == name) {
            return Err(Failure::new(
                Exit::Context,
                Text::new(
                    format!("{other} and {cluster} are both reached by context `{name}`: they would be one cluster"),
                    format!("{other} 与 {cluster} 都使用上下文 `{name}`：它们会是同一个集群"),
                ),
            )
            .hint(Text::new(
                "give each cluster a context of its own: `--context CLUSTER=CONTEXT`",
                "请为每个集群指定各自的上下文：`--context CLUSTER=CONTEXT`",
            )));
        }
        assigned.push((cluster.clone(), name.clone()));
    }
    Ok(assigned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn join(given: &[(&str, &str)]) -> Result<Vec<Wanted>, Failure> {
        let given: Vec<Context> = given
            .iter()
            .map(|(cluster, context)| Context { cluster: (*cluster).into(), context: (*context).into() })
            .collect();
        Wanted::join([("c1", None), ("c2", Some("drawn"))].into_iter(), &given)
    }

    #[test]
    fn the_command_line_goes_before_the_drawing_before_the_name() {
        let wanted = join(&[]).unwrap();
        let there = ["c1", "drawn", "given"];
        assert_eq!(assign(&wanted, &there).unwrap(), [("c1".into(), "c1".into()), ("c2".into(), "drawn".into())]);
        let wanted = join(&[("c2", "given")]).unwrap();
        assert_eq!(assign(&wanted, &there).unwrap()[1].1, "given");
    }

    #[test]
    fn a_missing_context_lists_those_there_are() {
        let failure = assign(&join(&[]).unwrap(), &["x", "y"]).unwrap_err();
        assert_eq!((failure.exit, failure.place.as_deref()), (Exit::Context, Some("c1")));
        assert!(failure.hints[1].en.ends_with("x, y"));
    }

    #[test]
    fn one_context_for_two_clusters_is_refused() {
        let wanted = join(&[("c2", "c1")]).unwrap();
        assert_eq!(assign(&wanted, &["c1"]).unwrap_err().exit, Exit::Context);
    }

    #[test]
    fn a_context_for_a_stranger_is_a_usage_error() {
        assert_eq!(join(&[("c9", "x")]).unwrap_err().exit, Exit::Usage);
    }
}
