//! `byline theme`.

use std::path::{Path, PathBuf};

use accounts::{
    DeletionAsked, DeletionTakenBack, EmailChanged, EmailInUse, FactorsChanged, IdentityChanged,
    InvitedByMail, NewDevice, PasswordReset, RecoveryCodeUsed, ResetPassword, VerifyEmail,
};
use anyhow::{Result, bail};
use clap::Subcommand;
use export::ExportReady;
use kernel::Error;
use mail::TestLetter;
use notify::{DigestMail, Notified};
use web::render::{Overrides, Theme, check_export, check_mail};

use crate::failures;

#[derive(Subcommand)]
pub enum Action {
    /// Renders every page and mail with the folder's templates as the server would, with samples, in both languages and editions
    #[command(after_help = "Example: byline theme check ./my-theme")]
    Check { folder: PathBuf },
    /// Writes the default theme into a new folder, to take files from
    #[command(after_help = "Example: byline theme eject ./default-theme")]
    Eject { folder: PathBuf },
}

impl Action {
    pub fn run(self) -> Result<()> {
        match self {
            Self::Check { folder } => check(&folder),
            Self::Eject { folder } => {
                let files = Theme::eject(&folder).map_err(|error| failures::theme(Some(&folder), &error))?;
                println!(
                    "{files} files of the default theme are in {}; a theme needs those only that it changes",
                    folder.display()
                );
                Ok(())
            }
        }
    }
}

/// Every mail of the site.
fn check_mails(theme: &Theme) -> Vec<Error> {
    let checks = [
        check_mail::<TestLetter>(theme),
        check_mail::<VerifyEmail>(theme),
        check_mail::<InvitedByMail>(theme),
        check_mail::<IdentityChanged>(theme),
        check_mail::<EmailInUse>(theme),
        check_mail::<EmailChanged>(theme),
        check_mail::<ResetPassword>(theme),
        check_mail::<PasswordReset>(theme),
        check_mail::<NewDevice>(theme),
        check_mail::<DeletionAsked>(theme),
        check_mail::<DeletionTakenBack>(theme),
        check_mail::<ExportReady>(theme),
        check_export(theme),
        check_mail::<FactorsChanged>(theme),
        check_mail::<RecoveryCodeUsed>(theme),
        check_mail::<Notified>(theme),
        check_mail::<DigestMail>(theme),
    ];
    checks.into_iter().filter_map(std::result::Result::err).collect()
}

fn check(folder: &Path) -> Result<()> {
    if !folder.is_dir() {
        bail!("{} is no folder", folder.display());
    }
    let failed = |error: &Error| failures::theme(Some(folder), error);
    let Overrides { replaced, added } = Theme::overrides(folder).map_err(|error| failed(&error))?;
    // Another template than those is shown nowhere by itself: most often its name is misspelt.
    for path in added.iter().filter(|path| path.starts_with("templates/")) {
        println!("{path}: the default theme has no file of this name, so it stands for none");
    }
    if replaced.is_empty() {
        bail!(
            "{} replaces no file of the default theme: templates stand in templates/, style sheets in assets/; \
             `byline theme eject` writes them all",
            folder.display()
        );
    }
    let theme = Theme::load(Some(folder)).map_err(|error| failed(&error))?;
    let checks = [
        site::check_theme(&theme),
        studio::check_theme(&theme),
        admin::check_theme(&theme),
        check_mails(&theme),
    ];
    let faults: Vec<_> = checks.into_iter().flatten().collect();
    for fault in &faults {
        eprintln!("{}", failures::cause(fault));
    }
    match faults.len() {
        0 => {
            println!(
                "{}: {} files replaced, {} templates rendered",
                theme.name(),
                replaced.len(),
                theme.templates().count()
            );
            Ok(())
        }
        n => bail!("{n} pages cannot be drawn with this theme"),
    }
}
