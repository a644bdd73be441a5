import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { cases } from '../graph/cases.ts';
import { adapterTitle, softwareAdapter } from '../../../support/webgpu.ts';

const Report = z.object({
  disagreements: z.record(z.string(), z.number()),
  fusedNorm: z.object({ y: z.number() }),
  keptNorm: z.object({ y: z.number(), rms: z.number(), normalized: z.number() }),
  refusal: z.string(),
  indices: z.object({ fallbacks: z.array(z.string()), ids: z.array(z.number()) }),
  emptyCache: z.array(z.number()),
});

const adapter = softwareAdapter();
const child = fileURLToPath(new URL('./webgpu-child.ts', import.meta.url));

describe.skipIf(adapter === null)(adapterTitle('the WebGPU engine on a software adapter'), () => {
  let report: z.infer<typeof Report>;

  beforeAll(() => {
    const env = { ...process.env, ...adapter };
    const printed = execFileSync(process.execPath, [child], { env, encoding: 'utf8' });
    report = Report.parse(JSON.parse(printed));
  });

  it.each(Object.keys(cases))('computes %s and its gradient as float64 does', (title) => {
    expect(report.disagreements[title]).toBeLessThan(2e-6);
  });

  // The second output of ONNX Runtime's fused normalisation is garbage on this provider.
  it('normalises right where ONNX Runtime fuses it, and where a derivative needs what is inside', () => {
    expect(report.fusedNorm.y).toBeLessThan(2e-6);
    expect(report.keptNorm.y).toBeLessThan(2e-6);
    expect(report.keptNorm.rms).toBeLessThan(2e-6);
    expect(report.keptNorm.normalized).toBeLessThan(2e-6);
  });

  it('refuses a graph that would lose arithmetic to the processor, naming the operation', () => {
    expect(report.refusal).toBe(
      'The engine webgpu cannot run the determinant: Det (1) would run on the processor instead.',
    );
  });

  it('finds the first of the largest without the processor', () => {
    expect(report.indices.ids).toEqual([1, 0, 3]);
    expect(report.indices.fallbacks).toEqual([]);
  });

  it('takes a cache without tokens, and writes into the memory it is given', () => {
    expect(report.emptyCache).toEqual([0, 0, 2, 4, 6, 8, 0, 0]);
  });
});
