//! A router that can be asked what it answers: axum's keeps that to itself. Crates build theirs with [`Router`], [`get`] and
//! [`post`] as they would with axum's, and what was built is at the same time the list of all addresses of the site: tests walk
//! it, so that an address that is added is looked at or fails them.

use std::convert::Infallible;

use axum::extract::Request;
use axum::handler::Handler;
use axum::response::IntoResponse;
use axum::routing::{self, MethodRouter, Route};
use tower::{Layer, Service};

/// One address and one way to ask for it. What else is to be known of it (who may, what is counted) belongs here, too.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Endpoint {
    /// `GET`, `POST` and so on; `ANY` for all.
    pub method: &'static str,
    /// The pattern, as in `/article/{id}`.
    pub path: String,
}

/// The handlers of one path, by method.
pub struct Methods<S = ()> {
    handlers: MethodRouter<S>,
    names: Vec<&'static str>,
}

macro_rules! methods {
    ($($method:ident $name:literal),+ $(,)?) => {
        $(
            #[doc = concat!("Answers `", $name, "`.")]
            pub fn $method<H, T, S>(handler: H) -> Methods<S>
            where
                H: Handler<T, S>,
                T: 'static,
                S: Clone + Send + Sync + 'static,
            {
                Methods { handlers: routing::$method(handler), names: vec![$name] }
            }
        )+
        impl<S: Clone + Send + Sync + 'static> Methods<S> {
            $(
                #[doc = concat!("Answers `", $name, "`, too.")]
                #[must_use]
                pub fn $method<H, T>(mut self, handler: H) -> Self
                where
                    H: Handler<T, S>,
                    T: 'static,
                {
                    self.names.push($name);
                    Self { handlers: self.handlers.$method(handler), names: self.names }
                }
            )+
        }
    };
}
methods!(get "GET", post "POST", put "PUT", patch "PATCH", delete "DELETE");

/// Answers every method.
pub fn any<H, T, S>(handler: H) -> Methods<S>
where
    H: Handler<T, S>,
    T: 'static,
    S: Clone + Send + Sync + 'static,
{
    Methods { handlers: routing::any(handler), names: vec!["ANY"] }
}

impl<S: Clone + Send + Sync + 'static> Methods<S> {
    /// As [`MethodRouter::layer`].
    #[must_use]
    pub fn layer<L>(self, layer: L) -> Self
    where
        L: Layer<Route> + Clone + Send + Sync + 'static,
        L::Service: Service<Request> + Clone + Send + Sync + 'static,
        <L::Service as Service<Request>>::Response: IntoResponse + 'static,
        <L::Service as Service<Request>>::Error: Into<Infallible> + 'static,
        <L::Service as Service<Request>>::Future: Send + 'static,
    {
        Self { handlers: self.handlers.layer(layer), names: self.names }
    }
}

/// As [`axum::Router`], with the list of what was put into it.
#[must_use]
pub struct Router<S = ()> {
    router: axum::Router<S>,
    endpoints: Vec<Endpoint>,
}

impl<S: Clone + Send + Sync + 'static> Default for Router<S> {
    fn default() -> Self {
        Self { router: axum::Router::new(), endpoints: Vec::new() }
    }
}

impl<S: Clone + Send + Sync + 'static> Router<S> {
    pub fn new() -> Self {
        Self::default()
    }

    /// As [`axum::Router::route`].
    pub fn route(mut self, path: &str, methods: Methods<S>) -> Self {
        let endpoint = |method| Endpoint { method, path: path.to_owned() };
        self.endpoints.extend(methods.names.into_iter().map(endpoint));
        Self { router: self.router.route(path, methods.handlers), ..self }
    }

    /// As [`axum::Router::merge`].
    pub fn merge(mut self, other: Self) -> Self {
        self.endpoints.extend(other.endpoints);
        Self { router: self.router.merge(other.router), ..self }
    }

    /// As [`axum::Router::layer`].
    pub fn layer<L>(self, layer: L) -> Self
    where
        L: Layer<Route> + Clone + Send + Sync + 'static,
        L::Service: Service<Request> + Clone + Send + Sync + 'static,
        <L::Service as Service<Request>>::Response: IntoResponse + 'static,
        <L::Service as Service<Request>>::Error: Into<Infallible> + 'static,
        <L::Service as Service<Request>>::Future: Send + 'static,
    {
        Self { router: self.router.layer(layer), ..self }
    }

    /// As [`axum::Router::route_layer`].
    pub fn route_layer<L>(self, layer: L) -> Self
    where
        L: Layer<Route> + Clone + Send + Sync + 'static,
        L::Service: Service<Request> + Clone + Send + Sync + 'static,
        <L::Service as Service<Request>>::Response: IntoResponse + 'static,
        <L::Service as Service<Request>>::Error: Into<Infallible> + 'static,
        <L::Service as Service<Request>>::Future: Send + 'static,
    {
        Self { router: self.router.route_layer(layer), ..self }
    }

    /// As [`axum::Router::method_not_allowed_fallback`].
    pub fn method_not_allowed_fallback<H, T>(self, handler: H) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
    {
        Self { router: self.router.method_not_allowed_fallback(handler), ..self }
    }

    /// As [`axum::Router::with_state`].
    pub fn with_state<S2>(self, state: S) -> Router<S2> {
        Router { router: self.router.with_state(state), endpoints: self.endpoints }
    }

    /// All that was put in, in that order.
    pub fn endpoints(&self) -> &[Endpoint] {
        &self.endpoints
    }
}

impl<S> From<Router<S>> for axum::Router<S> {
    fn from(router: Router<S>) -> Self {
        router.router
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_in_is_listed() {
        let one: Router = Router::new()
            .route("/a", get(async || "a").post(async || "b"))
            .route("/b/{id}", put(async || "c"))
            .with_state(());
        let all = one.merge(Router::new().route("/c", any(async || "d")));
        let listed: Vec<_> = all.endpoints().iter().map(|e| (e.method, e.path.as_str())).collect();
        assert_eq!(listed, [("GET", "/a"), ("POST", "/a"), ("PUT", "/b/{id}"), ("ANY", "/c")]);
    }
}
