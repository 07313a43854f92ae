//! The sheet on the desk: an article's form between the browser and [`Draft`].

use articles::{Declaration, Draft, Format};
use kernel::{Error, Invalid, Result, Slug, Tag, Time};
use web::local_time;
use web::render::Form;

use crate::insert;
use crate::upload::Sent;

/// How many covers there is room for.
pub const COVERS: usize = 3;

/// What an author typed, field by field.
#[derive(Clone, Debug, Default)]
pub struct ArticleForm {
    pub title: String,
    pub subtitle: String,
    pub format: String,
    pub body: String,
    /// What the next picture for the body shows.
    pub picture_alt: String,
    pub language: String,
    pub channel: String,
    pub tags: String,
    pub declared: Vec<String>,
    pub source_name: String,
    pub source_url: String,
    pub canonical_url: String,
    pub publish_at: String,
    /// Hashes, in order.
    pub covers: Vec<String>,
}

impl ArticleForm {
    /// What was sent: new pictures take their places among the covers, those for the text stand at its end.
    pub fn sent(sent: &Sent) -> Self {
        let text = |name| sent.text(name).to_owned();
        let mut sheet = Self {
            title: text("title"),
            subtitle: text("subtitle"),
            format: text("format"),
            // Browsers send line ends as CRLF (HTML, 4.10.22.4).
            body: sent.text("body").replace("\r\n", "\n"),
            picture_alt: text("picture_alt"),
            language: text("language"),
            channel: text("channel"),
            tags: text("tags"),
            declared: sent.texts("declared").map(str::to_owned).collect(),
            source_name: text("source_name"),
            source_url: text("source_url"),
            canonical_url: text("canonical_url"),
            publish_at: text("publish_at"),
            covers: Vec::new(),
        };
        for n in 1..=COVERS {
            let (file, kept) = (format!("cover{n}"), format!("cover_{n}"));
            let dropped = sent.texts("cover_drop").any(|dropped| dropped == n.to_string());
            let kept = Some(sent.text(&kept)).filter(|hash| !hash.is_empty() && !dropped).map(str::to_owned);
            sheet.covers.extend(sent.pictures_in(&file).next().map(|new| new.hash.clone()).or(kept));
        }
        for picture in sent.pictures_in("picture") {
            let line = insert::line(picture, sheet.format(), &std::mem::take(&mut sheet.picture_alt));
            insert::append(&mut sheet.body, &line);
        }
        sheet
    }

    fn format(&self) -> Format {
        Format::named(&self.format).unwrap_or_default()
    }

    pub fn of(draft: &Draft, publish_at: Option<Time>, zone: &str) -> Self {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let tags: Vec<String> = draft.tags.iter().map(ToString::to_string).collect();
        Self {
            title: draft.title.clone(),
            subtitle: text(&draft.subtitle),
            format: draft.format.name().to_owned(),
            body: draft.body.clone(),
            picture_alt: String::new(),
            language: text(&draft.language),
            channel: draft.channel.as_ref().map(ToString::to_string).unwrap_or_default(),
            tags: tags.join(", "),
            declared: draft.declarations.iter().map(|d| d.name().to_owned()).collect(),
            source_name: text(&draft.source_name),
            source_url: text(&draft.source_url),
            canonical_url: text(&draft.canonical_url),
            publish_at: publish_at.map(|at| local_time::write(at, zone)).unwrap_or_default(),
            covers: draft.covers.clone(),
        }
    }

    /// The draft, or all that cannot be read as one.
    pub fn draft(&self) -> Result<Draft> {
        let mut wrong = Invalid::default();
        let text = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let channel = text(&self.channel).map(|slug| Slug::new(&slug));
        if matches!(channel, Some(Err(_))) {
            wrong.add("channel", "channel-unknown");
        }
        let words = self.tags.split([',', '，', '、', ';', '；']).filter(|tag| !tag.trim().is_empty());
        let tags: Vec<Result<Tag>> = words.map(Tag::new).collect();
        if tags.iter().any(Result::is_err) {
            wrong.add("tags", "tag-form");
        }
        wrong.check()?;
        Ok(Draft {
            title: self.title.clone(),
            subtitle: text(&self.subtitle),
            format: self.format(),
            body: self.body.clone(),
            language: text(&self.language),
            channel: channel.and_then(Result::ok),
            tags: tags.into_iter().filter_map(Result::ok).collect(),
            covers: self.covers.clone(),
            declarations: self.declared.iter().filter_map(|name| Declaration::named(name)).collect(),
            source_name: text(&self.source_name),
            source_url: text(&self.source_url),
            canonical_url: text(&self.canonical_url),
            region: None,
        })
    }

    /// For the page: all as it was typed.
    pub fn form(&self) -> Form {
        Form::sent([
            ("title", self.title.as_str()),
            ("subtitle", &self.subtitle),
            ("format", self.format().name()),
            ("body", &self.body),
            ("picture_alt", &self.picture_alt),
            ("language", &self.language),
            ("channel", &self.channel),
            ("tags", &self.tags),
            ("source_name", &self.source_name),
            ("source_url", &self.source_url),
            ("canonical_url", &self.canonical_url),
            ("publish_at", &self.publish_at),
        ])
    }
}

/// When to publish, as `<input type="datetime-local">` gives it in the site's zone; `None` where nothing is set.
pub fn publish_at(text: &str, zone: &str, now: Time) -> Result<Option<Time>> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let at = local_time::read(text, zone).ok_or_else(|| Error::invalid("publish_at", "publish-at-form"))?;
    if at <= now { Err(Error::invalid("publish_at", "publish-at-past")) } else { Ok(Some(at)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_of_the_site_is_read() {
        let now = Time::parse("2024-06-05T10:00:00Z").unwrap();
        let at = publish_at("2024-06-06T08:30", "Asia/Shanghai", now).unwrap().unwrap();
        assert_eq!(at, Time::parse("2024-06-06T00:30:00Z").unwrap());
        assert_eq!(publish_at(" ", "Asia/Shanghai", now).unwrap(), None);
        for (text, code) in [("soon", "publish-at-form"), ("2024-06-05T18:00", "publish-at-past")] {
            let error = publish_at(text, "Asia/Shanghai", now).unwrap_err();
            assert_eq!(error.to_string(), format!("publish_at: {code}"));
        }
    }

    #[test]
    fn a_sheet_survives_its_draft() {
        let sheet = ArticleForm {
            title: "潮汐".into(),
            format: "html".into(),
            tags: "潮汐， #海".into(),
            declared: vec!["original".into(), "nonsense".into()],
            covers: vec!["a".into()],
            ..ArticleForm::default()
        };
        let draft = sheet.draft().unwrap();
        assert_eq!((draft.format, draft.tags.len(), draft.declarations.len()), (Format::Html, 2, 1));
        let back = ArticleForm::of(&draft, None, "UTC");
        assert_eq!((back.tags.as_str(), back.covers), ("潮汐, 海", vec!["a".to_owned()]));
        let bad = ArticleForm { tags: "a/b".into(), channel: "No!".into(), ..sheet };
        assert_eq!(bad.draft().unwrap_err().to_string(), "channel: channel-unknown; tags: tag-form");
    }
}
