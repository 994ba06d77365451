//! Endpoints that their Service does not lead to, since they are of another family of addresses: an API server takes both, and nothing
//! ever arrives.

use serde_json::Value;
use shared::text::Text;

use super::Walk;
use crate::kinds::elements;
use crate::object::Object;
use crate::report::Event;
use crate::work::Job;

/// The label of an `EndpointSlice` that names its Service.
const SERVICE: &str = "kubernetes.io/service-name";

impl Walk {
    /// Says of endpoints that a step brought whether their Service, as it is now, leaves them out.
    pub(super) async fn warn_of_families(&self, job: &Job, objects: &[Object]) {
        let Ok(cluster) = self.world.cluster(&job.cluster) else { return };
        for slice in objects.iter().filter(|object| object.value()["kind"] == "EndpointSlice") {
            let Some(name) = slice.value()["metadata"]["labels"][SERVICE].as_str() else { continue };
            let namespace = slice.id().namespace;
            // What cannot be read says nothing.
            let Ok(Some(service)) = cluster.find("", "Service", &namespace, name).await else { continue };
            if let Some((text, hint)) = left_out(slice.value(), &service, &format!("{namespace}/{name}")) {
                self.report.event(&Event::Warning { place: Some(job.id.clone()), text, hints: vec![hint] });
            }
        }
    }
}

/// What to say of endpoints that their Service leaves out, and what to do; nothing where it does not.
fn left_out(slice: &Value, service: &Value, name: &str) -> Option<(Text, Text)> {
    let family = slice["addressType"].as_str()?;
    let families = elements(&service["spec"]["ipFamilies"]);
    let other = families.first()?.as_str()?;
    if families.iter().any(|one| one == family) {
        return None;
    }
    let address = slice["endpoints"][0]["addresses"][0].as_str().unwrap_or_default();
    let text = Text::new(
        format!(
            "Service {name} is of {other} and its endpoint {address} of {family}: nothing in the cluster gets there by it"
        ),
        format!("Service {name} 是 {other}，而其端点 {address} 是 {family}：集群内无法经由它到达"),
    );
    let hint = Text::new(
        format!(
            "have the load balancer hand out an address of {other}, or a host name: `eastWest.addressKind: hostname`"
        ),
        format!("请让负载均衡器给出 {other} 地址，或使用主机名：`eastWest.addressKind: hostname`"),
    );
    Some((text, hint))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn endpoints_of_a_family_that_their_service_lacks_are_told() {
        let slice = |family: &str| json!({"addressType": family, "endpoints": [{"addresses": ["2001:db8::7"]}]});
        let service = |families: &[&str]| json!({"spec": {"ipFamilies": families}});
        let told = |family: &str, families: &[&str]| left_out(&slice(family), &service(families), "a/b");
        let text = told("IPv6", &["IPv4"]).unwrap().0.en;
        assert!(text.contains("a/b is of IPv4") && text.contains("2001:db8::7 of IPv6"), "{text}");
        assert_eq!(told("IPv6", &["IPv4", "IPv6"]), None);
        assert_eq!(told("IPv4", &["IPv4"]), None);
        // A Service without a family leads by name.
        assert_eq!(told("IPv6", &[]), None);
    }
}
