-- What users show of themselves at /user/{handle}, and how they want the site shown to them.
ALTER TABLE users ADD COLUMN bio TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN avatar TEXT; -- hash of a picture
-- A reviewer looks at bio and picture before others do.
ALTER TABLE users ADD COLUMN profile_held BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE users ADD COLUMN page_hidden BOOLEAN NOT NULL DEFAULT FALSE;
-- IANA name; the others as the cookies of the same names have them. Without one, nothing was chosen.
ALTER TABLE users ADD COLUMN zone TEXT;
ALTER TABLE users ADD COLUMN lang TEXT;
ALTER TABLE users ADD COLUMN edition TEXT;
ALTER TABLE users ADD COLUMN prefs TEXT;
-- Whoever wrote here before there were such pages did not expect one that gathers what they said: they open it themselves.
UPDATE users SET page_hidden = TRUE;
CREATE INDEX users_avatar ON users (avatar) WHERE avatar IS NOT NULL;
CREATE INDEX users_held ON users (id) WHERE profile_held;
