/** Students from elsewhere, studies of several runs, what a run wrote while it learned, and the queue. */
export const training = `
CREATE TABLE students (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  folder TEXT NOT NULL UNIQUE,
  report TEXT NOT NULL CHECK (json_valid(report)),
  added_at TEXT NOT NULL
) STRICT;

CREATE TABLE studies (
  id TEXT PRIMARY KEY,
  project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  split_id TEXT NOT NULL REFERENCES splits (id) ON DELETE CASCADE,
  extraction_id TEXT REFERENCES extractions (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  plan TEXT NOT NULL CHECK (json_valid(plan)),
  job_id TEXT,
  current_run_id TEXT,
  created_at TEXT NOT NULL,
  UNIQUE (project_id, name)
) STRICT;

-- The runs of a study in the order of its plan; a run may serve several studies.
CREATE TABLE study_runs (
  study_id TEXT NOT NULL REFERENCES studies (id) ON DELETE CASCADE,
  number INTEGER NOT NULL CHECK (number >= 0),
  settings TEXT NOT NULL CHECK (json_valid(settings)),
  run_id TEXT REFERENCES runs (id) ON DELETE SET NULL,
  PRIMARY KEY (study_id, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX study_runs_by_run ON study_runs (run_id);

ALTER TABLE runs ADD COLUMN study_id TEXT REFERENCES studies (id) ON DELETE SET NULL;
ALTER TABLE runs ADD COLUMN parent_id TEXT REFERENCES runs (id) ON DELETE SET NULL;
ALTER TABLE runs ADD COLUMN ended_reason TEXT CHECK (ended_reason IN
  ('steps-done', 'early-stopping', 'kept-best', 'median-rule', 'diverged'));
ALTER TABLE runs ADD COLUMN ended_step INTEGER;
ALTER TABLE runs ADD COLUMN ended_at TEXT;
-- What the run learned from, by content: SHA-256 of its rows, once it has begun.
ALTER TABLE runs ADD COLUMN rows_hash TEXT;

-- A run of an earlier version that has come to its last step has ended there.
UPDATE runs SET ended_reason = 'steps-done', ended_step = json_extract(settings, '$.steps'),
  ended_at = (SELECT saved_at FROM checkpoints WHERE run_id = runs.id AND which = 'last')
WHERE EXISTS (SELECT 1 FROM checkpoints WHERE run_id = runs.id AND which = 'last'
  AND step >= json_extract(runs.settings, '$.steps'));

ALTER TABLE metrics ADD COLUMN memory_bytes INTEGER;
ALTER TABLE metrics ADD COLUMN mutual_information REAL;
ALTER TABLE metrics ADD COLUMN label_norm REAL;
ALTER TABLE metrics ADD COLUMN rationale_norm REAL;

CREATE TABLE run_sample_rows (
  run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  number INTEGER NOT NULL CHECK (number >= 0),
  input TEXT NOT NULL,
  gold TEXT NOT NULL,
  rationale TEXT,
  PRIMARY KEY (run_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE run_samples (
  run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  step INTEGER NOT NULL,
  answers TEXT NOT NULL CHECK (json_valid(answers)),
  PRIMARY KEY (run_id, step)
) STRICT, WITHOUT ROWID;

ALTER TABLE jobs ADD COLUMN place INTEGER;
`;
