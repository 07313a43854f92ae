//! The API behind the front, as the server has it: no answer under `/api/` is a page, none is kept that should not be.

use web::{Front, Hooks, PageCache};

use super::*;

impl Desk {
    fn front(&self) -> Front {
        self.front_with(Some(PageCache::new(1 << 20)))
    }

    pub fn front_with(&self, pages: Option<PageCache>) -> Front {
        let panics = async || -> http::StatusCode { panic!("on purpose") };
        let router = self.router.clone().merge(Router::new().route("/api/panic", axum::routing::get(panics)));
        let frame = self.frame.clone();
        let hooks = Hooks {
            error_page: Box::new(move |context, error| {
                let drawn = crate::problem(&frame, &context, &error);
                Box::pin(std::future::ready(drawn))
            }),
            on_read: Box::new(|_, _, _| {}),
        };
        let setup = self.frame.setup().clone();
        Front::new(router, pages, self.accounts.clone(), self.env.clone(), setup, hooks)
    }
}

async fn ask(front: &Front, method: Method, path: &str, token: &str) -> Answer {
    let request = Request::builder().method(method).uri(path).header(header::ORIGIN, "https://other.example");
    let request = match token {
        "" => request,
        token => request.header(header::AUTHORIZATION, format!("Bearer {token}")),
    };
    let request = request.body(Body::empty()).unwrap();
    Answer::of(front.answer(request, IpAddr::V4(Ipv4Addr::LOCALHOST)).await).await
}

#[tokio::test]
async fn what_goes_wrong_is_a_problem_there_too() {
    let desk = Desk::open(false).await;
    let front = desk.front();
    for (method, path, status, kind) in [
        (Method::GET, "/api/v1/nothing", 404, "not-found"),
        (Method::DELETE, "/api/v1/channels", 405, "method-not-allowed"),
        (Method::POST, "/api/v1/articles", 401, "unauthorized"),
        (Method::GET, "/api/v1/articles?limit=x", 422, "invalid"),
        (Method::GET, "/api/panic", 500, "internal"),
    ] {
        let answer = ask(&front, method, path, "").await;
        assert_eq!(answer.status, status, "{path}");
        let problem = answer.problem(path.split('?').next().unwrap());
        assert_eq!(problem["type"], format!("{SITE}/api/docs#{kind}"), "{path}");
        assert_eq!(answer.headers.contains_key(header::ALLOW), status == 405, "{path}");
    }
}

#[tokio::test]
async fn a_token_shows_its_own_copy() {
    let desk = Desk::open(false).await;
    let front = desk.front();
    let path = format!("/api/v1/articles/{}", desk.live().await);
    for _ in 0..2 {
        let own = ask(&front, Method::GET, &path, &desk.token).await;
        assert!(own.json().get("desk").is_some());
        let open = ask(&front, Method::GET, &path, "").await;
        assert_eq!((open.status, open.json().get("desk")), (200, None));
    }
    // A program on another site writes with a token, so nothing needs to come from this one.
    assert_eq!(ask(&front, Method::POST, &format!("{path}/retract"), &desk.token).await.status, 200);
    assert_eq!(ask(&front, Method::GET, &path, "").await.status, 410);
}
