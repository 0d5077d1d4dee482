-- When a screen last asked for its playlist, written every few minutes at most; and when a notice begins.

ALTER TABLE screens ADD COLUMN heard_at INTEGER;
ALTER TABLE screen_notices ADD COLUMN starts_at INTEGER NOT NULL DEFAULT 0;
