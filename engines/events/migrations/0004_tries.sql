-- How often a parked event was tried. Of those from before this was noted, nothing is known.
ALTER TABLE parked_events ADD COLUMN tries BIGINT NOT NULL DEFAULT 0;
