/** The import-direction rule, as data: which layer a file belongs to and what it may import. */
import { dirname, relative, resolve, sep } from 'node:path';

/** Lower layers first; a file may import its own layer and those it names. */
export const layers = {
  contract: { at: /^electron\/contract\//, may: [] },
  core: { at: /^electron\/core\//, may: ['contract'] },
  model: { at: /^electron\/model\//, may: ['contract', 'core'] },
  teacher: { at: /^electron\/teacher\//, may: ['contract', 'core'] },
  store: { at: /^electron\/store\//, may: ['contract', 'core'] },
  stages: { at: /^electron\/stages\//, may: ['contract', 'core', 'model', 'teacher', 'store'] },
  jobs: {
    at: /^electron\/jobs\//,
    may: ['contract', 'core', 'model', 'teacher', 'store', 'stages'],
  },
  ipc: {
    at: /^electron\/ipc\//,
    may: ['contract', 'core', 'model', 'teacher', 'store', 'stages', 'jobs'],
  },
  predictor: { at: /^electron\/predictor\//, may: ['contract', 'core', 'model'] },
  webpage: { at: /^electron\/webpage\//, may: ['contract', 'core', 'model'] },
  preload: { at: /^electron\/preload\.ts$/, may: ['contract'] },
  shell: {
    at: /^electron\/(cli\/|shell\/|[^/]+\.ts$)/,
    may: ['contract', 'core', 'model', 'teacher', 'store', 'stages', 'jobs', 'ipc'],
  },
  renderer: { at: /^renderer\//, may: ['contract'] },
};

/** Files that may import the `electron` module. */
const electronFiles = /^electron\/(main|preload|jobs\/host-electron)\.ts$/;

/** The layer of a path relative to the repository root, or null outside the application. */
export function layerOf(path) {
  for (const [name, layer] of Object.entries(layers)) if (layer.at.test(path)) return name;
  return null;
}

/** A stage folder's name, or null for files at the root of `stages/`. */
const stageOf = (path) => /^electron\/stages\/([^/]+)\//.exec(path)?.[1] ?? null;

/**
 * Why `importer` may not import `specifier`, or null when it may.
 * @param {string} root repository root
 * @param {string} importer path relative to root
 * @param {string} specifier as written in the import
 */
export function violation(root, importer, specifier) {
  const from = layerOf(importer);
  if (from === null) return null;
  if (specifier === 'electron' || specifier.startsWith('electron/')) {
    return electronFiles.test(importer) ? null : `${importer} may not import the electron module`;
  }
  if (from === 'renderer' && /^node:/.test(specifier))
    return 'the renderer may not import Node modules';
  if (!specifier.startsWith('.')) return null;
  const target = relative(root, resolve(root, dirname(importer), specifier))
    .split(sep)
    .join('/');
  const to = layerOf(target);
  if (to === null) return null;
  if (to !== from && !layers[from].may.includes(to)) {
    return `${from} may not import ${to} (${importer} -> ${target})`;
  }
  const [fromStage, toStage] = [stageOf(importer), stageOf(target)];
  if (toStage !== null && toStage !== fromStage && from === 'stages') {
    return `a stage may not import another stage (${importer} -> ${target})`;
  }
  return null;
}

/** ESLint rule form of {@link violation}; covers static, type-only, re-export and dynamic imports. */
export const importDirection = {
  meta: { type: 'problem', schema: [], messages: { direction: '{{why}}' } },
  create(context) {
    const root = context.cwd;
    const importer = relative(root, context.filename).split(sep).join('/');
    const check = (source) => {
      if (source?.type !== 'Literal' || typeof source.value !== 'string') return;
      const why = violation(root, importer, source.value);
      if (why) context.report({ node: source, messageId: 'direction', data: { why } });
    };
    return {
      ImportDeclaration: (node) => check(node.source),
      ExportNamedDeclaration: (node) => check(node.source),
      ExportAllDeclaration: (node) => check(node.source),
      ImportExpression: (node) => check(node.source),
      TSImportType: (node) => check(node.source ?? node.argument),
    };
  },
};
