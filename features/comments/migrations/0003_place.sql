-- What stood here was what writers had typed of themselves: it stays as that. Where a comment was written (IP属地) is what the site
-- finds out, `CN-ZJ|浙江|Zhejiang`; of what was written before, nothing is known.
ALTER TABLE comments RENAME COLUMN region TO place;
ALTER TABLE comments ADD COLUMN region TEXT;
