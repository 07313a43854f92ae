-- Which floor of its tower a comment is, from 1, and on which comment the tower stands (none: it is the first itself).
ALTER TABLE comments ADD COLUMN floor BIGINT NOT NULL DEFAULT 1;
ALTER TABLE comments ADD COLUMN root_id BIGINT;

WITH RECURSIVE towers (id, floor, root_id) AS (
    SELECT id, 1, id FROM comments WHERE parent_id IS NULL
    UNION ALL
    SELECT c.id, towers.floor + 1, towers.root_id FROM towers JOIN comments c ON c.parent_id = towers.id
)
UPDATE comments SET floor = towers.floor, root_id = towers.root_id
FROM towers WHERE comments.id = towers.id AND towers.floor > 1;
