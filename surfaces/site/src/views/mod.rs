//! What reader pages are made of: one typed context a template, each with samples of itself.
//!
//! Handlers fill these from the features; templates (`themes/default/templates`) know nothing else. Pieces that many pages
//! share stand in [`parts`]; those that differ from reader to reader, and are fetched apart from cached pages, in [`slots`].

pub mod account;
pub mod apply;
pub mod article;
pub mod author;
pub mod blocks;
pub mod channel;
pub mod comments;
pub mod elsewhere;
pub mod errors;
pub mod export;
pub mod floors;
pub mod following;
pub mod for_you;
pub mod home;
pub mod interests;
pub mod leaving;
pub mod lists;
pub mod mutes;
pub mod notifications;
pub mod parts;
pub mod prose;
pub mod report;
pub mod reset;
pub mod samples;
pub mod search;
pub mod security;
pub mod slots;
pub mod tag;
pub mod topics;
pub mod user;
pub mod verify;

use kernel::Error;
use web::render::{Part, Theme, View, check_part, check_view};

/// Calls `$do::<View>($with)` for every view.
macro_rules! views {
    ($do:ident, $with:expr) => {
        $do::<crate::views::article::ArticlePage>($with);
        $do::<crate::views::comments::CommentsPage>($with);
        $do::<crate::views::comments::CommentPage>($with);
        $do::<crate::views::home::Home>($with);
        $do::<crate::views::channel::ChannelPage>($with);
        $do::<crate::views::author::AuthorHome>($with);
        $do::<crate::views::author::AuthorArchive>($with);
        $do::<crate::views::tag::TagPage>($with);
        $do::<crate::views::user::UserPage>($with);
        $do::<crate::views::user::ProfileSettings>($with);
        $do::<crate::views::topics::TopicsPage>($with);
        $do::<crate::views::topics::TopicPage>($with);
        $do::<crate::views::lists::HotPage>($with);
        $do::<crate::views::lists::ListPage>($with);
        $do::<crate::views::following::FollowingPage>($with);
        $do::<crate::views::following::FollowsPage>($with);
        $do::<crate::views::for_you::ForYouPage>($with);
        $do::<crate::views::interests::Interests>($with);
        $do::<crate::views::notifications::NotificationsPage>($with);
        $do::<crate::views::notifications::NotificationSettings>($with);
        $do::<crate::views::notifications::Unsubscribe>($with);
        $do::<crate::views::mutes::MutePage>($with);
        $do::<crate::views::mutes::MutesPage>($with);
        $do::<crate::views::search::SearchPage>($with);
        $do::<crate::views::errors::ErrorPage>($with);
        $do::<crate::views::account::Login>($with);
        $do::<crate::views::account::Signup>($with);
        $do::<crate::views::account::AccessibilitySettings>($with);
        $do::<crate::views::account::AccountSettings>($with);
        $do::<crate::views::account::TokenSettings>($with);
        $do::<crate::views::export::ExportPage>($with);
        $do::<crate::views::export::ExportLink>($with);
        $do::<crate::views::leaving::DeletePage>($with);
        $do::<crate::views::leaving::KeepPage>($with);
        $do::<crate::views::security::LoginCode>($with);
        $do::<crate::views::security::TwoFactor>($with);
        $do::<crate::views::security::RecoveryCodes>($with);
        $do::<crate::views::security::Passkeys>($with);
        $do::<crate::views::security::NewPasskey>($with);
        $do::<crate::views::security::Sessions>($with);
        $do::<web::again::SignInAgain>($with);
        $do::<crate::views::verify::Verify>($with);
        $do::<crate::views::elsewhere::Leaving>($with);
        $do::<crate::views::elsewhere::NotSignedIn>($with);
        $do::<crate::views::elsewhere::Joining>($with);
        $do::<crate::views::elsewhere::IdentitySettings>($with);
        $do::<crate::views::reset::Reset>($with);
        $do::<crate::views::apply::Apply>($with);
        $do::<crate::views::report::Report>($with);
        $do::<crate::views::prose::Prose>($with);
    };
}

/// What is wrong with the templates of a theme for these pages, at most one fault a template: every view is rendered with every sample, in
/// both languages and editions, for a visitor and for somebody signed in.
pub fn check_theme(theme: &Theme) -> Vec<Error> {
    fn check<V: View>((theme, faults): (&Theme, &mut Vec<Error>)) {
        faults.extend(check_view::<V>(theme).err());
    }
    fn check_one<P: Part>((theme, faults): (&Theme, &mut Vec<Error>)) {
        faults.extend(check_part::<P>(theme).err());
    }
    let mut faults = Vec::new();
    views!(check, (theme, &mut faults));
    check_one::<blocks::HotLine>((theme, &mut faults));
    check_one::<blocks::HotWhy>((theme, &mut faults));
    check_one::<blocks::Headlines>((theme, &mut faults));
    check_one::<blocks::Features>((theme, &mut faults));
    check_one::<slots::UserMenu>((theme, &mut faults));
    check_one::<parts::Follow>((theme, &mut faults));
    check_one::<slots::Actions>((theme, &mut faults));
    check_one::<slots::MyComments>((theme, &mut faults));
    check_one::<slots::Reply>((theme, &mut faults));
    check_one::<slots::Liked>((theme, &mut faults));
    check_one::<slots::Muted>((theme, &mut faults));
    check_one::<slots::FollowingFront>((theme, &mut faults));
    check_one::<slots::SubjectFollow>((theme, &mut faults));
    check_one::<for_you::ForYouFront>((theme, &mut faults));
    faults
}

#[cfg(test)]
mod tests;
