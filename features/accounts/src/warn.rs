//! Warnings by mail.

use db::Tx;
use kernel::{Error, Locale, Result, UserId};
use mail::{Address, Content, Letter, Outbox};

use crate::service::Accounts;
use crate::store::email::{self as stored, Verified};

impl Accounts {
    /// Errors: [`Error::Unavailable`] where no mail was provided for.
    pub(crate) fn outbox(&self) -> Result<&Outbox> {
        self.outbox.as_ref().ok_or_else(|| Error::Unavailable("mail".into()))
    }

    /// Has the user told, where there is an address that they have shown to be theirs.
    pub(crate) async fn warn<C: Content>(
        &self,
        tx: &Tx,
        user: UserId,
        content: impl FnOnce(Locale) -> C,
    ) -> Result<()> {
        match stored::verified(tx, user).await? {
            Some(to) => self.warn_at(tx, &to, content).await,
            None => Ok(()),
        }
    }

    pub(crate) async fn warn_at<C: Content>(
        &self,
        tx: &Tx,
        to: &Verified,
        content: impl FnOnce(Locale) -> C,
    ) -> Result<()> {
        let Some(outbox) = &self.outbox else { return Ok(()) };
        let locale = Locale::of(&to.locale).unwrap_or_default();
        let letter = Letter::new(&content(locale), address(&to.address)?, locale)?.as_warning();
        let letter = letter.with_zone(to.zone.clone());
        // What was done is done, also where the address takes no mail.
        let _ = outbox.enqueue(tx, &letter).await?;
        Ok(())
    }
}

/// What [`Address::expose`] gave.
pub(crate) fn address(stored: &str) -> Result<Address> {
    Address::parse(stored).map_err(|_| Error::internal("a stored address is none"))
}
