import { ExtractionSettings, ParseRules, Price } from '../contract/entities.ts';
import type { Extraction, Teacher } from '../contract/entities.ts';
import { StudioError } from '../contract/errors.ts';
import { settingsHash } from '../core/hash.ts';
import { batchRows } from './batches.ts';
import { completionRows } from './completions.ts';
import { liveRows } from './live.ts';
import type { Wanted } from './pending.ts';
import { alsoReader, pendingReader, savedReader } from './pending.ts';
import { rationaleRows } from './rationales.ts';
import { reportReader } from './report.ts';
import type { Db, Flag } from './sql.ts';
import { atomically, flag, found, fromJson, newId, now, toJson, written } from './sql.ts';
import type { ExtractionRows } from './store.ts';
import type { TeacherRow } from './teachers.ts';
import { teacherColumns, toTeacher } from './teachers.ts';

interface NewRow {
  id: string;
  projectId: string;
  teacherId: string;
  templateId: string | null;
  settings: string;
  price: string | null;
  cost: number | null;
  createdAt: string;
}

interface Row extends NewRow {
  parse: string | null;
  completed: number;
  failed: number;
  requests: number;
  promptTokens: number;
  completionTokens: number;
  reused: number;
  estimated: Flag;
}

const columns = `
  id, project_id AS projectId, teacher_id AS teacherId, template_id AS templateId, settings, price,
  parse, completed, failed, requests, prompt_tokens AS promptTokens,
  completion_tokens AS completionTokens, cost, reused, estimated, created_at AS createdAt`;

/**
 * Extractions, oldest first, their completions and rationales. An extraction shows its teacher as
 * the teacher is now; its settings hash covers what decides the answers, as it was at the start:
 * server and model, prompt, temperature, length and seeds.
 */
export function extractionRows(db: Db): ExtractionRows {
  const selectAll = db.prepare<[string], Row>(
    `SELECT ${columns} FROM extractions WHERE project_id = ? ORDER BY rowid`,
  );
  const selectOne = db.prepare<[string], Row>(`SELECT ${columns} FROM extractions WHERE id = ?`);
  const selectTeacher = db.prepare<[string], TeacherRow>(
    `SELECT ${teacherColumns} FROM teachers WHERE id = ?`,
  );
  const selectTemplateHash = db.prepare<[string | null], { settingsHash: string }>(
    'SELECT settings_hash AS settingsHash FROM prompt_templates WHERE id = ?',
  );
  const insert = db.prepare<NewRow & { settingsHash: string; seed: number }>(
    `INSERT INTO extractions (id, project_id, teacher_id, template_id, settings, settings_hash,
       price, cost, seed, created_at)
     VALUES (@id, @projectId, @teacherId, @templateId, @settings, @settingsHash,
       @price, @cost, @seed, @createdAt)`,
  );
  const updatePace = db.prepare<Pick<Row, 'id' | 'settings' | 'price' | 'cost'>>(
    'UPDATE extractions SET settings = @settings, price = @price, cost = @cost WHERE id = @id',
  );
  const updateRules = db.prepare<[string | null, string]>(
    'UPDATE extractions SET parse = ? WHERE id = ?',
  );
  const countExamples = db.prepare<[string], { examples: number; recorded: number }>(
    `SELECT coalesce(sum(rows), 0) AS examples, coalesce(sum(recorded), 0) AS recorded
     FROM datasets WHERE project_id = ?`,
  );

  const one = (extractionId: string): Row => found(selectOne.get(extractionId), 'extraction');
  const teacherOf = (row: NewRow): Teacher =>
    toTeacher(found(selectTeacher.get(row.teacherId), 'teacher'));
  const toExtraction = (row: Row): Extraction => {
    const { id, projectId, templateId, completed, failed, createdAt } = row;
    const teacher = teacherOf(row);
    const settings = settingsOf(row);
    const { examples, recorded } = found(countExamples.get(projectId), 'project');
    const askable = teacher.kind === 'recorded' ? recorded : examples;
    const { limit, also } = settings;
    const recordedOnly = flag(teacher.kind === 'recorded');
    const rows =
      Math.min(limit ?? askable, askable) + alsoWanted({ projectId, recordedOnly, limit, also });
    return {
      ...{ id, projectId, teacher, templateId, settings, createdAt, completed, failed },
      price: row.price === null ? null : fromJson(Price, row.price),
      parse: row.parse === null ? null : fromJson(ParseRules, row.parse),
      wanted: rows * samplesOf(teacher, settings),
      spend: toSpend(row),
    };
  };
  const alsoWanted = alsoReader(db);
  const get = (extractionId: string): Extraction => toExtraction(one(extractionId));
  const pending = pendingReader(db);
  const saved = savedReader(db);
  const wanted = (extractionId: string): Wanted => {
    const row = one(extractionId);
    const settings = settingsOf(row);
    const teacher = teacherOf(row);
    return {
      ...{ extractionId, projectId: row.projectId, limit: settings.limit, also: settings.also },
      recordedOnly: flag(teacher.kind === 'recorded'),
      samples: samplesOf(teacher, settings),
    };
  };

  return {
    list: (projectId) => selectAll.all(projectId).map(toExtraction),
    get,
    create: ({ projectId, teacherId, templateId, settings, price, seed }) =>
      atomically(db, () => {
        const teacher = toTeacher(found(selectTeacher.get(teacherId), 'teacher'));
        const { kind, baseUrl, model, apiVersion } = teacher;
        const template = selectTemplateHash.get(templateId)?.settingsHash ?? null;
        const id = newId();
        const { temperature, maxTokens, seed: requestSeed } = settings;
        insert.run({
          ...{ id, projectId, teacherId, templateId, seed, createdAt: now() },
          settings: toJson(settings),
          price: price === null ? null : toJson(price),
          cost: price === null ? null : 0,
          settingsHash: settingsHash({
            ...{ temperature, maxTokens, requestSeed, template, seed },
            teacher: { kind, baseUrl, model, apiVersion },
          }),
        });
        return get(id);
      }),
    repace: (extractionId, settings, price) =>
      atomically(db, () => {
        const row = one(extractionId);
        refuseOtherAnswers(settingsOf(row), settings);
        updatePace.run({
          id: row.id,
          settings: toJson(settings),
          // What it uses up from now on has a price too: else a sum of money would leave it out.
          price: price === null ? row.price : toJson(price),
          cost: row.cost ?? (price && costSoFar(row, price)),
        });
        return get(extractionId);
      }),
    setRules(extractionId, rules) {
      const parse = rules === null ? null : toJson(rules);
      written(updateRules.run(parse, extractionId), 'extraction');
    },
    saved: (extractionId, { limit, samples, also }) =>
      saved({ ...wanted(extractionId), limit, samples, also }),
    alsoWanted: (projectId, { limit, also }) =>
      alsoWanted({ projectId, recordedOnly: 0, limit, also }),
    pending: (extractionId) => pending(wanted(extractionId), 0, -1),
    pendingPage: (extractionId, after, limit) => pending(wanted(extractionId), after, limit),
    ...completionRows(db),
    ...rationaleRows(db),
    ...liveRows(db),
    reportCounts: reportReader(db),
    ...batchRows(db),
  };
}

const settingsOf = (row: NewRow): ExtractionSettings => fromJson(ExtractionSettings, row.settings);

/** What came recorded is one answer, however many are asked for. */
const samplesOf = (teacher: Teacher, { samples }: ExtractionSettings): number =>
  teacher.kind === 'recorded' ? 1 : samples;

const toSpend = (row: Row): Extraction['spend'] => ({
  requests: row.requests,
  promptTokens: row.promptTokens,
  completionTokens: row.completionTokens,
  cost: row.cost,
  reused: row.reused,
  estimated: row.estimated === 1,
});

/** US dollars for what was used up before there was a price. */
const costSoFar = (row: Row, price: Price): number =>
  (row.promptTokens * price.input + row.completionTokens * price.output) / 1_000_000;

/** @throws StudioError invalid-input when settings that decide the answers differ */
function refuseOtherAnswers(before: ExtractionSettings, after: ExtractionSettings): void {
  if (
    after.temperature === before.temperature &&
    after.maxTokens === before.maxTokens &&
    after.seed === before.seed
  ) {
    return;
  }
  throw new StudioError(
    'invalid-input',
    'Temperature, length and seed decide the answers: an extraction keeps those it began with.',
    'Start another extraction for other values.',
  );
}
