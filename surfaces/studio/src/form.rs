//! The one way between an article's form in the browser and [`Draft`]. Fields of one line follow [`Draft::LINES`].

use std::collections::BTreeMap;

use articles::{Declaration, Draft, Format, Line};
use kernel::{Error, Invalid, Result, Slug, Tag, Time};
use web::local_time;
use web::render::Form;

use crate::codes;
use crate::insert;
use crate::upload::Sent;

/// How many covers there is room for.
pub const COVERS: usize = 3;

/// What an author typed, field by field.
#[derive(Clone, Debug, Default)]
pub struct ArticleForm {
    pub title: String,
    pub format: String,
    pub body: String,
    /// What the next picture for the body shows.
    pub picture_alt: String,
    pub channel: String,
    pub tags: String,
    pub declared: Vec<String>,
    pub publish_at: String,
    /// Hashes, in order.
    pub covers: Vec<String>,
    /// By the name of each of [`Draft::LINES`].
    lines: BTreeMap<&'static str, String>,
}

impl ArticleForm {
    /// What was sent: new pictures take their places among the covers, those for the text stand at its end.
    pub fn sent(sent: &Sent) -> Self {
        let text = |name| sent.text(name).to_owned();
        let mut form = Self {
            title: text("title"),
            format: text("format"),
            // Browsers send line ends as CRLF (HTML, 4.10.22.4).
            body: sent.text("body").replace("\r\n", "\n"),
            picture_alt: text("picture_alt"),
            channel: text("channel"),
            tags: text("tags"),
            declared: sent.texts("declared").map(str::to_owned).collect(),
            publish_at: text("publish_at"),
            covers: Vec::new(),
            lines: Draft::LINES.iter().map(|line| (line.name, text(line.name))).collect(),
        };
        for n in 1..=COVERS {
            let (file, kept) = (format!("cover{n}"), format!("cover_{n}"));
            let dropped = sent.texts("cover_drop").any(|dropped| dropped == n.to_string());
            let kept = Some(sent.text(&kept)).filter(|hash| !hash.is_empty() && !dropped).map(str::to_owned);
            form.covers.extend(sent.pictures_in(&file).next().map(|new| new.hash.clone()).or(kept));
        }
        for picture in sent.pictures_in("picture") {
            let line = insert::line(picture, form.format(), &std::mem::take(&mut form.picture_alt));
            insert::append(&mut form.body, &line);
        }
        form
    }

    fn format(&self) -> Format {
        Format::named(&self.format).unwrap_or_default()
    }

    /// What stands in one of [`Draft::LINES`].
    pub fn line(&self, name: &str) -> &str {
        self.lines.get(name).map_or("", String::as_str)
    }

    pub fn empty_line(&mut self, name: &str) {
        self.lines.remove(name);
    }

    pub fn of(draft: &Draft, publish_at: Option<Time>, zone: &str) -> Self {
        let tags: Vec<String> = draft.tags.iter().map(ToString::to_string).collect();
        let line = |line: &Line| (line.name, line.get(draft).unwrap_or_default().to_owned());
        Self {
            title: draft.title.clone(),
            format: draft.format.name().to_owned(),
            body: draft.body.clone(),
            picture_alt: String::new(),
            channel: draft.channel.as_ref().map(ToString::to_string).unwrap_or_default(),
            tags: tags.join(", "),
            declared: draft.declarations.iter().map(|d| d.name().to_owned()).collect(),
            publish_at: publish_at.map(|at| local_time::write(at, zone)).unwrap_or_default(),
            covers: draft.covers.clone(),
            lines: Draft::LINES.iter().map(line).collect(),
        }
    }

    /// The draft, or all that cannot be read as one.
    pub fn draft(&self) -> Result<Draft> {
        let mut errors = Invalid::default();
        let text = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let channel = text(&self.channel).map(|slug| Slug::new(&slug));
        if matches!(channel, Some(Err(_))) {
            errors.add("channel", codes::CHANNEL_UNKNOWN);
        }
        let words = self.tags.split([',', '，', '、', ';', '；']).filter(|tag| !tag.trim().is_empty());
        let tags: Vec<Result<Tag>> = words.map(Tag::new).collect();
        if tags.iter().any(Result::is_err) {
            errors.add("tags", codes::TAG_FORM);
        }
        errors.check()?;
        let mut draft = Draft {
            title: self.title.clone(),
            format: self.format(),
            body: self.body.clone(),
            channel: channel.and_then(Result::ok),
            tags: tags.into_iter().filter_map(Result::ok).collect(),
            covers: self.covers.clone(),
            declarations: self.declared.iter().filter_map(|name| Declaration::named(name)).collect(),
            ..Draft::default()
        };
        for line in Draft::LINES {
            line.set(&mut draft, text(self.line(line.name)));
        }
        Ok(draft)
    }

    /// For the page: all as it was typed.
    pub fn form(&self) -> Form {
        let fields = [
            ("title", self.title.as_str()),
            ("format", self.format().name()),
            ("body", &self.body),
            ("picture_alt", &self.picture_alt),
            ("channel", &self.channel),
            ("tags", &self.tags),
            ("publish_at", &self.publish_at),
        ];
        Form::sent(fields.into_iter().chain(self.lines.iter().map(|(name, text)| (*name, text.as_str()))))
    }
}

/// When to publish, as `<input type="datetime-local">` gives it in the site's zone; `None` where nothing is set.
pub fn publish_at(text: &str, zone: &str, now: Time) -> Result<Option<Time>> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let at =
        local_time::read(text, zone).ok_or_else(|| Error::invalid("publish_at", codes::PUBLISH_AT_FORM))?;
    if at <= now { Err(Error::invalid("publish_at", codes::PUBLISH_AT_PAST)) } else { Ok(Some(at)) }
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
    fn every_field_comes_back_from_the_browser() {
        let covers = ["a", "b", "c"].map(str::to_owned);
        let full = Draft::with_every_field(Slug::new("city").unwrap(), covers.to_vec());
        let shown = ArticleForm::of(&full, None, "UTC");
        // What a browser sends of the page: each text by its name, what is ticked, the covers that stand there.
        let mut sent = Sent::default();
        let form = serde_json::to_value(shown.form()).unwrap();
        for (name, text) in form["values"].as_object().unwrap() {
            sent.fields.push((name.clone(), text.as_str().unwrap().to_owned()));
        }
        sent.fields.extend(shown.declared.iter().map(|name| ("declared".to_owned(), name.clone())));
        let covers = shown.covers.iter().enumerate();
        sent.fields.extend(covers.map(|(n, hash)| (format!("cover_{}", n + 1), hash.clone())));
        // Where it was written is nothing that an author could set.
        assert_eq!(ArticleForm::sent(&sent).draft().unwrap(), Draft { region: None, ..full });
    }

    #[test]
    fn what_cannot_be_read_is_said_at_once() {
        let typed = ArticleForm {
            format: "html".into(),
            tags: "潮汐， #海".into(),
            declared: vec!["original".into(), "nonsense".into()],
            ..ArticleForm::default()
        };
        let draft = typed.draft().unwrap();
        assert_eq!((draft.format, draft.tags.len(), draft.declarations.len()), (Format::Html, 2, 1));
        assert_eq!(ArticleForm::of(&draft, None, "UTC").tags, "潮汐, 海");
        let bad = ArticleForm { tags: "a/b".into(), channel: "No!".into(), ..typed };
        assert_eq!(bad.draft().unwrap_err().to_string(), "channel: channel-unknown; tags: tag-form");
    }
}
