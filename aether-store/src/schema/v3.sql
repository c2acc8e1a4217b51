CREATE TABLE records (
    provider TEXT NOT NULL,
    symbol BLOB NOT NULL,
    model TEXT NOT NULL,
    sir TEXT,
    sir_hash BLOB,
    source_hash BLOB NOT NULL,
    is_stale INTEGER NOT NULL,
    updated_at INTEGER,
    error_code TEXT,
    error_message TEXT,
    error_at INTEGER,
    PRIMARY KEY (provider, symbol)
) WITHOUT ROWID;
CREATE TABLE record_generations (
    provider TEXT PRIMARY KEY,
    generation INTEGER
) WITHOUT ROWID;
CREATE TABLE commits (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    parent TEXT,
    committed_at INTEGER NOT NULL,
    author TEXT NOT NULL,
    summary TEXT NOT NULL,
    maker TEXT NOT NULL,
    is_from_nothing INTEGER NOT NULL
);
CREATE TABLE versions (
    symbol BLOB NOT NULL,
    number INTEGER NOT NULL,
    qualified_name TEXT NOT NULL,
    path TEXT NOT NULL,
    sir TEXT,
    sir_hash BLOB,
    PRIMARY KEY (symbol, number)
) WITHOUT ROWID;
CREATE INDEX versions_by_commit ON versions (number);
CREATE TABLE version_links (
    source BLOB NOT NULL,
    target BLOB NOT NULL,
    number INTEGER NOT NULL,
    cause INTEGER NOT NULL,
    PRIMARY KEY (source, target, number)
) WITHOUT ROWID;
CREATE INDEX version_links_by_target ON version_links (target);
CREATE INDEX version_links_by_commit ON version_links (number);
-- Levels of terms follow another scale: facts of no version empty the store when it is opened.
UPDATE state SET facts_version = 0;
CREATE TABLE vector_spaces (
    number INTEGER PRIMARY KEY,
    space TEXT NOT NULL UNIQUE,
    generation INTEGER NOT NULL,
    dimensions INTEGER NOT NULL,
    put_since_learned INTEGER NOT NULL,
    times_learned INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    learned BLOB
);
CREATE TABLE vectors (
    number INTEGER NOT NULL,
    symbol BLOB NOT NULL,
    source_hash BLOB NOT NULL,
    vector BLOB NOT NULL,
    PRIMARY KEY (number, symbol)
) WITHOUT ROWID;
