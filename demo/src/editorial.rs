//! What the demo's editor chose: topics, and what stands in the slots. Each step may be done twice.

use std::collections::HashMap;
use std::time::Duration;

use accounts::Viewer;
use anyhow::{Context, Result};
use editorial::{Editorial, Slot, SlotItem, Terms, TopicText};
use kernel::{ArticleId, Cursor, Error, Time, TopicId};

use crate::content;

pub async fn fill(
    editorial: &Editorial,
    editor: &Viewer,
    articles: &HashMap<String, ArticleId>,
    now: Time,
) -> Result<()> {
    let article = |slug: &String| articles.get(slug).copied().with_context(|| slug.clone());
    let known: HashMap<String, TopicId> = editorial
        .topics(Cursor::START, 100)
        .await?
        .items
        .into_iter()
        .map(|topic| (topic.slug.to_string(), topic.id))
        .collect();
    for topic in content::topics()? {
        let text = TopicText {
            zh: topic.zh,
            en: topic.en,
            summary_zh: topic.summary_zh,
            summary_en: topic.summary_en,
        };
        let id = match known.get(&topic.slug) {
            Some(&id) => id,
            None => editorial.create_topic(editor, &topic.slug, text.clone()).await?,
        };
        for section in &topic.section {
            for slug in &section.articles {
                once(editorial.add_to_topic(editor, id, article(slug)?, &section.title).await)?;
            }
        }
        let cover = topic.cover.as_ref().map(article).transpose()?;
        editorial.rewrite_topic(editor, id, text, cover).await?;
        editorial.publish_topic(editor, id).await?;
        if topic.home {
            once(editorial.place(editor, Slot::Topics, SlotItem::Topic(id), Terms::default()).await)?;
        }
    }
    let hours = |hours: f64| now.plus(Duration::from_secs_f64(hours * 3_600.0));
    // What is placed last stands first.
    for place in content::placements()?.iter().rev() {
        let slot = Slot::named(&place.slot).with_context(|| place.slot.clone())?;
        let terms = Terms {
            starts_at: place.from.map(hours),
            ends_at: place.until.map(hours),
            note: place.note.clone(),
        };
        let thing = SlotItem::Article(article(&place.article)?);
        once(editorial.place(editor, slot, thing, terms).await)?;
    }
    Ok(())
}

/// It is there already where this goes on after having been broken off.
fn once<T>(done: kernel::Result<T>) -> Result<()> {
    match done {
        Ok(_) => Ok(()),
        Err(Error::Invalid(errors)) if errors.0.iter().all(|error| error.code == "placed-already") => Ok(()),
        Err(error) => Err(error.into()),
    }
}
