//! Sending, and what a push service answers (RFC 8030, section 5).

use std::time::Duration;

use bytes::Bytes;
use http::{Request, StatusCode, header};
use kernel::{Env, Error, Result};

use crate::encrypt::encrypt;
use crate::subscription::Subscription;
use crate::vapid::ServerKey;

/// How soon a device is to be woken for it (RFC 8030, section 5.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Urgency {
    /// Not on battery.
    Low,
    Normal,
}

impl Urgency {
    const fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Normal => "normal",
        }
    }
}

/// What is sent to a browser.
#[derive(Clone, Debug)]
pub struct Message {
    pub body: Vec<u8>,
    /// How long the service keeps it for a browser that is away.
    pub keep: Duration,
    pub urgency: Urgency,
    /// A newer message of the same topic takes the place of one that still waits; at most 32 characters of base64 for URLs.
    pub topic: Option<String>,
}

/// What became of a message that did not arrive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failed {
    /// There is no such subscription any more, or it is for another key, or it leads where nobody is sent: it will never be another way.
    Gone,
    /// The service is away, or has enough for now; it may say for how long.
    Later(String, Option<Duration>),
    /// Another try would end no otherwise.
    Wrong(String),
}

/// Nobody waits longer than this because a service says so.
const LONGEST_WAIT: Duration = Duration::from_hours(1);

/// Sends a message. The outer error is ours, the inner what became of it at the service.
pub async fn send(
    client: &outbound::Client,
    env: &Env,
    (key, contact): (&ServerKey, &str),
    to: &Subscription,
    message: &Message,
) -> Result<std::result::Result<(), Failed>> {
    let mut request = Request::post(to.endpoint())
        .header(header::AUTHORIZATION, key.authorization(&to.endpoint, contact, env.now()))
        .header(header::CONTENT_ENCODING, "aes128gcm")
        .header(header::CONTENT_TYPE, "application/octet-stream")
        .header("ttl", message.keep.as_secs())
        .header("urgency", message.urgency.name());
    if let Some(topic) = &message.topic {
        request = request.header("topic", topic);
    }
    let body = Bytes::from(encrypt(env, to, &message.body)?);
    let request =
        request.body(body).map_err(|_| Error::internal("a push service's address cannot be asked"))?;
    let answer = match client.send(request).await {
        Ok(answer) => answer,
        Err(error) if error.is_temporary() => return Ok(Err(Failed::Later(error.to_string(), None))),
        Err(outbound::Error::BadUrl | outbound::Error::Refused { .. }) => return Ok(Err(Failed::Gone)),
        Err(error) => return Ok(Err(Failed::Wrong(error.to_string()))),
    };
    let wait = answer.headers().get(header::RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
    Ok(judge(answer.status(), wait.map(Duration::from_secs)))
}

fn judge(status: StatusCode, wait: Option<Duration>) -> std::result::Result<(), Failed> {
    let said = format!("the push service answered {}", status.as_u16());
    match status.as_u16() {
        200..=299 => Ok(()),
        // 401 and 403: it was made with another key than ours (RFC 8292, section 4.2).
        401 | 403 | 404 | 410 => Err(Failed::Gone),
        429 | 500..=599 => Err(Failed::Later(said, wait.map(|wait| wait.min(LONGEST_WAIT)))),
        _ => Err(Failed::Wrong(said)),
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::thread;

    use super::*;

    const POINT: &str =
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";

    fn message() -> Message {
        let (body, keep, urgency) = (b"hello".to_vec(), Duration::from_hours(24), Urgency::Low);
        Message { body, keep, urgency, topic: Some("a-b_c".into()) }
    }

    /// A service that answers one request, and gives back what it was.
    fn service(answer: &'static str) -> (u16, thread::JoinHandle<Vec<u8>>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
            let (mut got, mut part) = (Vec::new(), [0; 4_096]);
            loop {
                let read = stream.read(&mut part).unwrap();
                got.extend_from_slice(&part[..read]);
                let text = String::from_utf8_lossy(&got).to_lowercase();
                let Some((head, _)) = text.split_once("\r\n\r\n") else { continue };
                let length = head.split("content-length: ").nth(1).unwrap();
                let length: usize = length.split("\r\n").next().unwrap().parse().unwrap();
                let end = got.windows(4).position(|four| four == b"\r\n\r\n").unwrap() + 4;
                if got.len() >= end + length {
                    break;
                }
            }
            stream.write_all(answer.as_bytes()).unwrap();
            got
        });
        (port, asked)
    }

    async fn sent(allow: Vec<String>, port: u16) -> std::result::Result<(), Failed> {
        let options = outbound::Options { allow, ..outbound::Options::default() };
        let client = outbound::Client::new(options).unwrap();
        let to = format!("http://127.0.0.1:{port}/push/abc");
        let to = Subscription::read(&to, POINT, "BTBZMqHH6r4Tts7J_aSIgg").unwrap();
        let (env, message) = (Env::system(), message());
        let key = ServerKey::fresh(&env);
        send(&client, &env, (&key, "https://news.example"), &to, &message).await.unwrap()
    }

    #[tokio::test]
    async fn a_message_goes_as_services_want_it() {
        let (port, asked) = service("HTTP/1.1 201 Created\r\ncontent-length: 0\r\n\r\n");
        assert_eq!(sent(vec![format!("127.0.0.1:{port}")], port).await, Ok(()));
        let asked = String::from_utf8_lossy(&asked.join().unwrap()).into_owned();
        let head = asked.split("\r\n\r\n").next().unwrap().to_lowercase();
        assert!(head.starts_with("post /push/abc http/1.1\r\n"), "{head}");
        for line in [
            "ttl: 86400",
            "urgency: low",
            "topic: a-b_c",
            "content-encoding: aes128gcm",
            "authorization: vapid t=",
        ] {
            assert!(head.contains(&format!("\r\n{line}")), "{line}: {head}");
        }
        assert!(!asked.contains("hello"));
    }

    #[tokio::test]
    async fn nobody_is_sent_to_machines_that_the_internet_cannot_reach() {
        assert_eq!(sent(Vec::new(), 8_080).await, Err(Failed::Gone));
    }

    #[test]
    fn what_a_service_answers_says_what_to_do() {
        let status = |code| StatusCode::from_u16(code).unwrap();
        assert_eq!(judge(status(201), None), Ok(()));
        for code in [401, 403, 404, 410] {
            assert_eq!(judge(status(code), None), Err(Failed::Gone), "{code}");
        }
        for code in [429, 500, 503] {
            let wait = Some(Duration::from_hours(9));
            let Err(Failed::Later(_, wait)) = judge(status(code), wait) else { panic!("{code}") };
            assert_eq!(wait, Some(LONGEST_WAIT));
        }
        assert!(matches!(judge(status(413), None), Err(Failed::Wrong(_))));
    }
}
