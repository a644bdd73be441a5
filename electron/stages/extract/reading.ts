import type {
  Extraction,
  ParseRules,
  ParseSummary,
  Project,
  Sample,
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

/** Where the rationale and the answer stand in a completion, from and to. */
export interface Places {
  rationaleAt: [number, number] | null;
  answerAt: [number, number] | null;
}

/**
 * Where what was read from a completion stands in it: null where it stands nowhere as it is, or where
 * reading it again gives something else than what is saved.
 * @throws StudioError template-invalid when a rule has a bad pattern
 */
export function placesIn(
  store: Store,
  extraction: Extraction,
  example: FullExample,
  saved: Pick<Sample, 'completion' | 'label' | 'rationale'> | null,
): Places {
  const text = saved?.completion ?? null;
  if (saved === null || text === null) return { rationaleAt: null, answerAt: null };
  if (extraction.teacher.kind === 'recorded' && example.recordedCompletion === null) {
    return { rationaleAt: saved.rationale === text ? [0, text.length] : null, answerAt: null };
  }
  const { task, labels } = store.projects.get(extraction.projectId);
  const options = { labels, choices: example.choices };
  const parsed = parseCompletion(text, rulesOf(store, extraction), task, options);
  return {
    rationaleAt: parsed.rationale === saved.rationale ? parsed.rationaleAt : null,
    answerAt: parsed.label === saved.label ? parsed.answerAt : null,
  };
}

/**
 * How an extraction works out the label of a row from its answers: by majority (self-consistency).
 * At temperature 0 all samples are one answer, asked for once: it counts as one, so that copies are
 * never taken for agreement.
 */
export function decideFor(
  store: Store,
  { projectId, settings }: Pick<Extraction, 'projectId' | 'settings'>,
): Decide {
  const { task } = store.projects.get(projectId);
  return (exampleId, parses) => {
    // Only the choices of a row decide which of its answers are equal; most rows have one answer.
    const compares = task === 'multiple-choice' && parses.length > 1;
    const choices = compares ? store.data.example(exampleId).choices : null;
    const verdict = { exampleId, ...vote(task, choices, parses, settings.keepRationales) };
    return settings.temperature > 0
      ? verdict
      : { ...verdict, votes: Math.min(verdict.votes, 1), answers: 1 };
  };
}

/** Answers saved in one transaction; a few more where the answers to one row end later. */
const answersAtOnce = 500;

/**
 * Cuts all saved completions of an extraction into rationale and label again; the teacher is not
 * asked. Rules that are given are kept with the extraction first.
 *
 * Up to 500 answers are saved in one transaction. Of more each transaction takes so many, so that
 * everything else goes on meanwhile: 100,000 would hold it up for five seconds. A process that ends
 * in between leaves the rest as it was; parsing again with the rules that are kept then finishes it.
 *
 * @throws StudioError not-found; template-invalid when a rule has a bad pattern
 */
export async function parseExtraction(
  store: Store,
  extractionId: string,
  rules: ParseRules | null = null,
): Promise<ParseSummary> {
  const { extractions } = store;
  const extraction = extractions.get(extractionId);
  const read = readerFor(store, extraction, rules ?? undefined);
  const decide = decideFor(store, extraction);
  let keep = rules;
  const save = (rows: readonly NewRationale[]): void =>
    store.transaction(() => {
      if (keep !== null) extractions.setRules(extractionId, ownRules(store, extraction, keep));
      keep = null;
      extractions.saveRationales(extractionId, rows, decide);
    });
  const breath = new Breath();
  let rows: NewRationale[] = [];
  for (const { example, sample, text } of extractions.completions(extractionId)) {
    if (rows.length >= answersAtOnce && rows.at(-1)?.exampleId !== example.id) {
      save(rows);
      rows = [];
    }
    rows.push(read(example, text, sample));
    await breath.take();
  }
  save(rows);
  return extractions.summary(extractionId);
}

/** Rules that an extraction has beside those it began with; null for those. */
function ownRules(store: Store, extraction: Extraction, rules: ParseRules): ParseRules | null {
  const first = firstRulesOf(store, extraction);
  return settingsHash(rules) === settingsHash(first) ? null : rules;
}
