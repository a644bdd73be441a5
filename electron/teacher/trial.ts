import type { ParseRules, Task } from '../contract/entities.ts';
import type { ParseTrial } from '../contract/extraction.ts';
import { isCorrect } from '../core/score.ts';
import { parseCompletion, tryRules } from './parse.ts';
import type { CompiledRules, ParseOptions } from './parse.ts';

/** What rules make of one completion: each of them alone, and all of them in their order. */
export type Trial = Pick<ParseTrial, 'byRule' | 'after' | 'rationaleAt' | 'answerAt'>;

/**
 * Reads one completion with a set of rules, saving nothing.
 *
 * @param gold null where the row has none; then `after.correct` is null
 * @throws StudioError template-invalid when rules that are not compiled have a bad pattern
 */
export function tryCompletion(
  completion: string,
  gold: string | null,
  rules: ParseRules | CompiledRules,
  task: Task,
  options: ParseOptions,
): Trial {
  const parsed = parseCompletion(completion, rules, task, options);
  const { rationale, label, rule, rationaleAt, answerAt } = parsed;
  const correct = gold === null ? null : isCorrect(task, label, gold, options.choices);
  return {
    byRule: tryRules(completion, rules, task, options),
    after: { rationale, label, rule, correct },
    rationaleAt,
    answerAt,
  };
}
