//! What the studio's pages are made of: one typed context a template (`themes/default/templates/studio_*.html`), each with
//! samples.

pub mod delete;
pub mod desk;
pub mod expired;
pub mod list;
pub mod parts;
pub mod pictures;
pub mod preview;
pub mod profile;

use kernel::Error;
use web::render::{Theme, View, check_view};

/// Calls `$do::<View>($with)` for every view.
macro_rules! views {
    ($do:ident, $with:expr) => {
        $do::<crate::views::list::List>($with);
        $do::<crate::views::list::NoAuthor>($with);
        $do::<crate::views::desk::Desk>($with);
        $do::<crate::views::desk::Closed>($with);
        $do::<crate::views::delete::Delete>($with);
        $do::<crate::views::expired::Expired>($with);
        $do::<crate::views::preview::Preview>($with);
        $do::<crate::views::pictures::Pictures>($with);
        $do::<crate::views::profile::ProfileForm>($with);
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
