-- What a user's upload takes on the disk, where theirs was the first; of uploads from before this was noted, nothing is counted.
ALTER TABLE picture_owners ADD COLUMN bytes BIGINT NOT NULL DEFAULT 0;
