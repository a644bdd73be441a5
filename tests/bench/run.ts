/**
 * Prints how long things take, and with `--write` keeps it in RESULTS.md.
 *
 *   npm run bench                          everything that takes seconds or few minutes
 *   npm run bench -- engine startup        only these
 *   npm run bench -- --write               also into tests/bench/RESULTS.md
 *   npm run bench -- engine --engine webgpu --size tiny,small
 *   npm run bench -- students --seeds 1,2  trains students on the sample (minutes)
 *   npm run bench -- exported --workspace FOLDER --runs ID,ID --part test
 *                                          students of a workspace as ONNX, float32 and eight bits
 *   npm run bench -- coverage             how often intervals hold the truth, by simulation (minutes)
 *   npm run bench -- leak 30               what a training of so many minutes holds in memory
 *   npm run bench -- base                  a model of the size of t5-base (minutes, gigabytes)
 *   npm run bench -- profile --size small  where the time of our training step goes
 *   PYTHON=/path/to/python npm run bench -- pytorch throughput
 *                                          beside PyTorch, with a Python that has torch
 *
 * Options: `--engine`, `--threads`, `--size` and `--rounds` for whatever has them; `--device cuda`
 * and `--fused` (AdamW) for PyTorch; `--rows` for `throughput`; `--steps` for `base` and `students`.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { StudioError } from '../../electron/contract/errors.ts';
import { workerEnvironment } from '../../electron/jobs/host.ts';
import { circumstances } from './measure.ts';
import { readCommandLine, type CommandLine, type Options } from './options.ts';

// Everything is measured in the environment in which the app computes; opponents inherit it.
const { GLIBC_TUNABLES } = workerEnvironment(process.env);
if (GLIBC_TUNABLES !== process.env['GLIBC_TUNABLES']) {
  const env = { ...process.env, GLIBC_TUNABLES };
  const again = spawnSync(process.execPath, process.argv.slice(1), { env, stdio: 'inherit' });
  process.exit(again.status ?? 1);
}

const results = new URL('./RESULTS.md', import.meta.url);
const preface = `# Measurements

Written by \`npm run bench -- --write\`; nothing here is a promise, and no test asserts a time. Each section says when and where it was measured.
`;

interface Section {
  readonly title: string;
  readonly measure: (options: Options) => Promise<string>;
  /** Whether it can be measured on any engine. */
  readonly onEngine: boolean;
}

const section = (title: string, measure: Section['measure'], onEngine = true): Section => ({
  title,
  measure,
  onEngine,
});

/** By the word that asks for it: the section's title and what measures it, loaded when it is asked for. */
const sections: Readonly<Record<string, Section>> = {
  data: section('Data', async () => (await import('./data.ts')).benchData(), false),
  million: section(
    'A million rows',
    async ({ rows }) => (await import('./million.ts')).benchMillion(rows ?? 1_000_000),
    false,
  ),
  rows: section(
    'Rows searched, filtered and reviewed',
    async ({ rows }) => (await import('./review-rows.ts')).benchReviewRows(rows ?? 1_000_000),
    false,
  ),
  'rows-compared': section(
    'Compared rows',
    async ({ rows }) => (await import('./compared-rows.ts')).benchComparedRows(rows ?? 100_000),
    false,
  ),
  coverage: section(
    'Coverage of intervals',
    async () => (await import('./coverage.ts')).benchCoverage(),
    false,
  ),
  engine: section('Engine', async (options) => (await import('./engine.ts')).benchEngine(options)),
  step: section('Training step beside PyTorch', async (options) =>
    (await import('./pytorch.ts')).benchTrainingStep(options),
  ),
  decode: section('Decoding beside PyTorch', async (options) =>
    (await import('./decode.ts')).benchDecoding(options),
  ),
  memory: section('Memory beside PyTorch', async (options) =>
    (await import('./memory.ts')).benchMemory(options),
  ),
  throughput: section('Real rows beside PyTorch', async (options) =>
    (await import('./throughput.ts')).benchThroughput(options),
  ),
  base: section('A model of the size of t5-base', async (options) =>
    (await import('./base.ts')).benchBase(options),
  ),
  profile: section('Profile of the training step', async (options) =>
    (await import('./profile.ts')).benchProfile(options),
  ),
  teacher: section(
    'Asking a teacher',
    async () => (await import('./teacher.ts')).benchTeacher(),
    false,
  ),
  startup: section('Start-up', async () => (await import('./startup.ts')).benchStartup(), false),
  leak: section('A long training', async (options) =>
    (await import('./leak.ts')).benchLeak(options),
  ),
  exported: section(
    'Exported students',
    async (options) => (await import('./exported.ts')).benchExported(options),
    false,
  ),
  students: section(
    'Students on the sample project',
    async ({ seeds, steps }) => (await import('./students.ts')).benchStudents(seeds, steps),
    false,
  ),
};

/** Words that ask for several sections. */
const groups: Readonly<Record<string, readonly string[]>> = {
  pytorch: ['step', 'decode', 'memory'],
};

const line = commandLine();
const { options } = line;
const usual = ['data', 'engine', ...(options.python === null ? [] : ['pytorch']), 'startup'];
const asked = line.sections.length > 0 ? line.sections : usual;
const chosen = asked.flatMap((name) => groups[name] ?? [name]);
const unknown = chosen.filter((name) => !Object.hasOwn(sections, name));
if (unknown.length > 0) {
  const words = [...Object.keys(sections), ...Object.keys(groups)];
  refuse(`There is no “${unknown.join(', ')}”. There are: ${words.join(', ')}.`);
}
if (options.python === null && asked === usual) {
  console.log('PYTHON is not set to a Python with torch: PyTorch is left out.\n');
}
for (const name of chosen) {
  const found = sections[name];
  if (!found) continue;
  const { id } = options.engine;
  const title = found.onEngine && id !== 'cpu' ? `${found.title}, on ${id}` : found.title;
  const where = circumstances();
  const began = performance.now();
  const measured = await found.measure(options).catch(refuseEngine);
  const text = `${where}\n\n${measured}\n`;
  console.log(`## ${title}\n\n${text}`);
  console.error(`(${name} took ${((performance.now() - began) / 1_000).toFixed(0)} s)\n`);
  if (line.write) keep(title, text);
}

function commandLine(): CommandLine {
  try {
    return readCommandLine();
  } catch (caught) {
    return refuse(caught instanceof Error ? caught.message : String(caught));
  }
}

/** An engine that can't be used here says so in a sentence; any other failure keeps its trace. */
function refuseEngine(caught: unknown): never {
  if (caught instanceof StudioError) return refuse(`${caught.message} ${caught.hint}`);
  throw caught;
}

function refuse(sentence: string): never {
  console.error(sentence);
  process.exit(1);
}

/** Replaces one section of the file, or adds it; the others stay as they were measured. */
function keep(title: string, text: string): void {
  const kept = new Map<string, string>();
  for (const part of read().split(/^## /m).slice(1)) {
    const end = part.indexOf('\n');
    kept.set(part.slice(0, end), part.slice(end).trim());
  }
  kept.set(title, text.trim());
  const body = [...kept]
    .sort(([a], [b]) => placeOf(a) - placeOf(b) || a.localeCompare(b))
    .map(([name, content]) => `\n## ${name}\n\n${content}\n`);
  writeFileSync(results, preface + body.join(''));
}

/** Sections stand in the order of the table above, those of other engines after the processor's. */
function placeOf(title: string): number {
  return Object.values(sections).findIndex((known) => title.split(', on ')[0] === known.title);
}

function read(): string {
  try {
    return readFileSync(results, 'utf8');
  } catch {
    return '';
  }
}
