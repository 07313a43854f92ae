-- 'still', 'gif' or 'webp' as the file that moves, 'dropped' where only the first frame was kept.
ALTER TABLE pictures ADD COLUMN motion TEXT NOT NULL DEFAULT 'still';
UPDATE pictures SET motion = 'gif' WHERE animated;
ALTER TABLE pictures DROP COLUMN animated;
