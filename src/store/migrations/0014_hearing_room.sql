-- Which clip says each sentence of a guide, what a person holds by hand, and how sentences are to be said.

-- The sentences of a guide with their clips as it was last made, replaced together.
CREATE TABLE guide_clips (
    stop     INTEGER NOT NULL REFERENCES stops (id),
    language TEXT    NOT NULL,
    ordinal  INTEGER NOT NULL CHECK (ordinal >= 0),
    sentence TEXT    NOT NULL,
    clip     TEXT    NOT NULL,
    PRIMARY KEY (stop, language, ordinal)
) STRICT, WITHOUT ROWID;

-- A person heard this very sound and does not let it pass, whatever a machine heard.
CREATE TABLE held_clips (
    blob    TEXT    NOT NULL PRIMARY KEY,
    held_by TEXT    NOT NULL,
    reason  TEXT    NOT NULL,
    held_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- How a sentence is said where it is not said as usual: known by its words, so that it keeps its manner wherever it stands
-- in its text. Without words: the whole guide.
CREATE TABLE manners (
    stop     INTEGER NOT NULL REFERENCES stops (id),
    language TEXT    NOT NULL,
    sentence TEXT    NOT NULL,
    voice    TEXT,
    speed    INTEGER CHECK (speed BETWEEN 50 AND 150),
    pause    INTEGER CHECK (pause BETWEEN 0 AND 10000),
    set_by   TEXT    NOT NULL,
    set_at   INTEGER NOT NULL,
    PRIMARY KEY (stop, language, sentence)
) STRICT, WITHOUT ROWID;

-- A person said this very sentence, and their voice takes the place of the synthetic one in the guide.
CREATE TABLE sentence_recordings (
    stop        INTEGER NOT NULL REFERENCES stops (id),
    language    TEXT    NOT NULL,
    sentence    TEXT    NOT NULL,
    clip        TEXT    NOT NULL,
    original    TEXT    NOT NULL,
    speaker     TEXT    NOT NULL,
    recorded_by TEXT    NOT NULL,
    recorded_at INTEGER NOT NULL,
    PRIMARY KEY (stop, language, sentence)
) STRICT, WITHOUT ROWID;
CREATE INDEX sentence_recordings_by_clip ON sentence_recordings (clip);
