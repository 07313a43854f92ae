//! `/for-you`: a reader's own list. For visitors, and for readers who let the site learn nothing, what is hot: the same for everybody.

use axum::extract::State;
use kernel::Cursor;
use web::{Query, RequestContext};

use super::From;
use crate::compose::picked;
use crate::views::for_you::ForYouPage;
use crate::views::parts::Pager;
use crate::{Answer, Site};

const PAGE: usize = 30;

pub async fn show(State(site): State<Site>, context: RequestContext, Query(from): Query<From>) -> Answer {
    let start = usize::try_from(from.offset()).unwrap_or(0);
    let own = match context.viewer.user() {
        Some(user) => site.for_you.page(user.id, start, PAGE).await?,
        None => None,
    };
    if let (Some(user), Some((list, _)), true) = (context.viewer.user(), &own, context.navigates) {
        site.for_you.record_impression(user.id, start, list.len());
    }
    let tuned = own.is_some();
    let (list, more) = match own {
        Some(page) => page,
        None => (site.hot.top(PAGE).await?, false),
    };
    let unwanted = site.unwanted(&context.viewer).await?;
    let next = Cursor { key: (start + PAGE) as i64, id: 0 };
    let view = ForYouPage {
        list: unwanted.list_of(site.cards(picked(&list), context.variant.locale).await?),
        tuned,
        pager: Pager { next: more.then(|| format!("/for-you?cursor={next}")), first: start == 0 },
    };
    Ok(site.frame.page(&context, &view).await?)
}
