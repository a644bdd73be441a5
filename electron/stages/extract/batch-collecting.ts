import type { Batch, Extraction, Price } from '../../contract/entities.ts';
import type { Decide, FullExample, SpendDelta, Store } from '../../store/store.ts';
import type { Reading } from '../../teacher/answer.ts';
import type { BatchClient, RemoteBatch } from '../../teacher/batches.ts';
import { TeacherError } from '../../teacher/errors.ts';
import { costOf } from '../../teacher/prices.ts';
import { answered, unanswered } from './answers.ts';
import type { Asked } from './answers.ts';
import { Breath } from './breath.ts';
import type { Usage } from './guard.ts';
import type { PromptMeter } from './prompt-meter.ts';
import type { Questions } from './questions.ts';
import type { Reader } from './reading.ts';
import type { Answered } from './saver.ts';
import type { Tally } from './tally.ts';

/** Answers saved in one transaction. */
const rowsAtATime = 200;

export interface CollectorParts {
  readonly store: Store;
  readonly extraction: Extraction;
  readonly batches: BatchClient;
  readonly questions: Questions;
  readonly read: Reader;
  readonly decide: Decide;
  /** Counts the tokens that the server did not. */
  readonly meter: PromptMeter;
  readonly tally: Tally;
}

/** What one line came to. */
interface Line {
  readonly row: Answered;
  readonly usage: Usage | null;
  readonly estimated: boolean;
}

/**
 * Brings the answers of an ended batch into the store.
 *
 * Answers are saved a few hundred at a time, each slice with what it cost; one that is there already
 * is passed over. Failures come last, in one transaction with the note that the batch is collected.
 * So a collection that was cut off can be begun anew: nothing is counted twice. Requests without a
 * line stay open.
 */
export class BatchCollector {
  readonly #parts: CollectorParts;

  constructor(parts: CollectorParts) {
    this.#parts = parts;
  }

  /**
   * @param afterSlice called when answers were saved
   * @throws TeacherError when a file can't be read, the signal's reason when it is aborted
   */
  async collect(
    batch: Batch,
    remote: RemoteBatch,
    signal: AbortSignal | undefined,
    afterSlice: () => void,
  ): Promise<Batch> {
    const { store } = this.#parts;
    const open = store.extractions.batchRequests(batch.id);
    const failures: Line[] = [];
    let answers: Line[] = [];
    const save = (): void => {
      this.#save(answers);
      answers = [];
      afterSlice();
    };
    const breath = new Breath();
    for (const fileId of [remote.outputFileId, remote.errorFileId]) {
      if (fileId === null) continue;
      for await (const text of this.#parts.batches.lines(fileId, signal)) {
        const line = this.#read(text, open);
        if (line?.row.completion.text === null) failures.push(line);
        else if (line !== null) answers.push(line);
        if (answers.length >= rowsAtATime) save();
        await breath.take();
      }
    }
    save();
    const collected: Batch = { ...batch, ...stateOf(remote), collected: true };
    store.transaction(() => {
      this.#save(failures);
      store.extractions.saveBatch(collected);
    });
    return collected;
  }

  /** Null for what is no line, belongs to another batch, or is saved already. */
  #read(text: string, open: Map<string, Asked>): Line | null {
    const { store, extraction, batches, tally } = this.#parts;
    const line = batches.read(text, extraction.settings.maxTokens);
    const asked = line === null ? undefined : open.get(line.customId);
    if (line === null || asked === undefined) return null;
    open.delete(line.customId);
    const { result } = line;
    const completion = result instanceof TeacherError ? result : result.completions[0];
    if (completion === undefined) return null;
    const counted = result instanceof TeacherError ? null : usageOf(result);
    if (completion instanceof TeacherError) {
      tally.failed(completion);
      const row = { completion: unanswered(asked, completion), rationale: null };
      return { row, usage: counted, estimated: false };
    }
    tally.succeeded();
    if (this.#isSaved(asked)) return null;
    const example = store.data.example(asked.exampleId);
    const usage = counted ?? this.#count(example, completion.text);
    const answer = { ...completion, ...usage, milliseconds: null };
    const row = {
      completion: answered(asked, answer),
      rationale: this.#parts.read(example, completion.text, asked.sample),
    };
    return { row, usage, estimated: counted === null };
  }

  #isSaved({ exampleId, sample }: Asked): boolean {
    return this.#parts.store.extractions
      .samples(this.#parts.extraction.id, exampleId)
      .some((saved) => saved.sample === sample && saved.completion !== null);
  }

  #count(example: FullExample, text: string): Usage {
    const { meter, questions } = this.#parts;
    return {
      promptTokens: meter.count(questions.of(example)),
      completionTokens: meter.countText(text),
    };
  }

  #save(lines: readonly Line[]): void {
    if (lines.length === 0) return;
    const { store, extraction, decide } = this.#parts;
    const rows = lines.map(({ row }) => row);
    const spend = spendOf(lines, extraction.price);
    store.extractions.saveCompletions(extraction.id, rows, { spend, decide });
  }
}

/** What the server says of a batch, as it is saved. */
export function stateOf(
  remote: RemoteBatch,
): Pick<Batch, 'remoteId' | 'state' | 'completed' | 'failed' | 'error'> {
  const { id, state, completed, failed, error } = remote;
  return { remoteId: id, state, completed, failed, error };
}

function usageOf({ promptTokens, completionTokens }: Reading): Usage | null {
  if (promptTokens === null || completionTokens === null) return null;
  return { promptTokens, completionTokens };
}

function spendOf(lines: readonly Line[], price: Price | null): SpendDelta {
  const usages = lines.flatMap(({ usage }) => usage ?? []);
  const promptTokens = usages.reduce((sum, usage) => sum + usage.promptTokens, 0);
  const completionTokens = usages.reduce((sum, usage) => sum + usage.completionTokens, 0);
  return {
    requests: lines.length,
    promptTokens,
    completionTokens,
    cost: price === null ? null : costOf(price, promptTokens, completionTokens, true),
    reused: 0,
    estimated: lines.some(({ estimated }) => estimated),
  };
}
