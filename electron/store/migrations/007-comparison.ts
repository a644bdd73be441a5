import type { Migration } from '../migrate.ts';

/**
 * What comparing needs: how sure a student was of each label, how fast it answers, notes on rows,
 * blind judgements, what things cost, thresholds of cascades, files that students answered, reports.
 * Predictions that are there have no confidence; they are decoded again when a person asks for it.
 */
export const comparison: Migration = {
  version: 7,
  name: 'comparison',
  up(db) {
    for (const sql of [jobs, predictions, people, money, files]) db.exec(sql);
  },
};

/** As before, with files and reports among the kinds: SQLite changes no constraint in place. */
const jobs = `
CREATE TABLE new_jobs (
  id TEXT NOT NULL PRIMARY KEY,
  project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('import', 'extract', 'train', 'evaluate', 'export', 'check',
    'leaks', 'data-export', 'study', 'predict-file', 'report')),
  subject_id TEXT,
  title TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN
    ('queued', 'running', 'paused', 'succeeded', 'failed', 'cancelled', 'interrupted')),
  place INTEGER CHECK (place >= 0),
  progress TEXT NOT NULL CHECK (json_valid(progress)),
  error TEXT CHECK (error IS NULL OR json_valid(error)),
  seq INTEGER NOT NULL CHECK (seq >= 0),
  input TEXT NOT NULL CHECK (json_valid(input)),
  created_at TEXT NOT NULL,
  started_at TEXT,
  ended_at TEXT
) STRICT;
INSERT INTO new_jobs SELECT id, project_id, kind, subject_id, title, state, place, progress, error,
  seq, input, created_at, started_at, ended_at FROM jobs ORDER BY rowid;
DROP TABLE jobs;
ALTER TABLE new_jobs RENAME TO jobs;
CREATE INDEX jobs_in_project ON jobs (project_id);
CREATE INDEX jobs_in_state ON jobs (state);
`;

/** The index covers what a comparison reads of each prediction; timings are one JSON array a run. */
const predictions = `
ALTER TABLE predictions ADD COLUMN confidence REAL CHECK (confidence BETWEEN 0 AND 1);
DROP INDEX predictions_in_order;
CREATE INDEX predictions_in_order
  ON predictions (evaluation_id, example_id, correct, confidence, label);

CREATE TABLE speeds (
  run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  checkpoint_step INTEGER NOT NULL CHECK (checkpoint_step >= 0),
  engine TEXT NOT NULL CHECK (engine IN ('cpu', 'webgpu', 'cuda', 'tensorflow')),
  threads INTEGER NOT NULL CHECK (threads > 0),
  device TEXT,
  -- milliseconds from a question to its label, one at a time
  timings TEXT NOT NULL CHECK (json_valid(timings)),
  -- rows a second, many at a time
  throughput REAL CHECK (throughput >= 0),
  memory_bytes INTEGER CHECK (memory_bytes >= 0),
  busy INTEGER NOT NULL CHECK (busy IN (0, 1)),
  measured_at TEXT NOT NULL,
  PRIMARY KEY (run_id, checkpoint_step)
) STRICT, WITHOUT ROWID;
`;

/** Systems are named by keys (\`teacher:…\`, \`run:…\`); of a pair the smaller key is a. */
const people = `
CREATE TABLE notes (
  example_id INTEGER NOT NULL PRIMARY KEY REFERENCES examples (id) ON DELETE CASCADE,
  project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  note TEXT NOT NULL CHECK (note <> ''),
  saved_at TEXT NOT NULL
) STRICT;
CREATE INDEX notes_in_project ON notes (project_id);

CREATE TABLE judgements (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  split_id TEXT NOT NULL REFERENCES splits (id) ON DELETE CASCADE,
  part TEXT NOT NULL CHECK (part IN ('train', 'validation', 'test')),
  a TEXT NOT NULL,
  b TEXT NOT NULL CHECK (a < b),
  example_id INTEGER NOT NULL REFERENCES examples (id) ON DELETE CASCADE,
  choice TEXT NOT NULL CHECK (choice IN ('a', 'b', 'both', 'neither')),
  judged_at TEXT NOT NULL,
  UNIQUE (split_id, part, a, b, example_id)
) STRICT;
CREATE INDEX judgements_in_project ON judgements (project_id);

-- pairs whose result a person has looked at, and how many judgements there were then
CREATE TABLE judge_reveals (
  project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  split_id TEXT NOT NULL REFERENCES splits (id) ON DELETE CASCADE,
  part TEXT NOT NULL CHECK (part IN ('train', 'validation', 'test')),
  a TEXT NOT NULL,
  b TEXT NOT NULL CHECK (a < b),
  judged INTEGER NOT NULL CHECK (judged >= 0),
  revealed_at TEXT NOT NULL,
  PRIMARY KEY (split_id, part, a, b)
) STRICT, WITHOUT ROWID;
CREATE INDEX judge_reveals_in_project ON judge_reveals (project_id);

CREATE TRIGGER runs_delete_judgements AFTER DELETE ON runs
BEGIN
  DELETE FROM judgements WHERE a = 'run:' || OLD.id OR b = 'run:' || OLD.id;
  DELETE FROM judge_reveals WHERE a = 'run:' || OLD.id OR b = 'run:' || OLD.id;
END;
CREATE TRIGGER extractions_delete_judgements AFTER DELETE ON extractions
BEGIN
  DELETE FROM judgements WHERE a = 'teacher:' || OLD.id OR b = 'teacher:' || OLD.id;
  DELETE FROM judge_reveals WHERE a = 'teacher:' || OLD.id OR b = 'teacher:' || OLD.id;
END;
`;

const money = `
CREATE TABLE cost_settings (
  project_id TEXT NOT NULL PRIMARY KEY REFERENCES projects (id) ON DELETE CASCADE,
  settings TEXT NOT NULL CHECK (json_valid(settings)),
  saved_at TEXT NOT NULL
) STRICT;

CREATE TABLE cascades (
  id TEXT NOT NULL PRIMARY KEY,
  project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  extraction_id TEXT NOT NULL REFERENCES extractions (id) ON DELETE CASCADE,
  split_id TEXT NOT NULL REFERENCES splits (id) ON DELETE CASCADE,
  target TEXT NOT NULL CHECK (json_valid(target)),
  threshold REAL NOT NULL CHECK (threshold >= 0),
  validation TEXT NOT NULL CHECK (json_valid(validation)),
  test TEXT NOT NULL CHECK (json_valid(test)),
  test_teacher TEXT NOT NULL CHECK (json_valid(test_teacher)),
  created_at TEXT NOT NULL
) STRICT;
CREATE INDEX cascades_in_project ON cascades (project_id);
CREATE INDEX cascades_of_run ON cascades (run_id);
`;

const files = `
CREATE TABLE predicted_files (
  id TEXT NOT NULL PRIMARY KEY,
  project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  systems TEXT NOT NULL CHECK (json_valid(systems)),
  format TEXT NOT NULL CHECK (format IN ('csv', 'jsonl')),
  path TEXT NOT NULL,
  rows INTEGER NOT NULL CHECK (rows >= 0),
  bytes INTEGER NOT NULL CHECK (bytes >= 0),
  created_at TEXT NOT NULL
) STRICT;
CREATE INDEX predicted_files_in_project ON predicted_files (project_id);

CREATE TABLE reports (
  id TEXT NOT NULL PRIMARY KEY,
  project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  split_id TEXT NOT NULL REFERENCES splits (id) ON DELETE CASCADE,
  part TEXT NOT NULL CHECK (part IN ('train', 'validation', 'test')),
  systems TEXT NOT NULL CHECK (json_valid(systems)),
  language TEXT NOT NULL CHECK (language IN ('en', 'ko')),
  title TEXT NOT NULL,
  html TEXT NOT NULL CHECK (json_valid(html)),
  json TEXT NOT NULL CHECK (json_valid(json)),
  created_at TEXT NOT NULL
) STRICT;
CREATE INDEX reports_in_project ON reports (project_id);
`;
