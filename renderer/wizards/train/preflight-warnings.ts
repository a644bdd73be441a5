import type { Preflight, RunSettings } from '../../../electron/contract/entities.ts';
import type { Formats } from '../../lib/format.ts';
import type { Dictionary } from '../../lib/i18n/index.svelte.ts';

export interface Warning {
  readonly kind: keyof Dictionary['preflight']['warnings'];
  /** `bad`: the run would hardly get through. */
  readonly tone: 'bad' | 'warn' | 'info';
  readonly text: string;
}

/** From so many epochs on a student is likely to learn its rows by heart. */
const manyEpochs = 50;
/** Share of texts from which on a cut is worth a warning. */
const muchCut = 0.01;
/** Seconds from which on it is good to know that a run can be paused. */
const longRun = 6 * 3_600;

/** What speaks against starting so, the gravest first, in plain words. */
export function warningsOf(
  t: Dictionary,
  f: Formats,
  checked: Preflight,
  settings: Pick<RunSettings, 'batchSize' | 'earlyStopping'>,
): Warning[] {
  const { memory, disk, time, batch, cut } = checked;
  const say = t.preflight.warnings;
  const found: Warning[] = [];
  const add = (kind: Warning['kind'], tone: Warning['tone'], text: string): void =>
    void found.push({ kind, tone, text });
  const rows = Math.max(cut.rows, 1);
  const share = (part: number): string => f.percent(part / rows);

  if (memory.needed > memory.available) {
    add('memory', 'bad', say.memory(f.bytes(memory.needed), f.bytes(memory.available)));
  }
  if (disk.bytes > disk.free) {
    add('disk', 'bad', say.disk(f.bytes(disk.bytes), f.bytes(disk.free)));
  }
  if (cut.labels > 0) add('labels', 'warn', say.labels(cut.labels, f.number(cut.labels)));
  if (cut.inputs > muchCut * rows) {
    add('inputs', 'warn', say.inputs(cut.inputs, f.number(cut.inputs), share(cut.inputs)));
  }
  if (cut.rationales > muchCut * rows) {
    const shown = f.number(cut.rationales);
    add('rationales', 'warn', say.rationales(cut.rationales, shown, share(cut.rationales)));
  }
  if (batch.size < settings.batchSize) {
    add('batch', 'warn', say.batch(f.number(settings.batchSize), f.number(batch.size)));
  }
  if (time.epochs < 1) add('fewEpochs', 'warn', say.fewEpochs(f.short(time.epochs, 2)));
  if (time.epochs > manyEpochs && settings.earlyStopping === null) {
    add('manyEpochs', 'warn', say.manyEpochs(f.number(Math.round(time.epochs))));
  }
  if (time.busy) add('busy', 'info', say.busy);
  if (time.total > longRun) add('long', 'info', say.long(f.duration(time.total)));
  return found;
}
