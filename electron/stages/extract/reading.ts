import type { Extraction, ParseRules, ParseSummary, Project } from '../../contract/entities.ts';
import { isCorrect } from '../../core/score.ts';
import type { FullExample, NewRationale, Store } from '../../store/store.ts';
import { defaultParseRules, parseCompletion } from '../../teacher/parse.ts';
import { suggestTemplate } from '../../teacher/prompt.ts';
import type { TemplateDraft } from '../../teacher/prompt.ts';

/** The template an asked extraction uses: its own version, else the built-in one. */
export function templateOf(store: Store, extraction: Extraction, project: Project): TemplateDraft {
  return extraction.templateId === null
    ? suggestTemplate(project)
    : store.teachers.template(extraction.templateId);
}

/** Turns a saved completion of one extraction into rationale and label. */
export type Reader = (example: FullExample, text: string) => NewRationale;

/**
 * The reader for an extraction. Recorded completions come from some other prompt and are read by the
 * default rules; a recorded rationale without a completion goes with the gold label, as in the data
 * sets whose rationales people wrote; asked completions are read by their template's rules.
 */
export function readerFor(store: Store, extraction: Extraction): Reader {
  const project = store.projects.get(extraction.projectId);
  const recorded = extraction.teacher.kind === 'recorded';
  const rules: ParseRules =
    recorded && extraction.templateId === null
      ? defaultParseRules(project.task)
      : templateOf(store, extraction, project).parse;
  return (example, text) => {
    const { id: exampleId, choices, gold } = example;
    const { label, rationale } =
      recorded && example.recordedCompletion === null
        ? { label: gold, rationale: text }
        : parseCompletion(text, rules, project.task, { labels: project.labels, choices });
    const correct = gold === null ? null : isCorrect(project.task, label, gold, choices);
    return { exampleId, label, rationale, correct };
  };
}

/**
 * Cuts all saved completions of an extraction into rationale and label again, in one transaction;
 * the teacher is not asked.
 *
 * @throws StudioError not-found
 */
export function parseExtraction(store: Store, extractionId: string): ParseSummary {
  const read = readerFor(store, store.extractions.get(extractionId));
  const rows: NewRationale[] = [];
  for (const { example, text } of store.extractions.completions(extractionId)) {
    rows.push(read(example, text));
  }
  store.extractions.replaceRationales(extractionId, rows);
  return store.extractions.summary(extractionId);
}
