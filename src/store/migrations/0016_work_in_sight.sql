-- What is being made, for whom it is in sight, and how long such things take.

ALTER TABLE jobs ADD COLUMN stop TEXT GENERATED ALWAYS AS (kind ->> 'stop') VIRTUAL;
ALTER TABLE jobs ADD COLUMN language TEXT GENERATED ALWAYS AS (kind ->> 'language') VIRTUAL;
-- When the worker that has it took it.
ALTER TABLE jobs ADD COLUMN started_at INTEGER;
-- The word of what kind of thing went wrong at the last attempt; `last_error` says what.
ALTER TABLE jobs ADD COLUMN fault TEXT;
CREATE INDEX jobs_of_guide ON jobs (stop, language, id);
CREATE INDEX jobs_by_change ON jobs (state, changed_at);
CREATE INDEX jobs_by_key ON jobs (unique_key, id);

-- How long guides took of which something was made, by their sentences; the last ones only.
CREATE TABLE paces (
    id        INTEGER NOT NULL PRIMARY KEY,
    language  TEXT    NOT NULL,
    sentences INTEGER NOT NULL CHECK (sentences > 0),
    took      INTEGER NOT NULL CHECK (took >= 0)
) STRICT;

-- Whether a guide is newer than its words is asked for every guide at once.
CREATE INDEX editions_by_making ON editions (stop, language, made_at);
