//! Who put what where: every line, newest first.

use accounts::Action;
use axum::extract::State;
use editorial::{Logged, SlotItem};
use web::{Query, RequestContext};

use crate::headlines::Named;
use crate::layout::{Asked, channel_name};
use crate::views::log::{Line, Log, Of};
use crate::{Admin, Answer};

/// Each line names an article, which may have to be fetched by itself.
const PAGE: usize = 30;

/// `GET /admin/headlines/log?cursor=`
pub async fn show(State(admin): State<Admin>, context: RequestContext, Query(asked): Query<Asked>) -> Answer {
    context.viewer.require(Action::CurateHeadlines)?;
    let locale = context.variant.locale;
    let page = admin.editorial.log(asked.from(), PAGE).await?;
    let paging = asked.paging("/admin/headlines/log", &page);
    let named = |line: &Logged| {
        [line.article.map(SlotItem::Article), line.topic.map(SlotItem::Topic)].into_iter().flatten()
    };
    let things = admin.named_items(page.items.iter().flat_map(named), locale).await?;
    let users = admin.users_of(page.items.iter().map(|line| line.by)).await?;
    let channels = admin.frame.channels().await?;
    let of = |thing: Option<SlotItem>| {
        let Named { title, language, href, .. } = things.get(&thing?)?.clone();
        Some(Of { title, language, href })
    };
    let line = |line: Logged| Line {
        action: line.action.name(),
        slot: line.slot.as_ref().map(editorial::Slot::kind),
        href: line.slot.as_ref().map(|slot| format!("/admin/headlines/{}", slot.name())),
        channel: channel_name(line.slot.as_ref().and_then(|slot| slot.channel()), &channels.list, locale),
        article: of(line.article.map(SlotItem::Article)),
        topic: of(line.topic.map(SlotItem::Topic)),
        from: line.from_place,
        to: line.to_place,
        starts: line.starts_at,
        ends: line.ends_at,
        note: line.note,
        by: users.get(&line.by).cloned(),
        at: line.at,
    };
    let view = Log {
        layout: admin.layout(&context.viewer, "headlines", "").await?,
        lines: page.items.into_iter().map(line).collect(),
        paging,
    };
    Ok(admin.frame.page(&context, &view).await?)
}
