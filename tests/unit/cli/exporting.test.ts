import { describe, expect, it } from 'vitest';
import { ExportProof } from '../../../electron/contract/entities.ts';
import type { ExportRecord } from '../../../electron/contract/entities.ts';
import { checkReport, exportReport } from '../../../electron/cli/export-report.ts';
import { readCheckpoint, readFormats } from '../../../electron/cli/exporting.ts';

describe('what is asked of an export', () => {
  it('is a list of formats, each once, or all', () => {
    expect(readFormats('onnx, onnx-int8,onnx')).toEqual(['onnx', 'onnx-int8']);
    expect(readFormats(' all ')).toBe('all');
    expect(() => readFormats('onnx,pickle')).toThrow(/--format takes .*“pickle” is none/);
    expect(() => readFormats(' , ')).toThrow(/names no format/);
  });

  it('is a checkpoint by its word or its step', () => {
    expect(readCheckpoint('best')).toEqual({ which: 'best' });
    expect(readCheckpoint(' last ')).toEqual({ which: 'last' });
    expect(readCheckpoint('250')).toEqual({ which: 'step', step: 250 });
    for (const word of ['first', '-5', '1.5', '', '9'.repeat(30)]) {
      expect(() => readCheckpoint(word)).toThrow(/--checkpoint takes/);
    }
  });
});

describe('the report of an export', () => {
  const record = (proof: Partial<ExportProof> | null): ExportRecord => ({
    ...{ id: 'x', projectId: 'p', runId: 'r', format: 'onnx-int8', step: 50, folder: '/out/a' },
    files: [{ name: 'a', bytes: 12_345_678, sha256: '' }],
    proof:
      proof &&
      ExportProof.parse({
        ...{ rows: 120, equal: 110, part: 'validation', openedWith: 'ONNX Runtime' },
        ...proof,
      }),
    createdAt: '2026-01-01T00:00:00Z',
  });
  const accuracy = (value: number, low: number, high: number) => ({
    run: { accuracy: 0.5, low: 0.41, high: 0.59, correct: 60, rows: 120 },
    exported: { accuracy: 0.5 + value, low: 0.4, high: 0.6, correct: 60, rows: 120 },
    difference: { value, low, high },
  });

  it.each([
    [-0.03, -0.05, -0.01, 'no difference is shown'],
    [-0.2, -0.3, -0.1, "Warning: onnx-int8 is less accurate than the run's student."],
    [0.2, 0.1, 0.3, 'it is better'],
  ])('calls a difference of %s (%s to %s): %s', (value, low, high, verdict) => {
    const report = exportReport([record({ exact: false, accuracy: accuracy(value, low, high) })]);
    expect(report).toContain(verdict);
    expect(report).toMatch(/onnx-int8\s+12\.3 MB\s+110\/120\s+[+-]\d+\.0 \(/);
  });

  it('has no difference where every answer is the same, and none that was not measured', () => {
    expect(exportReport([record({ equal: 120 })])).toContain('none: the same answers');
    expect(exportReport([record({})])).toContain('no row with a gold label');
    expect(exportReport([record(null)])).toContain('not opened here');
  });

  it('names the files that are not as they were', () => {
    const found = { checked: 3, changed: ['a'], missing: ['b'], added: ['c'], certificate: 'd' };
    const report = checkReport('/out/a', { whole: false, ...found });
    expect(report).toMatch(/not as it was exported.*Changed: a.*Missing: b.*certificate: c/s);
  });
});
