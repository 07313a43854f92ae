-- What stood here was what authors typed of themselves: a place, and it stays one. Where an article was written (IP属地) is what the
-- site finds out, `CN-ZJ|浙江|Zhejiang`; of what was written before, nothing is known.
ALTER TABLE articles RENAME COLUMN region TO place;
ALTER TABLE articles ADD COLUMN region TEXT;
