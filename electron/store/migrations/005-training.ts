import type { Migration } from '../migrate.ts';

/**
 * Students from elsewhere, studies of several runs, what a run wrote while it learned, how it ended,
 * and the order in which trainings wait. Runs that are there go on as they were.
 */
export const training: Migration = {
  version: 5,
  name: 'training',
  up(db) {
    for (const sql of [jobs, students, studies, runs, watching]) db.exec(sql);
  },
};

/** As before, with studies among the kinds, and a place: SQLite changes no constraint in place. */
const jobs = `
CREATE TABLE new_jobs (
  id TEXT NOT NULL PRIMARY KEY,
  project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('import', 'extract', 'train', 'evaluate', 'export', 'check',
    'leaks', 'data-export', 'study')),
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
INSERT INTO new_jobs SELECT id, project_id, kind, subject_id, title, state, NULL, progress, error,
  seq, input, created_at, started_at, ended_at FROM jobs ORDER BY rowid;
DROP TABLE jobs;
ALTER TABLE new_jobs RENAME TO jobs;
CREATE INDEX jobs_in_project ON jobs (project_id);
CREATE INDEX jobs_in_state ON jobs (state);
`;

const students = `
CREATE TABLE students (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  folder TEXT NOT NULL UNIQUE,
  report TEXT NOT NULL CHECK (json_valid(report)),
  added_at TEXT NOT NULL
) STRICT;
`;

/** The runs of a study stand in the order of its plan; a run may serve several studies. */
const studies = `
CREATE TABLE studies (
  id TEXT NOT NULL PRIMARY KEY,
  project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  split_id TEXT NOT NULL,
  extraction_id TEXT,
  name TEXT NOT NULL,
  plan TEXT NOT NULL CHECK (json_valid(plan)),
  job_id TEXT REFERENCES jobs (id) ON DELETE SET NULL,
  current_run_id TEXT REFERENCES runs (id) ON DELETE SET NULL,
  created_at TEXT NOT NULL,
  UNIQUE (project_id, name),
  FOREIGN KEY (split_id, project_id) REFERENCES splits (id, project_id),
  FOREIGN KEY (extraction_id, project_id) REFERENCES extractions (id, project_id)
) STRICT;

CREATE TABLE study_runs (
  study_id TEXT NOT NULL REFERENCES studies (id) ON DELETE CASCADE,
  number INTEGER NOT NULL CHECK (number >= 0),
  settings TEXT NOT NULL CHECK (json_valid(settings)),
  run_id TEXT REFERENCES runs (id) ON DELETE SET NULL,
  PRIMARY KEY (study_id, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX study_runs_by_run ON study_runs (run_id);
`;

/**
 * `rows_hash`: of what the run learned from, by content, once it has begun. A run of an earlier
 * version that came to its last step has ended there.
 */
const runs = `
ALTER TABLE runs ADD COLUMN study_id TEXT REFERENCES studies (id) ON DELETE SET NULL;
ALTER TABLE runs ADD COLUMN parent_id TEXT REFERENCES runs (id) ON DELETE SET NULL;
ALTER TABLE runs ADD COLUMN rows_hash TEXT;
ALTER TABLE runs ADD COLUMN ended_reason TEXT CHECK (ended_reason IN
  ('steps-done', 'early-stopping', 'kept-best', 'median-rule', 'diverged'));
ALTER TABLE runs ADD COLUMN ended_step INTEGER
  CHECK (ended_step >= 0 AND (ended_step IS NULL) = (ended_reason IS NULL));
ALTER TABLE runs ADD COLUMN ended_at TEXT CHECK ((ended_at IS NULL) = (ended_reason IS NULL));
CREATE INDEX runs_of_study ON runs (study_id) WHERE study_id IS NOT NULL;
CREATE INDEX runs_of_parent ON runs (parent_id) WHERE parent_id IS NOT NULL;

UPDATE runs SET ended_reason = 'steps-done', ended_step = last.step, ended_at = last.saved_at
FROM checkpoints AS last
WHERE last.run_id = runs.id AND last.which = 'last'
  AND last.step >= json_extract(runs.settings, '$.steps');
`;

const watching = `
ALTER TABLE metrics ADD COLUMN memory_bytes INTEGER;
ALTER TABLE metrics ADD COLUMN mutual_information REAL;
ALTER TABLE metrics ADD COLUMN label_norm REAL;
ALTER TABLE metrics ADD COLUMN rationale_norm REAL
  CHECK ((rationale_norm IS NULL) = (label_norm IS NULL));

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
  step INTEGER NOT NULL CHECK (step >= 0),
  answers TEXT NOT NULL CHECK (json_valid(answers)),
  PRIMARY KEY (run_id, step)
) STRICT, WITHOUT ROWID;
`;
