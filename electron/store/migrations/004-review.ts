import type { Migration } from '../migrate.ts';

/**
 * Data cards and kept columns, flags of rationales, reviews, views, the leak guard, and jobs of new
 * kinds. What was there before goes on as it was, without any of them.
 */
export const review: Migration = {
  version: 4,
  name: 'review',
  up(db) {
    for (const sql of [data, jobs, health, reviews, search, splits]) db.exec(sql);
  },
};

/**
 * `unfinished`: the data set that is being imported. Its rows have ids from `first_id` on, since ids
 * only rise and one import runs at a time; no query answers them before it is finished.
 */
const data = `
ALTER TABLE datasets ADD COLUMN card TEXT CHECK (card IS NULL OR json_valid(card));
ALTER TABLE examples ADD COLUMN given_part TEXT
  CHECK (given_part IN ('train', 'validation', 'test'));
ALTER TABLE examples ADD COLUMN meta TEXT CHECK (meta IS NULL OR json_valid(meta));

CREATE TABLE unfinished (
  dataset_id TEXT NOT NULL PRIMARY KEY REFERENCES datasets (id) ON DELETE CASCADE,
  project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  first_id INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE data_exports (
  id TEXT NOT NULL PRIMARY KEY,
  project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  format TEXT NOT NULL CHECK (format IN ('jsonl', 'parquet', 'chat', 'csv')),
  path TEXT NOT NULL,
  rows INTEGER NOT NULL CHECK (rows >= 0),
  bytes INTEGER NOT NULL CHECK (bytes >= 0),
  created_at TEXT NOT NULL
) STRICT;
CREATE INDEX data_exports_in_project ON data_exports (project_id);
`;

/** The kinds of a job are part of its table, and SQLite changes no constraint in place. */
const jobs = `
CREATE TABLE new_jobs (
  id TEXT NOT NULL PRIMARY KEY,
  project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN
    ('import', 'extract', 'train', 'evaluate', 'export', 'check', 'leaks', 'data-export')),
  subject_id TEXT,
  title TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN
    ('queued', 'running', 'paused', 'succeeded', 'failed', 'cancelled', 'interrupted')),
  progress TEXT NOT NULL CHECK (json_valid(progress)),
  error TEXT CHECK (error IS NULL OR json_valid(error)),
  seq INTEGER NOT NULL CHECK (seq >= 0),
  input TEXT NOT NULL CHECK (json_valid(input)),
  created_at TEXT NOT NULL,
  started_at TEXT,
  ended_at TEXT
) STRICT;
INSERT INTO new_jobs SELECT id, project_id, kind, subject_id, title, state, progress, error, seq,
  input, created_at, started_at, ended_at FROM jobs ORDER BY rowid;
DROP TABLE jobs;
ALTER TABLE new_jobs RENAME TO jobs;
CREATE INDEX jobs_in_project ON jobs (project_id);
CREATE INDEX jobs_in_state ON jobs (state);
`;

/**
 * Flags of the answer that stands for a row. `flags` has a bit for each flag, in the order of the
 * contract. They go when another answer comes to stand for the row, or its parse changes.
 */
const health = `
CREATE TABLE health (
  extraction_id TEXT NOT NULL REFERENCES extractions (id) ON DELETE CASCADE,
  example_id INTEGER NOT NULL REFERENCES examples (id) ON DELETE CASCADE,
  flags INTEGER NOT NULL CHECK (flags >= 0),
  suspicion INTEGER NOT NULL CHECK (suspicion >= 0),
  -- JSON; null where nothing was found
  findings TEXT CHECK (findings IS NULL OR json_valid(findings)),
  PRIMARY KEY (extraction_id, example_id),
  CHECK ((flags = 0) = (findings IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX health_by_suspicion ON health (extraction_id, suspicion DESC, example_id, flags);
CREATE INDEX health_of_example ON health (example_id);

CREATE TRIGGER health_of_new_answer AFTER INSERT ON rationales
BEGIN
  DELETE FROM health WHERE extraction_id = NEW.extraction_id AND example_id = NEW.example_id;
END;
CREATE TRIGGER health_of_changed_answer AFTER UPDATE ON rationales
WHEN OLD.label IS NOT NEW.label OR OLD.rationale IS NOT NEW.rationale OR OLD.chosen <> NEW.chosen
  OR OLD.correct IS NOT NEW.correct OR OLD.votes IS NOT NEW.votes OR OLD.answers IS NOT NEW.answers
BEGIN
  DELETE FROM health WHERE extraction_id = NEW.extraction_id AND example_id = NEW.example_id;
END;
CREATE TRIGGER health_of_removed_answer AFTER DELETE ON rationales
BEGIN
  DELETE FROM health WHERE extraction_id = OLD.extraction_id AND example_id = OLD.example_id;
END;
`;

/**
 * What people say of rows. The empty reviewer is the person of this workspace; others are imported.
 * An action keeps what the reviews that it changed were before, null where there was none.
 */
const reviews = `
CREATE TABLE reviews (
  extraction_id TEXT NOT NULL REFERENCES extractions (id) ON DELETE CASCADE,
  reviewer TEXT NOT NULL,
  example_id INTEGER NOT NULL REFERENCES examples (id) ON DELETE CASCADE,
  verdict TEXT CHECK (verdict IN ('accepted', 'rejected')),
  stale INTEGER NOT NULL CHECK (stale IN (0, 1)),
  label TEXT,
  rationale TEXT,
  note TEXT NOT NULL,
  tags TEXT NOT NULL CHECK (json_valid(tags)),
  updated_at TEXT NOT NULL,
  PRIMARY KEY (extraction_id, reviewer, example_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX reviews_of_example ON reviews (example_id);

CREATE TABLE review_actions (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  extraction_id TEXT NOT NULL REFERENCES extractions (id) ON DELETE CASCADE,
  change TEXT NOT NULL CHECK (json_valid(change)),
  rows INTEGER NOT NULL CHECK (rows > 0),
  undone INTEGER NOT NULL CHECK (undone IN (0, 1)),
  created_at TEXT NOT NULL
) STRICT;
CREATE INDEX review_actions_of_extraction ON review_actions (extraction_id, undone, id);

CREATE TABLE review_changes (
  action_id INTEGER NOT NULL REFERENCES review_actions (id) ON DELETE CASCADE,
  example_id INTEGER NOT NULL REFERENCES examples (id) ON DELETE CASCADE,
  before TEXT CHECK (before IS NULL OR json_valid(before)),
  PRIMARY KEY (action_id, example_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX review_changes_of_example ON review_changes (example_id);

CREATE TABLE views (
  id TEXT NOT NULL PRIMARY KEY,
  project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  query TEXT NOT NULL CHECK (json_valid(query)),
  created_at TEXT NOT NULL,
  UNIQUE (project_id, name)
) STRICT;
`;

/** Rows whose words changed since they were indexed; rows that were never indexed are not listed. */
const search = `
CREATE TABLE search_changes (
  example_id INTEGER PRIMARY KEY
) STRICT;
`;

const splits = `
ALTER TABLE splits ADD COLUMN leaks TEXT CHECK (leaks IS NULL OR json_valid(leaks));

CREATE TABLE looks (
  split_id TEXT NOT NULL REFERENCES splits (id) ON DELETE CASCADE,
  number INTEGER NOT NULL CHECK (number >= 1),
  -- the evaluations and the extraction whose scores were shown
  seen TEXT NOT NULL,
  looked_at TEXT NOT NULL,
  PRIMARY KEY (split_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE leak_reports (
  project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  key TEXT NOT NULL,
  report TEXT NOT NULL CHECK (json_valid(report)),
  PRIMARY KEY (project_id, key)
) STRICT, WITHOUT ROWID;
`;
