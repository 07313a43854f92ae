//! Over TLS, with a certificate that nobody else trusts.

use std::sync::Arc;

use bytes::Bytes;
use http::Response;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore, ServerConfig};
use tokio_rustls::TlsAcceptor;

use super::Changing;
use super::server::{Server, ok, redirect};
use crate::connect;
use crate::{Client, Error, Options, Why};

const CERTIFICATE: &[u8] = include_bytes!("certificate.der");
/// Its key, which is of no worth to anybody.
const KEY: &[u8] = include_bytes!("key.der");

fn trusting() -> ClientConfig {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(CERTIFICATE)).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let versions =
        ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    versions.with_root_certificates(roots).with_no_client_auth()
}

fn acceptor() -> TlsAcceptor {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![CertificateDer::from(CERTIFICATE)], PrivateKeyDer::try_from(KEY).unwrap())
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}

#[tokio::test]
async fn certificates_are_looked_at() {
    let server = Server::with(Some(acceptor()), |path| match path {
        "/down" => redirect(302, "http://server.test/"),
        _ => ok("safe"),
    })
    .await;
    let ask = async |tls: fn() -> ClientConfig, name: &str, path: &str| {
        let options = Options { allow: vec![name.to_owned()], ..Options::default() };
        let client = Client::with(options, Changing::new(&[server.address], &[]), tls).unwrap();
        let url = format!("https://{name}:{}{path}", server.address.port());
        client.get(&url).await.map(Response::into_body)
    };
    assert_eq!(ask(trusting, "server.test", "/").await, Ok(Bytes::from_static(b"safe")));
    assert_eq!(ask(trusting, "server.test", "/down").await, Err(Error::Refused { why: Why::Downgrade }));
    for (tls, name) in [(trusting as fn() -> ClientConfig, "other.test"), (connect::tls, "server.test")] {
        let error = ask(tls, name, "/").await.unwrap_err();
        assert!(matches!(&error, Error::Protocol { why } if why.contains("certificate")), "{error:?}");
    }
    assert_eq!(server.asked.all().len(), 2);
}
