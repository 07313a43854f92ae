-- Who did it: a user's number, or the name of a part of the program. Of events from before this was noted, nobody is named.
ALTER TABLE journal ADD COLUMN actor TEXT;
ALTER TABLE parked_events ADD COLUMN actor TEXT;
