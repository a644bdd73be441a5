import { describe, expect, it } from 'vitest';
import { warningLine } from '../../../electron/cli/template-warnings.ts';
import { batchLine } from '../../../electron/cli/watching.ts';
import type { Batch } from '../../../electron/contract/entities.ts';

const batch: Batch = {
  ...{ id: 'b', extractionId: 'e', remoteId: 'batch_7', state: 'in_progress', requests: 500 },
  ...{
    completed: 120,
    failed: 3,
    collected: false,
    error: null,
    createdAt: '2026-01-01T00:00:00Z',
  },
};

describe('a batch in one line', () => {
  it.each([
    [{}, 'Batch batch_7 of 500 requests: in progress, 120 answered, 3 failed.'],
    [
      { remoteId: null, state: 'submitting', completed: 0, failed: 0 } as const,
      'A batch of 500 requests: being handed over.',
    ],
    [
      { remoteId: null, state: 'failed', completed: 0, failed: 0, collected: true } as const,
      'A batch of 500 requests: refused by the server.',
    ],
    [
      { state: 'completed', requests: 1, completed: 1, failed: 0, collected: true } as const,
      'Batch batch_7 of 1 request: done, 1 answered, collected.',
    ],
  ])('says what is out and what came: %j', (change, line) => {
    expect(batchLine({ ...batch, ...change })).toBe(line);
  });
});

describe('a warning in one line', () => {
  it('names the worked example as a person counts them', () => {
    expect(
      warningLine({ code: 'exemplar-incomplete', exemplar: 0, detail: 'rationale', tokens: null }),
    ).toBe('Template, worked example 1: it lacks its rationale.');
  });

  it('says by how much a prompt is too long', () => {
    const tokens = { needed: 9_000, allowed: 4_096 };
    expect(warningLine({ code: 'too-long', exemplar: null, detail: '', tokens })).toContain(
      'They need 9000 tokens; it takes 4096.',
    );
  });
});
