import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { spawnSync } from 'node:child_process';
import { basename, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { StudentManifest } from '../../../electron/contract/export.ts';
import { sha256 } from '../../../electron/core/hash.ts';
import { checkFolder, readCertificate } from '../../../electron/model/export/certificate.ts';
import { attempt, exportGround, usualChild } from './support.ts';
import type { Ground } from './support.ts';

let ground: Ground;
beforeEach(async () => {
  ground = await exportGround();
});

const list = () => ground.studio.store.exports.list(ground.project.id);
const names = () => readdirSync(ground.exports).sort();
const text = (...path: string[]) => readFileSync(join(ground.exports, ...path), 'utf8');

describe('an export', () => {
  it('is written, tried, certified and recorded, format by format', async () => {
    const formats = ['huggingface', 'onnx-int8'] as const;
    const work = attempt(ground, { name: 'Small one', formats: [...formats], proofRows: 10 });
    expect(await work.run()).toBeNull();
    expect(names()).toEqual(['small-one', 'small-one-onnx-int8']);
    const [first, second] = list();
    expect(first).toMatchObject({
      ...{ format: 'huggingface', step: 50, folder: join(ground.exports, 'small-one') },
      proof: { rows: 10, equal: 10, exact: true, part: 'validation', openedWith: 'huggingface' },
    });
    expect(second).toMatchObject({ format: 'onnx-int8', proof: { exact: false } });
    expect(first?.files.map(({ name }) => name)).toEqual([
      ...['README.md', 'config.json', 'stepwise.json', 'trained-on.json', 'within/weights.bin'],
    ]);
    const certificate = await readCertificate(join(ground.exports, 'small-one'));
    expect(certificate).toMatchObject({
      ...{ exported: 'huggingface', files: first?.files, proof: first?.proof },
      student: { project: 'Apples', run: 'tiny', runId: ground.run.id, step: 50 },
    });
    expect(await checkFolder(join(ground.exports, 'small-one'))).toMatchObject({
      ...{ whole: true, checked: 5, changed: [], missing: [], added: [] },
      certificate: expect.any(String),
    });
    // The run's own answers are decoded once for both.
    const proven = work.tasks.filter(({ kind }) => kind === 'prove');
    expect(proven.map((task) => 'format' in task && task.format)).toEqual([null, ...formats]);
  });

  it('has the very name of a folder that was named for one format', async () => {
    const folder = join(ground.exports, 'Just this');
    expect(
      await attempt(ground, { folder, formats: ['onnx-int8'], proofRows: 4 }).run(),
    ).toBeNull();
    expect(names()).toEqual(['Just this']);
    expect(list()).toMatchObject([{ format: 'onnx-int8', folder }]);
  });

  it('says where its student comes from', async () => {
    expect(await attempt(ground, { name: 'one' }).run()).toBeNull();
    const manifest = StudentManifest.parse(JSON.parse(text('one', 'stepwise.json')));
    expect(manifest.origin).toMatchObject({
      ...{ project: 'Apples', run: 'tiny', step: 50, validation: 0.5, synthetic: false },
      settings: ground.run.settings,
    });
    expect(manifest.cascade).toBeUndefined();
    const card = text('one', 'README.md');
    expect(card).toContain('# Apples: tiny');
    expect(card).toContain('folder = "./one"');
    // A card is shared: it has no path of this computer, and no row of the data.
    expect(card).not.toContain(ground.folder);
    expect(card).not.toContain('How many apples');
    expect(JSON.parse(text('one', 'trained-on.json'))).toMatchObject({
      ...{ format: 1, hash: 'sha256-64', inputs: [sha256('How many?').slice(0, 16)] },
    });
  });

  it('tells which format is under way, and how far', async () => {
    const work = attempt(ground, { formats: ['huggingface', 'onnx'] });
    await work.run();
    const seen = work.reports.map(({ phase, unit, done, total, exporting }) =>
      [exporting?.done, phase, unit, done, total].join(' '),
    );
    expect(seen).toContain('0 working bytes 10 10');
    expect(seen).toContain('0 proving rows 30 60');
    expect(seen).toContain('0 proving rows 60 60');
    expect(seen).toContain('1 proving rows 60 60');
    expect(work.reports.at(-1)?.exporting?.formats).toEqual(['huggingface', 'onnx']);
  });

  it('takes a free name of its own, and refuses one that is taken', async () => {
    expect(await attempt(ground).run()).toBeNull();
    expect(await attempt(ground).run()).toBeNull();
    expect(names()).toEqual(['apples-tiny', 'apples-tiny-2']);
    const refused = await attempt(ground, { name: 'Apples Tiny' }).run();
    expect(refused).toMatchObject({ code: 'invalid-input' });
    expect(String(refused)).toContain('There is already something at');
    expect(list()).toHaveLength(2);
  });

  it('goes where it is told, with every checkpoint that was kept', async () => {
    const kept = join(ground.studio.folders.run(ground.run.id), 'step-000025');
    const best = join(ground.studio.folders.run(ground.run.id), 'best');
    mkdirSync(kept);
    for (const name of readdirSync(best)) {
      writeFileSync(join(kept, name), readFileSync(join(best, name)));
    }
    const into = join(ground.folder, 'elsewhere', 'deep');
    const checkpoint = { which: 'step', step: 25 } as const;
    expect(await attempt(ground, { into, checkpoint }).run()).toBeNull();
    expect(readdirSync(into)).toEqual(['apples-tiny']);
    expect(list()[0]).toMatchObject({ step: 25, folder: join(into, 'apples-tiny') });
    const none = await attempt(ground, { checkpoint: { which: 'step', step: 26 } }).run();
    expect(none).toMatchObject({ code: 'not-found' });
    expect(await attempt(ground, { checkpoint: { which: 'last' } }).run()).toMatchObject({
      code: 'not-found',
    });
  });
});

describe('an export to a place that is none', () => {
  it('among the runs, or through a link to them, is refused and leaves nothing there', async () => {
    const run = ground.studio.folders.run(ground.run.id);
    const link = join(ground.folder, 'link');
    symlinkSync(run, link, 'junction');
    const before = readdirSync(run).sort();
    for (const into of [run, join(run, 'best'), join(run, 'new', 'one'), join(link, 'best')]) {
      expect(await attempt(ground, { into }).run()).toMatchObject({
        ...{ code: 'invalid-input', message: expect.stringContaining('among the folders') },
      });
    }
    expect(readdirSync(run).sort()).toEqual(before);
    expect(readdirSync(join(run, 'best'))).not.toContain('apples-tiny');
  });

  it('is refused where a file is', async () => {
    const into = join(ground.folder, 'a file');
    writeFileSync(into, 'x');
    expect(await attempt(ground, { into }).run()).toMatchObject({ code: 'workspace-unusable' });
    expect(readFileSync(into, 'utf8')).toBe('x');
  });
});

describe('an export that does not answer as the run does', () => {
  const wrong = (format: string, longest: number) => ({
    ...usualChild,
    answer: (task: { format: string | null }, input: string) => ({
      label: [task.format === format && input.length >= longest ? 99 : input.length],
      rationale: [1, 2],
    }),
  });

  it('is not kept in an exact format, and the first row that differs is named', async () => {
    const work = attempt(
      ground,
      { formats: ['huggingface', 'onnx'], name: 'one' },
      { child: wrong('onnx', 33) },
    );
    const failure = await work.run();
    expect(failure).toMatchObject({ code: 'model-invalid' });
    expect(String(failure)).toMatch(
      /opened with onnx, answered \d+ of 30 rows as the run does\. The first that differs is row “\d+”: the run says “33 \/ 1 2”, the export “99 \/ 1 2”/,
    );
    // What was done before stays.
    expect(names()).toEqual(['one']);
    expect(list().map(({ format }) => format)).toEqual(['huggingface']);
  });

  it('is kept in a half format, with what the difference is', async () => {
    // Labels stay; every rationale becomes another.
    const child: typeof usualChild = {
      ...usualChild,
      answer: (task, input) => ({
        ...usualChild.answer(task, input),
        rationale: [task.format === null ? 1 : 2],
      }),
    };
    expect(await attempt(ground, { formats: ['onnx-int8'] }, { child }).run()).toBeNull();
    expect(list()[0]?.proof).toMatchObject({
      ...{ rows: 30, equal: 0, exact: false },
      accuracy: { run: { rows: 30 }, exported: { rows: 30 }, difference: { value: 0 } },
    });
    expect(text('apples-tiny-onnx-int8', 'README.md')).toContain('0 of them are the same');
  });
});

describe('an export that is cut off', () => {
  it('leaves nothing when it is stopped while it is written or tried', async () => {
    for (const kind of ['write', 'prove'] as const) {
      const stop = new AbortController();
      const child = {
        write: async (task: Parameters<typeof usualChild.write>[0]) => {
          await usualChild.write(task);
          if (kind === 'write') stop.abort('cancel');
        },
        answer: (...asked: Parameters<typeof usualChild.answer>) => {
          if (asked[0].format !== null) stop.abort('cancel');
          return usualChild.answer(...asked);
        },
      };
      const work = attempt(ground, { formats: ['onnx'] }, { child, signal: stop.signal });
      expect(await work.run()).toBeNull();
      expect(names()).toEqual([]);
      expect(list()).toEqual([]);
    }
  });

  it('goes on with the formats that are not recorded', async () => {
    const input = { formats: ['huggingface', 'onnx', 'tensorflowjs'] as const };
    const stop = new AbortController();
    const child = {
      ...usualChild,
      write: (task: Parameters<typeof usualChild.write>[0]) => {
        if (task.format === 'onnx') stop.abort('pause');
        return usualChild.write(task);
      },
    };
    const first = attempt(ground, { formats: [...input.formats] }, { child, signal: stop.signal });
    expect(await first.run()).toBeNull();
    expect(list().map(({ format }) => format)).toEqual(['huggingface']);
    const second = attempt(ground, { formats: [...input.formats] }, { job: first.job });
    expect(await second.run()).toBeNull();
    expect(list().map(({ format }) => format)).toEqual([...input.formats]);
    expect(names()).toEqual(['apples-tiny', 'apples-tiny-onnx', 'apples-tiny-tensorflowjs']);
  });

  it('takes up a folder that has its name and is not written down', async () => {
    const first = attempt(ground, { name: 'one', formats: ['onnx'] });
    expect(await first.run()).toBeNull();
    const [made] = list();
    const aside = join(ground.folder, 'aside');
    renameSync(made?.folder ?? '', aside);
    // As if the process had ended right after the rename: the same folder, and no row of it.
    const other = await exportGround();
    renameSync(aside, join(other.exports, 'one-onnx'));
    const certificate = join(other.exports, 'one-onnx', 'certificate.json');
    const said = readFileSync(certificate, 'utf8').replace(ground.run.id, other.run.id);
    writeFileSync(certificate, said);
    const again = attempt(other, { name: 'one', formats: ['onnx'] });
    expect(await again.run()).toBeNull();
    expect(again.tasks).toEqual([]);
    expect(other.studio.store.exports.list(other.project.id)[0]).toMatchObject({
      ...{ format: 'onnx', files: made?.files, proof: made?.proof },
    });
  });

  it('does not take up a folder whose files are not whole', async () => {
    expect(await attempt(ground, { name: 'one', formats: ['onnx'] }).run()).toBeNull();
    const other = await exportGround();
    const place = join(other.exports, 'one-onnx');
    renameSync(join(ground.exports, 'one-onnx'), place);
    const certificate = join(place, 'certificate.json');
    writeFileSync(
      certificate,
      readFileSync(certificate, 'utf8').replace(ground.run.id, other.run.id),
    );
    writeFileSync(join(place, 'config.json'), '[]');
    const refused = await attempt(other, { name: 'one', formats: ['onnx'] }).run();
    expect(refused).toMatchObject({ code: 'invalid-input' });
    expect(existsSync(place)).toBe(true);
  });

  it('sweeps what killed processes left of it, and nothing else', async () => {
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    const left = `one.part-${dead}`;
    const others = [`one.part-${process.ppid}`, 'one.part-x', `two.part-${dead}`];
    for (const name of [left, ...others]) mkdirSync(join(ground.exports, name));
    expect(await attempt(ground, { name: 'one' }).run()).toBeNull();
    expect(names()).toEqual(['one', ...others].sort());
  });
});

describe('a disk that takes no more', () => {
  const systemError = (code: string) => Object.assign(new Error(`${code}: refused`), { code });

  it.each([
    ['ENOSPC', 'disk-full', 'The disk is full: the export could not be written to'],
    ['EACCES', 'workspace-unusable', 'The export could not be written to'],
    ['EIO', 'workspace-unusable', 'The export could not be written to'],
  ])('%s is a sentence with the folder, and what was done stays', async (code, kind, sentence) => {
    const child = {
      ...usualChild,
      write: async (task: Parameters<typeof usualChild.write>[0]) => {
        await usualChild.write(task);
        if (task.format === 'onnx') throw systemError(code);
      },
    };
    const work = attempt(ground, { name: 'one', formats: ['huggingface', 'onnx'] }, { child });
    const failure = await work.run();
    expect(failure).toMatchObject({ code: kind });
    expect(String(failure)).toContain(`${sentence} ${ground.exports}`);
    expect(names()).toEqual(['one']);
    const again = attempt(ground, { name: 'one', formats: ['huggingface', 'onnx'] }, work);
    expect(await again.run()).toBeNull();
    expect(names()).toEqual(['one', 'one-onnx']);
  });

  it('is told where nothing can be written', async () => {
    const file = join(ground.folder, 'file');
    writeFileSync(file, '');
    const failure = await attempt(ground, { into: join(file, 'within') }).run();
    expect(failure).toMatchObject({ code: 'workspace-unusable' });
    expect(String(failure)).toContain(`Nothing can be written to ${join(file, 'within')}`);
  });
});

describe('what can’t be written', () => {
  it('is told beforehand, with the reason', async () => {
    const { formats } = await ground.studio.ask('exports.options', { runId: ground.run.id });
    const refused = formats.filter((each) => each.refused !== null).map(({ format }) => format);
    expect(refused).toEqual(['gguf', 'gguf-float16']);
    const start = ground.studio.ask('exports.start', {
      ...{ runId: ground.run.id, name: null, formats: ['huggingface', 'gguf'] },
    });
    await expect(start).rejects.toThrow('up to a distance of 128; this student’s go up to 16');
  });

  it('is a training bundle of a student that was trained elsewhere', async () => {
    const { store } = ground.studio;
    const run = store.runs.create({
      ...{ projectId: ground.project.id, splitId: ground.run.splitId, extractionId: null },
      ...{ name: 'brought', settings: ground.run.settings, trainRows: 0, rationaleRows: 0 },
      ...{ studyId: null, parentId: null },
      importedFrom: {
        ...{ folder: '/elsewhere', sha256: 'x', exported: 'training', origin: null },
        ...{ whole: null, seenTestRows: null },
      },
    });
    const folder = join(ground.studio.folders.run(ground.run.id), 'best');
    store.runs.saveCheckpoint(run.id, { which: 'best', step: 1, folder, validation: null });
    const brought = { ...ground, run: store.runs.get(run.id) };
    const work = attempt(brought, { formats: ['huggingface', 'training'] });
    expect(String(await work.run())).toContain('was trained elsewhere');
    expect(names()).toEqual([]);
    expect(await attempt(brought, { formats: ['huggingface'] }).run()).toBeNull();
    expect(basename(list()[0]?.folder ?? '')).toBe('apples-brought');
    rmSync(join(ground.exports, 'apples-brought'), { recursive: true });
  });
});
