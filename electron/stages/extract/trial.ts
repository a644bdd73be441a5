import type { ParseRules, ParseTrial, ParseTrials } from '../../contract/entities.ts';
import type { SavedCompletion, Store, Window } from '../../store/store.ts';
import { compileRules } from '../../teacher/parse.ts';
import { tryCompletion } from '../../teacher/trial.ts';
import type { Trial } from '../../teacher/trial.ts';

type Saved = ParseTrial['before'];

/**
 * What rules make of a page of saved completions, without saving it: what each rule finds alone, and
 * what they find together, beside what is saved. A recorded rationale without a completion is none:
 * rules are not tried on it, and it stays as it is.
 *
 * @throws StudioError not-found; template-invalid when a rule has a bad pattern
 */
export function tryParse(
  store: Store,
  extractionId: string,
  rules: ParseRules,
  window: Window,
): ParseTrials {
  const { projectId, teacher } = store.extractions.get(extractionId);
  const { task, labels } = store.projects.get(projectId);
  const compiled = compileRules(rules);
  const { rows: page, total } = store.extractions.completionPage(extractionId, window);
  const rows = page.map((row): ParseTrial => {
    const { example, text } = row;
    const before = savedParse(store, extractionId, row);
    const written = teacher.kind === 'recorded' && example.recordedCompletion === null;
    const trial = written
      ? untried(row, before, rules)
      : tryCompletion(text, example.gold, compiled, task, { labels, choices: example.choices });
    const { id: exampleId, externalId, gold } = example;
    return { exampleId, externalId, completion: text, gold, before, ...trial };
  });
  return {
    rows,
    total,
    parsedBefore: rows.filter(({ before }) => before.label !== null).length,
    parsedAfter: rows.filter(({ after }) => after.label !== null).length,
    changed: rows.filter(({ before, after }) => differ(before, after)).length,
  };
}

function savedParse(
  store: Store,
  extractionId: string,
  { example, sample }: SavedCompletion,
): Saved {
  const samples = store.extractions.samples(extractionId, example.id);
  const saved = samples.find((one) => one.sample === sample);
  return { rationale: saved?.rationale ?? null, label: saved?.label ?? null };
}

/** A rationale that a person wrote: its label is the gold label, whatever the rules are. */
function untried({ example, text }: SavedCompletion, before: Saved, rules: ParseRules): Trial {
  return {
    byRule: rules.rules.map(() => null),
    after: { ...before, rule: null, correct: example.gold === null ? null : true },
    rationaleAt: [0, text.length],
    answerAt: null,
  };
}

const differ = (before: Saved, after: Saved): boolean =>
  before.label !== after.label || before.rationale !== after.rationale;
