import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { plainFormat } from '../../../../electron/model/answering.ts';
import { shellLauncher } from '../../../../electron/model/export/launchers.ts';
import { askPredictor } from '../../../../electron/model/export/predictor-process.ts';

let folder = '';
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'stepwise-predictor-')));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Repeats what it is asked in its answer, as the predictor does. */
const repeating = `
process.stdout.write('{"runtime":"made up"}\\n');
let rest = '';
process.stdin.setEncoding('utf8').on('data', (text) => {
  const lines = (rest + text).split('\\n');
  rest = lines.pop();
  for (const line of lines) {
    const { input } = JSON.parse(line);
    process.stdout.write(JSON.stringify({ input, student_label: input }) + '\\n');
  }
});
`;

describe('the predictor as the app asks it', () => {
  it('answers texts with any sign that ends a line somewhere', async () => {
    const program = join(folder, 'program.mjs');
    await writeFile(program, repeating);
    const opened = await askPredictor({ program, folder });
    const inputs = ['a\u2028b', 'c\u2029d', 'e\u0085f\rg', 'one\ntwo', '한국어 😀'];
    const options = { rationale: false, now: () => 0 };
    const answers = await opened.answer(inputs, plainFormat, options);
    await opened.dispose();
    expect(answers.map(({ label }) => label)).toEqual(inputs);
  });
});

describe.skipIf(process.platform === 'win32')('the launcher for shells', () => {
  it('finds its folder whatever the folder and the surroundings are called', async () => {
    const names = ['-p', 'it\'s 100% "odd" 한국어', 'sub'];
    for (const name of names) {
      await mkdir(join(folder, name));
      await writeFile(join(folder, name, 'predict.sh'), shellLauncher);
      const program = 'console.log(process.argv.slice(1).join("|"))';
      await writeFile(join(folder, name, 'predictor.mjs'), program);
      // A shell that prints where it goes, and might go elsewhere.
      await mkdir(join(folder, 'elsewhere', name), { recursive: true });
      const env = { ...process.env, CDPATH: join(folder, 'elsewhere') };
      const said = execFileSync(
        'sh',
        [join(name, 'predict.sh').replace(/^-/, './-'), 'a b', '$HOME'],
        {
          ...{ cwd: folder, env, encoding: 'utf8' },
        },
      );
      expect(said).toBe(`${join(folder, name, 'predictor.mjs')}|a b|$HOME\n`);
    }
  });
});
