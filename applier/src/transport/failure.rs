//! What a request can come to other than an answer. Foreign error texts are never shown as they are: they may hold
//! what a credential plugin printed.

use std::error::Error as _;
use std::time::Duration;

use http::StatusCode;
use serde_json::Value;

use crate::program::plugin::Trouble;

/// Why a request failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum CallError {
    /// No connection came about.
    Blocked(Blocked),
    /// The connection broke in the middle.
    Broken,
    /// No answer within this time.
    Silent(Duration),
    /// This program was held up for so long in the middle of it, as a laptop that is closed, that nobody knows what became of it.
    HeldUp(Duration),
    /// Not sent: the run may not write any more.
    Fenced,
    /// The server asks to come again later.
    Busy {
        /// The HTTP status.
        status: u16,
        /// When, where it says so.
        retry_after: Option<Duration>,
    },
    /// An answer that is not Kubernetes' JSON.
    Garbled,
    /// The server does not know who asks.
    Unauthorized,
    /// Who asks may not do this.
    Forbidden(String),
    /// There is no such object, or no such kind.
    NotFound,
    /// Others own fields that were to be set.
    Owned(Vec<Cause>),
    /// Somebody else changed or made the object meanwhile.
    Raced,
    /// The namespace is going away.
    Terminating,
    /// Refused, with the server's reason.
    Refused {
        /// The HTTP status.
        code: u16,
        /// The server's words.
        message: String,
    },
}

/// Why there is no connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Blocked {
    /// Nobody listens there.
    Refused,
    /// The name does not resolve.
    Name,
    /// The server did not answer in time.
    Timeout,
    /// No network that this machine is on leads there.
    NoRoute,
    /// The server's certificate is not one to trust.
    Certificate(Distrust),
    /// The credentials could not be had.
    Credentials(Trouble),
    /// The proxy on the way does not let through.
    Proxy,
    /// Anything else on the way.
    Other,
}

/// What is wrong with a server's certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Distrust {
    /// No authority that is trusted has signed it.
    Stranger,
    /// It is no longer valid.
    Expired,
    /// It is not valid yet.
    Early,
    /// It is for other names.
    Name,
    /// What is trusted is no authority, but a server's own certificate.
    Leaf,
    /// Anything else.
    Other,
}

impl Distrust {
    /// Out of what rustls says.
    fn of(text: &str) -> Option<Self> {
        let said = text.split_once("invalid peer certificate")?.1;
        let has = |word: &str| said.contains(word);
        Some(if has("UnknownIssuer") || has("BadSignature") {
            Self::Stranger
        } else if has("not valid for") || has("NotValidForName") {
            Self::Name
        } else if has("xpired") {
            Self::Expired
        } else if has("not valid yet") || has("NotValidYet") {
            Self::Early
        } else if has("CaUsedAsEndEntity") {
            Self::Leaf
        } else {
            Self::Other
        })
    }
}

/// One field that somebody else owns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cause {
    /// The path of the field.
    pub(crate) field: String,
    /// Who owns it.
    pub(crate) owner: String,
}

impl CallError {
    /// What a failed exchange means; its text is not kept.
    pub(super) fn of_client(error: &kube::Error) -> Self {
        if matches!(error, kube::Error::Auth(_)) {
            return Self::Blocked(Blocked::Credentials(Trouble::Unusable));
        }
        let mut innermost: Option<&(dyn std::error::Error + 'static)> = error.source();
        let mut connecting = false;
        while let Some(cause) = innermost {
            let text = cause.to_string();
            if text.contains("client error (Connect)") || text.contains("tcp connect error") {
                connecting = true;
            }
            if text.contains("dns error") || text.contains("failed to lookup address") {
                return Self::Blocked(Blocked::Name);
            }
            if let Some(distrust) = Distrust::of(&text) {
                return Self::Blocked(Blocked::Certificate(distrust));
            }
            if text.contains("tunnel error") {
                return Self::Blocked(Blocked::Proxy);
            }
            if let Some(io) = cause.downcast_ref::<std::io::Error>() {
                match io.kind() {
                    std::io::ErrorKind::ConnectionRefused => return Self::Blocked(Blocked::Refused),
                    std::io::ErrorKind::NetworkUnreachable | std::io::ErrorKind::HostUnreachable => {
                        return Self::Blocked(Blocked::NoRoute);
                    }
                    std::io::ErrorKind::TimedOut if connecting => return Self::Blocked(Blocked::Timeout),
                    _ => {}
                }
            }
            innermost = cause.source();
        }
        if connecting { Self::Blocked(Blocked::Other) } else { Self::Broken }
    }

    /// What a status other than success means.
    pub(super) fn of_status(status: StatusCode, said: &Value, retry_after: Option<Duration>) -> Self {
        let message = said["message"].as_str().unwrap_or_default().to_owned();
        let reason = said["reason"].as_str().unwrap_or_default();
        match status.as_u16() {
            401 => Self::Unauthorized,
            403 if message.contains("because it is being terminated") => Self::Terminating,
            403 => Self::Forbidden(message),
            404 => Self::NotFound,
            409 => {
                let causes = causes(said);
                if causes.is_empty() { Self::Raced } else { Self::Owned(causes) }
            }
            // What no second try makes smaller, in the words of etcd and of API servers.
            _ if message.contains("request is too large") => Self::Refused { code: 413, message },
            // A webhook that cannot be reached is an internal error too, and says so; it is worth another try.
            _ if super::asks_for_patience(status) && reason != "InternalError" => {
                Self::Busy { status: status.as_u16(), retry_after }
            }
            code => Self::Refused { code, message },
        }
    }

    /// The same error without the server's words, for objects whose content must not be repeated: who refused it may be said.
    #[must_use]
    pub(crate) fn without_words(self) -> Self {
        match self {
            Self::Refused { code, message } => Self::Refused { code, message: refuser(&message).unwrap_or_default() },
            other => other,
        }
    }

    /// Whether the account may not do this.
    pub(crate) fn is_denied(&self) -> bool {
        matches!(self, Self::Forbidden(_) | Self::Unauthorized)
    }

    /// Whether the server could not be spoken to at all.
    pub(crate) fn is_unreachable(&self) -> bool {
        matches!(self, Self::Blocked(_) | Self::Broken | Self::Silent(_) | Self::Busy { .. } | Self::Garbled)
    }
}

/// The fields of a conflict, from `conflict with "kubectl-label" using v1`.
fn causes(said: &Value) -> Vec<Cause> {
    let found = said["details"]["causes"].as_array().map(Vec::as_slice).unwrap_or_default();
    found
        .iter()
        .filter(|cause| cause["reason"] == "FieldManagerConflict")
        .map(|cause| Cause {
            field: cause["field"].as_str().unwrap_or_default().to_owned(),
            owner: cause["message"].as_str().and_then(|text| text.split('"').nth(1)).unwrap_or("?").to_owned(),
        })
        .collect()
}

/// The webhook or policy that refused, in the API server's words; its own words, which may repeat what was sent, are left out.
fn refuser(message: &str) -> Option<String> {
    const LEADS: [&str; 3] = ["failed calling webhook \"", "admission webhook \"", "ValidatingAdmissionPolicy '"];
    LEADS.iter().find_map(|lead| {
        let (_, rest) = message.split_once(lead)?;
        let name = rest.split(['"', '\'']).next()?;
        let is_name =
            name.len() < 254 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte));
        let close = lead.chars().last()?;
        is_name.then(|| format!("{lead}{name}{close}{}", if lead.starts_with("failed") { "" } else { " refuses it" }))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn of_a_secret_who_refused_it_is_said_and_no_more() {
        for (message, said) in [
            (
                "admission webhook \"policy.example.com\" denied the request: token c2VjcmV0",
                "admission webhook \"policy.example.com\" refuses it",
            ),
            (
                "Internal error occurred: failed calling webhook \"a.b\": Post: c2VjcmV0",
                "failed calling webhook \"a.b\"",
            ),
            (
                "secrets \"x\" is forbidden: ValidatingAdmissionPolicy 'no-secrets' with binding 'b' denied",
                "ValidatingAdmissionPolicy 'no-secrets' refuses it",
            ),
            ("admission webhook \"c2VjcmV0 is wrong\" denied", ""),
            ("data: c2VjcmV0 is not base64", ""),
        ] {
            let error = CallError::Refused { code: 422, message: message.to_owned() }.without_words();
            assert_eq!(error, CallError::Refused { code: 422, message: said.to_owned() });
        }
    }

    #[test]
    fn a_conflict_names_field_and_owner() {
        let said = json!({"reason": "Conflict", "details": {"causes": [{
            "reason": "FieldManagerConflict",
            "message": "conflict with \"kubectl-label\" using v1",
            "field": ".metadata.labels.topology.istio.io/network"
        }]}});
        let error = CallError::of_status(StatusCode::CONFLICT, &said, None);
        let expected =
            Cause { field: ".metadata.labels.topology.istio.io/network".into(), owner: "kubectl-label".into() };
        assert_eq!(error, CallError::Owned(vec![expected]));
    }

    #[test]
    fn what_is_wrong_with_a_certificate_is_told_apart() {
        for (said, distrust) in [
            ("invalid peer certificate: UnknownIssuer", Some(Distrust::Stranger)),
            ("invalid peer certificate: certificate expired: verification time 1", Some(Distrust::Expired)),
            ("invalid peer certificate: certificate not valid yet: 2", Some(Distrust::Early)),
            ("invalid peer certificate: certificate not valid for name \"a\"; only b", Some(Distrust::Name)),
            ("invalid peer certificate: Other(OtherError(CaUsedAsEndEntity))", Some(Distrust::Leaf)),
            ("invalid peer certificate: BadEncoding", Some(Distrust::Other)),
            ("unexpected end of file", None),
        ] {
            assert_eq!(Distrust::of(said), distrust, "{said}");
        }
    }

    #[test]
    fn a_conflict_without_fields_is_a_race() {
        assert_eq!(
            CallError::of_status(StatusCode::CONFLICT, &json!({"reason": "AlreadyExists"}), None),
            CallError::Raced
        );
    }

    #[test]
    fn words_about_secrets_can_be_dropped() {
        let said = json!({"message": "Secret \"x\" is invalid: data[a]: Invalid value: \"hush\""});
        let error = CallError::of_status(StatusCode::UNPROCESSABLE_ENTITY, &said, None).without_words();
        assert!(!format!("{error:?}").contains("hush"));
    }
}
