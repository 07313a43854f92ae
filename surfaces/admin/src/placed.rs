//! What is done to one thing in a slot: `/admin/headlines/{slot}/{id}`

use accounts::Action;
use axum::extract::State;
use editorial::{Placement, Slot};
use kernel::{Error, PlacementId, Result};
use serde::Deserialize;
use web::render::Form as Filled;
use web::{Form, Path, RequestContext, local_time, session};

use crate::codes;
use crate::headlines::TermFields;
use crate::layout::channel_name;
use crate::views::headlines::PlacedPage;
use crate::{Admin, Answer};

/// `GET /admin/headlines/{slot}/{id}`: when it stands there, and the note beside it
pub async fn show(
    State(admin): State<Admin>,
    context: RequestContext,
    Path((slot, id)): Path<(String, PlacementId)>,
) -> Answer {
    context.viewer.require(Action::CurateHeadlines)?;
    let placement = admin.placement(&slot, id).await?;
    let zone = admin.frame.site().zone.clone();
    let time = |at: Option<kernel::Time>| at.map(|at| local_time::write(at, &zone)).unwrap_or_default();
    let form = TermFields {
        starts: time(Some(placement.starts_at)),
        ends: time(placement.ends_at),
        note: placement.note.clone().unwrap_or_default(),
    };
    let view = admin.placed_page(&context, &placement, form.form()).await?;
    Ok(admin.frame.page(&context, &view).await?)
}

/// `POST /admin/headlines/{slot}/{id}`: `starts`, `ends`, `note`
pub async fn change(
    State(admin): State<Admin>,
    context: RequestContext,
    Path((slot, id)): Path<(String, PlacementId)>,
    Form(fields): Form<TermFields>,
) -> Answer {
    context.viewer.require(Action::CurateHeadlines)?;
    let placement = admin.placement(&slot, id).await?;
    let changed = match fields.read(&admin.frame.site().zone) {
        Ok(terms) => admin.editorial.change(&context.viewer, id, terms).await,
        Err(error) => Err(error),
    };
    match changed {
        Ok(()) => Ok(back(&slot, "saved")),
        Err(Error::Invalid(errors)) => {
            let view = admin.placed_page(&context, &placement, fields.form().refused(&errors)).await?;
            Ok(admin.frame.refused(&context, &view).await?)
        }
        Err(error) => Err(error.into()),
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct To {
    pub to: String,
}

impl To {
    /// The place, counted from one.
    pub fn position(&self) -> Result<i64> {
        self.to.trim().parse().map_err(|_| Error::invalid("to", codes::NUMBER_FORM))
    }
}

/// `POST /admin/headlines/{slot}/{id}/move`: `to` a place, counted from one
pub async fn move_to(
    State(admin): State<Admin>,
    context: RequestContext,
    Path((slot, id)): Path<(String, PlacementId)>,
    Form(fields): Form<To>,
) -> Answer {
    context.viewer.require(Action::CurateHeadlines)?;
    admin.placement(&slot, id).await?;
    admin.editorial.move_to(&context.viewer, id, fields.position()?).await?;
    Ok(back(&slot, "moved"))
}

/// `POST /admin/headlines/{slot}/{id}/remove`
pub async fn remove(
    State(admin): State<Admin>,
    context: RequestContext,
    Path((slot, id)): Path<(String, PlacementId)>,
) -> Answer {
    context.viewer.require(Action::CurateHeadlines)?;
    admin.placement(&slot, id).await?;
    admin.editorial.remove(&context.viewer, id).await?;
    Ok(back(&slot, "unplaced"))
}

fn back(slot: &str, done: &str) -> http::Response<axum::body::Body> {
    session::see_other(&format!("/admin/headlines/{slot}?done={done}"))
}

impl Admin {
    async fn placement(&self, slot: &str, id: PlacementId) -> Result<Placement> {
        let slot = Slot::named(slot).ok_or(Error::NotFound)?;
        let found = self.editorial.find(id).await?;
        found.filter(|placement| placement.slot == slot).ok_or(Error::NotFound)
    }

    async fn placed_page(
        &self,
        context: &RequestContext,
        placement: &Placement,
        form: Filled,
    ) -> Result<PlacedPage> {
        let locale = context.variant.locale;
        let thing = self.named_items([placement.thing].into_iter(), locale).await?.remove(&placement.thing);
        let channels = self.frame.channels().await?;
        let (title, language, href) =
            thing.map(|named| (named.title, named.language, named.href)).unwrap_or_default();
        Ok(PlacedPage {
            layout: self.layout(&context.viewer, "headlines", "").await?,
            slot: placement.slot.name(),
            kind: placement.slot.kind(),
            channel: channel_name(placement.slot.channel(), &channels.list, locale),
            id: placement.id,
            title,
            language,
            href,
            form,
            zone: self.frame.site().zone.clone(),
        })
    }
}
