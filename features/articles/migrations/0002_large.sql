-- What is asked on a large site again and again, each from an index that has no more rows than it shows.
CREATE INDEX articles_original ON articles (channel, published_at DESC, id DESC) WHERE state = 'live' AND declarations LIKE '%original%';
CREATE INDEX articles_queue ON articles (updated_at, id) WHERE (state = 'submitted' OR pending);
CREATE INDEX articles_changed ON articles (updated_at DESC, id DESC) WHERE state = 'live';
DROP INDEX articles_pending;
