import type { CompareDetail, Comparing, Project } from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import { describeWrong } from '../../core/health/arithmetic.ts';
import { leadsToLabel } from '../../core/health/contradiction.ts';
import { equationsIn } from '../../core/health/equations.ts';
import type { Store, WrittenAnswer } from '../../store/store.ts';
import { answerAt } from './rows.ts';
import type { ReadSheet } from './sheet.ts';

/**
 * A row whole, with what every system wrote, and whether its rationale can be followed: equations that
 * do not hold, and whether it comes to the label beside it. Checked as the flags of a teacher's
 * rationales are, whoever wrote them.
 *
 * @throws StudioError not-found for a row that is not of the part
 */
export function comparedRow(
  store: Store,
  { sheet, sources }: ReadSheet,
  { projectId }: Comparing,
  exampleId: number,
): CompareDetail {
  const place = sheet.exampleIds.indexOf(exampleId);
  if (place < 0) throw notHere();
  const project = store.projects.get(projectId);
  const example = store.data.example(exampleId);
  const { externalId, input, choices, gold } = example;
  return {
    ...{ exampleId, externalId, input, choices, gold },
    columns: Object.entries(example.meta ?? {}).map(([column, value]) => ({ column, value })),
    note: store.answers.note(exampleId),
    answers: sheet.systems.map((system, index) => {
      const source = sources[index];
      const written = source === undefined ? null : store.answers.answer(source, exampleId);
      return {
        ...answerAt(sheet, system, place, written?.label ?? undefined),
        milliseconds: written?.milliseconds ?? null,
        ...reasoning(written, choices, project),
      };
    }),
  };
}

type Reasoning = Pick<
  CompareDetail['answers'][number],
  'rationale' | 'leadsToLabel' | 'wrongArithmetic'
>;

function reasoning(
  written: WrittenAnswer | null,
  choices: readonly string[] | null,
  { task, labels }: Project,
): Reasoning {
  const rationale = written?.rationale ?? '';
  if (written === null || rationale.trim() === '') {
    return { rationale: null, leadsToLabel: null, wrongArithmetic: null };
  }
  const { label } = written;
  const equations = equationsIn(rationale);
  const leads =
    label === null
      ? null
      : leadsToLabel({ label, rationale, choices }, { task, labels }, equations);
  return {
    rationale,
    leadsToLabel: leads,
    wrongArithmetic: describeWrong(rationale, equations),
  };
}

const notHere = (): StudioError =>
  new StudioError(
    'not-found',
    'This row is not in the part that is compared.',
    'Choose a row of the table.',
  );
