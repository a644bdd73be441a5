import type { Answer, ComparisonRow, Part } from '../contract/entities.ts';
import { toChoices } from './examples.ts';
import { standing } from './rationales.ts';
import type { Db, Flag } from './sql.ts';
import { found, toJson, truth } from './sql.ts';
import type { EvaluationRows } from './store.ts';

interface Shown {
  splitId: string;
  part: Part;
  extractionId: string | null;
  /** A JSON array: however many students there are, it is one statement. */
  evaluationIds: string;
  /** How many answers a row can have: one for each student, and the teacher's. */
  systems: number;
  filter: 'all' | 'disagree';
}

interface Row {
  exampleId: number;
  externalId: string;
  input: string;
  choices: string | null;
  gold: string | null;
}

interface AnswerRow {
  label: string | null;
  rationale: string | null;
  correct: Flag | null;
}

/** A missing answer is a label of its own: it disagrees with every answer that is there. */
const shown = `
  SELECT m.example_id FROM split_members m
  WHERE m.split_id = @splitId AND m.part = @part AND (@filter = 'all' OR (
    SELECT count(DISTINCT label) + (count(label) < @systems) > 1 FROM (
      SELECT label FROM rationales
      WHERE extraction_id = @extractionId AND example_id = m.example_id
        AND ${standing('rationales')}
      UNION ALL
      SELECT label FROM predictions
      WHERE evaluation_id IN (SELECT value FROM json_each(@evaluationIds))
        AND example_id = m.example_id)))`;

const unanswered: Answer = { label: null, rationale: null, correct: null };

/** Rows of one part beside the answers of the teacher and the students, a page at a time. */
export function comparisonReader(db: Db): EvaluationRows['comparison'] {
  const count = db.prepare<Shown, { total: number }>(`SELECT count(*) AS total FROM (${shown})`);
  const select = db.prepare<Shown & { offset: number; limit: number }, Row>(
    `SELECT e.id AS exampleId, e.external_id AS externalId, e.input, e.choices, e.gold
     FROM (${shown} ORDER BY m.example_id LIMIT @limit OFFSET @offset) page
     JOIN examples e ON e.id = page.example_id ORDER BY e.id`,
  );
  const selectTeacher = db.prepare<[number, string], AnswerRow>(
    `SELECT label, rationale, correct FROM rationales
     WHERE example_id = ? AND extraction_id = ? AND ${standing('rationales')}`,
  );
  const selectStudent = db.prepare<[number, string], AnswerRow>(
    'SELECT label, rationale, correct FROM predictions WHERE example_id = ? AND evaluation_id = ?',
  );

  return ({ splitId, part, extractionId, evaluationIds, filter, window }) => {
    const teacher = (exampleId: number): Answer | null =>
      extractionId === null ? null : toAnswer(selectTeacher.get(exampleId, extractionId));
    const student = (exampleId: number, evaluationId: string): Answer =>
      toAnswer(selectStudent.get(exampleId, evaluationId)) ?? unanswered;
    const parameters: Shown = {
      ...{ splitId, part, extractionId, filter },
      evaluationIds: toJson(evaluationIds),
      systems: new Set(evaluationIds).size + (extractionId === null ? 0 : 1),
    };
    return {
      rows: select.all({ ...parameters, ...window }).map((row): ComparisonRow => ({
        ...row,
        choices: toChoices(row.choices),
        teacher: teacher(row.exampleId),
        students: evaluationIds.map((id) => student(row.exampleId, id)),
      })),
      total: found(count.get(parameters), 'split').total,
    };
  };
}

const toAnswer = (row: AnswerRow | undefined): Answer | null =>
  row ? { ...row, correct: truth(row.correct) } : null;
