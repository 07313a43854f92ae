//! What goes over the wire, and the tables, as snapshots: the same on both databases.

use std::fmt::Write;
use std::time::Duration;

use ::http::StatusCode;
use articles::State;
use axum::body::Body;
use comments::{ImportedComment, Sort};
use db::{Conn, Db, db_test};
use kernel::{Cursor, Env, Time};
use web::CacheTag;

use super::{House, get};

/// The answer as a client sees it, without what changes with every change of the theme or of a page's text. Things are called by names: jobs that
/// begin by the clock draw ids from the same source, sooner or later.
async fn seen(house: &House, request: ::http::Request<Body>, names: &[(String, &str)]) -> String {
    let answer = house.answer(request).await;
    let mut text = format!("{}\n", StatusCode::from_u16(answer.status).unwrap());
    let mut headers: Vec<_> = answer.headers.iter().collect();
    headers.sort_by_key(|(name, _)| name.as_str());
    for (name, value) in headers {
        let value = match name.as_str() {
            "etag" => "(a tag)",
            "x-request-id" => "(a trace)",
            _ => value.to_str().unwrap(),
        };
        writeln!(text, "{name}: {value}").unwrap();
    }
    write!(text, "\n{}", without_hashes(&answer.text)).unwrap();
    names.iter().fold(text, |text, (id, name)| text.replace(id, name))
}

/// `?v=0123456789ab` is `?v=`.
fn without_hashes(text: &str) -> String {
    let mut pieces = text.split("?v=");
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        out.push_str("?v=");
        out.push_str(piece.trim_start_matches(|c: char| c.is_ascii_hexdigit()));
    }
    out
}

#[db_test]
async fn answers_over_http(db: Db) {
    let (env, clock) = Env::manual(Time::parse("2024-06-05T10:00:00Z").unwrap());
    let house = House::new(db, env).await;
    let first = house.article("The first", State::Live).await;
    clock.advance(Duration::from_hours(1));
    let gone = house.article("The retracted", State::Retracted).await;
    let second = house.article("The second", State::Live).await;
    let s = &house.services;
    let comment = |external: &str, parent: Option<&str>, text: &str| ImportedComment {
        external: external.into(),
        parent_external: parent.map(Into::into),
        name: "Ines".into(),
        text: text.into(),
        at: s.env.now(),
        ..ImportedComment::default()
    };
    let thread = vec![comment("1", None, "Which lamp?"), comment("2", Some("1"), "The <brass> one.")];
    s.comments.import(first, thread).await.unwrap();
    clock.advance(Duration::from_mins(5));
    let related = format!("/api/v1/articles/{first}/related");
    house.wait(&related, &second.to_string(), true).await;
    // By its tag it is related at once, by its text as soon as the index has both.
    house.wait(&related, "\"close\"", true).await;
    house.wait("/latest", &second.to_string(), true).await;
    house.wait(&format!("/article/{first}"), "&lt;brass&gt;", true).await;
    // Comments heat, but are counted only now and then.
    house.site.lists.hot.load().await.unwrap();
    house.site.pages.invalidate([CacheTag::Hot, CacheTag::Latest, CacheTag::Article(first)]);

    let thread = s.comments.thread(first, Sort::New, Cursor::START, 2).await.unwrap().items;
    let names = [
        (house.author.id.to_string(), "AUTHOR"),
        (first.to_string(), "FIRST"),
        (gone.to_string(), "RETRACTED"),
        (second.to_string(), "SECOND"),
        (thread[0].comment.id.to_string(), "ANSWER"),
        (thread[1].comment.id.to_string(), "QUESTION"),
    ];
    let ask = async |request: ::http::request::Builder| {
        seen(&house, request.body(Body::empty()).unwrap(), &names).await
    };
    for (name, path) in [
        ("article", format!("/article/{first}")),
        ("retracted", format!("/article/{gone}")),
        ("nowhere", "/no/such/page".to_owned()),
        ("feed", "/channel/city/feed.xml".to_owned()),
        ("sitemap", "/sitemap.xml".to_owned()),
        ("api-article", format!("/api/v1/articles/{first}")),
        ("api-nowhere", "/api/v1/articles/2".to_owned()),
        ("sign-in", "/studio".to_owned()),
    ] {
        insta::assert_snapshot!(name, ask(get(&path)).await);
    }
    let foreign = ::http::Request::post(format!("/article/{first}/like"))
        .header("host", "127.0.0.1:8080")
        .header("origin", "https://elsewhere.example")
        .header("accept", "application/json");
    insta::assert_snapshot!("cross-site", ask(foreign).await.lines().next().unwrap_or_default());
    house.stop.cancel();
}

/// Tables, columns, indices. One snapshot for both databases: that is the parity.
#[db_test]
async fn the_tables_are_the_same_on_both_databases(db: Db) {
    let (columns, indices) = if db.is_postgres() {
        (
            "SELECT c.table_name || '.' || c.column_name || ' ' || \
             CASE c.data_type WHEN 'bigint' THEN 'BIGINT' WHEN 'text' THEN 'TEXT' WHEN 'boolean' THEN 'BOOLEAN' \
             WHEN 'double precision' THEN 'DOUBLE PRECISION' WHEN 'bytea' THEN 'BLOB' ELSE c.data_type END || \
             CASE c.is_nullable WHEN 'NO' THEN ' NOT NULL' ELSE '' END \
             FROM information_schema.columns c WHERE c.table_schema = 'public'",
            "SELECT indexname || ' on ' || tablename FROM pg_indexes WHERE schemaname = 'public' \
             AND indexname NOT IN (SELECT conname FROM pg_constraint)",
        )
    } else {
        (
            "SELECT t.name || '.' || c.name || ' ' || c.type || \
             CASE WHEN c.\"notnull\" OR c.pk > 0 THEN ' NOT NULL' ELSE '' END \
             FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'",
            "SELECT name || ' on ' || tbl_name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
        )
    };
    let mut lines: Vec<String> = db.column(columns, vec![]).await.unwrap();
    // Its order of commits differs, and so do these columns (docs/adr/0003).
    lines.retain(|line| !line.starts_with("journal."));
    lines.extend(db.column::<String>(indices, vec![]).await.unwrap());
    lines.sort_unstable();
    insta::assert_snapshot!("tables", lines.join("\n"));
}
