import { rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { ExportFormat, ExportProof, ExportRecord, Run } from '../../contract/entities.ts';
import { StudioError, toErrorValue } from '../../contract/errors.ts';
import { cardFile } from '../../model/export/certificate.ts';
import type { CertificateFacts } from '../../model/export/certificate.ts';
import type { TrainTask } from '../../contract/worker.ts';
import { fileSlug } from '../../core/text.ts';
import { version } from '../../core/version.ts';
import { exists, writeSynced } from '../../model/files.ts';
import type { JobContext, JobDefinition, JobReport } from '../job.ts';
import { checkpointOf } from './checkpoints.ts';
import type { ChosenCheckpoint } from './checkpoints.ts';
import { cardOf } from './facts.ts';
import type { Written } from './facts.ts';
import { ExportInput } from './input.ts';
import type { ParsedExportInput } from './input.ts';
import { exportManifest, manifestFile, manifestText } from './manifest.ts';
import { freeBytes, usualName, whyRefused } from './options.ts';
import {
  certificateOf,
  folderName,
  freePlace,
  publish,
  refuseAmongRuns,
  refuseTaken,
  requireWritable,
  stage,
} from './places.ts';
import { answerRows, proofOf, proofRowsOf } from './proof.ts';
import type { ProofAnswers, ProofRows } from './proof.ts';
import { estimateBytes, studentSize } from './sizes.ts';
import { certifyTask, checkExportTask } from './tasks.ts';

/** What exports need of other stages' work. */
export interface ExportHelp {
  /** What the run trains on, from its start. @throws StudioError rows-missing, not-found */
  trainingTask(context: JobContext, run: Run): Promise<TrainTask>;
  /** Writes what the run was trained on, in hashes; nothing where that is not known. */
  writeTrainedOn(context: JobContext, run: Run, folder: string): Promise<void>;
}

/** Formats that nothing here can open: they say themselves what must come out of them. */
const unopened: ReadonlySet<ExportFormat> = new Set(['training']);

/** Left free on the disk when all is written. */
const reserve = 64 * 2 ** 20;

/**
 * Writes a student in one format after another. Each is put together in a folder beside its place,
 * opened by what did not train it, and compared with the run's own answers; only then it is certified
 * and gets its name. A job that goes on skips what is recorded.
 */
export const exportJob = (help: ExportHelp): JobDefinition<ParsedExportInput> => ({
  kind: 'export',
  input: ExportInput,
  unit: 'bytes',
  lane: 'numeric',
  async run(context, input) {
    const run = context.store.runs.get(input.runId);
    const checkpoint = await checkpointOf(context, run, input.checkpoint);
    const work = new ExportWork(context, help, run, checkpoint, input);
    await work.prepare();
    for (const format of input.formats) {
      if (context.signal.aborted) return;
      await work.bring(format);
    }
  },
});

class ExportWork {
  readonly #context: JobContext;
  readonly #help: ExportHelp;
  readonly #run: Run;
  readonly #checkpoint: ChosenCheckpoint;
  readonly #input: ParsedExportInput;
  /** The run's own answers, decoded once for all formats. */
  #own: { readonly rows: ProofRows; readonly answers: ProofAnswers } | null = null;
  #done = 0;

  constructor(
    context: JobContext,
    help: ExportHelp,
    run: Run,
    checkpoint: ChosenCheckpoint,
    input: ParsedExportInput,
  ) {
    this.#context = context;
    this.#help = help;
    this.#run = run;
    this.#checkpoint = checkpoint;
    this.#input = input;
  }

  /** Refuses, before anything is written, what can't come to an end. */
  async prepare(): Promise<void> {
    const { formats, folder } = this.#input;
    this.#report({ done: 0, total: null, phase: 'preparing' });
    const left = formats.filter((format) => this.#recorded(format) === null);
    for (const format of left) {
      const refused = await whyRefused(format, this.#run, this.#checkpoint.folder);
      if (refused !== null) {
        throw new StudioError('invalid-input', refused, 'Choose another format for this student.');
      }
    }
    if (left.length === 0) return;
    const parent = folder === null ? this.#parent : dirname(resolve(folder));
    await refuseAmongRuns(parent, dirname(this.#context.folders.run(this.#run.id)));
    await requireWritable(parent);
    await this.#refuseSmallDisk(parent, left);
  }

  /** Brings one format to its place, or takes up what an earlier attempt has brought there. */
  async bring(format: ExportFormat): Promise<void> {
    if (this.#recorded(format) === null) {
      const target = await this.#target(format);
      if (!(await this.#takeUp(target, format))) await this.#make(target, format);
    }
    if (!this.#context.signal.aborted) this.#done += 1;
  }

  async #make(target: string, format: ExportFormat): Promise<void> {
    const { signal, threads } = this.#context;
    let staged: string | null = null;
    try {
      staged = await stage(target);
      const manifest = await exportManifest(this.#context.store, this.#run, this.#checkpoint);
      await writeSynced(join(staged, manifestFile), manifestText(manifest));
      await this.#writeCard(staged, { format, folder: target, proof: null });
      await this.#help.writeTrainedOn(this.#context, this.#run, staged);
      await this.#write(staged, format);
      if (signal.aborted) return;
      const proof = unopened.has(format) ? null : await this.#prove(staged, format);
      if (signal.aborted) return;
      // Hashing gigabytes takes its time: what is left of the bar is not known.
      this.#report({ done: 0, total: null, phase: 'saving' });
      await this.#writeCard(staged, { format, folder: target, proof });
      const facts = this.#facts(format, proof);
      const { files } = await threads.run(certifyTask, { folder: staged, facts }, { signal });
      await publish(staged, target);
      staged = null;
      this.#record(target, format, files, proof);
    } catch (caught) {
      throw inWords(caught, dirname(target));
    } finally {
      if (staged !== null) await rm(staged, { recursive: true, force: true });
    }
  }

  /** An export that was renamed and not yet written down when the process ended. */
  async #takeUp(target: string, format: ExportFormat): Promise<boolean> {
    const certificate = await certificateOf(target, this.#student(format));
    if (certificate === null || this.#isTaken(target)) return false;
    const { threads, signal } = this.#context;
    this.#report({ done: 0, total: null, phase: 'saving' });
    const { whole } = await threads.run(checkExportTask, { folder: target }, { signal });
    if (!whole) return false;
    this.#record(target, format, certificate.files, certificate.proof);
    return true;
  }

  async #write(folder: string, format: ExportFormat): Promise<void> {
    this.#report({ done: 0, total: null, phase: 'working' });
    const training =
      format === 'training' ? await this.#help.trainingTask(this.#context, this.#run) : null;
    const { folder: checkpoint } = this.#checkpoint;
    await this.#context.runWorker(
      { kind: 'write', format, checkpoint, folder, training },
      (batch) => {
        if (batch.kind !== 'write') return;
        const { done, total } = batch;
        this.#report({ done, total: Math.max(done, total), phase: 'working', unit: 'bytes' });
      },
    );
  }

  /** @throws StudioError model-invalid when it does not answer as it must */
  async #prove(folder: string, format: ExportFormat): Promise<ExportProof | null> {
    const own = await this.#ownAnswers();
    if (own === null) return null;
    const { rows, answers } = own;
    const exported = await this.#answers({ folder, format }, rows, rows.inputs.length);
    if (exported === null) return null;
    const about = {
      task: this.#context.store.projects.get(this.#run.projectId).task,
      trainedWith: this.#run.engine,
    };
    return proofOf(format, about, rows, { run: answers, exported });
  }

  async #ownAnswers(): Promise<{ rows: ProofRows; answers: ProofAnswers } | null> {
    if (this.#own !== null) return this.#own;
    const rows = proofRowsOf(this.#context.store, this.#run, this.#input.proofRows);
    const { folder } = this.#checkpoint;
    const answers = await this.#answers({ folder, format: null }, rows, 0);
    if (answers !== null) this.#own = { rows, answers };
    return this.#own;
  }

  /** Both the run's student and the export answer every row: twice as many are to be done. */
  #answers(
    asked: { readonly folder: string; readonly format: ExportFormat | null },
    { inputs }: ProofRows,
    before: number,
  ): Promise<ProofAnswers | null> {
    const report = (done: number) =>
      this.#report({
        ...{ done: before + done, total: 2 * inputs.length },
        ...{ phase: 'proving', unit: 'rows' },
      });
    report(0);
    return answerRows(this.#context, this.#run, asked, inputs, report);
  }

  async #writeCard(folder: string, written: Written): Promise<void> {
    const text = cardOf(this.#context.store, this.#run, this.#checkpoint, written);
    await writeSynced(join(folder, cardFile), text);
  }

  #facts(format: ExportFormat, proof: ExportProof | null): CertificateFacts {
    const run = this.#run;
    const opened = proof?.openedWith ?? null;
    return {
      exported: format,
      createdAt: new Date().toISOString(),
      versions: {
        'Stepwise Studio': version,
        'Node.js': process.versions.node,
        ...(opened === null ? {} : { 'opened with': opened }),
      },
      student: {
        project: this.#context.store.projects.get(run.projectId).name,
        ...{ run: run.name, runId: run.id, settingsHash: run.settingsHash },
        step: this.#checkpoint.step,
      },
      proof,
    };
  }

  #record(
    folder: string,
    format: ExportFormat,
    files: ExportRecord['files'],
    proof: ExportProof | null,
  ): void {
    const { projectId, id: runId } = this.#run;
    const { step } = this.#checkpoint;
    this.#context.store.exports.create({ projectId, runId, format, step, folder, files, proof });
    this.#context.saved('exports');
  }

  /** What this very job has brought already: exports of a run are made by one job at a time. */
  #recorded(format: ExportFormat): ExportRecord | null {
    const { store, job } = this.#context;
    const mine = store.exports
      .list(this.#run.projectId)
      .filter(({ runId, createdAt }) => runId === this.#run.id && createdAt >= job.createdAt);
    return (
      mine.find(
        (each) =>
          each.format === format &&
          each.step === this.#checkpoint.step &&
          dirname(each.folder) === this.#parent,
      ) ?? null
    );
  }

  #isTaken(folder: string): boolean {
    const { store } = this.#context;
    return store.exports.list(this.#run.projectId).some((each) => each.folder === folder);
  }

  #student(format: ExportFormat) {
    return { run: this.#run, format, step: this.#checkpoint.step };
  }

  get #parent(): string {
    const { folder, into } = this.#input;
    if (folder !== null) return dirname(resolve(folder));
    return into === null ? this.#context.folders.exports : resolve(into);
  }

  /** @throws StudioError invalid-input when a name that was given is taken */
  async #target(format: ExportFormat): Promise<string> {
    const { folder, name } = this.#input;
    const { store } = this.#context;
    const student = this.#student(format);
    if (folder === null && name === null) {
      const base = join(this.#parent, usualName(store, this.#run));
      const taken = new Set(store.exports.list(this.#run.projectId).map((each) => each.folder));
      return freePlace(base, student, taken);
    }
    const given =
      folder === null
        ? join(this.#parent, folderName(fileSlug(name ?? '', 'student'), format))
        : resolve(folder);
    const own = (await exists(given)) && (await certificateOf(given, student)) !== null;
    if (!own || this.#isTaken(given)) await refuseTaken(given);
    return given;
  }

  async #refuseSmallDisk(parent: string, formats: readonly ExportFormat[]): Promise<void> {
    const { folders } = this.#context;
    const size = await studentSize(this.#checkpoint.folder, folders.run(this.#run.id));
    const needed = formats.reduce((sum, format) => sum + estimateBytes(format, size), reserve);
    const free = await freeBytes(parent);
    if (free >= needed) return;
    throw new StudioError(
      'disk-full',
      `About ${megabytes(needed)} MB are needed in ${parent}, and ${megabytes(free)} MB are free.`,
      'Free some space, choose fewer formats or another folder, then export again.',
    );
  }

  #report(report: JobReport): void {
    const { formats } = this.#input;
    this.#context.progress({ ...report, exporting: { formats, done: this.#done } });
  }
}

const megabytes = (bytes: number): string => Math.ceil(bytes / 1_000_000).toLocaleString('en-US');

/** What the file system refuses, with the folder that it was about. */
function inWords(caught: unknown, parent: string): unknown {
  const { code } = toErrorValue(caught);
  if (code === 'disk-full') {
    return new StudioError(
      'disk-full',
      `The disk is full: the export could not be written to ${parent}.`,
      'Free some space and resume: formats that are done are kept, nothing half-written is.',
      { cause: caught },
    );
  }
  if (code === 'workspace-unusable') {
    return new StudioError(
      'workspace-unusable',
      `The export could not be written to ${parent}.`,
      'Check that the folder is there, that you may write to it, and that its disk is connected; then resume.',
      { cause: caught },
    );
  }
  return caught;
}
