import { runSettingsDefaults } from '../../contract/entities.ts';
import type { Method, RunSettings } from '../../contract/entities.ts';
import { presetDefaults } from '../../model/presets.ts';
import type { Store } from '../../store/store.ts';
import { newestAnswers } from './create-run.ts';
import { labelSourceOf, suggestLengths } from './prepare.ts';

/**
 * Settings that suit the project's rows: the preset's recipe, lengths from the data, the label
 * source the method asks for (gold for step-by-step where the rows have gold).
 */
export function suggestRunSettings(
  store: Store,
  input: { projectId: string; splitId: string; method: Method },
): RunSettings {
  const project = store.projects.get(input.projectId);
  const counts = store.data.count(input.projectId);
  const examples = store.splits.members(input.splitId, 'train');
  const answers = newestAnswers(store, input.projectId);
  return {
    ...runSettingsDefaults,
    method: input.method,
    labelSource: labelSourceOf(input.method, counts.withGold > 0 ? 'gold' : 'teacher'),
    rationales: 'parsed',
    lambda: 1,
    preset: 'micro',
    labelPrefix: 'predict: ',
    rationalePrefix: 'explain: ',
    ...presetDefaults.micro,
    ...suggestLengths(
      examples.map((example) => ({
        input: example.input + (example.choices ?? []).join(' a b '),
        label: example.gold ?? answers.get(example.id)?.label ?? null,
        rationale: answers.get(example.id)?.rationale ?? null,
      })),
      project,
    ),
    seed: 1,
  };
}
