-- The zone in which the reader reads times; the site's where there is none.
ALTER TABLE mails ADD COLUMN zone TEXT;
