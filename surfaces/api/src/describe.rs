//! The API's description (OpenAPI 3.1): what stands beside the handlers, put together.

use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{self, RefOr, Server};
use utoipa::{IntoResponses, OpenApi};

use crate::error::{FieldProblem, Problem};
use crate::responses::{Internal, SHARED, Unavailable};
use crate::{discovery, editors, lists, media, reading, writing};

#[derive(OpenApi)]
#[openapi(
    info(title = "Byline API", description = include_str!("describe.md")),
    paths(
        reading::list,
        reading::get,
        reading::comments,
        discovery::related,
        discovery::hot,
        discovery::search,
        discovery::suggest,
        editors::headlines,
        editors::topics,
        editors::topic,
        lists::channels,
        lists::author,
        writing::create,
        writing::edit,
        writing::submit,
        writing::withdraw,
        writing::retract,
        writing::delete,
        media::upload,
        media::delete,
    ),
    components(schemas(Problem, FieldProblem)),
    tags(
        (name = "Reading", description = "Open to everybody; no token needed."),
        (name = "Writing", description = "For users who write for an author, with their token."),
    ),
)]
struct Described;

/// The whole description; `url` is the site's public address.
pub fn description(url: &str) -> openapi::OpenApi {
    let mut api = Described::openapi();
    api.servers = Some(vec![Server::new(url)]);
    let components = api.components.get_or_insert_default();
    let token = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("byl_…")
        .description(Some(
            "A token that a user made at `/settings/tokens`, or the operator with `byline token create`.",
        ))
        .build();
    components.security_schemes.insert("token".to_owned(), RefOr::T(SecurityScheme::Http(token)));
    for operation in api.paths.paths.values_mut().flat_map(operations) {
        operation.responses.responses.extend(Internal::responses());
        operation.responses.responses.extend(Unavailable::responses());
    }
    for shared in SHARED {
        components.responses.insert(shared.name.to_owned(), shared.response(url).into());
    }
    api
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.post, &mut item.put, &mut item.delete].into_iter().flatten()
}
