import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { adapterTitle, softwareAdapter } from '../support/webgpu.ts';
import { models, present, sharedFolder, titled } from './fixture.ts';

const adapter = softwareAdapter();
const child = fileURLToPath(new URL('./webgpu-child.ts', import.meta.url));

/** What the engine computes; `npm run golden -- DIR --engine webgpu` also follows the optimizers. */
const groups = ['forward pass', 'loss', 'gradients', 'greedy decoding'];

for (const name of models) {
  const title = titled(adapterTitle(`${name} against the reference, on webgpu in software`));
  describe.skipIf(!present || adapter === null)(title, () => {
    it(`is within tolerance: ${groups.join(', ')}`, { timeout: 300_000 }, async () => {
      const { stdout } = await promisify(execFile)(
        process.execPath,
        [child, sharedFolder(name), ...groups],
        { env: { ...process.env, ...adapter } },
      );
      const nothingWrong = Object.fromEntries(groups.map((group) => [group, []]));
      expect(JSON.parse(stdout)).toEqual(nothingWrong);
    });
  });
}
