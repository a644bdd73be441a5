import { describe, expect, it } from 'vitest';
import { estimateTable, spendLine } from '../../../electron/cli/money.ts';
import type { Estimate } from '../../../electron/contract/entities.ts';

const spend = {
  requests: 1_234,
  promptTokens: 500_000,
  completionTokens: 20_000,
  cost: 0.087,
  reused: 0,
  estimated: false,
};

describe('what was used', () => {
  it('is requests, tokens and money', () => {
    expect(spendLine(spend)).toBe(
      '1,234 requests, 500,000 prompt and 20,000 completion tokens, $0.087',
    );
  });

  it('says what was reused, what was counted here, and that there is no price', () => {
    const line = spendLine({ ...spend, cost: null, reused: 5, estimated: true });
    expect(line).toContain('no price known');
    expect(line).toContain('5 answers reused');
    expect(line).toContain('counted here');
  });
});

const estimate: Estimate = {
  answers: 1_980,
  basis: 20,
  promptTokens: { low: 900_000, likely: 1_000_000, high: 1_100_000 },
  completionTokens: { low: 90_000, likely: 100_000, high: 110_000 },
  cost: { low: 0.18, likely: 0.21, high: 0.24 },
  batchCost: null,
  seconds: { low: 50, likely: 60, high: 75 },
  atMost: 1.4,
  price: { input: 0.15, output: 0.6, batchShare: 0.5 },
  spend,
};

describe('an estimate', () => {
  it('shows ranges beside what is likely, and leaves out what is not known', () => {
    const text = estimateTable(estimate);
    expect(text).toMatch(/answers to ask for +1,980/);
    expect(text).toMatch(/money +\$0.21 +\$0.18 to \$0.24/);
    expect(text).toMatch(/time +1:00 min +50 s to 1:15 min/);
    expect(text).toMatch(/at the very most +\$1.40/);
    expect(text).not.toContain('batch');
    expect(text).toContain('20 answers');
  });

  it('asks for a pilot and a price where there is none', () => {
    const unknown = {
      ...estimate,
      ...{ basis: 0, promptTokens: null, completionTokens: null, cost: null, seconds: null },
      ...{ atMost: null, price: null },
    };
    expect(estimateTable(unknown)).toMatch(/--pilot[^]*--price/);
  });
});
