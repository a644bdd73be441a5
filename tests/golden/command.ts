import { basename, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { StudioError } from '../../electron/contract/errors.ts';
import type { Engine } from '../../electron/model/engines/engine.ts';
import { openEngine } from '../../electron/model/engines/preflight.ts';
import { checkFolder, foldersIn } from './check.ts';
import type { Outcome } from './finding.ts';
import { countFindings, groupLines } from './report.ts';

/**
 * `npm run golden -- DIR [--engine cpu|webgpu|cuda|tensorflow] [--threads N]`: compares an engine
 * with the numbers of a reference implementation and ends with 1 when any is beyond its tolerance.
 */

const USAGE = 'npm run golden -- DIR [--engine cpu|webgpu|cuda|tensorflow] [--threads N]';
const Settings = z.object({
  folder: z.string(),
  engine: z.enum(['cpu', 'webgpu', 'cuda', 'tensorflow']),
  threads: z.coerce.number().int().min(1).max(1024).optional(),
});
type Settings = z.infer<typeof Settings>;

/** @returns the exit code */
export async function runGolden(
  args: readonly string[],
  print: (line: string) => void,
): Promise<number> {
  try {
    return await checkAll(parse(args), print);
  } catch (caught) {
    if (!(caught instanceof StudioError)) throw caught;
    print(`${caught.message} ${caught.hint}`);
    return 1;
  }
}

async function checkAll(settings: Settings, print: (line: string) => void): Promise<number> {
  const { engine: id, threads, folder } = settings;
  let opened: Promise<Engine> | null = null;
  const engine = (): Promise<Engine> =>
    (opened ??= openEngine({ id, ...(threads === undefined ? {} : { threads }) }));
  print(`Engine ${id}${threads === undefined ? '' : `, threads: ${threads}`}`);
  const all: Outcome[] = [];
  for (const path of await foldersIn(resolve(folder))) {
    print(`
${basename(path)}`);
    for await (const group of checkFolder(path, engine)) {
      groupLines(group).forEach(print);
      all.push(...group.outcomes);
    }
  }
  print('');
  const { within, beyond } = countFindings(all);
  print(`${within} within tolerance, ${beyond} beyond`);
  return beyond > 0 || within === 0 ? 1 : 0;
}

function parse(args: readonly string[]): Settings {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { engine: { type: 'string', default: 'cpu' }, threads: { type: 'string' } },
    });
    const [folder, ...more] = positionals;
    if (more.length === 0) return Settings.parse({ folder, ...values });
  } catch (cause) {
    throw usage(cause);
  }
  throw usage();
}

function usage(cause?: unknown): StudioError {
  return new StudioError('invalid-input', 'These arguments are not understood.', USAGE, { cause });
}
