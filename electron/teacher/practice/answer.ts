import { seedFrom } from '../../core/hash.ts';
import { Random } from '../../core/random.ts';
import { withMistake } from './mistakes.ts';
import { readProblem } from './solver.ts';

/** A completion as the practice teacher's server sends it. */
export interface PracticeAnswer {
  readonly text: string;
  readonly finishReason: 'stop' | 'length';
}

/** Share of problems that the practice teacher gets wrong. */
export const mistakeShare = 0.15;
/** Share of completions that go on into a problem nobody asked. */
const runOnShare = 0.3;
/** Share of completions that end before the answer phrase. */
const unfinishedShare = 0.01;

const ignorance = "I only know the sample project's problems.";

/** Problems that completions run on into. They are cut away again, as those of a real model are. */
const inventedProblems = [
  'Q: Mona has 14 kites. 5 of the kites get lost. How many kites are left?\nA: Mona has 14 minus 5 kites. So the answer is 14 - 5.',
  'Q: A bus takes 31 people to the fair on each trip. How many people go on 4 trips?\nA: There are 4 trips, so it is 31 times',
  'Q: Leo fills 3 bags with 8 plums each. How many plums are there?\nA: The bags hold 3 times 8 plums. So the answer is 3 * 8.\n\nQ: Leo fills',
];

/**
 * The practice teacher's completion for one problem. It depends on the problem's text and the variant
 * alone: asked again, it says the same. Problems outside the sample project it does not know, and
 * says so.
 */
export function answerProblem(problem: string, variant = 0): PracticeAnswer {
  const solution = readProblem(problem);
  if (solution === null) return { text: ignorance, finishReason: 'stop' };
  const random = new Random(seedFrom(variant === 0 ? problem : `${problem}\n${variant}`));
  const [mistake, unfinished, runOn] = [random.next(), random.next(), random.next()];
  const { rationale, answer } =
    mistake < mistakeShare ? withMistake(solution, problem, random) : solution;
  if (unfinished < unfinishedShare) return { text: rationale, finishReason: 'length' };
  const text = `${rationale} So the answer is ${answer}.`;
  return runOn < runOnShare
    ? { text: `${text}\n\n${random.pick(inventedProblems)}`, finishReason: 'length' }
    : { text, finishReason: 'stop' };
}
