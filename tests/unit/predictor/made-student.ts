import type { StudentManifest } from '../../../electron/contract/export.ts';
import type {
  Answer,
  AskedStudent,
  AskOptions,
  Question,
} from '../../../electron/predictor/student.ts';
import { explaining } from '../../support/predictor-folder.ts';

export interface MadeOptions {
  readonly threshold?: number | null;
  readonly manifest?: StudentManifest;
  /** What was asked together, batch by batch. */
  readonly batches?: Question[][];
  /** Waited for before each batch is answered. */
  readonly before?: () => Promise<void>;
}

/**
 * A student that answers every question with its own words in capitals, a token a letter, surer of
 * longer ones: 0.25 for two letters, 0.75 for three and more.
 */
export function shouting(options: MadeOptions = {}): AskedStudent {
  const { threshold = null, manifest = explaining, batches = [], before } = options;
  return {
    manifest,
    threshold,
    runtime: 'made for tests',
    ask: async (questions: readonly Question[], { rationale }: AskOptions): Promise<Answer[]> => {
      batches.push([...questions]);
      await before?.();
      return questions.map(({ input }) => {
        const label = input.toUpperCase();
        const confidence = label.length > 2 ? 0.75 : 0.25;
        return {
          label,
          rationale: rationale ? 'loudly' : null,
          confidence,
          asksTeacher: threshold !== null && confidence < threshold,
          ids: Int32Array.from(label, (letter) => letter.charCodeAt(0)),
          rationaleIds: null,
          probabilities: new Float32Array(label.length + 1).fill(0.5),
        };
      });
    },
    countTokens: (questions) => Promise.resolve(questions.map(({ input }) => input.length + 1)),
    texts: (rows) => Promise.resolve(rows.map((ids) => String.fromCharCode(...Array.from(ids)))),
  };
}
