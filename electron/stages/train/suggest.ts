import { runSettingsDefaults } from '../../contract/entities.ts';
import type { Method, RunSettings, Student, StudentPreset } from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import { composeInput } from '../../core/text.ts';
import { openTokenizer } from '../../model/folder.ts';
import type { Tokenizer } from '../../model/tokenizer.ts';
import type { Store } from '../../store/store.ts';
import { newestAnswers } from './create-run.ts';
import { suggestLearning } from './learning.ts';
import { labelSourceOf, suggestLengths } from './prepare.ts';

export interface SuggestInput {
  readonly projectId: string;
  readonly splitId: string;
  readonly method: Method;
  readonly preset: StudentPreset;
  /** Id of a pretrained student, where the preset is `folder`. */
  readonly student: string | null;
  readonly lora: boolean;
}

type Lengths = Pick<RunSettings, 'maxInputTokens' | 'maxLabelTokens' | 'maxRationaleTokens'>;

/** A row as far as its length goes. */
interface Texts {
  readonly input: string;
  readonly label: string | null;
  readonly rationale: string | null;
}

/**
 * Settings that suit the project's rows, the method and the student: how it learns from
 * {@link suggestLearning}, lengths from the data, the label source the method asks for (gold where
 * the rows have gold), and for a student from scratch a tokenizer that is the same for all methods.
 *
 * @throws StudioError not-found, `invalid-input` for a folder that is not named, `tokenizer-invalid`
 *   or `model-invalid` when the student's folder can't be read any more
 */
export async function suggestRunSettings(store: Store, input: SuggestInput): Promise<RunSettings> {
  const project = store.projects.get(input.projectId);
  const counts = store.data.count(input.projectId);
  const members = store.splits.members(input.splitId, 'train');
  const answers = newestAnswers(store, input.projectId);
  const student = studentOf(store, input);
  const texts = members.map((example) => ({
    // In a guess by words, a choice counts with its letter and brackets.
    input:
      student === null
        ? example.input + (example.choices ?? []).join(' a b ')
        : composeInput(example.input, example.choices),
    label: example.gold ?? answers.get(example.id)?.label ?? null,
    rationale: answers.get(example.id)?.rationale ?? null,
  }));
  return {
    ...runSettingsDefaults,
    method: input.method,
    labelSource: labelSourceOf(input.method, counts.withGold > 0 ? 'gold' : 'teacher'),
    rationales: 'parsed',
    lambda: 1,
    preset: input.preset,
    student: student && choiceOf(student),
    tokenizer: student === null ? 'shared' : 'own',
    labelPrefix: 'predict: ',
    rationalePrefix: 'explain: ',
    ...suggestLearning({
      ...{ preset: input.preset, lora: input.lora, rows: members.length },
      student: student?.report ?? null,
    }),
    ...(student === null
      ? suggestLengths(texts, project)
      : await measureLengths(texts, (await openTokenizer(student.folder)).tokenizer)),
    seed: 1,
  };
}

/** The pretrained student that is asked for; null from scratch. @throws StudioError */
function studentOf(store: Store, { preset, student }: SuggestInput): Student | null {
  if (preset !== 'folder') return null;
  if (student !== null) return store.students.get(student);
  throw new StudioError(
    'invalid-input',
    'No pretrained student is chosen.',
    'Choose one of the list, or add its folder first.',
  );
}

/** What a run keeps of its student. @throws StudioError model-invalid when it was never read whole */
export function choiceOf({ id, name, report }: Student): NonNullable<RunSettings['student']> {
  if (report.usable && report.sha256 !== null) return { id, name, sha256: report.sha256 };
  throw new StudioError(
    'model-invalid',
    `“${name}” can't be trained as its folder stands.`,
    report.findings.find(({ severity }) => severity === 'error')?.hint ?? 'Check the folder again.',
  );
}

/** Rows that are enough to tell how long texts are. */
const LENGTH_ROWS = 5_000;
/** Tokens of a prefix that people write. */
const PREFIX_TOKENS = 4;

/** Lengths that hold nearly every row, counted with the student's own tokenizer. */
async function measureLengths(rows: readonly Texts[], tokenizer: Tokenizer): Promise<Lengths> {
  const every = Math.max(1, Math.ceil(rows.length / LENGTH_ROWS));
  const sample = rows.filter((_, index) => index % every === 0);
  const limit = async (texts: (string | null)[], extra: number, low: number, high: number) => {
    const present = texts.filter((text) => text !== null);
    const ids = await tokenizer.encodeAll(present, Number.MAX_SAFE_INTEGER);
    const lengths = ids.map(({ length }) => length).sort((a, b) => a - b);
    const most = lengths[Math.floor(0.998 * (lengths.length - 1))] ?? low;
    return Math.min(high, Math.max(low, 8 * Math.ceil((most + extra) / 8)));
  };
  return {
    maxInputTokens: await limit(
      sample.map(({ input }) => input),
      ...([PREFIX_TOKENS, 32, 512] as const),
    ),
    maxLabelTokens: await limit(
      sample.map(({ label }) => label),
      ...([0, 16, 128] as const),
    ),
    maxRationaleTokens: await limit(
      sample.map(({ rationale }) => rationale),
      ...([0, 32, 256] as const),
    ),
  };
}
