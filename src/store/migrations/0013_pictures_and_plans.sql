-- Pictures in their order, and plans of sites with the stops on them.

-- Of one site, relic or stop. The first of a site's or stop's is its cover: `cover` in their rows names it and is moved
-- with it.
CREATE TABLE pictures (
    id         INTEGER NOT NULL PRIMARY KEY,
    site       INTEGER REFERENCES sites (id) ON DELETE CASCADE,
    relic      INTEGER REFERENCES relics (id) ON DELETE CASCADE,
    stop       INTEGER REFERENCES stops (id) ON DELETE CASCADE,
    position   INTEGER NOT NULL,
    hash       TEXT    NOT NULL,
    alt        TEXT    NOT NULL,
    credit     TEXT    NOT NULL,
    licence    TEXT    NOT NULL,
    changed_at INTEGER NOT NULL,
    CHECK ((site IS NOT NULL) + (relic IS NOT NULL) + (stop IS NOT NULL) = 1)
) STRICT;
CREATE INDEX pictures_of_site ON pictures (site, position) WHERE site IS NOT NULL;
CREATE INDEX pictures_of_relic ON pictures (relic, position) WHERE relic IS NOT NULL;
CREATE INDEX pictures_of_stop ON pictures (stop, position) WHERE stop IS NOT NULL;
CREATE INDEX pictures_by_hash ON pictures (hash);

INSERT INTO pictures (site, position, hash, alt, credit, licence, changed_at)
    SELECT id, 0, cover, '{}', '', '', changed_at FROM sites WHERE cover IS NOT NULL;
INSERT INTO pictures (stop, position, hash, alt, credit, licence, changed_at)
    SELECT id, 0, cover, '{}', '', '', changed_at FROM stops WHERE cover IS NOT NULL;

-- A drawing of a floor or a ground.
CREATE TABLE plans (
    id         INTEGER NOT NULL PRIMARY KEY,
    site       INTEGER NOT NULL REFERENCES sites (id) ON DELETE CASCADE,
    names      TEXT    NOT NULL,
    hash       TEXT    NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT;
CREATE INDEX plans_of_site ON plans (site);
CREATE INDEX plans_by_hash ON plans (hash);

-- Parts of the drawing's width from the left and of its height from the top.
CREATE TABLE plan_marks (
    plan INTEGER NOT NULL REFERENCES plans (id) ON DELETE CASCADE,
    stop INTEGER NOT NULL REFERENCES stops (id) ON DELETE CASCADE,
    x    REAL    NOT NULL CHECK (x BETWEEN 0 AND 1),
    y    REAL    NOT NULL CHECK (y BETWEEN 0 AND 1),
    PRIMARY KEY (plan, stop)
) STRICT, WITHOUT ROWID;
