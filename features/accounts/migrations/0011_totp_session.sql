-- A secret that waits for its first code is shown where it was made, and nowhere else. Those that wait now are made anew.
ALTER TABLE totp_secrets ADD COLUMN session_hash TEXT;
