-- What counts in the bar of every page: rows that are only sent beside the site stay unread, and are not looked through for it.
DROP INDEX notifications_unread;
CREATE INDEX notifications_unread ON notifications (user_id) WHERE read_at IS NULL AND actors > 0 AND shown;
