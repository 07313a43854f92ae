-- What somebody reported: they take it along, and when they are deleted nothing of them is left in it.
CREATE INDEX reports_by ON reports (user_id, id) WHERE user_id IS NOT NULL;
