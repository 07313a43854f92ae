//! Which column of `articles` and `article_bodies` holds what: for reading and writing alike.

use db::{Codec, DbErr, FromQueryResult, QueryResult, Value};
use kernel::{ArticleId, AuthorId, Result, Time};

use crate::draft::{Declaration, Format};
use crate::model::{Article, State};

db::columns! {
    /// An article without its text and its tags.
    pub struct ArticleColumns: Article as "a" {
        id => id,
        author_id => author,
        channel => draft.channel,
        state => state as Named,
        version => version,
        latest => latest,
        pending => pending,
        title => draft.title,
        subtitle => draft.subtitle,
        excerpt => excerpt,
        language => language,
        covers => draft.covers as Words,
        declarations => draft.declarations as Words,
        source_name => draft.source_name,
        source_url => draft.source_url,
        canonical_url => draft.canonical_url,
        place => place,
        region => draft.region,
        reading_minutes => reading_minutes,
        created_at => created_at,
        updated_at => updated_at,
        publish_at => publish_at,
        published_at => published_at,
        edited_at => edited_at,
        return_code => return_code,
        return_note => return_note,
        retract_code => retract_code,
        external_id => external_id,
    }
}

db::columns! {
    pub struct BodyColumns: Article as "b" {
        article_id => id,
        format => draft.format as Named,
        source => draft.body,
        html => html,
    }
}

/// A row of both tables.
pub struct Stored(pub Article);

impl FromQueryResult for Stored {
    fn from_query_result(row: &QueryResult, _: &str) -> Result<Self, DbErr> {
        let mut article = Article::new(ArticleId::new(0), AuthorId::new(0), Time::default());
        ArticleColumns::read(row, &mut article)?;
        BodyColumns::read(row, &mut article)?;
        article.draft.language = Some(article.language.clone());
        Ok(Self(article))
    }
}

/// Short lists of plain words are kept as `a,b,c`.
pub fn split(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').filter(|part| !part.is_empty())
}

/// Short lists of plain words: `a,b,c`.
pub struct Words;

impl Codec<Vec<String>> for Words {
    fn write(words: &Vec<String>) -> Value {
        words.join(",").into()
    }

    fn read(row: &QueryResult, column: &str) -> Result<Vec<String>, DbErr> {
        Ok(split(&row.try_get::<String>("", column)?).map(str::to_owned).collect())
    }
}

impl Codec<Vec<Declaration>> for Words {
    fn write(declarations: &Vec<Declaration>) -> Value {
        declarations.iter().map(|declaration| declaration.name()).collect::<Vec<_>>().join(",").into()
    }

    fn read(row: &QueryResult, column: &str) -> Result<Vec<Declaration>, DbErr> {
        Ok(split(&row.try_get::<String>("", column)?).filter_map(Declaration::named).collect())
    }
}

/// What has a name of its own.
pub struct Named;

impl Codec<State> for Named {
    fn write(state: &State) -> Value {
        state.name().into()
    }

    fn read(row: &QueryResult, column: &str) -> Result<State, DbErr> {
        let name: String = row.try_get("", column)?;
        State::named(&name).ok_or_else(|| DbErr::Type(format!("stored state {name}")))
    }
}

impl Codec<Format> for Named {
    fn write(format: &Format) -> Value {
        format.name().into()
    }

    fn read(row: &QueryResult, column: &str) -> Result<Format, DbErr> {
        Ok(Format::named(&row.try_get::<String>("", column)?).unwrap_or_default())
    }
}
