//! Calls from outside: from the machine that `isthmus` runs on, by the address of an ingress gateway.

use std::time::Duration;

use futures_util::future::join_all;
use shared::bundle::VerifyMember;
use shared::text::Text;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::{Check, Group, Outcome};
use crate::transport::page;

/// How many calls each gateway gets.
const CALLS: usize = 10;

/// How long one may take.
const DEADLINE: Duration = Duration::from_secs(5);

/// The largest answer that is read.
const LARGEST_ANSWER: u64 = 64 << 10;

/// Calls the page of an ingress gateway, and says whether every call was answered by a member.
pub(crate) async fn ask(name: &str, url: &str, members: &[VerifyMember]) -> Check {
    let calls = join_all((0..CALLS).map(|_| call(url))).await;
    let mut trouble = None;
    let mut answered = 0;
    let mut who: Vec<&str> = Vec::new();
    for said in calls {
        let member = said.as_ref().ok().and_then(|text| members.iter().find(|member| text.contains(&member.answer)));
        match (member, said) {
            (Some(member), _) => {
                answered += 1;
                if !who.contains(&member.cluster.as_str()) {
                    who.push(member.cluster.as_str());
                }
            }
            (None, Err(why)) => trouble = Some(why),
            (None, Ok(_)) => trouble = Some("an answer that is not the sample's".to_owned()),
        }
    }
    who.sort_unstable();
    let (by_en, by_zh) = if who.is_empty() {
        (String::new(), String::new())
    } else {
        (format!(", by {}", who.join(", ")), format!("，应答者 {}", who.join("、")))
    };
    let why = trouble.map(|why| format!(": {why}")).unwrap_or_default();
    let detail = Text::new(
        format!("{url}: {answered} of {CALLS} calls were answered{by_en}{why}"),
        format!("{url}：{CALLS} 次调用中应答 {answered} 次{by_zh}{why}"),
    );
    let outcome = if answered == CALLS { Outcome::Passed } else { Outcome::Failed };
    let check = Check::new(Group::Ingress, name, outcome, detail);
    if outcome == Outcome::Passed {
        return check;
    }
    check.hint(Text::new(
        format!("see what this says, from a machine that may reach the gateway: `curl -v {url}`"),
        format!("请在能访问该网关的机器上查看：`curl -v {url}`"),
    ))
}

/// One call: the text of the answer, where its status is 200.
async fn call(url: &str) -> Result<String, String> {
    let (host, path) = url.strip_prefix("http://").and_then(|rest| rest.split_once('/')).ok_or("no http address")?;
    let has_port = host.rsplit_once(':').is_some_and(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()));
    let address = if has_port { host.to_owned() } else { format!("{host}:80") };
    let exchange = async {
        let mut stream = TcpStream::connect(&address).await?;
        let request =
            format!("GET /{path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: isthmus\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await?;
        let mut bytes = Vec::new();
        stream.take(LARGEST_ANSWER).read_to_end(&mut bytes).await?;
        Ok::<_, std::io::Error>(String::from_utf8_lossy(&bytes).into_owned())
    };
    let answer = tokio::time::timeout(DEADLINE, exchange)
        .await
        .map_err(|_| format!("no answer in {} s", DEADLINE.as_secs()))?
        .map_err(|error| error.to_string())?;
    match page(&answer) {
        Some(page) if page.status == 200 => Ok(page.text),
        Some(page) => Err(format!("status {}", page.status)),
        None => Err("no HTTP answer".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::thread;

    use super::*;

    /// Answers ten calls, the last ones with another status.
    fn gateway(good: usize) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        thread::spawn(move || {
            for (number, stream) in listener.incoming().take(CALLS).enumerate() {
                let mut stream = stream.unwrap();
                let _ = stream.read(&mut [0; 1024]).unwrap();
                let status = if number < good { "200 OK" } else { "503 Service Unavailable" };
                let version = number % 2 + 1;
                write!(stream, "HTTP/1.1 {status}\r\n\r\nHello version: v{version}, instance: x\n").unwrap();
            }
        });
        format!("http://{address}/hello")
    }

    #[tokio::test]
    async fn ten_calls_are_made_and_each_must_be_answered() {
        let member = |cluster: &str, answer: &str| VerifyMember {
            cluster: cluster.into(),
            answer: answer.to_owned(),
            gateway: None,
            registry: None,
        };
        let members = [member("a", "Hello version: v1,"), member("b", "Hello version: v2,")];
        let good = ask("Address(a, ingress)", &gateway(CALLS), &members).await;
        assert_eq!(good.outcome, Outcome::Passed, "{good:?}");
        assert!(good.detail.en.ends_with("10 of 10 calls were answered, by a, b"), "{good:?}");
        let bad = ask("Address(a, ingress)", &gateway(7), &members).await;
        assert_eq!(bad.outcome, Outcome::Failed);
        assert!(bad.detail.en.contains("7 of 10") && bad.detail.en.ends_with("status 503"), "{bad:?}");
    }
}
