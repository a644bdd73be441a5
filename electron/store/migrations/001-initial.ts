import type { Migration } from '../migrate.ts';

/**
 * The first schema. Ids are UUIDs, except those of examples: there may be a million, and their
 * number is also their import order.
 *
 * Deleting a parent deletes what was derived from it. The exception is an example that a split
 * uses: splits are frozen, so it stays until the whole project goes. Foreign keys that pair an id
 * with `project_id` keep rows of different projects from being mixed. `recorded`, `failed` and `parsed` repeat what
 * other columns say, so that an index can hold them (a generated column would not be covered).
 */
export const initial: Migration = {
  version: 1,
  name: 'initial',
  up(db) {
    for (const sql of [projects, data, teachers, extractions, splits, runs, evaluations, rest]) {
      db.exec(sql);
    }
  },
};

const projects = `
CREATE TABLE projects (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  task TEXT NOT NULL CHECK (task IN ('text', 'classification', 'multiple-choice', 'arithmetic')),
  labels TEXT NOT NULL CHECK (json_valid(labels)),
  synthetic INTEGER NOT NULL CHECK (synthetic IN (0, 1)),
  created_at TEXT NOT NULL
) STRICT;
`;

/** Short columns first: reading a gold label then never touches the pages a long input spills to. */
const data = `
CREATE TABLE datasets (
  id TEXT NOT NULL PRIMARY KEY,
  project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  source_name TEXT NOT NULL,
  source_sha256 TEXT NOT NULL,
  rows INTEGER NOT NULL CHECK (rows >= 0),
  with_gold INTEGER NOT NULL CHECK (with_gold BETWEEN 0 AND rows),
  with_completion INTEGER NOT NULL CHECK (with_completion BETWEEN 0 AND rows),
  given_part TEXT CHECK (given_part IN ('train', 'validation', 'test')),
  mapping TEXT NOT NULL CHECK (json_valid(mapping)),
  settings_hash TEXT NOT NULL,
  seed INTEGER NOT NULL,
  created_at TEXT NOT NULL,
  UNIQUE (id, project_id)
) STRICT;
CREATE INDEX datasets_in_project ON datasets (project_id);

CREATE TABLE examples (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  project_id TEXT NOT NULL,
  dataset_id TEXT NOT NULL,
  external_id TEXT NOT NULL,
  gold TEXT,
  choices TEXT CHECK (choices IS NULL OR json_valid(choices)),
  input TEXT NOT NULL,
  recorded_completion TEXT,
  recorded_rationale TEXT,
  recorded INTEGER NOT NULL,
  UNIQUE (dataset_id, external_id),
  CHECK (recorded = (recorded_completion IS NOT NULL OR recorded_rationale IS NOT NULL)),
  FOREIGN KEY (dataset_id, project_id) REFERENCES datasets (id, project_id) ON DELETE CASCADE
) STRICT;
CREATE INDEX examples_in_order ON examples (project_id, id, recorded);
`;

const teachers = `
CREATE TABLE teachers (
  id TEXT NOT NULL PRIMARY KEY,
  project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('openai-compatible', 'recorded', 'practice')),
  name TEXT NOT NULL,
  base_url TEXT,
  model TEXT NOT NULL,
  key_kept TEXT NOT NULL CHECK (key_kept IN ('none', 'keychain', 'session', 'environment')),
  encrypted_key BLOB,
  created_at TEXT NOT NULL,
  UNIQUE (id, project_id)
) STRICT;
CREATE INDEX teachers_in_project ON teachers (project_id);

CREATE TABLE prompt_templates (
  id TEXT NOT NULL PRIMARY KEY,
  project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  version INTEGER NOT NULL CHECK (version >= 1),
  instruction TEXT NOT NULL,
  exemplars TEXT NOT NULL CHECK (json_valid(exemplars)),
  answer_phrase TEXT NOT NULL,
  parse TEXT NOT NULL CHECK (json_valid(parse)),
  settings_hash TEXT NOT NULL,
  created_at TEXT NOT NULL,
  UNIQUE (project_id, name, version),
  UNIQUE (id, project_id)
) STRICT;
`;

/** Every saved completion has exactly one row in rationales: its parse. Failures have none. */
const extractions = `
CREATE TABLE extractions (
  id TEXT NOT NULL PRIMARY KEY,
  project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  teacher_id TEXT NOT NULL,
  template_id TEXT,
  settings TEXT NOT NULL CHECK (json_valid(settings)),
  settings_hash TEXT NOT NULL,
  seed INTEGER NOT NULL,
  created_at TEXT NOT NULL,
  UNIQUE (id, project_id),
  FOREIGN KEY (teacher_id, project_id) REFERENCES teachers (id, project_id),
  FOREIGN KEY (template_id, project_id) REFERENCES prompt_templates (id, project_id)
) STRICT;
CREATE INDEX extractions_in_project ON extractions (project_id);

CREATE TABLE completions (
  extraction_id TEXT NOT NULL REFERENCES extractions (id) ON DELETE CASCADE,
  example_id INTEGER NOT NULL REFERENCES examples (id) ON DELETE CASCADE,
  text TEXT,
  failed INTEGER NOT NULL CHECK (failed = (text IS NULL)),
  failure_code TEXT,
  failure_message TEXT,
  finish_reason TEXT,
  prompt_tokens INTEGER,
  completion_tokens INTEGER,
  milliseconds REAL,
  saved_at TEXT NOT NULL,
  UNIQUE (example_id, extraction_id),
  CHECK (failed = (failure_message IS NOT NULL))
) STRICT;
CREATE INDEX completions_by_outcome ON completions (extraction_id, failed, example_id);

CREATE TABLE rationales (
  extraction_id TEXT NOT NULL,
  example_id INTEGER NOT NULL,
  label TEXT,
  parsed INTEGER NOT NULL CHECK (parsed = (label IS NOT NULL)),
  correct INTEGER CHECK (correct IN (0, 1)),
  rationale TEXT,
  UNIQUE (example_id, extraction_id),
  CHECK (label IS NOT NULL OR correct IS NOT 1),
  FOREIGN KEY (example_id, extraction_id)
    REFERENCES completions (example_id, extraction_id) ON DELETE CASCADE
) STRICT;
CREATE INDEX rationales_by_parse ON rationales (extraction_id, parsed, example_id, correct);
`;

/**
 * Members are written before their split's own row (the reference is checked at commit); once that
 * row is there, the triggers keep the split as it is.
 */
const splits = `
CREATE TABLE splits (
  id TEXT NOT NULL PRIMARY KEY,
  project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  settings TEXT NOT NULL CHECK (json_valid(settings)),
  settings_hash TEXT NOT NULL,
  seed INTEGER NOT NULL,
  frozen_at TEXT NOT NULL,
  UNIQUE (id, project_id)
) STRICT;
CREATE INDEX splits_in_project ON splits (project_id);

CREATE TABLE split_members (
  split_id TEXT NOT NULL REFERENCES splits (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
  part TEXT NOT NULL CHECK (part IN ('train', 'validation', 'test')),
  example_id INTEGER NOT NULL REFERENCES examples (id),
  PRIMARY KEY (split_id, part, example_id),
  UNIQUE (example_id, split_id)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER split_members_no_insert BEFORE INSERT ON split_members
WHEN EXISTS (SELECT 1 FROM splits WHERE id = NEW.split_id)
BEGIN SELECT RAISE(ABORT, 'a frozen split never changes'); END;
CREATE TRIGGER split_members_no_update BEFORE UPDATE ON split_members
BEGIN SELECT RAISE(ABORT, 'a frozen split never changes'); END;
CREATE TRIGGER split_members_no_delete BEFORE DELETE ON split_members
WHEN EXISTS (SELECT 1 FROM splits WHERE id = OLD.split_id)
BEGIN SELECT RAISE(ABORT, 'a frozen split never changes'); END;
`;

const runs = `
CREATE TABLE jobs (
  id TEXT NOT NULL PRIMARY KEY,
  project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('import', 'extract', 'train', 'evaluate', 'export')),
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
CREATE INDEX jobs_in_project ON jobs (project_id);
CREATE INDEX jobs_in_state ON jobs (state);

CREATE TABLE runs (
  id TEXT NOT NULL PRIMARY KEY,
  project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  split_id TEXT NOT NULL,
  extraction_id TEXT,
  job_id TEXT REFERENCES jobs (id) ON DELETE SET NULL,
  name TEXT NOT NULL,
  settings TEXT NOT NULL CHECK (json_valid(settings)),
  settings_hash TEXT NOT NULL,
  seed INTEGER NOT NULL,
  train_rows INTEGER NOT NULL CHECK (train_rows >= 0),
  rationale_rows INTEGER NOT NULL CHECK (rationale_rows >= 0),
  parameters INTEGER,
  engine TEXT,
  best_step INTEGER,
  best_validation REAL,
  created_at TEXT NOT NULL,
  UNIQUE (id, project_id),
  FOREIGN KEY (split_id, project_id) REFERENCES splits (id, project_id),
  FOREIGN KEY (extraction_id, project_id) REFERENCES extractions (id, project_id)
) STRICT;
CREATE INDEX runs_in_project ON runs (project_id);

CREATE TABLE metrics (
  run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  step INTEGER NOT NULL CHECK (step >= 1),
  label_loss REAL NOT NULL,
  rationale_loss REAL,
  loss REAL NOT NULL,
  learning_rate REAL NOT NULL,
  gradient_norm REAL NOT NULL,
  tokens_per_second REAL NOT NULL,
  validation_correct INTEGER,
  validation_rows INTEGER,
  PRIMARY KEY (run_id, step),
  CHECK ((validation_correct IS NULL) = (validation_rows IS NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE checkpoints (
  run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  which TEXT NOT NULL CHECK (which IN ('last', 'best')),
  step INTEGER NOT NULL CHECK (step >= 0),
  folder TEXT NOT NULL,
  validation REAL,
  saved_at TEXT NOT NULL,
  PRIMARY KEY (run_id, which)
) STRICT, WITHOUT ROWID;
`;

const evaluations = `
CREATE TABLE evaluations (
  id TEXT NOT NULL PRIMARY KEY,
  project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  run_id TEXT NOT NULL,
  split_id TEXT NOT NULL,
  part TEXT NOT NULL CHECK (part IN ('train', 'validation', 'test')),
  checkpoint_step INTEGER NOT NULL CHECK (checkpoint_step >= 0),
  settings_hash TEXT NOT NULL,
  created_at TEXT NOT NULL,
  UNIQUE (run_id, split_id, part, checkpoint_step),
  FOREIGN KEY (run_id, project_id) REFERENCES runs (id, project_id) ON DELETE CASCADE,
  FOREIGN KEY (split_id, project_id) REFERENCES splits (id, project_id)
) STRICT;
CREATE INDEX evaluations_in_project ON evaluations (project_id);
CREATE INDEX evaluations_of_part ON evaluations (split_id, part);

CREATE TABLE predictions (
  evaluation_id TEXT NOT NULL REFERENCES evaluations (id) ON DELETE CASCADE,
  example_id INTEGER NOT NULL REFERENCES examples (id),
  label TEXT NOT NULL,
  correct INTEGER CHECK (correct IN (0, 1)),
  milliseconds REAL NOT NULL,
  rationale TEXT,
  UNIQUE (example_id, evaluation_id)
) STRICT;
CREATE INDEX predictions_in_order ON predictions (evaluation_id, example_id, correct);
`;

const rest = `
CREATE TABLE exports (
  id TEXT NOT NULL PRIMARY KEY,
  project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  run_id TEXT NOT NULL,
  folder TEXT NOT NULL,
  files TEXT NOT NULL CHECK (json_valid(files)),
  proof TEXT NOT NULL CHECK (json_valid(proof)),
  settings_hash TEXT NOT NULL,
  created_at TEXT NOT NULL,
  FOREIGN KEY (run_id, project_id) REFERENCES runs (id, project_id) ON DELETE CASCADE
) STRICT;
CREATE INDEX exports_in_project ON exports (project_id);

CREATE TABLE preferences (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  value TEXT NOT NULL CHECK (json_valid(value))
) STRICT;
`;
