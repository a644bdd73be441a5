import { ExtractionSettings } from '../contract/entities.ts';
import type { Extraction, Teacher } from '../contract/entities.ts';
import { StudioError } from '../contract/errors.ts';
import { settingsHash } from '../core/hash.ts';
import { completionRows } from './completions.ts';
import type { FullExampleRow } from './examples.ts';
import { fullExampleColumns, toFullExample } from './examples.ts';
import { rationaleRows } from './rationales.ts';
import type { Db, Flag } from './sql.ts';
import { flag, found, fromJson, newId, now, toJson } from './sql.ts';
import type { ExtractionRows } from './store.ts';
import { teacherColumns } from './teachers.ts';

interface Row {
  id: string;
  projectId: string;
  teacherId: string;
  templateId: string | null;
  settings: string;
  createdAt: string;
}

interface Wanted {
  projectId: string;
  /** Only the first n examples; -1 for all of them. */
  limit: number;
  /** Whether only examples that came with a completion or a rationale are asked for. */
  recordedOnly: Flag;
}

const columns = `
  id, project_id AS projectId, teacher_id AS teacherId, template_id AS templateId, settings,
  created_at AS createdAt`;

/** The examples an extraction is to cover: those of {@link Wanted}, with their ids. */
const wantedExamples = `
  SELECT id FROM
    (SELECT id, recorded FROM examples WHERE project_id = @projectId ORDER BY id LIMIT @limit)
  WHERE recorded OR NOT @recordedOnly`;

/**
 * Extractions, oldest first, their completions and rationales. An extraction shows its teacher as
 * the teacher is now; its settings hash covers what decides the answers, as it was at the start:
 * server and model, prompt, temperature, length and seed.
 */
export function extractionRows(db: Db): ExtractionRows {
  const selectAll = db.prepare<[string], Row>(
    `SELECT ${columns} FROM extractions WHERE project_id = ? ORDER BY rowid`,
  );
  const selectOne = db.prepare<[string], Row>(`SELECT ${columns} FROM extractions WHERE id = ?`);
  const selectTeacher = db.prepare<[string], Teacher>(
    `SELECT ${teacherColumns} FROM teachers WHERE id = ?`,
  );
  const selectTemplateHash = db.prepare<[string | null], { settingsHash: string }>(
    'SELECT settings_hash AS settingsHash FROM prompt_templates WHERE id = ?',
  );
  const insert = db.prepare<Row & { settingsHash: string; seed: number }>(
    `INSERT INTO extractions (id, project_id, teacher_id, template_id, settings, settings_hash,
       seed, created_at)
     VALUES (@id, @projectId, @teacherId, @templateId, @settings, @settingsHash, @seed, @createdAt)`,
  );
  const updateSettings = db.prepare<[string, string]>(
    'UPDATE extractions SET settings = ? WHERE id = ?',
  );
  const countWanted = db.prepare<Wanted, { wanted: number }>(
    `SELECT count(*) AS wanted FROM (${wantedExamples})`,
  );
  const countOutcomes = db.prepare<{ id: string }, { completed: number; failed: number }>(
    `SELECT count(*) - coalesce(sum(failed), 0) AS completed, coalesce(sum(failed), 0) AS failed
     FROM completions WHERE extraction_id = @id`,
  );
  const selectPending = db.prepare<Wanted & { id: string }, FullExampleRow & { failed: Flag }>(
    `SELECT ${fullExampleColumns}, EXISTS (
       SELECT 1 FROM completions WHERE example_id = e.id AND extraction_id = @id) AS failed
     FROM examples e
     WHERE e.id IN (${wantedExamples}) AND NOT EXISTS (
       SELECT 1 FROM completions
       WHERE example_id = e.id AND extraction_id = @id AND failed = 0)
     ORDER BY e.id`,
  );

  const wanted = (row: Row, teacher: Teacher, settings: ExtractionSettings): Wanted => ({
    projectId: row.projectId,
    limit: settings.limit ?? -1,
    recordedOnly: flag(teacher.kind === 'recorded'),
  });
  const parts = (row: Row): { teacher: Teacher; settings: ExtractionSettings } => ({
    teacher: found(selectTeacher.get(row.teacherId), 'teacher'),
    settings: fromJson(ExtractionSettings, row.settings),
  });
  const toExtraction = (row: Row): Extraction => {
    const { id, projectId, templateId, createdAt } = row;
    const { teacher, settings } = parts(row);
    return {
      ...{ id, projectId, teacher, templateId, settings, createdAt },
      ...found(countWanted.get(wanted(row, teacher, settings)), 'extraction'),
      ...found(countOutcomes.get({ id }), 'extraction'),
    };
  };
  const one = (extractionId: string): Row => found(selectOne.get(extractionId), 'extraction');
  return {
    list: (projectId) => selectAll.all(projectId).map(toExtraction),
    get: (extractionId) => toExtraction(one(extractionId)),
    create({ projectId, teacherId, templateId, settings, seed }) {
      const { kind, baseUrl, model } = found(selectTeacher.get(teacherId), 'teacher');
      const template = selectTemplateHash.get(templateId)?.settingsHash ?? null;
      const row: Row = {
        ...{ id: newId(), projectId, teacherId, templateId, createdAt: now() },
        settings: toJson(settings),
      };
      const { temperature, maxTokens } = settings;
      const hash = settingsHash({
        ...{ temperature, maxTokens, template, seed },
        teacher: { kind, baseUrl, model },
      });
      insert.run({ ...row, settingsHash: hash, seed });
      return toExtraction(row);
    },
    repace(extractionId, settings) {
      const row = one(extractionId);
      const { temperature, maxTokens } = parts(row).settings;
      if (settings.temperature !== temperature || settings.maxTokens !== maxTokens) {
        throw new StudioError(
          'invalid-input',
          'Temperature and length decide the answers: an extraction keeps those it began with.',
          'Start another extraction for other values.',
        );
      }
      updateSettings.run(toJson(settings), row.id);
      return toExtraction(one(extractionId));
    },
    pending(extractionId) {
      const row = one(extractionId);
      const { teacher, settings } = parts(row);
      return selectPending
        .all({ ...wanted(row, teacher, settings), id: row.id })
        .map(({ failed, ...example }) => ({ ...toFullExample(example), failed: failed === 1 }));
    },
    ...completionRows(db),
    ...rationaleRows(db),
  };
}
