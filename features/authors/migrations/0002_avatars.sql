-- Whether an author shows a picture is asked before anybody sees it.
CREATE INDEX authors_avatar ON authors (avatar) WHERE avatar IS NOT NULL;
