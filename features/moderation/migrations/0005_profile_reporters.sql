-- What somebody reported of others, and what others reported of them: they take the one along, and both go with them.
CREATE INDEX profile_reports_by ON profile_reports (user_id, id) WHERE user_id IS NOT NULL;
CREATE INDEX profile_reports_about ON profile_reports (about_id);
