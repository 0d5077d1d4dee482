-- Translation memory with people in it, and what checks found in translations.

-- What an engine noticed while it made a translation (a protected name that did not come back), as JSON.
ALTER TABLE translations ADD COLUMN findings TEXT NOT NULL DEFAULT '[]';

-- Who approved a text that stands approved; NULL where its author did so by writing it, or nobody did.
ALTER TABLE texts ADD COLUMN approved_by TEXT;

-- Every sentence the memory knows a translation of, once for all its target languages. Rows are never removed.
CREATE TABLE memory_sources (
    id       INTEGER NOT NULL PRIMARY KEY,
    language TEXT    NOT NULL,
    content  TEXT    NOT NULL,
    tokens   INTEGER NOT NULL CHECK (tokens >= 0),
    UNIQUE (content, language)
) STRICT;

-- The words of each source: the hash of language, word and how many times it stood before in the sentence. `tokens` is
-- that of the source, so that one range of the key holds the sources of about the same length.
CREATE TABLE memory_words (
    word   INTEGER NOT NULL,
    tokens INTEGER NOT NULL,
    source INTEGER NOT NULL REFERENCES memory_sources (id),
    PRIMARY KEY (word, tokens, source)
) STRICT, WITHOUT ROWID;

-- `context` is a hash of `previous` and `next`, empty where neither is known. Of each source, target language and
-- context one row is current; the others are its history.
CREATE TABLE memory_segments (
    id              INTEGER NOT NULL PRIMARY KEY,
    source          INTEGER NOT NULL REFERENCES memory_sources (id),
    target_language TEXT    NOT NULL,
    target          TEXT    NOT NULL,
    previous        TEXT,
    next            TEXT,
    context         TEXT    NOT NULL,
    author          TEXT    NOT NULL,
    by_person       INTEGER NOT NULL CHECK (by_person IN (0, 1)),
    state           TEXT    NOT NULL CHECK (state IN ('draft', 'approved')),
    approved_by     TEXT,
    origin          TEXT    NOT NULL,
    made_at         INTEGER NOT NULL,
    changed_at      INTEGER NOT NULL,
    superseded_by   INTEGER REFERENCES memory_segments (id)
) STRICT;
CREATE UNIQUE INDEX memory_segments_current
    ON memory_segments (source, target_language, context) WHERE superseded_by IS NULL;
CREATE INDEX memory_segments_of_source ON memory_segments (source, target_language);

-- That a sentence of a translation was compared with its source, and by which rules. A sentence's row goes when its
-- words change (see the store's texts), and its check and findings go with it. `sentence` is NULL for the title;
-- `noted` is what was noticed while the translation was made, which comparing alone does not find.
CREATE TABLE checks (
    id              INTEGER NOT NULL PRIMARY KEY,
    text            INTEGER NOT NULL REFERENCES texts (id) ON DELETE CASCADE,
    sentence        INTEGER UNIQUE REFERENCES sentences (id) ON DELETE CASCADE,
    source_language TEXT    NOT NULL,
    source          TEXT    NOT NULL,
    target          TEXT    NOT NULL,
    rules           TEXT    NOT NULL,
    noted           TEXT    NOT NULL,
    checked_at      INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX checks_of_titles ON checks (text) WHERE sentence IS NULL;
CREATE INDEX checks_of_text ON checks (text);

-- `key` covers source, target and finding.
CREATE TABLE findings (
    id       INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "check"  INTEGER NOT NULL REFERENCES checks (id) ON DELETE CASCADE,
    place    INTEGER NOT NULL,
    key      TEXT    NOT NULL,
    finding  TEXT    NOT NULL,
    found_at INTEGER NOT NULL,
    UNIQUE ("check", place)
) STRICT;

-- Who let which finding pass, and why. Never removed: a waiver holds again where the very same finding comes back.
CREATE TABLE waivers (
    id        INTEGER NOT NULL PRIMARY KEY,
    text      INTEGER NOT NULL REFERENCES texts (id),
    key       TEXT    NOT NULL,
    waived_by TEXT    NOT NULL,
    reason    TEXT    NOT NULL,
    waived_at INTEGER NOT NULL,
    UNIQUE (text, key)
) STRICT;
