//! What the pages are made of: one typed context a template (`themes/default/templates/admin_…`), each with samples.

pub mod access;
pub mod applications;
pub mod audit;
pub mod authors;
pub mod changes;
pub mod channels;
pub mod comments;
pub mod decisions;
pub mod events;
pub mod front;
pub mod headlines;
pub mod insights;
pub mod jobs;
pub mod log;
pub mod mail;
pub mod nodes;
pub mod parts;
pub mod permissions;
pub mod profiles;
pub mod reports;
pub mod review;
pub mod settings;
pub mod setup;
pub mod topics;
pub mod users;

use kernel::Error;
use web::render::{Theme, View, check_view};

/// Calls `$do::<View>($with)` for every view.
macro_rules! views {
    ($do:ident, $with:expr) => {
        $do::<crate::views::front::Front>($with);
        $do::<crate::views::insights::Insights>($with);
        $do::<crate::views::events::Events>($with);
        $do::<crate::views::events::Rebuilding>($with);
        $do::<crate::views::jobs::Jobs>($with);
        $do::<crate::views::mail::Mail>($with);
        $do::<crate::views::mail::Message>($with);
        $do::<crate::views::settings::Settings>($with);
        $do::<crate::views::nodes::Nodes>($with);
        $do::<crate::views::review::Queue>($with);
        $do::<crate::views::review::Review>($with);
        $do::<crate::views::reports::Reports>($with);
        $do::<crate::views::reports::Case>($with);
        $do::<crate::views::comments::Held>($with);
        $do::<crate::views::comments::Decision>($with);
        $do::<crate::views::profiles::Profiles>($with);
        $do::<crate::views::audit::Audit>($with);
        $do::<crate::views::decisions::Decisions>($with);
        $do::<crate::views::applications::Applications>($with);
        $do::<crate::views::applications::Asking>($with);
        $do::<crate::views::changes::Changing>($with);
        $do::<crate::views::authors::Authors>($with);
        $do::<crate::views::authors::Profiled>($with);
        $do::<crate::views::users::Users>($with);
        $do::<crate::views::users::Member>($with);
        $do::<crate::views::permissions::Permissions>($with);
        $do::<crate::views::permissions::EditedRole>($with);
        $do::<crate::views::access::Deleting>($with);
        $do::<crate::views::headlines::Headlines>($with);
        $do::<crate::views::headlines::SlotPage>($with);
        $do::<crate::views::headlines::PlacedPage>($with);
        $do::<crate::views::log::Log>($with);
        $do::<crate::views::topics::Topics>($with);
        $do::<crate::views::topics::TopicEdited>($with);
        $do::<crate::views::channels::Channels>($with);
        $do::<crate::views::channels::Edited>($with);
        $do::<crate::views::setup::Key>($with);
        $do::<crate::views::setup::Setup>($with);
    };
}

/// What is wrong with the templates of a theme for these pages, at most one fault a template: every view is rendered with every sample, in
/// both languages and editions, for a visitor and for somebody signed in.
pub fn check_theme(theme: &Theme) -> Vec<Error> {
    fn check<V: View>((theme, faults): (&Theme, &mut Vec<Error>)) {
        faults.extend(check_view::<V>(theme).err());
    }
    let mut faults = Vec::new();
    views!(check, (theme, &mut faults));
    faults
}

#[cfg(test)]
mod tests;
