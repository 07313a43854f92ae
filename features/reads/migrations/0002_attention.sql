-- What is known of the reads of an hour beside their number, and what else was seen of the article. Sums, nothing of anybody.
-- Zero where nothing was observed: then each read counts as one of a reader of whom nothing speaks ill.
ALTER TABLE read_hours ADD COLUMN repeats      BIGINT NOT NULL DEFAULT 0; -- thousandths of a read that they weigh less, for others came from their network
ALTER TABLE read_hours ADD COLUMN alone        BIGINT NOT NULL DEFAULT 0; -- by readers who did nothing else
ALTER TABLE read_hours ADD COLUMN alone_weight BIGINT NOT NULL DEFAULT 0; -- what those weigh, in thousandths
ALTER TABLE read_hours ADD COLUMN shown        BIGINT NOT NULL DEFAULT 0; -- times it came into view in a list
ALTER TABLE read_hours ADD COLUMN opened       BIGINT NOT NULL DEFAULT 0; -- times it was chosen in one
ALTER TABLE read_hours ADD COLUMN told         BIGINT NOT NULL DEFAULT 0; -- reads whose length was told
ALTER TABLE read_hours ADD COLUMN seconds      BIGINT NOT NULL DEFAULT 0; -- their length in all
ALTER TABLE read_hours ADD COLUMN finished     BIGINT NOT NULL DEFAULT 0; -- of them, those that came to the end
ALTER TABLE read_hours ADD COLUMN shared       BIGINT NOT NULL DEFAULT 0; -- of them, those that were passed on

-- How often anything was seen and chosen at each place of each list, in each hour.
CREATE TABLE list_hours (
    list   TEXT   NOT NULL,
    place  BIGINT NOT NULL, -- from 1
    hour   BIGINT NOT NULL,
    shown  BIGINT NOT NULL,
    opened BIGINT NOT NULL,
    PRIMARY KEY (list, place, hour)
);
CREATE INDEX list_hours_recent ON list_hours (hour);
