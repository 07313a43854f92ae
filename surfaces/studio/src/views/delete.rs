//! `/studio/article/{id}/delete`, `/studio/pictures/{hash}/delete`

use articles::State;
use kernel::Locale;
use serde::Serialize;
use web::render::{PageLayout, View};

use super::parts::{DeskLayout, Thumb};

/// Something of one's own that uses the picture.
#[derive(Clone, Debug, Serialize)]
pub struct PictureUse {
    pub href: String,
    pub title: String,
    /// The message `state-…`; none for an avatar.
    pub state: Option<&'static str>,
}

/// Asks before something is deleted. POSTs nothing to `action`.
#[derive(Clone, Debug, Serialize)]
pub struct Delete {
    pub layout: DeskLayout,
    pub action: String,
    pub back: String,
    pub refused: bool,
    /// The picture that is to go; else it is an article.
    pub picture: Option<Thumb>,
    /// Of the article; may be empty.
    pub title: String,
    pub places: Vec<PictureUse>,
}

impl View for Delete {
    const TEMPLATE: &'static str = "studio_delete.html";

    fn samples(_: Locale) -> Vec<Self> {
        let place = |title: &str, state: Option<State>| PictureUse {
            href: "/studio/article/4T5uJcKzRGx".into(),
            title: title.into(),
            state: state.map(State::name),
        };
        let article = Self {
            layout: DeskLayout { notice: None, ..DeskLayout::sample("list") },
            action: "/studio/article/4T5uJcKzRGx/delete".into(),
            back: "/studio/article/4T5uJcKzRGx".into(),
            refused: false,
            picture: None,
            title: "潮汐表是怎样做出来的 <b>".into(),
            places: vec![],
        };
        let untitled = Self { title: String::new(), ..article.clone() };
        let published = Self { refused: true, ..article.clone() };
        let picture = Self {
            action: "/studio/pictures/0123456789abcdef0123456789abcdef/delete".into(),
            back: "/studio/pictures".into(),
            picture: Some(Thumb::sample()),
            places: vec![
                place("潮汐表是怎样做出来的", Some(State::Draft)),
                place("", Some(State::Retracted)),
            ],
            ..article.clone()
        };
        let used = Self {
            refused: true,
            places: vec![place("@nanpo", None), place("The Tide Tables", Some(State::Live))],
            ..picture.clone()
        };
        vec![article, untitled, published, picture, used]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        self.layout.fill_head(page);
    }
}
