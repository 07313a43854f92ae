//! A provider in this process: what it says can be changed, to what one that lies might say.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::extract::{Form, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use http::{HeaderMap, StatusCode, header};
use openidconnect::core::{CoreEdDsaPrivateSigningKey, CoreJwsSigningAlgorithm};
use openidconnect::{JsonWebKeyId, PkceCodeChallenge, PkceCodeVerifier, PrivateSigningKey};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use url::Url;

/// RFC 8410, for seeds of one byte each.
const KEY: &str = "MC4CAQAwBQYDK2VwBCIEIAcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcH";
const OTHER_KEY: &str = "MC4CAQAwBQYDK2VwBCIEIAkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJ";
pub const SECRET: &str = "a secret of the client";

/// What a lying provider does.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Lie {
    #[default]
    None,
    Nonce,
    NoNonce,
    Audience,
    TwoAudiences,
    Issuer,
    Expired,
    Key,
    NoSignature,
    NoToken,
    /// In its discovery document.
    OtherIssuer,
    /// The code is to be brought to an address of the network inside.
    PrivateToken,
    /// The code is to be brought elsewhere.
    Redirect,
}

#[derive(Clone)]
pub struct Provider(Arc<Inner>);

struct Inner {
    issuer: String,
    lie: Mutex<Lie>,
    codes: Mutex<HashMap<String, Granted>>,
    /// How often it was asked what it says of itself, and for a token.
    asked: [AtomicUsize; 2],
    down: AtomicBool,
    now: Box<dyn Fn() -> i64 + Send + Sync>,
}

struct Granted {
    nonce: String,
    challenge: String,
    redirect: String,
    claims: Value,
}

impl Provider {
    /// `now` in seconds since 1970.
    pub async fn start(now: impl Fn() -> i64 + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let provider = Self(Arc::new(Inner {
            issuer,
            lie: Mutex::default(),
            codes: Mutex::default(),
            asked: [AtomicUsize::new(0), AtomicUsize::new(0)],
            down: AtomicBool::new(false),
            now: Box::new(now),
        }));
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .with_state(provider.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        provider
    }

    pub fn issuer(&self) -> &str {
        &self.0.issuer
    }

    pub fn lie(&self, lie: Lie) {
        *self.0.lie.lock().unwrap() = lie;
    }

    fn lies(&self) -> Lie {
        *self.0.lie.lock().unwrap()
    }

    pub fn be_down(&self, down: bool) {
        self.0.down.store(down, Ordering::SeqCst);
    }

    /// How often it was asked what it says of itself, and for a token.
    pub fn asked(&self) -> (usize, usize) {
        (self.0.asked[0].load(Ordering::SeqCst), self.0.asked[1].load(Ordering::SeqCst))
    }

    /// What a browser does there that was sent to `url`: somebody agrees, and is sent back to the path that this gives.
    pub fn agree(&self, url: &str, claims: Value) -> String {
        let url = Url::parse(url).unwrap();
        let asked: HashMap<String, String> = url.query_pairs().into_owned().collect();
        assert!(url.as_str().starts_with(&format!("{}/authorize?", self.issuer())), "{url}");
        assert_eq!((asked["response_type"].as_str(), asked["client_id"].as_str()), ("code", "byline"));
        assert_eq!(asked["code_challenge_method"], "S256");
        assert!(asked["scope"].split(' ').any(|scope| scope == "openid"), "{}", asked["scope"]);
        let redirect = Url::parse(&asked["redirect_uri"]).unwrap();
        let code = format!("code-{}", self.0.codes.lock().unwrap().len());
        let granted = Granted {
            nonce: asked["nonce"].clone(),
            challenge: asked["code_challenge"].clone(),
            redirect: redirect.to_string(),
            claims,
        };
        self.0.codes.lock().unwrap().insert(code.clone(), granted);
        format!("{}?code={code}&state={}", redirect.path(), asked["state"])
    }

    fn id_token(&self, granted: &Granted) -> String {
        let (lie, now) = (self.lies(), (self.0.now)());
        let mut claims = json!({
            "iss": self.0.issuer,
            "aud": "byline",
            "iat": now,
            "exp": now + 300,
            "nonce": granted.nonce,
        });
        for (name, value) in granted.claims.as_object().unwrap() {
            claims[name] = value.clone();
        }
        match lie {
            Lie::Nonce => claims["nonce"] = "another".into(),
            Lie::NoNonce => drop(claims.as_object_mut().unwrap().remove("nonce")),
            Lie::Audience => claims["aud"] = "another".into(),
            Lie::TwoAudiences => claims["aud"] = json!(["byline", "another"]),
            Lie::Issuer => claims["iss"] = "https://id.example".into(),
            Lie::Expired => claims["exp"] = (now - 120).into(),
            _ => {}
        }
        let algorithm = if lie == Lie::NoSignature { "none" } else { "EdDSA" };
        let part = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(&json!({ "alg": algorithm, "kid": "1" })), part(&claims));
        if lie == Lie::NoSignature {
            return format!("{signed}.");
        }
        let key = key(if lie == Lie::Key { OTHER_KEY } else { KEY });
        let signature = key.sign(&CoreJwsSigningAlgorithm::EdDsa, signed.as_bytes()).unwrap();
        format!("{signed}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature))
    }
}

fn key(base64: &str) -> CoreEdDsaPrivateSigningKey {
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{base64}\n-----END PRIVATE KEY-----\n");
    CoreEdDsaPrivateSigningKey::from_ed25519_pem(&pem, Some(JsonWebKeyId::new("1".to_owned()))).unwrap()
}

async fn discovery(State(provider): State<Provider>) -> Response {
    provider.0.asked[0].fetch_add(1, Ordering::SeqCst);
    if provider.0.down.load(Ordering::SeqCst) {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let (lie, issuer) = (provider.lies(), provider.issuer());
    let named = if lie == Lie::OtherIssuer { "https://id.example" } else { issuer };
    let token = if lie == Lie::PrivateToken { "https://10.0.0.1" } else { issuer };
    Json(json!({
        "issuer": named,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{token}/token"),
        "jwks_uri": format!("{issuer}/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["EdDSA", "none"],
    }))
    .into_response()
}

async fn keys() -> Json<Value> {
    Json(json!({ "keys": [serde_json::to_value(key(KEY).as_verification_key()).unwrap()] }))
}

/// RFC 6749, sections 2.3.1 and 4.1.3; RFC 7636, section 4.6.
async fn token(
    State(provider): State<Provider>,
    headers: HeaderMap,
    Form(sent): Form<HashMap<String, String>>,
) -> Response {
    provider.0.asked[1].fetch_add(1, Ordering::SeqCst);
    if provider.lies() == Lie::Redirect {
        let elsewhere = [(header::LOCATION, format!("{}/keys", provider.issuer()))];
        return (StatusCode::TEMPORARY_REDIRECT, elsewhere).into_response();
    }
    let secret = base64::prelude::BASE64_STANDARD.encode(format!("byline:{}", SECRET.replace(' ', "+")));
    let says_who = headers.get(header::AUTHORIZATION).is_some_and(|said| *said == format!("Basic {secret}"));
    let granted = provider.0.codes.lock().unwrap().remove(&sent["code"]);
    let shows_verifier = |granted: &Granted| {
        let verifier = PkceCodeVerifier::new(sent["code_verifier"].clone());
        PkceCodeChallenge::from_code_verifier_sha256(&verifier).as_str() == granted.challenge
    };
    let granted = granted.filter(|granted| {
        shows_verifier(granted)
            && sent["redirect_uri"] == granted.redirect
            && sent["grant_type"] == "authorization_code"
    });
    let Some(granted) = granted.filter(|_| says_who) else {
        return (StatusCode::BAD_REQUEST, Json(json!({ "error": "invalid_grant" }))).into_response();
    };
    let mut answer =
        json!({ "access_token": "secret-access-token", "token_type": "Bearer", "expires_in": 300 });
    if provider.lies() != Lie::NoToken {
        answer["id_token"] = provider.id_token(&granted).into();
    }
    Json(answer).into_response()
}
