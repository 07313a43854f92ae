//! The description as a page for people: made once, from the same document, without scripts.
//!
//! It looks like the site: what is its own stands in `docs.css`, over the theme's `site.css`.

use kernel::{Error, Result};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment};
use serde::Serialize;
use serde_json::Value;
use web::Frame;

use crate::responses::SHARED;

const TEMPLATE: &str = include_str!("docs.html");
pub const STYLE: &str = include_str!("docs.css");

#[derive(Serialize)]
struct Page<'a> {
    site: &'a str,
    /// The `v` of the theme's style sheet.
    style: Option<&'a str>,
    version: &'a str,
    about: Vec<&'a str>,
    groups: Vec<Group<'a>>,
    schemas: Vec<Schema<'a>>,
    problems: Vec<Problem>,
}

#[derive(Serialize)]
struct Group<'a> {
    name: &'a str,
    description: &'a str,
    operations: Vec<Operation<'a>>,
}

#[derive(Serialize)]
struct Operation<'a> {
    id: &'a str,
    method: String,
    path: &'a str,
    summary: &'a str,
    description: &'a str,
    /// `no`, `optional` or `yes`.
    token: &'static str,
    parameters: Vec<Field<'a>>,
    bodies: Vec<Body<'a>>,
    answers: Vec<Answer<'a>>,
    curl: String,
}

#[derive(Serialize)]
struct Body<'a> {
    kind: &'a str,
    shape: Shape,
}

#[derive(Serialize)]
struct Answer<'a> {
    status: &'a str,
    description: &'a str,
    shape: Shape,
    /// The problem that explains it.
    problem: Option<&'a str>,
}

#[derive(Serialize)]
struct Schema<'a> {
    name: &'a str,
    description: &'a str,
    fields: Vec<Field<'a>>,
    example: Option<String>,
}

#[derive(Serialize)]
struct Field<'a> {
    name: &'a str,
    place: &'a str,
    shape: Shape,
    required: bool,
    description: &'a str,
}

/// A type in words, and the schema it is explained by.
#[derive(Default, Serialize)]
struct Shape {
    before: String,
    schema: Option<String>,
    after: &'static str,
}

#[derive(Serialize)]
struct Problem {
    kind: &'static str,
    status: u16,
    description: &'static str,
}

/// The page for the site of that frame.
pub fn page(api: &Value, frame: &Frame) -> Result<String> {
    let url = frame.setup().url.as_str();
    let tags = api["tags"].as_array().map(Vec::as_slice).unwrap_or_default();
    let group = |tag| Group {
        name: text(tag, "name"),
        description: text(tag, "description"),
        operations: operations(api, text(tag, "name"), url),
    };
    let schemas = entries(&api["components"]["schemas"]).map(|(name, schema)| Schema {
        name,
        description: text(schema, "description"),
        fields: fields(schema),
        example: schema.get("example").and_then(|example| serde_json::to_string_pretty(example).ok()),
    });
    let mut problems: Vec<Problem> = Vec::new();
    for shared in SHARED {
        if !problems.iter().any(|problem| problem.kind == shared.kind) {
            let (kind, description) = (shared.kind, shared.description);
            problems.push(Problem { kind, status: shared.status(), description });
        }
    }
    let about = frame.site();
    let page = Page {
        site: &about.name,
        style: frame.theme().asset("site.css").map(|asset| asset.hash.as_str()),
        version: text(&api["info"], "version"),
        about: text(&api["info"], "description").split("\n\n").map(str::trim).collect(),
        groups: tags.iter().map(group).collect(),
        schemas: schemas.collect(),
        problems,
    };
    let mut syntax = SyntaxConfig::builder();
    syntax.trim_blocks(true).lstrip_blocks(true);
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_syntax(syntax.build().map_err(Error::internal)?);
    environment.render_str(TEMPLATE, minijinja::Value::from(Serde(&page))).map_err(Error::internal)
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn entries(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_object().into_iter().flatten().map(|(name, value)| (name.as_str(), value))
}

fn operations<'a>(api: &'a Value, tag: &str, url: &str) -> Vec<Operation<'a>> {
    let tagged =
        |operation: &Value| operation["tags"].as_array().is_some_and(|tags| tags.iter().any(|t| t == tag));
    let all = entries(&api["paths"])
        .flat_map(|(path, item)| entries(item).map(move |(method, op)| (path, method, op)));
    all.filter(|(.., op)| tagged(op))
        .map(|(path, method, op)| operation(api, path, method, op, url))
        .collect()
}

fn operation<'a>(api: &'a Value, path: &'a str, method: &'a str, op: &'a Value, url: &str) -> Operation<'a> {
    let parameters = op["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
    let parameter = |parameter: &'a Value| Field {
        name: text(parameter, "name"),
        place: text(parameter, "in"),
        shape: shape(&parameter["schema"]),
        required: parameter["required"] == true,
        description: text(parameter, "description"),
    };
    let content = &op["requestBody"]["content"];
    let answers = entries(&op["responses"]).map(|(status, answer)| {
        let name = answer["$ref"].as_str().and_then(|at| at.rsplit('/').next());
        let answer = name.map_or(answer, |name| &api["components"]["responses"][name]);
        let shared = SHARED.iter().find(|shared| Some(shared.description) == answer["description"].as_str());
        let schema = entries(&answer["content"]).next().map(|(_, content)| &content["schema"]);
        Answer {
            status,
            description: text(answer, "description"),
            shape: schema.map(shape).unwrap_or_default(),
            problem: shared.map(|shared| shared.kind),
        }
    });
    let token = match op["security"].as_array() {
        None => "no",
        Some(ways) if ways.iter().any(|way| way.as_object().is_some_and(serde_json::Map::is_empty)) => {
            "optional"
        }
        Some(_) => "yes",
    };
    Operation {
        id: text(op, "operationId"),
        method: method.to_uppercase(),
        path,
        summary: text(op, "summary"),
        description: text(op, "description"),
        token,
        parameters: parameters.iter().map(parameter).collect(),
        bodies: entries(content).map(|(kind, body)| Body { kind, shape: shape(&body["schema"]) }).collect(),
        answers: answers.collect(),
        curl: curl(api, path, method, op, token == "yes", url),
    }
}

/// The same as a command line, with the examples' values.
fn curl(api: &Value, path: &str, method: &str, op: &Value, token: bool, url: &str) -> String {
    let mut address = format!("{url}{path}");
    for parameter in op["parameters"].as_array().into_iter().flatten() {
        if let (Some(name), Some(example)) = (parameter["name"].as_str(), parameter["example"].as_str()) {
            address = address.replace(&format!("{{{name}}}"), example);
        }
    }
    let method = if method == "get" { String::new() } else { format!("-X {} ", method.to_uppercase()) };
    let mut lines = vec![format!("curl {method}'{address}'")];
    if token {
        lines.push("-H 'Authorization: Bearer byl_…'".to_owned());
    }
    let content = &op["requestBody"]["content"];
    if content.get("multipart/form-data").is_some() {
        lines.push("-F file=@picture.jpg".to_owned());
    } else if let Some(body) = content.get("application/json") {
        let name = shape(&body["schema"]).schema.unwrap_or_default();
        let example = body.get("example").unwrap_or(&api["components"]["schemas"][name]["example"]);
        let json = serde_json::to_string_pretty(example).unwrap_or_default();
        lines.push("-H 'Content-Type: application/json'".to_owned());
        lines.push(format!("-d '{json}'"));
    }
    lines.join(" \\\n  ")
}

/// The fields of an object, those it takes over from others included.
fn fields(schema: &Value) -> Vec<Field<'_>> {
    if let Some(parts) = schema["allOf"].as_array() {
        let part = |part| match shape(part) {
            Shape { schema: Some(_), .. } => {
                let description = "all fields of it";
                vec![Field { name: "…", place: "", shape: shape(part), required: true, description }]
            }
            _ => fields(part),
        };
        return parts.iter().flat_map(part).collect();
    }
    let required =
        |name: &str| schema["required"].as_array().is_some_and(|names| names.iter().any(|n| n == name));
    entries(&schema["properties"])
        .map(|(name, value)| Field {
            name,
            place: "",
            shape: shape(value),
            required: required(name),
            description: text(value, "description"),
        })
        .collect()
}

fn shape(schema: &Value) -> Shape {
    if let Some(at) = schema["$ref"].as_str() {
        let name = at.rsplit('/').next().unwrap_or_default().to_owned();
        return Shape { schema: Some(name), ..Shape::default() };
    }
    if let Some(ways) = schema["oneOf"].as_array() {
        let or_null = ways.iter().any(|way| way["type"] == "null");
        let other = ways.iter().find(|way| way["type"] != "null").map(shape).unwrap_or_default();
        return if or_null { Shape { after: " or null", ..other } } else { other };
    }
    let (kinds, nullable): (Vec<&str>, bool) = match &schema["type"] {
        Value::String(kind) => (vec![kind], false),
        Value::Array(kinds) => {
            let kinds: Vec<&str> = kinds.iter().filter_map(Value::as_str).collect();
            (kinds.iter().copied().filter(|kind| *kind != "null").collect(), kinds.contains(&"null"))
        }
        _ => return Shape::default(),
    };
    let after = if nullable { " or null" } else { "" };
    if kinds == ["array"] {
        let of = shape(&schema["items"]);
        return Shape { before: format!("list of {}", of.before), after, ..of };
    }
    let before = match schema["format"].as_str() {
        Some(format @ ("date-time" | "uri" | "binary")) => format.to_owned(),
        _ => kinds.join(" or "),
    };
    Shape { before, schema: None, after }
}
