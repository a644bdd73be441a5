import type { Migration } from '../migrate.ts';

/**
 * What a trustworthy extraction needs: what is known of a server, prompts of several styles, prices,
 * several answers for a row, what was spent, and batches.
 *
 * What was there before goes on as it was: one answer for a row, sample 0, which stands for it. What
 * earlier extractions used up is added up from their answers.
 */
export const teachers: Migration = {
  version: 2,
  name: 'teachers',
  up(db) {
    for (const sql of [endpoints, templates, spending, answers, running, batches]) db.exec(sql);
  },
};

/** The servers' usual addresses tell who wrote them; every other one is `other` until a person says. */
const endpoints = `
ALTER TABLE teachers ADD COLUMN provider TEXT NOT NULL DEFAULT 'other'
  CHECK (provider IN ('openai', 'azure', 'ollama', 'llamacpp', 'vllm', 'lmstudio', 'other'));
ALTER TABLE teachers ADD COLUMN api_version TEXT;
ALTER TABLE teachers ADD COLUMN context_tokens INTEGER
  CHECK (context_tokens IS NULL OR context_tokens > 0);
ALTER TABLE teachers ADD COLUMN capabilities TEXT
  CHECK (capabilities IS NULL OR json_valid(capabilities));
UPDATE teachers SET provider = CASE
  WHEN base_url LIKE 'https://api.openai.com/%' THEN 'openai'
  WHEN base_url LIKE 'http%://%.openai.azure.com/%' THEN 'azure'
  WHEN base_url LIKE 'http%://%:11434/%' THEN 'ollama'
  WHEN base_url LIKE 'http%://%:1234/%' THEN 'lmstudio'
  WHEN base_url LIKE 'http%://%:8000/%' THEN 'vllm'
  WHEN base_url LIKE 'http%://%:8080/%' THEN 'llamacpp'
  ELSE 'other' END
WHERE kind = 'openai-compatible';

CREATE TABLE prices (
  model TEXT NOT NULL PRIMARY KEY,
  input REAL NOT NULL CHECK (input >= 0),
  output REAL NOT NULL CHECK (output >= 0),
  batch_share REAL NOT NULL CHECK (batch_share BETWEEN 0 AND 1),
  as_of TEXT NOT NULL
) STRICT;
`;

/** Until now a prompt was a chat of `Q:` and `A:`, and an answer stood after a phrase. */
const templates = `
ALTER TABLE prompt_templates ADD COLUMN style TEXT NOT NULL DEFAULT 'few-shot-cot'
  CHECK (style IN ('few-shot-cot', 'zero-shot-cot', 'label-only', 'structured'));
ALTER TABLE prompt_templates ADD COLUMN input_template TEXT NOT NULL
  DEFAULT 'Q: {input}\nA:';
ALTER TABLE prompt_templates ADD COLUMN selection TEXT NOT NULL
  DEFAULT '{"how":"all","count":4,"seed":0}' CHECK (json_valid(selection));
UPDATE prompt_templates SET style = 'zero-shot-cot' WHERE json_array_length(exemplars) = 0;
UPDATE prompt_templates SET parse = json_object(
  'stopSequences', json(parse -> '$.stopSequences'),
  'rules', json_array(json_object(
    'kind', 'phrases', 'phrases', json(parse -> '$.answerPhrases'))),
  'read', 'task');
`;

/**
 * `completed` and `failed` count the extraction's answers (the triggers below keep them), so that a
 * million need not be counted while more come in.
 */
const spending = `
ALTER TABLE datasets ADD COLUMN recorded INTEGER NOT NULL DEFAULT 0
  CHECK (recorded BETWEEN 0 AND rows);
UPDATE datasets SET recorded =
  (SELECT coalesce(sum(recorded), 0) FROM examples WHERE dataset_id = datasets.id);

ALTER TABLE extractions ADD COLUMN price TEXT CHECK (price IS NULL OR json_valid(price));
ALTER TABLE extractions ADD COLUMN parse TEXT CHECK (parse IS NULL OR json_valid(parse));
ALTER TABLE extractions ADD COLUMN completed INTEGER NOT NULL DEFAULT 0 CHECK (completed >= 0);
ALTER TABLE extractions ADD COLUMN failed INTEGER NOT NULL DEFAULT 0 CHECK (failed >= 0);
ALTER TABLE extractions ADD COLUMN requests INTEGER NOT NULL DEFAULT 0 CHECK (requests >= 0);
ALTER TABLE extractions ADD COLUMN prompt_tokens INTEGER NOT NULL DEFAULT 0
  CHECK (prompt_tokens >= 0);
ALTER TABLE extractions ADD COLUMN completion_tokens INTEGER NOT NULL DEFAULT 0
  CHECK (completion_tokens >= 0);
ALTER TABLE extractions ADD COLUMN cost REAL CHECK (cost IS NULL OR cost >= 0);
ALTER TABLE extractions ADD COLUMN reused INTEGER NOT NULL DEFAULT 0 CHECK (reused >= 0);
ALTER TABLE extractions ADD COLUMN estimated INTEGER NOT NULL DEFAULT 0
  CHECK (estimated IN (0, 1));

UPDATE extractions SET completed = counted.completed, failed = counted.failed
FROM (SELECT extraction_id, count(*) - sum(failed) AS completed, sum(failed) AS failed
      FROM completions GROUP BY extraction_id) AS counted
WHERE counted.extraction_id = extractions.id;
UPDATE extractions SET requests = counted.requests, prompt_tokens = counted.prompt_tokens,
  completion_tokens = counted.completion_tokens
FROM (SELECT extraction_id, count(*) AS requests,
        coalesce(sum(prompt_tokens), 0) AS prompt_tokens,
        coalesce(sum(completion_tokens), 0) AS completion_tokens
      FROM completions GROUP BY extraction_id) AS counted
WHERE counted.extraction_id = extractions.id
  AND teacher_id IN (SELECT id FROM teachers WHERE kind <> 'recorded');
UPDATE extractions SET cost = 0
WHERE teacher_id IN (SELECT id FROM teachers WHERE kind = 'practice');
`;

/**
 * Every saved completion has exactly one row in rationales: its parse. Failures have none. Of the
 * parses of one example one is `chosen`: it stands for the row, and carries how many answers agree.
 * `failed`, `timed` and `parsed` repeat what other columns say, so that an index can hold them.
 *
 * A failure that is tried again is deleted first, so that the order of the row numbers is that in
 * which answers were saved.
 */
const answers = `
ALTER TABLE rationales RENAME TO old_rationales;
ALTER TABLE completions RENAME TO old_completions;
DROP INDEX completions_by_outcome;
DROP INDEX rationales_by_parse;

CREATE TABLE completions (
  extraction_id TEXT NOT NULL REFERENCES extractions (id) ON DELETE CASCADE,
  example_id INTEGER NOT NULL REFERENCES examples (id) ON DELETE CASCADE,
  sample INTEGER NOT NULL CHECK (sample BETWEEN 0 AND 19),
  failed INTEGER NOT NULL CHECK (failed = (text IS NULL)),
  timed INTEGER NOT NULL CHECK (timed = (milliseconds IS NOT NULL)),
  reused INTEGER NOT NULL CHECK (reused IN (0, 1)),
  finish_reason TEXT,
  prompt_tokens INTEGER,
  completion_tokens INTEGER,
  milliseconds REAL,
  request_hash BLOB CHECK (request_hash IS NULL OR length(request_hash) = 16),
  saved_at TEXT NOT NULL,
  failure_code TEXT,
  failure_message TEXT,
  text TEXT,
  UNIQUE (example_id, extraction_id, sample),
  CHECK (failed = (failure_message IS NOT NULL))
) STRICT;

CREATE TABLE rationales (
  extraction_id TEXT NOT NULL,
  example_id INTEGER NOT NULL,
  sample INTEGER NOT NULL,
  parsed INTEGER NOT NULL CHECK (parsed = (label IS NOT NULL)),
  correct INTEGER CHECK (correct IN (0, 1)),
  chosen INTEGER NOT NULL CHECK (chosen IN (0, 1)),
  kept INTEGER NOT NULL CHECK (kept IN (0, 1)),
  votes INTEGER CHECK (votes BETWEEN 0 AND answers),
  answers INTEGER CHECK (answers > 0),
  label TEXT,
  rationale TEXT,
  UNIQUE (example_id, extraction_id, sample),
  CHECK (label IS NOT NULL OR correct IS NOT 1),
  CHECK (chosen = (votes IS NOT NULL) AND chosen = (answers IS NOT NULL)),
  FOREIGN KEY (example_id, extraction_id, sample)
    REFERENCES completions (example_id, extraction_id, sample) ON DELETE CASCADE
) STRICT;

INSERT INTO completions (rowid, extraction_id, example_id, sample, failed, timed, reused,
  finish_reason, prompt_tokens, completion_tokens, milliseconds, saved_at, failure_code,
  failure_message, text)
SELECT rowid, extraction_id, example_id, 0, failed, milliseconds IS NOT NULL, 0, finish_reason,
  prompt_tokens, completion_tokens, milliseconds, saved_at, failure_code, failure_message, text
FROM old_completions ORDER BY rowid;
INSERT INTO rationales (extraction_id, example_id, sample, parsed, correct, chosen, kept, votes,
  answers, label, rationale)
SELECT extraction_id, example_id, 0, parsed, correct, 1, parsed AND rationale IS NOT NULL, parsed,
  1, label, rationale
FROM old_rationales ORDER BY rowid;
DROP TABLE old_rationales;
DROP TABLE old_completions;

CREATE INDEX completions_by_outcome ON completions (extraction_id, failed, example_id, sample);
CREATE INDEX completions_as_saved ON completions (extraction_id);
CREATE INDEX completions_asked ON completions (extraction_id, timed)
  WHERE failed = 0 AND reused = 0;
CREATE INDEX completions_by_failure ON completions (extraction_id, failure_code, failure_message)
  WHERE failed = 1;
CREATE INDEX completions_by_request ON completions (request_hash)
  WHERE failed = 0 AND request_hash IS NOT NULL;
CREATE INDEX rationales_by_parse
  ON rationales (extraction_id, parsed, example_id, correct, votes, answers) WHERE chosen = 1;
`;

const running = `
CREATE TRIGGER completions_count_insert AFTER INSERT ON completions
BEGIN
  UPDATE extractions SET completed = completed + (NEW.failed = 0), failed = failed + NEW.failed
  WHERE id = NEW.extraction_id;
END;
CREATE TRIGGER completions_count_delete AFTER DELETE ON completions
BEGIN
  UPDATE extractions SET completed = completed - (OLD.failed = 0), failed = failed - OLD.failed
  WHERE id = OLD.extraction_id;
END;
CREATE TRIGGER completions_count_update AFTER UPDATE OF failed ON completions
WHEN NEW.failed <> OLD.failed
BEGIN
  UPDATE extractions SET completed = completed - (NEW.failed - OLD.failed),
    failed = failed + (NEW.failed - OLD.failed)
  WHERE id = NEW.extraction_id;
END;
`;

const batches = `
CREATE TABLE batches (
  id TEXT NOT NULL PRIMARY KEY,
  extraction_id TEXT NOT NULL REFERENCES extractions (id) ON DELETE CASCADE,
  remote_id TEXT,
  state TEXT NOT NULL CHECK (state IN ('submitting', 'validating', 'in_progress', 'finalizing',
    'completed', 'failed', 'expired', 'cancelling', 'cancelled')),
  requests INTEGER NOT NULL CHECK (requests >= 0),
  completed INTEGER NOT NULL CHECK (completed >= 0),
  failed INTEGER NOT NULL CHECK (failed >= 0),
  collected INTEGER NOT NULL CHECK (collected IN (0, 1)),
  error TEXT,
  created_at TEXT NOT NULL
) STRICT;
CREATE INDEX batches_of_extraction ON batches (extraction_id);

CREATE TABLE batch_requests (
  batch_id TEXT NOT NULL REFERENCES batches (id) ON DELETE CASCADE,
  example_id INTEGER NOT NULL REFERENCES examples (id) ON DELETE CASCADE,
  sample INTEGER NOT NULL CHECK (sample BETWEEN 0 AND 19),
  request_hash BLOB NOT NULL CHECK (length(request_hash) = 16),
  PRIMARY KEY (batch_id, example_id, sample)
) STRICT, WITHOUT ROWID;
CREATE INDEX batch_requests_of_example ON batch_requests (example_id);
`;
