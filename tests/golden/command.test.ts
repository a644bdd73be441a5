import { cp, mkdir, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { runGolden } from './command.ts';
import { present, sharedFolder, titled } from './fixture.ts';

let parent = '';
let folder = '';
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'golden-'));
  folder = join(parent, 'copy');
});
afterEach(async () => {
  await rm(parent, { recursive: true, force: true });
});

/** The command's exit code and the lines it printed. */
async function golden(...args: string[]): Promise<{ code: number; lines: string[] }> {
  const lines: string[] = [];
  const code = await runGolden(args, (line) => lines.push(line));
  return { code, lines };
}

/** The start of every line that names a quantity beyond its tolerance. */
const beyond = (lines: readonly string[]): string[] =>
  lines.flatMap((line) => /^ {2}(.*?) {2,}.*BEYOND/.exec(line)?.[1] ?? []);

const Json = z.record(z.string(), z.unknown());

async function changeJson(
  name: string,
  change: (content: Record<string, unknown>) => Record<string, unknown>,
): Promise<void> {
  const path = join(folder, name);
  const content = change(Json.parse(JSON.parse(await readFile(path, 'utf8'))));
  await writeFile(path, JSON.stringify(content));
}

/** A model's folder whose numbers take a second to check: without the training runs. */
async function copyModel(): Promise<void> {
  await cp(sharedFolder('t5-v1_0-tiny'), folder, { recursive: true, mode: 0 });
  await makeWritable(['io.json', 'model.safetensors', 'config.json']);
  await changeJson('io.json', ({ train, multitask, ...kept }) => {
    expect([train, multitask]).not.toContain(undefined);
    return kept;
  });
}

/** The reference numbers may be read-only, and so are copies of them. */
async function makeWritable(names: readonly string[]): Promise<void> {
  for (const name of names) {
    const content = await readFile(join(folder, name));
    await rm(join(folder, name));
    await writeFile(join(folder, name), content);
  }
}

describe('golden', () => {
  it('says what is wrong with its arguments and its folder', async () => {
    expect(await golden()).toMatchObject({ code: 1 });
    expect(await golden('a', 'b')).toMatchObject({ code: 1 });
    const unknown = await golden('a', '--engine', 'abacus');
    expect(unknown.lines.join()).toContain('npm run golden -- DIR');
    expect((await golden('a', '--threads', '0')).code).toBe(1);
    const absent = await golden(join(folder, 'absent'));
    expect(absent.code).toBe(1);
    expect(absent.lines.at(-1)).toContain('There is no folder “absent”.');
    await mkdir(folder);
    const nothing = await golden(folder);
    expect(nothing.code).toBe(1);
    expect(nothing.lines.at(-1)).toContain(
      '“copy” has neither io.json (a model) nor expected.json',
    );
  });
});

describe.skipIf(!present)(titled('golden on changed copies of the reference numbers'), () => {
  it('passes a copy that is only shorter, and says what it lacks', async () => {
    await copyModel();
    const { code, lines } = await golden(folder, '--threads', '1');
    expect(lines.at(-1)).toMatch(/^\d\d within tolerance, 0 beyond$/);
    expect(lines.join('\n')).toMatch(
      /step-by-step loss +- +not checked: io\.json does not record it/,
    );
    expect(code).toBe(0);
  });

  it('finds one changed weight', async () => {
    await copyModel();
    const file = await open(join(folder, 'model.safetensors'), 'r+');
    const { size } = await file.stat();
    // The last tensor is not empty, and one more unit in a weight is no rounding error.
    await file.write(new Uint8Array(Float32Array.of(3).buffer), 0, 4, size - 4);
    await file.close();
    const { code, lines } = await golden(folder, '--threads', '1');
    expect(code).toBe(1);
    expect(beyond(lines).length).toBeGreaterThan(2);
    expect(lines.at(-1)).toMatch(/^\d+ within tolerance, [1-9]\d* beyond$/);
  });

  it.each([
    ['forward_without_attention_mask', { loss: 20 }, 'loss with padding read as tokens'],
    ['grad_total_norm', 1, 'gradient norm of all'],
    [
      'generate',
      {
        greedy: [
          [0, 5, 1],
          [0, 5, 1],
          [0, 5, 1],
        ],
      },
      'greedy: rows with other ids',
    ],
    ['grad_norm_per_param', { 'shared.weight': 1 }, 'gradient norm of every parameter'],
  ])('finds a changed %s', async (key, value, quantity) => {
    await copyModel();
    await changeJson('io.json', (content) => ({ ...content, [key]: value }));
    const { code, lines } = await golden(folder, '--threads', '1');
    expect(code).toBe(1);
    expect(beyond(lines).every((line) => line.startsWith(quantity))).toBe(true);
    expect(beyond(lines).length).toBeGreaterThan(0);
  });

  it('finds changed ids of a string', async () => {
    await cp(sharedFolder('tokenizer'), folder, { recursive: true });
    await makeWritable(['expected.json']);
    await changeJson('expected.json', ({ cases, ...rest }) => {
      const list = z.array(Json).parse(cases);
      return { ...rest, cases: list.map((one, i) => (i === 0 ? { ...one, ids: [7, 1] } : one)) };
    });
    const { code, lines } = await golden(folder);
    expect(code).toBe(1);
    expect(beyond(lines)).toContain('strings with other ids, where the references agree (of 48)');
  });

  it('names the file that cannot be read', async () => {
    await copyModel();
    await writeFile(join(folder, 'io.json'), '{"inputs": 3}');
    expect((await golden(folder)).lines.at(-1)).toContain('io.json in “copy” is wrong at inputs');
    await writeFile(join(folder, 'io.json'), '{');
    expect((await golden(folder)).lines.at(-1)).toContain(
      'io.json in “copy” cannot be read as JSON',
    );
    await copyModel();
    await rm(join(folder, 'model.safetensors'));
    const { code, lines } = await golden(folder);
    expect(code).toBe(1);
    expect(lines.at(-1)).toContain('has no model.safetensors');
  });
});
