import type {
  Extraction,
  ParseRules,
  ParseSummary,
  Project,
  TemplateDraft,
} from '../../contract/entities.ts';
import { settingsHash } from '../../core/hash.ts';
import { isCorrect } from '../../core/score.ts';
import type { Decide, FullExample, NewRationale, Store } from '../../store/store.ts';
import { compileRules, defaultParseRules, parseCompletion } from '../../teacher/parse.ts';
import { suggestTemplate } from '../../teacher/prompt.ts';
import { vote } from '../../teacher/vote.ts';
import { Breath } from './breath.ts';
import { languageOf } from './language.ts';

/** The template an asked extraction uses: its own version, else the built-in one. */
export function templateOf(
  store: Store,
  extraction: Pick<Extraction, 'templateId'>,
  project: Project,
): TemplateDraft {
  return extraction.templateId === null
    ? suggestTemplate(project, languageOf(store, project.id))
    : store.teachers.template(extraction.templateId);
}

/**
 * The rules an extraction's completions are parsed with: those that were chosen for it, else its
 * template's. Recorded completions come from some other prompt and are read by the default rules.
 */
export function rulesOf(store: Store, extraction: Extraction): ParseRules {
  return extraction.parse ?? firstRulesOf(store, extraction);
}

/** The rules an extraction began with. */
function firstRulesOf(store: Store, extraction: Extraction): ParseRules {
  const project = store.projects.get(extraction.projectId);
  return extraction.teacher.kind === 'recorded' && extraction.templateId === null
    ? defaultParseRules(project.task)
    : templateOf(store, extraction, project).parse;
}

/** Turns a saved completion of one extraction into rationale and label. */
export type Reader = (example: FullExample, text: string, sample: number) => NewRationale;

/**
 * The reader for an extraction, with its rules unless others are given. A recorded rationale without
 * a completion goes with the gold label, as in the data sets whose rationales people wrote.
 *
 * @throws StudioError template-invalid when a rule has a bad pattern
 */
export function readerFor(
  store: Store,
  extraction: Extraction,
  rules: ParseRules = rulesOf(store, extraction),
): Reader {
  const { task, labels } = store.projects.get(extraction.projectId);
  const recorded = extraction.teacher.kind === 'recorded';
  const compiled = compileRules(rules);
  return (example, text, sample) => {
    const { id: exampleId, choices, gold } = example;
    const { label, rationale } =
      recorded && example.recordedCompletion === null
        ? { label: gold, rationale: text }
        : parseCompletion(text, compiled, task, { labels, choices });
    const correct = gold === null ? null : isCorrect(task, label, gold, choices);
    return { exampleId, sample, label, rationale, correct };
  };
}

/** How an extraction works out the label of a row from its answers: by majority (self-consistency). */
export function decideFor(
  store: Store,
  { projectId, settings }: Pick<Extraction, 'projectId' | 'settings'>,
): Decide {
  const { task } = store.projects.get(projectId);
  return (exampleId, parses) => {
    // Only the choices of a row decide which of its answers are equal; most rows have one answer.
    const compares = task === 'multiple-choice' && parses.length > 1;
    const choices = compares ? store.data.example(exampleId).choices : null;
    return { exampleId, ...vote(task, choices, parses, settings.keepRationales) };
  };
}

/**
 * Cuts all saved completions of an extraction into rationale and label again; the teacher is not
 * asked. Rules that are given are kept with the extraction. Reading goes on beside other work; the
 * result is saved in one transaction.
 *
 * @throws StudioError not-found; template-invalid when a rule has a bad pattern
 */
export async function parseExtraction(
  store: Store,
  extractionId: string,
  rules: ParseRules | null = null,
): Promise<ParseSummary> {
  const extraction = store.extractions.get(extractionId);
  const read = readerFor(store, extraction, rules ?? undefined);
  const breath = new Breath();
  const rows: NewRationale[] = [];
  for (const { example, sample, text } of store.extractions.completions(extractionId)) {
    rows.push(read(example, text, sample));
    await breath.take();
  }
  store.transaction(() => {
    if (rules !== null) store.extractions.setRules(extractionId, otherThanFirst(rules));
    store.extractions.replaceRationales(extractionId, rows, decideFor(store, extraction));
  });
  return store.extractions.summary(extractionId);

  function otherThanFirst(chosen: ParseRules): ParseRules | null {
    const first = firstRulesOf(store, extraction);
    return settingsHash(chosen) === settingsHash(first) ? null : chosen;
  }
}
