import { describe, expect, it } from 'vitest';
import { leakLine, leakReportText } from '../../../electron/cli/split-report.ts';
import type { LeakReport } from '../../../electron/contract/entities.ts';

const report = (pairs: number, more: boolean): LeakReport => ({
  ...{ key: 'k', rows: 900, threshold: 0.8, heldOut: pairs, moved: 0, shown: [] },
  kinds: [{ kind: 'near', pairs, more, heldOut: pairs, clusters: pairs }],
  checkedAt: '2026-01-01T00:00:00.000Z',
});

describe('what the leak guard found, in words', () => {
  it('says where only some of many alike texts were compared, whether leaks were found or not', () => {
    const limits = 'compared with some of the others only';
    expect(leakReportText(report(3, true))).toContain('at least 3');
    expect(leakReportText(report(3, true))).toContain(limits);
    expect(leakReportText(report(0, true))).toContain('found no leak');
    expect(leakReportText(report(0, true))).toContain(limits);
    expect(leakReportText(report(3, false))).not.toContain(limits);
    expect(leakReportText(report(0, false))).not.toContain(limits);
  });

  it('names what was masked', () => {
    expect(leakLine(2, true)).toContain('once numbers and names are masked: 2.');
    expect(leakLine(2)).toContain('once numbers are masked: 2.');
  });
});
