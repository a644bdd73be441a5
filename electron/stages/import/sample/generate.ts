import { StudioError } from '../../../contract/errors.ts';
import { Random } from '../../../core/random.ts';
import { maskNumbers } from '../../../core/text.ts';
import { readProblem } from '../../../teacher/practice/solver.ts';
import { Draw } from './draw.ts';
import { distractors, families } from './families.ts';

/** One generated row. */
export interface SampleRow {
  id: string;
  /** Which story family it tells. */
  family: string;
  /** The problem in two to five sentences, the last one the question. */
  input: string;
  /** The gold answer: an expression such as `( 11 * 15 ) - 16`. */
  label: string;
  /** A right rationale of two to four sentences, as the practice teacher writes it when it makes no mistake. */
  rationale: string;
}

/** Share of rows with a sentence whose number no answer needs. */
const distractorShare = 0.25;
/** Draws in a row that gave nothing new before the word lists count as used up. */
const patience = 20_000;

/**
 * Generates arithmetic word problems. The same `rows` and `seed` give the same rows, and a longer
 * list begins with the shorter one.
 *
 * No two rows have the same text once numbers are masked, so a row held out for testing is never a
 * training row with other numbers; and within a row all numbers differ, so that which number an
 * answer took from where is never in doubt.
 *
 * @throws StudioError invalid-input when there are not that many different stories
 */
export function generateSample({ rows, seed }: { rows: number; seed: number }): SampleRow[] {
  const draw = new Draw(new Random(seed));
  const seen = new Set<string>();
  const sample: SampleRow[] = [];
  let misses = 0;
  while (sample.length < rows) {
    const family = draw.pick(families);
    const { input, label } = tellStory(draw, family.tell);
    const masked = maskNumbers(input);
    if (seen.has(masked) || repeatsNumber(input)) {
      if (++misses > patience) throw tooMany(rows, sample.length);
      continue;
    }
    misses = 0;
    seen.add(masked);
    const id = `sample-${sample.length + 1}`;
    sample.push({ id, family: family.id, input, label, rationale: rationaleFor(input) });
  }
  return sample;
}

function tellStory(
  draw: Draw,
  tell: (draw: Draw) => { facts: string[]; anyOrder: boolean; question: string; label: string },
): { input: string; label: string } {
  const story = tell(draw);
  const sentences = story.anyOrder ? draw.shuffle(story.facts) : story.facts.slice();
  if (draw.chance(distractorShare)) {
    // A fixed-order story opens with its own first fact or with the distractor, never is cut in two.
    const at = story.anyOrder ? draw.number(0, sentences.length) : 0;
    sentences.splice(at, 0, draw.pick(distractors)(draw));
  }
  return { input: [...sentences, story.question].join(' '), label: story.label };
}

/** The practice teacher reads every story that is told here; one that it can't is a defect. */
function rationaleFor(input: string): string {
  const solution = readProblem(input);
  if (solution === null) throw new Error(`no reading rule fits this story: ${input}`);
  return solution.rationale;
}

function repeatsNumber(text: string): boolean {
  const numbers = text.match(/\d+/g) ?? [];
  return new Set(numbers).size < numbers.length;
}

function tooMany(wanted: number, found: number): StudioError {
  return new StudioError(
    'invalid-input',
    `The sample's word lists make no ${wanted} different stories; ${found} were found.`,
    'Ask for fewer rows.',
  );
}
