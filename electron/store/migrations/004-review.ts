import type { Migration } from '../migrate.ts';

/**
 * Data cards and kept columns, flags of rationales, reviews, views, the leak guard, and jobs of new
 * kinds. What was there before goes on as it was, without any of them.
 */
export const review: Migration = {
  version: 4,
  name: 'review',
  up(db) {
    for (const sql of [data, lists, jobs, health, reviews, history, search, splits]) db.exec(sql);
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

/**
 * What rows are filtered by stands in the index that lists them: a million are filtered without
 * reading their texts.
 */
const lists = `
DROP INDEX examples_in_order;
CREATE INDEX examples_in_order ON examples (project_id, id, recorded, dataset_id, gold);
DROP INDEX rationales_by_parse;
CREATE INDEX rationales_by_parse
  ON rationales (extraction_id, parsed, example_id, correct, votes, answers, label)
  WHERE chosen = 1;
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

-- Rises with every change of the flags: lists of rows that were made before are out of date.
ALTER TABLE extractions ADD COLUMN health_revision INTEGER NOT NULL DEFAULT 0;
${(['INSERT', 'UPDATE', 'DELETE'] as const)
  .map(
    (event) => `CREATE TRIGGER health_revision_${event.toLowerCase()} AFTER ${event} ON health
BEGIN
  UPDATE extractions SET health_revision = health_revision + 1
  WHERE id = ${event === 'DELETE' ? 'OLD' : 'NEW'}.extraction_id;
END;`,
  )
  .join('\n')}
`;

/**
 * What people say of rows. The empty reviewer is the person of this workspace; others are imported.
 * How many rows this person accepted, rejected, edited and so on is counted by triggers, so that a
 * million rows are not counted after each key. A review goes with the last answer of its row.
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
CREATE INDEX reviews_by_tags ON reviews (extraction_id, tags, example_id)
  WHERE reviewer = '' AND tags <> '[]';

${['accepted_rows', 'rejected_rows', 'edited_rows', 'stale_rows', 'noted_rows', 'review_revision']
  .map((name) => `ALTER TABLE extractions ADD COLUMN ${name} INTEGER NOT NULL DEFAULT 0;`)
  .join('\n')}

CREATE TRIGGER reviews_count_insert AFTER INSERT ON reviews WHEN NEW.reviewer = ''
BEGIN ${reviewed('+', 'NEW')} END;
CREATE TRIGGER reviews_count_delete AFTER DELETE ON reviews WHEN OLD.reviewer = ''
BEGIN ${reviewed('-', 'OLD')} END;
CREATE TRIGGER reviews_count_update AFTER UPDATE ON reviews WHEN NEW.reviewer = ''
BEGIN ${reviewed('+', 'NEW')} ${reviewed('-', 'OLD')} END;

CREATE TRIGGER reviews_of_removed_answer AFTER DELETE ON rationales
WHEN NOT EXISTS (SELECT 1 FROM rationales
  WHERE example_id = OLD.example_id AND extraction_id = OLD.extraction_id)
BEGIN
  DELETE FROM reviews WHERE extraction_id = OLD.extraction_id AND example_id = OLD.example_id;
END;
`;

/**
 * What this person did, so that it can be undone. Done are the oldest actions, undone those after
 * them; the other states are those of an action of many rows that is under way, and tell how to go on
 * when the process ended in between. Each change keeps what the review was before, null where there
 * was none.
 */
const history = `
CREATE TABLE review_actions (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  extraction_id TEXT NOT NULL REFERENCES extractions (id) ON DELETE CASCADE,
  change TEXT NOT NULL CHECK (json_valid(change)),
  rows INTEGER NOT NULL CHECK (rows >= 0),
  state TEXT NOT NULL CHECK (state IN
    ('done', 'undone', 'applying', 'undoing', 'redoing', 'dropping')),
  created_at TEXT NOT NULL
) STRICT;
CREATE INDEX review_actions_of_extraction ON review_actions (extraction_id, state, id);

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

/** What one version of this person's review counts for. */
function reviewed(sign: '+' | '-', row: 'NEW' | 'OLD'): string {
  return `
  UPDATE extractions SET
    accepted_rows = accepted_rows ${sign} (${row}.verdict IS 'accepted'),
    rejected_rows = rejected_rows ${sign} (${row}.verdict IS 'rejected'),
    edited_rows = edited_rows ${sign} (${row}.label IS NOT NULL OR ${row}.rationale IS NOT NULL),
    stale_rows = stale_rows ${sign} ${row}.stale,
    noted_rows = noted_rows ${sign} (${row}.note <> ''),
    review_revision = review_revision + 1
  WHERE id = ${row}.extraction_id;`;
}

/**
 * A log of rows whose words changed or that are gone. The search index keeps up to which entry it
 * has come; entries before that are removed. Rows that are only added are not listed: they have
 * the highest ids.
 */
const search = `
CREATE TABLE search_changes (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  example_id INTEGER NOT NULL
) STRICT;

CREATE TRIGGER search_changed_example AFTER UPDATE OF input, choices, gold ON examples
WHEN OLD.input <> NEW.input OR OLD.choices IS NOT NEW.choices OR OLD.gold IS NOT NEW.gold
BEGIN INSERT INTO search_changes (example_id) VALUES (NEW.id); END;
CREATE TRIGGER search_removed_example AFTER DELETE ON examples
WHEN NOT EXISTS (SELECT 1 FROM unfinished
  WHERE project_id = OLD.project_id AND first_id <= OLD.id)
BEGIN INSERT INTO search_changes (example_id) VALUES (OLD.id); END;
CREATE TRIGGER search_new_answer AFTER INSERT ON rationales WHEN NEW.chosen = 1
BEGIN INSERT INTO search_changes (example_id) VALUES (NEW.example_id); END;
CREATE TRIGGER search_changed_answer AFTER UPDATE ON rationales
WHEN OLD.chosen <> NEW.chosen
  OR NEW.chosen = 1 AND (OLD.label IS NOT NEW.label OR OLD.rationale IS NOT NEW.rationale)
BEGIN INSERT INTO search_changes (example_id) VALUES (NEW.example_id); END;
CREATE TRIGGER search_removed_answer AFTER DELETE ON rationales WHEN OLD.chosen = 1
BEGIN INSERT INTO search_changes (example_id) VALUES (OLD.example_id); END;
CREATE TRIGGER search_new_review AFTER INSERT ON reviews
WHEN NEW.reviewer = ''
  AND (NEW.label IS NOT NULL OR NEW.rationale IS NOT NULL OR NEW.note <> '')
BEGIN INSERT INTO search_changes (example_id) VALUES (NEW.example_id); END;
CREATE TRIGGER search_changed_review AFTER UPDATE OF label, rationale, note ON reviews
WHEN NEW.reviewer = '' AND (OLD.label IS NOT NEW.label OR OLD.rationale IS NOT NEW.rationale
  OR OLD.note <> NEW.note)
BEGIN INSERT INTO search_changes (example_id) VALUES (NEW.example_id); END;
CREATE TRIGGER search_removed_review AFTER DELETE ON reviews
WHEN OLD.reviewer = ''
  AND (OLD.label IS NOT NULL OR OLD.rationale IS NOT NULL OR OLD.note <> '')
BEGIN INSERT INTO search_changes (example_id) VALUES (OLD.example_id); END;
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
