import { systemOf } from '../contract/entities.ts';
import type { Part, SystemKey } from '../contract/entities.ts';
import { noteRows } from './answer-notes.ts';
import { toChoices } from './examples.ts';
import { ofBest } from './evaluations.ts';
import { standing } from './rationales.ts';
import type { Db, Flag } from './sql.ts';
import { found, toJson, truth } from './sql.ts';
import type {
  AnswerRows,
  AnswerSource,
  ComparedLine,
  ComparedRow,
  ExplainedAnswer,
  SavedAnswer,
  WrittenAnswer,
} from './store.ts';

type OfPart = { splitId: string; part: Part };

interface RowOfPart {
  exampleId: number;
  gold: string | null;
  choices: string | null;
  inputLength: number;
  datasetId: string;
  noted: Flag;
}

interface SavedRow {
  exampleId: number;
  label: string | null;
  correct: Flag | null;
  confidence: number | null;
}

type WrittenRow = Omit<WrittenAnswer, 'correct'> & { correct: Flag | null };

/** Characters of an input that a line of a table can show. */
const shownCharacters = 300;

/** What teachers and students said of the rows of a part. */
export function answerRows(db: Db): AnswerRows {
  return {
    ...{ ...wholeParts(db), ...standings(db), ...singleRows(db), ...explanations(db) },
    ...noteRows(db),
  };
}

type WholeParts = Pick<AnswerRows, 'rows' | 'ofTeacher' | 'ofEvaluation' | 'extractions'>;

function wholeParts(db: Db): WholeParts {
  const selectRows = db.prepare<OfPart, RowOfPart>(
    `SELECT e.id AS exampleId, e.gold, e.choices, length(e.input) AS inputLength,
       e.dataset_id AS datasetId, EXISTS (SELECT 1 FROM notes WHERE example_id = e.id) AS noted
     FROM split_members m CROSS JOIN examples e ON e.id = m.example_id
     WHERE m.split_id = @splitId AND m.part = @part ORDER BY m.example_id`,
  );
  const selectTeacher = db.prepare<OfPart & { extractionId: string }, SavedRow>(
    `SELECT r.example_id AS exampleId, r.label, r.correct, NULL AS confidence
     FROM split_members m CROSS JOIN rationales r
       ON r.example_id = m.example_id AND r.extraction_id = @extractionId AND ${standing('r')}
     WHERE m.split_id = @splitId AND m.part = @part ORDER BY m.example_id`,
  );
  // An empty label is what a student writes that comes to no answer.
  const selectPredictions = db.prepare<[string], SavedRow>(
    `SELECT example_id AS exampleId, nullif(label, '') AS label, correct, confidence
     FROM predictions WHERE evaluation_id = ? ORDER BY example_id`,
  );
  const selectExtractions = db.prepare<OfPart, { extractionId: string; answered: number }>(
    `SELECT x.id AS extractionId, (SELECT count(*) FROM split_members m CROSS JOIN rationales r
         ON r.example_id = m.example_id AND r.extraction_id = x.id AND ${standing('r')}
       WHERE m.split_id = @splitId AND m.part = @part) AS answered
     FROM extractions x
     WHERE x.project_id = (SELECT project_id FROM splits WHERE id = @splitId) AND answered > 0
     ORDER BY x.rowid DESC`,
  );
  return {
    rows: (splitId, part) => selectRows.all({ splitId, part }).map(toComparedRow),
    ofTeacher: (extractionId, splitId, part) =>
      selectTeacher.all({ extractionId, splitId, part }).map(toSavedAnswer).values(),
    ofEvaluation: (evaluationId) => selectPredictions.all(evaluationId).map(toSavedAnswer).values(),
    extractions: (splitId, part) => selectExtractions.all({ splitId, part }),
  };
}

const toComparedRow = (row: RowOfPart): ComparedRow => ({
  ...row,
  choices: toChoices(row.choices),
  noted: row.noted === 1,
});

const toSavedAnswer = (row: SavedRow): SavedAnswer => ({ ...row, correct: truth(row.correct) });

function standings(db: Db): Pick<AnswerRows, 'evaluationOf' | 'stamp' | 'flagStamp'> {
  const selectComplete = db
    .prepare<OfPart & { runId: string }, string>(
      `SELECT id FROM evaluations v
       WHERE run_id = @runId AND split_id = @splitId AND part = @part AND ${ofBest('v')}
         AND (SELECT count(*) FROM predictions WHERE evaluation_id = v.id)
           = (SELECT count(*) FROM split_members WHERE split_id = @splitId AND part = @part)
       ORDER BY rowid DESC LIMIT 1`,
    )
    .pluck();
  // A prediction that is saved, or saved anew, gets the highest number of all. Numbers are given again
  // only after rows were removed, which their evaluation then was as well.
  const selectPredicted = db
    .prepare<[], string>(
      `SELECT json_array((SELECT max(rowid) FROM predictions),
         (SELECT group_concat(id) FROM (SELECT id FROM evaluations ORDER BY rowid)))`,
    )
    .pluck();
  const selectAnswered = db
    .prepare<[string], string>(
      `SELECT json_array(answered_rows, parsed_rows, gold_rows, correct_rows,
         (SELECT seq FROM sqlite_sequence WHERE name = 'search_changes'))
       FROM extractions WHERE id = ?`,
    )
    .pluck();
  const selectFlagged = db
    .prepare<[string], number>('SELECT health_revision FROM extractions WHERE id = ?')
    .pluck();
  // A student that learns on has its answers to give again.
  const selectBest = db
    .prepare<[string], number>("SELECT step FROM checkpoints WHERE run_id = ? AND which = 'best'")
    .pluck();
  const stampOf = (key: SystemKey): string | number | null => {
    const { kind, id } = systemOf(key);
    return (kind === 'teacher' ? selectAnswered.get(id) : selectBest.get(id)) ?? null;
  };
  return {
    flagStamp: (extractionId) => String(found(selectFlagged.get(extractionId), 'extraction')),
    evaluationOf: (runId, splitId, part) => selectComplete.get({ runId, splitId, part }) ?? null,
    stamp(splitId, part, systems) {
      const hasStudents = systems.some((key) => systemOf(key).kind === 'student');
      const predicted = hasStudents ? selectPredicted.get() : null;
      return toJson([splitId, part, predicted, systems.map(stampOf)]);
    },
  };
}

/** Rationales that say something, whoever wrote them. */
function explanations(db: Db): Pick<AnswerRows, 'explained' | 'rationales'> {
  type Source = AnswerSource['kind'];
  const answers: Record<Source, string> = {
    extraction: `rationales a ON a.example_id = r.example_id AND a.extraction_id = @id
      AND ${standing('a')} AND a.parsed = 1`,
    evaluation: 'predictions a ON a.example_id = r.example_id AND a.evaluation_id = @id',
  };
  const said = `trim(a.rationale, ${whiteSpace}) <> ''`;
  const counting = (source: Source) =>
    db
      .prepare<OfPart & { id: string }, number>(
        `SELECT count(*) FROM split_members r CROSS JOIN ${answers[source]}
         WHERE r.split_id = @splitId AND r.part = @part AND ${said}`,
      )
      .pluck();
  const reading = (source: Source) =>
    db.prepare<{ id: string; ids: string }, ExplainedAnswer>(
      `SELECT a.example_id AS exampleId,
         iif(trim(a.label, ${whiteSpace}) = '', NULL, a.label) AS label, a.rationale
       FROM (SELECT key, value AS example_id FROM json_each(@ids)) r CROSS JOIN ${answers[source]}
       WHERE ${said} ORDER BY r.key`,
    );
  const counts = { extraction: counting('extraction'), evaluation: counting('evaluation') };
  const reads = { extraction: reading('extraction'), evaluation: reading('evaluation') };
  return {
    explained: ({ kind, id }, splitId, part) => counts[kind].get({ id, splitId, part }) ?? 0,
    rationales: ({ kind, id }, exampleIds) => reads[kind].all({ id, ids: toJson(exampleIds) }),
  };
}

/** What `trim` of JavaScript takes off: SQLite's own knows spaces alone. */
const whiteSpace = `char(9, 10, 11, 12, 13, 32, 160, 5760, 8192, 8193, 8194, 8195, 8196, 8197, 8198,
  8199, 8200, 8201, 8202, 8232, 8233, 8239, 8287, 12288, 65279)`;

function singleRows(db: Db): Pick<AnswerRows, 'lines' | 'labels' | 'answer'> {
  const selectLines = db.prepare<[string], ComparedLine>(
    `SELECT e.id AS exampleId, e.external_id AS externalId,
       substr(e.input, 1, ${shownCharacters}) AS input, e.gold
     FROM json_each(?) AS listed CROSS JOIN examples e ON e.id = listed.value
     ORDER BY listed.key`,
  );
  type Labelled = { exampleId: number; label: string };
  const labels = (table: string, source: string, also: string) =>
    db.prepare<{ id: string; ids: string }, Labelled>(
      `SELECT a.example_id AS exampleId, a.label
       FROM json_each(@ids) AS listed CROSS JOIN ${table} a
         ON a.example_id = listed.value AND a.${source} = @id
       WHERE a.label <> '' ${also}`,
    );
  const selectLabels: Record<AnswerSource['kind'], ReturnType<typeof labels>> = {
    extraction: labels('rationales', 'extraction_id', `AND ${standing('a')}`),
    evaluation: labels('predictions', 'evaluation_id', ''),
  };
  const selectAnswer = {
    extraction: db.prepare<[number, string], WrittenRow>(
      `SELECT r.label, r.rationale, r.correct, NULL AS confidence, c.milliseconds
       FROM rationales r JOIN completions c ON c.example_id = r.example_id
         AND c.extraction_id = r.extraction_id AND c.sample = r.sample
       WHERE r.example_id = ? AND r.extraction_id = ? AND ${standing('r')}`,
    ),
    evaluation: db.prepare<[number, string], WrittenRow>(
      `SELECT nullif(label, '') AS label, rationale, correct, confidence, milliseconds
       FROM predictions WHERE example_id = ? AND evaluation_id = ?`,
    ),
  };
  return {
    lines: (exampleIds) => selectLines.all(toJson(exampleIds)),
    labels: ({ kind, id }, exampleIds) =>
      new Map(
        selectLabels[kind]
          .all({ id, ids: toJson(exampleIds) })
          .map(({ exampleId, label }) => [exampleId, label]),
      ),
    answer({ kind, id }, exampleId) {
      const row = selectAnswer[kind].get(exampleId, id);
      return row === undefined ? null : { ...row, correct: truth(row.correct) };
    },
  };
}
