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
