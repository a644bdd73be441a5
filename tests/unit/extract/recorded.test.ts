import { describe, expect, it } from 'vitest';
import { wilson } from '../../../electron/core/statistics.ts';
import {
  ensureRecordedExtraction,
  parseExtraction,
} from '../../../electron/stages/extract/index.ts';
import { answersPage } from '../../support/answers.ts';
import { projectWith, runExtraction, tempStore } from './support.ts';

describe('recorded answers', () => {
  it('are copied and read once, and completions go before rationales', async () => {
    const store = tempStore();
    const project = projectWith(store, 'multiple-choice', [
      {
        input: 'Which is green?',
        choices: ['sky', 'grass'],
        gold: 'grass',
        completion: 'Plants are. So the answer is (b) grass.\n\nQ: And blue?',
        rationale: 'not used',
      },
      {
        input: 'Which is blue?',
        choices: ['sky', 'grass'],
        gold: 'sky',
        completion: 'So the answer is (b) grass.',
      },
      { input: 'Which is red?', choices: ['sky', 'rose'], gold: 'rose', completion: 'Hm.' },
      { input: 'Which is up?', choices: ['sky', 'rose'], gold: 'sky', rationale: 'Look up.' },
      { input: 'Which is sour?', choices: ['sky', 'rose'], gold: 'rose' },
    ]);
    const { id } = ensureRecordedExtraction(store, project.id);
    expect(ensureRecordedExtraction(store, project.id).id).toBe(id);

    const { progress } = await runExtraction(store, id);
    expect(progress.at(-1)).toEqual({ done: 4, total: 4, phase: 'working' });
    const summary = {
      rows: 4,
      parsed: 3,
      unparsed: 1,
      correct: 2,
      accuracy: 0.5,
      score: wilson(2, 4),
    };
    expect(store.extractions.summary(id)).toEqual(summary);
    const { rows } = answersPage(store, id, 'answered', { offset: 0, limit: 10 });
    expect(rows.map(({ label, rationale, correct }) => [label, rationale, correct])).toEqual([
      ['grass', 'Plants are.', true],
      ['grass', null, false],
      [null, 'Hm.', false],
      ['sky', 'Look up.', true],
    ]);

    expect(await parseExtraction(store, id)).toEqual(summary);
    expect(answersPage(store, id, 'answered', { offset: 0, limit: 10 }).rows).toEqual(rows);
  });

  it('go on where a stop left them, in large projects too', async () => {
    const store = tempStore();
    const project = projectWith(
      store,
      'text',
      Array.from({ length: 1_700 }, (_, index) => ({
        input: `Row ${index}`,
        gold: 'x',
        completion: 'So the answer is x.',
      })),
    );
    const { id } = ensureRecordedExtraction(store, project.id);
    const stop = new AbortController();
    const running = runExtraction(store, id, stop);
    stop.abort('pause');
    await running;
    const { completed } = store.extractions.get(id);
    expect(completed).toBeGreaterThan(0);
    expect(completed).toBeLessThan(1_700);
    await runExtraction(store, id);
    expect(store.extractions.summary(id)).toMatchObject({ rows: 1_700, correct: 1_700 });
  });

  it('say so when there are none', async () => {
    const store = tempStore();
    const project = projectWith(store, 'text', [{ input: 'Bare row' }]);
    const { id } = ensureRecordedExtraction(store, project.id);
    await expect(runExtraction(store, id)).rejects.toMatchObject({ code: 'rows-missing' });
  });
});
