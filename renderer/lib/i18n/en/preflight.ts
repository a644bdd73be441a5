import { plural } from './shell.ts';

const rows = (n: number, shown: string) => plural(n, shown, 'row', 'rows');

/** The check before a start: what a run will need and take, tried on its own rows. */
export const preflight = {
  title: 'Before it starts',
  why: 'A few steps are tried and timed on your rows. Nothing is saved. You can start without waiting for it.',
  checking: (method: string) => `Trying ${method}: the longest rows, then five timed steps…`,
  waiting: 'waits for its turn',
  again: 'Check again',
  stale: 'Settings have changed since this check.',
  done: 'The check is done.',
  startAnyway: 'You can still start: the run will say what is wrong where it stops.',
  total: (time: string, n: number, shown: string) =>
    `About ${time} in all, for ${plural(n, shown, 'training', 'trainings')} one after the other.`,
  result: (method: string) => `What ${method} needs`,

  time: 'Time',
  timeShown: (total: string) => `about ${total}`,
  timeDetail: (step: string, n: number, steps: string, evaluation: string) =>
    `${step} a step (median of ${plural(n, steps, 'timed step', 'timed steps')}), ${evaluation} an evaluation`,
  epochs: (shown: string) => `each row is seen ${shown} times`,
  engine: 'Engine',
  engineShown: (name: string, device: string | null, n: number, threads: string) =>
    `${name}${device === null ? '' : ` (${device})`}, ${plural(n, threads, 'thread', 'threads')}`,
  engineChosen: 'As it is set under Settings.',
  engineOther: (wanted: string, used: string) =>
    `${wanted} was asked for, but ${used} is what computes here.`,
  parameters: 'Parameters',
  parametersShown: (all: string, trained: string) => `${all}, of which ${trained} learn`,
  memory: 'Memory',
  memoryShown: (needed: string, available: string) => `${needed} needed, ${available} free`,
  batch: 'Batch',
  batchShown: (size: string, times: string) => `${size} rows at once, ${times} times for each step`,
  batchWhole: (size: string) => `${size} rows at once: all of a step`,
  batchTried: (list: string) => `Tried: ${list}.`,
  batchFits: (n: number, shown: string, bytes: string) => `${rows(n, shown)} ${bytes}`,
  batchTooMuch: (n: number, shown: string, bytes: string) => `${rows(n, shown)} ${bytes}, too much`,
  use: 'Use this',
  used: 'In use.',
  disk: 'Disk',
  diskShown: (bytes: string, free: string) => `up to ${bytes} written, ${free} free`,
  folder: 'Folder',
  cut: 'Texts cut',
  cutNone: (shown: string) => `none, of ${shown} rows`,
  cutShown: (inputs: string, labels: string, rationales: string, total: string) =>
    `inputs ${inputs}, labels ${labels}, rationales ${rationales}, of ${total} rows`,

  warnings: {
    memory: (needed: string, available: string) =>
      `It needs ${needed} of memory, and ${available} are free. Close other programs, take fewer rows at once, or a smaller student.`,
    disk: (bytes: string, free: string) =>
      `It will write up to ${bytes}, and the disk has ${free} free. Make room, or keep fewer checkpoints.`,
    busy: 'Something else was computing during the check: alone, the run will be faster than this.',
    batch: (asked: string, fits: string) =>
      `${asked} rows at once don’t fit into memory; ${fits} do. Learning stays the same when parts are added up.`,
    fewEpochs: (shown: string) =>
      `With so few steps each row is seen ${shown} times: some are never seen. Take more steps.`,
    manyEpochs: (shown: string) =>
      `Each row is seen ${shown} times: the student may learn the rows by heart. Early stopping or fewer steps help.`,
    long: (time: string) =>
      `It takes about ${time}. You can pause it, close the app, and go on another day.`,
    labels: (n: number, shown: string) =>
      `${plural(n, shown, 'label is', 'labels are')} cut, and a cut label can’t be learned. Allow longer labels in the settings.`,
    inputs: (n: number, shown: string, share: string) =>
      `${plural(n, shown, 'input is', 'inputs are')} cut (${share}): what is asked may be lost. Allow longer inputs in the settings.`,
    rationales: (n: number, shown: string, share: string) =>
      `${plural(n, shown, 'rationale is', 'rationales are')} cut (${share}): their ends are not learned. Allow longer ones in the settings.`,
  },
  fine: 'Nothing speaks against starting.',

  changes: 'What differs from the earlier run',
  changesWhy: (name: string) =>
    `Everything is set as in “${name}”. What you change is listed here, and the new run remembers where it came from.`,
  same: 'Nothing yet: it would be the same run again.',
  changeHead: { what: 'Setting', before: 'Before', after: 'Now' },
  method: 'Method',
  student: 'Student',
  split: 'Split',
  extraction: 'Teacher’s answers',
};
