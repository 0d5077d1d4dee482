-- Stops in an order to walk, the collection's own words for themes, kinds and ages, and where facts of relics come from.

CREATE TABLE tours (
    slug       TEXT    NOT NULL PRIMARY KEY,
    -- The site it keeps to; NULL where it leads through several.
    site       INTEGER REFERENCES sites (id) ON DELETE CASCADE,
    names      TEXT    NOT NULL,
    summary    TEXT    NOT NULL,
    minutes    INTEGER CHECK (minutes > 0),
    metres     INTEGER CHECK (metres > 0),
    -- Whether visitors see it.
    open       INTEGER NOT NULL CHECK (open IN (0, 1)),
    position   INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- `hint` is the way to the stop from the one before it, by language.
CREATE TABLE tour_stops (
    tour    TEXT    NOT NULL REFERENCES tours (slug) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    stop    INTEGER NOT NULL REFERENCES stops (id) ON DELETE CASCADE,
    hint    TEXT    NOT NULL,
    PRIMARY KEY (tour, ordinal),
    UNIQUE (tour, stop)
) STRICT, WITHOUT ROWID;
CREATE INDEX tours_of_stop ON tour_stops (stop);

-- Names of the words that sites, relics and stops bear. A word that has no row here is shown as it is written. An age has
-- years, and holds whatever was made or happened in them.
CREATE TABLE terms (
    list       TEXT    NOT NULL CHECK (list IN ('theme', 'kind', 'age')),
    word       TEXT    NOT NULL,
    names      TEXT    NOT NULL,
    years      TEXT,
    position   INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (list, word),
    CHECK ((list = 'age') = (years IS NOT NULL))
) STRICT, WITHOUT ROWID;

ALTER TABLE relics ADD COLUMN sources TEXT NOT NULL DEFAULT '[]';
