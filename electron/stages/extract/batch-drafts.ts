import type { Extraction } from '../../contract/entities.ts';
import type { Decide, Store } from '../../store/store.ts';
import { batchLimits } from '../../teacher/batches.ts';
import type { BatchClient } from '../../teacher/batches.ts';
import type { TeacherClient } from '../../teacher/client.ts';
import { openTeacher } from '../../teacher/open.ts';
import type { PauseJob } from '../job.ts';
import { reused } from './answers.ts';
import type { Asked } from './answers.ts';
import type { BatchBudget, Load } from './batch-budget.ts';
import { Breath } from './breath.ts';
import { PendingRows } from './pending-rows.ts';
import type { PromptMeter } from './prompt-meter.ts';
import type { Question, Questions } from './questions.ts';
import type { Reader } from './reading.ts';
import type { Answered } from './saver.ts';

/** The requests of one file that is to be handed over. */
export interface Draft {
  readonly requests: readonly Asked[];
  readonly load: Load;
}

export interface DraftsParts {
  readonly store: Store;
  readonly extraction: Extraction;
  readonly questions: Questions;
  readonly read: Reader;
  readonly decide: Decide;
  readonly meter: PromptMeter;
  readonly budget: BatchBudget;
  readonly key: string | null;
  readonly batches: BatchClient;
}

/** A request that may go into a file. */
interface Candidate {
  readonly asked: Asked;
  readonly name: string;
  readonly question: Question;
}

/** Answers that were given before are saved so many at a time. */
const reusedAtATime = 200;

/** Puts requests together into files, as large as server, budget and cap allow. */
export class BatchDrafts {
  readonly #parts: DraftsParts;
  readonly #client: TeacherClient;
  /** Names of requests that are out, or were in this run: none goes out twice. */
  readonly #passed = new Set<string>();

  constructor(parts: DraftsParts) {
    const { extraction, key } = parts;
    this.#parts = parts;
    this.#client = openTeacher(extraction.teacher, key, extraction.settings);
  }

  /** Leaves out requests that are at the server already. */
  passOver(requests: Iterable<Asked>): void {
    for (const { requestHash } of requests) this.#passed.add(nameOf(requestHash));
  }

  /** Lets requests go out again whose batch has ended. */
  allow(requests: Iterable<Asked>): void {
    for (const { requestHash } of requests) this.#passed.delete(nameOf(requestHash));
  }

  /**
   * Files of all that lacks an answer and has not been handed over, one after another; each is to be
   * handed over before the next is asked for. The last item may say why no more may go out.
   */
  async *files(signal: AbortSignal): AsyncGenerator<Draft | { refusal: PauseJob }> {
    const { budget } = this.#parts;
    let file = new FileDraft();
    for await (const candidate of this.#candidates(signal)) {
      const { worst, bytes } = this.#measure(candidate);
      if (!file.takes(bytes)) {
        yield file;
        file = new FileDraft();
      }
      const refusal = budget.refusal(file.with(worst));
      if (refusal !== null) {
        if (file.requests.length > 0) yield file;
        yield { refusal };
        return;
      }
      this.#passed.add(candidate.name);
      file.add(candidate.asked, worst, bytes);
    }
    if (file.requests.length > 0) yield file;
  }

  /** The lines of a file, composed as they are read. */
  async *lines({ requests }: Draft): AsyncGenerator<string> {
    const { store, questions } = this.#parts;
    const breath = new Breath();
    for (const asked of requests) {
      yield this.#line(questions.of(store.data.example(asked.exampleId)), asked);
      await breath.take();
    }
  }

  /** What has to be asked, in import order. What was answered before is saved on the way. */
  async *#candidates(signal: AbortSignal): AsyncGenerator<Candidate> {
    const { store, extraction, questions, read } = this.#parts;
    const rows = new PendingRows(store, extraction.id);
    const breath = new Breath();
    let known: Answered[] = [];
    for (let row = rows.next(); row !== null; row = rows.next()) {
      signal.throwIfAborted();
      const question = questions.of(row);
      for (const sample of row.missing) {
        const requestHash = questions.hash(question, sample);
        const asked = { exampleId: row.id, sample, requestHash };
        const answer = store.extractions.reusable(extraction.projectId, requestHash);
        const name = nameOf(requestHash);
        if (answer !== null) {
          const rationale = read(row, answer.text, sample);
          known.push({ completion: reused(asked, answer), rationale });
        } else if (!this.#passed.has(name)) {
          yield { asked, name, question };
        }
      }
      if (known.length >= reusedAtATime) known = this.#saveReused(known);
      await breath.take();
    }
    this.#saveReused(known);
  }

  #saveReused(rows: readonly Answered[]): Answered[] {
    if (rows.length === 0) return [];
    const { store, extraction, decide } = this.#parts;
    const cost = extraction.price === null ? null : 0;
    const none = { requests: 0, promptTokens: 0, completionTokens: 0, cost, estimated: false };
    const spend = { ...none, reused: rows.length };
    store.extractions.saveCompletions(extraction.id, rows, { spend, decide });
    return [];
  }

  #measure({ question, asked }: Candidate): { worst: number; bytes: number } {
    const { meter, budget, extraction } = this.#parts;
    const bytes = Buffer.byteLength(this.#line(question, asked)) + 1;
    if (!budget.watchesMoney) return { worst: 0, bytes };
    const promptTokens = meter.bound(meter.count(question));
    const { maxTokens: completionTokens } = extraction.settings;
    return { worst: budget.costOf({ promptTokens, completionTokens }), bytes };
  }

  #line(question: Question, { exampleId, sample }: Asked): string {
    const settings = this.#parts.questions.settings(question, sample, 1);
    const body = this.#client.body(question.messages, settings);
    return this.#parts.batches.line(`${exampleId}-${sample}`, body);
  }
}

/** A file that is being filled. */
class FileDraft implements Draft {
  readonly requests: Asked[] = [];
  #worst = 0;
  #bytes = 0;

  get load(): Load {
    return { requests: this.requests.length, worst: this.#worst };
  }

  takes(bytes: number): boolean {
    return this.requests.length < batchLimits.requests && this.#bytes + bytes <= batchLimits.bytes;
  }

  /** What it would come to with one more. */
  with(worst: number): Load {
    return { requests: this.requests.length + 1, worst: this.#worst + worst };
  }

  add(asked: Asked, worst: number, bytes: number): void {
    this.requests.push(asked);
    this.#worst += worst;
    this.#bytes += bytes;
  }
}

const nameOf = (requestHash: Uint8Array): string => Buffer.from(requestHash).toString('hex');
