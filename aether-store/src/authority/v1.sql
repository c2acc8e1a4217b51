-- What was asked, decided and granted, and what it cost. No row of the log is ever changed or removed.

CREATE TABLE audit_rows (
    row INTEGER PRIMARY KEY,
    payload TEXT,
    prev_hash TEXT,
    event_hash TEXT,
    record_hmac TEXT,
    key_id TEXT
) STRICT;

CREATE INDEX audit_rows_by_time ON audit_rows (json_extract(payload, '$.at'));

CREATE TABLE audit_tip (
    id INTEGER PRIMARY KEY CHECK (id = 0),
    seq INTEGER NOT NULL,
    event_hash TEXT NOT NULL,
    key_id TEXT NOT NULL,
    hmac TEXT NOT NULL
) STRICT;

CREATE TRIGGER audit_rows_keep BEFORE UPDATE ON audit_rows
BEGIN SELECT RAISE(ABORT, 'rows of the audit log are never changed'); END;

CREATE TRIGGER audit_rows_stay BEFORE DELETE ON audit_rows
BEGIN SELECT RAISE(ABORT, 'rows of the audit log are never removed'); END;

CREATE TRIGGER audit_rows_follow BEFORE INSERT ON audit_rows
WHEN NEW.row IS NOT (SELECT seq + 1 FROM audit_tip)
BEGIN SELECT RAISE(ABORT, 'rows of the audit log follow one another'); END;

CREATE TRIGGER audit_rows_whole BEFORE INSERT ON audit_rows
WHEN NEW.payload IS NULL OR NEW.prev_hash IS NULL OR NEW.event_hash IS NULL
    OR NEW.record_hmac IS NULL OR NEW.key_id IS NULL
BEGIN SELECT RAISE(ABORT, 'rows of the audit log are whole'); END;

CREATE TRIGGER audit_tip_moves_on BEFORE UPDATE ON audit_tip
WHEN NEW.id IS NOT 0 OR NEW.seq IS NOT OLD.seq + 1
BEGIN SELECT RAISE(ABORT, 'the tip of the audit log moves on by one row'); END;

CREATE TRIGGER audit_tip_stays BEFORE DELETE ON audit_tip
BEGIN SELECT RAISE(ABORT, 'the tip of the audit log is never removed'); END;

-- The record of a grant as it was issued; what became of it is beside it.
CREATE TABLE grants (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    actor TEXT NOT NULL,
    capability TEXT NOT NULL,
    task TEXT,
    session TEXT,
    expires_ms INTEGER NOT NULL,
    record TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('active', 'used', 'revoked')),
    status_ms INTEGER,
    revoke_reason TEXT
) STRICT;

CREATE INDEX grants_by_actor ON grants (actor, capability, status, seq);
CREATE INDEX grants_active ON grants (status, capability) WHERE status = 'active';

CREATE TABLE tickets (
    id TEXT PRIMARY KEY,
    record TEXT NOT NULL,
    is_closed INTEGER NOT NULL CHECK (is_closed IN (0, 1))
) STRICT;

-- Amounts are unsigned and stand as the signed number of the same bits.
CREATE TABLE cost_requests (
    request TEXT PRIMARY KEY,
    task TEXT NOT NULL,
    day INTEGER NOT NULL,
    tokens INTEGER NOT NULL,
    micros INTEGER NOT NULL,
    is_open INTEGER NOT NULL CHECK (is_open IN (0, 1))
) STRICT;

-- `window` is `task:` and a name, `no task`, or `day:` and a number.
CREATE TABLE cost_sums (
    window TEXT PRIMARY KEY,
    tokens INTEGER NOT NULL,
    micros INTEGER NOT NULL
) STRICT;
