-- Who looks after the site is asked for whenever something waits for them.
CREATE INDEX users_staff ON users (id) WHERE roles <> 0;
