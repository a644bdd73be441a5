/**
 * Prints how long things take, and with `--write` keeps it in RESULTS.md.
 *
 *   npm run bench                          everything that takes seconds
 *   npm run bench -- engine startup        only these
 *   npm run bench -- --write               also into tests/bench/RESULTS.md
 *   npm run bench -- students --seeds 1,2  trains students on the sample (minutes)
 *   PYTHON=/path/to/python npm run bench   the engine beside PyTorch, with a Python that has torch
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { benchData } from './data.ts';
import { benchEngine } from './engine.ts';
import { circumstances } from './measure.ts';
import { benchPyTorch } from './pytorch.ts';
import { benchStartup } from './startup.ts';
import { benchStudents } from './students.ts';

const results = new URL('./RESULTS.md', import.meta.url);
const preface = `# Measurements

Written by \`npm run bench -- --write\`; nothing here is a promise, and no test asserts a time. Each section says when and where it was measured.
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    write: { type: 'boolean', default: false },
    seeds: { type: 'string', default: '1,2,3' },
    steps: { type: 'string' },
  },
});
const python = process.env['PYTHON'];

/** By the word that asks for it: the section's title and what measures it. */
const sections: Record<string, { title: string; measure: () => Promise<string> }> = {
  data: { title: 'Data', measure: benchData },
  engine: { title: 'Engine', measure: benchEngine },
  pytorch: { title: 'Beside PyTorch', measure: () => benchPyTorch(python ?? 'python3') },
  startup: { title: 'Start-up', measure: benchStartup },
  students: {
    title: 'Students on the sample project',
    measure: () =>
      benchStudents(
        values.seeds.split(',').map(Number),
        values.steps === undefined ? null : Number(values.steps),
      ),
  },
};

const usual = ['data', 'engine', ...(python === undefined ? [] : ['pytorch']), 'startup'];
const chosen = positionals.length > 0 ? positionals : usual;
const unknown = chosen.filter((name) => !Object.hasOwn(sections, name));
if (unknown.length > 0) {
  console.error(
    `There is no “${unknown.join(', ')}”. There are: ${Object.keys(sections).join(', ')}.`,
  );
  process.exit(1);
}
if (python === undefined && chosen === usual) {
  console.log('PYTHON is not set to a Python with torch: PyTorch is left out.\n');
}
for (const name of chosen) {
  const section = sections[name];
  if (!section) continue;
  const where = circumstances();
  const text = `${where}\n\n${await section.measure()}\n`;
  console.log(`## ${section.title}\n\n${text}`);
  if (values.write) keep(section.title, text);
}

/** Replaces one section of the file, or adds it; the others stay as they were measured. */
function keep(title: string, text: string): void {
  const kept = new Map<string, string>();
  for (const part of read().split(/^## /m).slice(1)) {
    const end = part.indexOf('\n');
    kept.set(part.slice(0, end), part.slice(end).trim());
  }
  kept.set(title, text.trim());
  const order = Object.values(sections).map((section) => section.title);
  const body = [...kept]
    .sort(([a], [b]) => order.indexOf(a) - order.indexOf(b))
    .map(([name, content]) => `\n## ${name}\n\n${content}\n`);
  writeFileSync(results, preface + body.join(''));
}

function read(): string {
  try {
    return readFileSync(results, 'utf8');
  } catch {
    return '';
  }
}
