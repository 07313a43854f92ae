//! What this process carries out beside the answers: jobs of every kind, and those that come round by the clock.

use std::sync::Arc;
use std::time::Duration;

use articles::jobs::PublishScheduled;
use erasure::jobs::{CarryOutDeletions, Deletions};
use events::Journal;
use export::Maker;
use export::jobs::{MakeExport, SweepExports};
use jiff::tz::TimeZone;
use jobs::{Every, Failure, Job, Priority, Running, Workers};
use mail::{Mailer, SendMail, SweepMail};
use media::jobs::SweepPictures;
use notify::Pusher;
use notify::jobs::{
    ForgetArticle, MailNow, PushNow, SendDigests, SendPush, SweepNotifications, TellFollowers, TellTopic,
};
use reads::jobs::ForgetCoReads;
use recommend::jobs::{ForgetHistories, Learn, WatchModel};
use serde::{Deserialize, Serialize};
use services::{Lists, Services};
use web::Frame;

/// `keep`: how long events stay in the journal; for ever where that is not said.
pub fn workers(s: &Services, lists: &Lists, frame: Frame, mailer: Mailer, keep: Option<Duration>) -> Workers {
    // Minutes and hours at which not everything else begins, too.
    let night = |minute| Every::Day { hour: 4, minute };
    let maker = Maker::new(s.export.clone(), Arc::new(frame.clone()));
    let deletions = Deletions { erasure: s.erasure.clone(), name: deleted_name(frame.clone()) };
    let pusher = Pusher::new(s.notify.clone(), Arc::new(frame.clone()));
    let workers = Workers::new(s.jobs.clone(), move || zone(&frame))
        .on::<SendMail>(mailer)
        .on::<PublishScheduled>(s.articles.clone())
        .on::<TellFollowers>(s.notify.clone())
        .on::<TellTopic>(s.notify.clone())
        .on::<ForgetArticle>(s.notify.clone())
        .on::<MakeExport>(maker)
        .on::<MailNow>(s.notify.clone())
        .on::<PushNow>(s.notify.clone())
        .on::<SendPush>(pusher)
        .every(Every::Span(Duration::from_mins(5)), SendDigests {}, s.notify.clone())
        .every(Every::Hour { minute: 13 }, SweepPictures {}, s.media.clone())
        .every(Every::Hour { minute: 47 }, SweepMail {}, s.outbox.clone())
        .every(Every::Span(Duration::from_mins(10)), Learn {}, lists.learning.clone())
        .every(Every::Hour { minute: 41 }, WatchModel {}, lists.learning.clone())
        .every(Every::Hour { minute: 53 }, SweepExports {}, s.export.clone())
        .every(Every::Hour { minute: 7 }, CarryOutDeletions {}, deletions)
        .every(night(37), SweepNotifications {}, s.notify.clone())
        .every(night(11), ForgetHistories {}, lists.personal.clone())
        .every(night(23), ForgetCoReads {}, lists.reads.co_reads().clone());
    match keep {
        Some(keep) => workers.every(Every::Hour { minute: 29 }, PruneJournal {}, (s.journal.clone(), keep)),
        None => workers,
    }
}

/// What stands for the name of somebody who was deleted: for readers of every language, in the site's own.
pub fn deleted_name(frame: Frame) -> Arc<dyn Fn() -> String + Send + Sync> {
    Arc::new(move || frame.theme().messages().say(frame.setup().locale.get(), "user-deleted", &[]))
}

/// The site's, as it is now.
pub fn zone(frame: &Frame) -> TimeZone {
    TimeZone::get(&frame.site().zone).unwrap_or(TimeZone::UTC)
}

/// Old events go that nobody needs any more.
#[derive(Serialize, Deserialize)]
struct PruneJournal {}

impl Job for PruneJournal {
    type With = (Journal, Duration);
    const KIND: &'static str = "events.prune";
    const PRIORITY: Priority = Priority::Background;

    async fn run(self, (journal, keep): Self::With, _: Running) -> Result<(), Failure> {
        journal.prune(keep).await?;
        Ok(())
    }
}
