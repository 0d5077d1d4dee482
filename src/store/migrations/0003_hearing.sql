-- What came of hearing clips back, and who let a clip pass.

-- Which attempt at the sentence the clip is, from 0.
ALTER TABLE clips ADD COLUMN take INTEGER NOT NULL DEFAULT 0;

-- The key covers the sound, what it should say, and who listened by which rules.
CREATE TABLE hearings (
    key      TEXT    NOT NULL PRIMARY KEY,
    clip     TEXT    NOT NULL,
    blob     TEXT    NOT NULL,
    take     INTEGER NOT NULL CHECK (take >= 0),
    listener TEXT    NOT NULL,
    verdict  TEXT    NOT NULL CHECK (verdict IN ('pass', 'hold', 'not-judged')),
    hearing  TEXT    NOT NULL,
    heard_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX hearings_of_clip ON hearings (clip, listener);

-- The sentences of a guide as they were last heard, replaced together.
CREATE TABLE guide_hearings (
    id       INTEGER NOT NULL PRIMARY KEY,
    stop     INTEGER NOT NULL REFERENCES stops (id),
    language TEXT    NOT NULL,
    ordinal  INTEGER NOT NULL,
    sentence TEXT    NOT NULL,
    hearing  TEXT    NOT NULL REFERENCES hearings (key),
    UNIQUE (stop, language, ordinal)
) STRICT;

-- A person heard this very sound and lets it pass.
CREATE TABLE accepted_clips (
    blob        TEXT    NOT NULL PRIMARY KEY,
    accepted_by TEXT    NOT NULL,
    reason      TEXT    NOT NULL,
    accepted_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
