//! The API behind the front, as the server has it: no answer under `/api/` is a page, none is kept that should not be.

use testing::TestSite;
use web::{Front, Hooks, PageCache};

use super::*;

/// These routes, and one that fails.
pub fn behind(site: &TestSite, router: &Router, pages: Option<PageCache>) -> Front {
    let panics = async || -> http::StatusCode { panic!("on purpose") };
    let router = router.clone().merge(Router::new().route("/api/panic", axum::routing::get(panics)));
    let frame = site.frame();
    let hooks = Hooks {
        error_page: Box::new(move |context, error| {
            let drawn = crate::problem(&frame, &context, &error);
            Box::pin(std::future::ready(drawn))
        }),
        on_read: Box::new(|_, _, _| {}),
        on_trace: |_, _, _| {},
    };
    Front::new(
        router,
        pages,
        site.accounts.clone(),
        site.journal.clone(),
        site.env.clone(),
        site.setup().clone(),
        hooks,
    )
}

impl Desk {
    /// Whoever asks where pages are kept.
    pub fn cached(&self) -> Client {
        Client::program(behind(self, &self.router, Some(PageCache::new(1 << 20)))).with_journal(&self.journal)
    }

    /// A page of another site.
    fn elsewhere(&self) -> Client {
        self.cached().with(header::ORIGIN, "https://other.example")
    }
}

#[tokio::test]
async fn what_goes_wrong_is_a_problem_there_too() {
    let desk = Desk::open(false).await;
    let anybody = desk.elsewhere();
    for (method, path, status, kind) in [
        (Method::GET, "/api/v1/nothing", 404, "not-found"),
        (Method::DELETE, "/api/v1/channels", 405, "method-not-allowed"),
        (Method::POST, "/api/v1/articles", 401, "unauthorized"),
        (Method::GET, "/api/v1/articles?limit=x", 422, "invalid"),
        (Method::GET, "/api/panic", 500, "internal"),
    ] {
        let answer = anybody.request(method, path, Value::Null).await;
        assert_eq!(answer.status, status, "{path}");
        let problem = answer.problem(path.split('?').next().unwrap());
        assert_eq!(problem["type"], format!("{SITE}/api/docs#{kind}"), "{path}");
        assert_eq!(answer.headers.contains_key(header::ALLOW), status == 405, "{path}");
        // What failed here can be found in the log; it stands in the header of every answer.
        let trace = answer.headers["x-request-id"].to_str().unwrap();
        let named = problem.get("trace").and_then(Value::as_str);
        assert_eq!((trace.len(), named), (32, (status == 500).then_some(trace)), "{path}");
    }
}

#[tokio::test]
async fn a_token_shows_its_own_copy() {
    let desk = Desk::open(false).await;
    let anybody = desk.elsewhere();
    let own = anybody.clone().with_token(&desk.token);
    let path = format!("/api/v1/articles/{}", desk.live().await);
    for _ in 0..2 {
        let mine = own.get(&path).await;
        assert!(mine.json().get("desk").is_some());
        let open = anybody.get(&path).await;
        assert_eq!((open.status, open.json().get("desk")), (200, None));
    }
    // A program on another site writes with a token, so nothing needs to come from this one.
    assert_eq!(own.post(&format!("{path}/retract"), Value::Null).await.status, 200);
    assert_eq!(anybody.get(&path).await.status, 410);
}
