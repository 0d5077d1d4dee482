-- Translations read sentence by sentence: who wrote and who approved which words, how much must be read, and what people
-- say to each other about a sentence.

-- The lot of a sentence in a spot check, 0 to 9999: it comes of its source (domain/review.rs). NULL until it is drawn.
ALTER TABLE checks ADD COLUMN lot INTEGER;
CREATE INDEX checks_without_lot ON checks (id) WHERE lot IS NULL;
CREATE INDEX checks_by_lot ON checks (text, lot);

-- Who stands behind the words of a sentence; `sentence` is NULL for the title. A mark holds for these very words beside
-- this very source, and for nothing else.
CREATE TABLE sentence_marks (
    id          INTEGER NOT NULL PRIMARY KEY,
    text        INTEGER NOT NULL REFERENCES texts (id) ON DELETE CASCADE,
    sentence    INTEGER UNIQUE REFERENCES sentences (id) ON DELETE CASCADE,
    source      TEXT    NOT NULL,
    target      TEXT    NOT NULL,
    written_by  TEXT,
    written_at  INTEGER,
    approved_by TEXT,
    approved_at INTEGER,
    CHECK ((written_by IS NULL) = (written_at IS NULL)),
    CHECK ((approved_by IS NULL) = (approved_at IS NULL))
) STRICT;
CREATE UNIQUE INDEX sentence_marks_of_titles ON sentence_marks (text) WHERE sentence IS NULL;
CREATE INDEX sentence_marks_of_text ON sentence_marks (text);

-- What must be read before a translation is public, by site and language; without a row the collection's policy holds.
CREATE TABLE review_rules (
    site     INTEGER NOT NULL REFERENCES sites (id) ON DELETE CASCADE,
    language TEXT    NOT NULL,
    rule     TEXT    NOT NULL CHECK (rule IN ('every', 'spot', 'machine')),
    share    INTEGER CHECK (share BETWEEN 1 AND 99),
    set_by   TEXT    NOT NULL,
    set_at   INTEGER NOT NULL,
    PRIMARY KEY (site, language),
    CHECK ((rule = 'spot') = (share IS NOT NULL))
) STRICT, WITHOUT ROWID;

-- What people say about a sentence. `words` is what it said then; `sentence` is NULL for the title, and where the
-- sentence went away: `ordinal` tells which (-1: the title).
CREATE TABLE comments (
    id          INTEGER NOT NULL PRIMARY KEY,
    text        INTEGER NOT NULL REFERENCES texts (id) ON DELETE CASCADE,
    sentence    INTEGER REFERENCES sentences (id) ON DELETE SET NULL,
    ordinal     INTEGER NOT NULL CHECK (ordinal >= -1),
    words       TEXT    NOT NULL,
    body        TEXT    NOT NULL,
    person      INTEGER,
    written_by  TEXT    NOT NULL,
    written_at  INTEGER NOT NULL,
    resolved_by TEXT,
    resolved_at INTEGER
) STRICT;
CREATE INDEX comments_of_text ON comments (text);
CREATE INDEX comments_open ON comments (text) WHERE resolved_at IS NULL;
CREATE INDEX comments_of_person ON comments (person) WHERE resolved_at IS NULL;

-- Drafts are looked for among all texts.
CREATE INDEX texts_by_state ON texts (state, stop, language);
