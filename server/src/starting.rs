//! What a server answers while it gets ready: migrations of a large site, or filling a large demo, take minutes, and whoever watches it must be able to tell that
//! from a server that hangs.

use std::convert::Infallible;
use std::time::Duration;

use http::{HeaderValue, Request, Response, StatusCode, header};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// Nobody needs longer to ask.
const HEADERS_WITHIN: Duration = Duration::from_secs(5);
/// Connections that are answered at the same time; more wait.
const AT_ONCE: usize = 64;
const RETRY: HeaderValue = HeaderValue::from_static("5");

/// Answers on `listener` until `ready` is done: `/healthz` says that the process is there, everything else 503.
pub async fn while_starting<T>(listener: &TcpListener, ready: impl Future<Output = T>) -> T {
    let mut connections = JoinSet::new();
    tokio::pin!(ready);
    loop {
        tokio::select! {
            done = &mut ready => {
                connections.abort_all();
                return done;
            }
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
            accepted = listener.accept(), if connections.len() < AT_ONCE => {
                let Ok((stream, _)) = accepted else {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                };
                let mut http = http1::Builder::new();
                http.timer(TokioTimer::new()).header_read_timeout(HEADERS_WITHIN).keep_alive(false);
                let connection = http.serve_connection(TokioIo::new(stream), service_fn(answer));
                connections.spawn(async move {
                    // A client that goes away is no error of ours.
                    let _ = connection.await;
                });
            }
        }
    }
}

async fn answer(request: Request<Incoming>) -> Result<Response<String>, Infallible> {
    let healthy = request.uri().path() == "/healthz";
    let text = if healthy { "ok\n" } else { "starting: the site is being made ready\n" };
    let mut response = Response::new(text.to_owned());
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if !healthy {
        headers.insert(header::RETRY_AFTER, RETRY);
        *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;
    use tokio::sync::oneshot;

    use super::*;

    async fn get(listener: &TcpListener, path: &str) -> String {
        let mut stream = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: a\r\n\r\n").as_bytes()).await.unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).await.unwrap();
        text
    }

    #[tokio::test]
    async fn it_lives_but_is_not_ready_and_gives_the_listener_back() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (done, ready) = oneshot::channel();
        let asking = async {
            assert!(get(&listener, "/healthz").await.starts_with("HTTP/1.1 200"));
            for path in ["/readyz", "/"] {
                let text = get(&listener, path).await.to_lowercase();
                assert!(text.starts_with("http/1.1 503") && text.contains("retry-after"), "{text}");
            }
            done.send(7).unwrap();
        };
        let (number, ()) = tokio::join!(while_starting(&listener, ready), asking);
        assert_eq!(number.unwrap(), 7);
    }
}
