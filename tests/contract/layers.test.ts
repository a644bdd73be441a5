import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { layerOf, violation } from '../../build/layers.mjs';
import { applicationFiles, importsOf } from './import-graph.ts';
import type { SourceFile } from './import-graph.ts';

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const files = applicationFiles(root);

const violations = (sources: readonly SourceFile[]): string[] =>
  sources.flatMap(({ path, text }) =>
    importsOf(path, text).flatMap((specifier) => violation(root, path, specifier) ?? []),
  );

describe('the import graph', () => {
  it('is read from every layer', () => {
    const layers = new Set(files.map(({ path }) => layerOf(path)));
    for (const layer of [
      'contract',
      'core',
      'model',
      'teacher',
      'store',
      'stages',
      'jobs',
      'ipc',
    ]) {
      expect(layers).toContain(layer);
    }
    expect(layers).not.toContain(null);
    const edges = files.flatMap(({ path, text }) => importsOf(path, text));
    expect(edges.length).toBeGreaterThan(files.length);
  });

  it('points one way', () => {
    expect(violations(files)).toEqual([]);
  });

  it('has the electron module in start-up, bridge and the Electron host alone', () => {
    const importers = files
      .filter(({ path, text }) => importsOf(path, text).includes('electron'))
      .map(({ path }) => path);
    const allowed = ['electron/jobs/host-electron.ts', 'electron/main.ts', 'electron/preload.ts'];
    expect(importers.filter((path) => !allowed.includes(path))).toEqual([]);
    expect(importers).toContain('electron/jobs/host-electron.ts');
  });

  it('keeps the electron module out of what Node starts', () => {
    const texts = new Map(files.map(({ path, text }) => [path, text]));
    const reached = new Set<string>();
    const follow = (path: string): void => {
      const text = texts.get(path);
      if (text === undefined || reached.has(path)) return;
      reached.add(path);
      for (const specifier of importsOf(path, text)) {
        if (!specifier.startsWith('.')) continue;
        follow(new URL(specifier, `file:///${path}`).pathname.slice(1));
      }
    };
    follow('electron/ipc/studio.ts');
    follow('electron/jobs/worker.ts');
    expect(reached.size).toBeGreaterThan(20);
    expect(reached).not.toContain('electron/jobs/host-electron.ts');
  });
});

describe('the rule', () => {
  it.each([
    ['electron/model/trainer.ts', "import { openStore } from '../store/open.ts';"],
    ['electron/model/trainer.ts', "import type { Store } from '../store/store.ts';"],
    ['electron/store/open.ts', "export { parseCompletion } from '../teacher/parse.ts';"],
    ['electron/teacher/client.ts', "export type * from '../model/student.ts';"],
    ['electron/core/text.ts', "const { Student } = await import('../model/student.ts');"],
    ['electron/contract/calls.ts', "type S = import('../store/store.ts').Store;"],
    ['electron/stages/train/index.ts', "import { importJob } from '../import/index.ts';"],
    ['electron/stages/extract/index.ts', "import type { X } from '../split/divide.ts';"],
    ['electron/stages/predict.ts', "import { previewSplit } from './split/index.ts';"],
    ['electron/stages/train/index.ts', "import { JobRegistry } from '../../jobs/registry.ts';"],
    ['electron/jobs/registry.ts', "import type { Studio } from '../ipc/studio.ts';"],
    ['electron/ipc/studio.ts', "import { start } from '../main.ts';"],
    ['electron/ipc/studio.ts', "import { safeStorage } from 'electron';"],
    ['electron/serve.ts', "import type { App } from 'electron';"],
    ['electron/preload.ts', "import { channels } from './ipc/register.ts';"],
    ['renderer/lib/client.ts', "import { isCorrect } from '../../electron/core/score.ts';"],
    ['renderer/lib/client.ts', "import { readFile } from 'node:fs/promises';"],
    [
      'renderer/App.svelte',
      '<script lang="ts">import { x } from "../electron/store/open.ts";</script>',
    ],
    [
      'renderer/App.svelte',
      '<script module>let a;</script><p>text</p>\n<script lang="ts">\n  import type { S } from "../electron/ipc/studio.ts";\n</script>',
    ],
  ])('catches in %s: %s', (path, text) => {
    expect(violations([{ path, text }])).toHaveLength(1);
  });

  it.each([
    ['electron/stages/train/index.ts', "import { predictTaskFor } from '../predict.ts';"],
    ['electron/stages/train/index.ts', "import { divide } from './divide.ts';"],
    ['electron/ipc/studio.ts', "import { JobRegistry } from '../jobs/registry.ts';"],
    ['electron/main.ts', "import { app } from 'electron';"],
    ['renderer/lib/client.ts', "import type { CallName } from '../../electron/contract/calls.ts';"],
    ['renderer/App.svelte', '<p>import { x } from "../electron/store/open.ts";</p>'],
  ])('allows in %s: %s', (path, text) => {
    expect(violations([{ path, text }])).toEqual([]);
  });
});
