import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Extraction } from '../../contract/entities.ts';
import type { NewCompletion, PendingExample, ReusableAnswer } from '../../store/store.ts';
import { TeacherError } from '../../teacher/errors.ts';
import { openTeacher } from '../../teacher/open.ts';
import { Pace, wallClock } from '../../teacher/pace.ts';
import type { JobContext } from '../job.ts';
import { answered, reused, unanswered } from './answers.ts';
import type { Asked } from './answers.ts';
import { Breath } from './breath.ts';
import { missingPrice } from './continuing.ts';
import { Guard } from './guard.ts';
import { PendingRows } from './pending-rows.ts';
import { Questions } from './questions.ts';
import type { Question } from './questions.ts';
import { decideFor, readerFor, templateOf } from './reading.ts';
import type { Reader } from './reading.ts';
import { Requester } from './requester.ts';
import type { Outcome } from './requester.ts';
import { AnswerSaver } from './saver.ts';
import { Stopping, giveUpGrace } from './stopping.ts';
import { Tally } from './tally.ts';
import { RequestsUnderWay } from './under-way.ts';
import type { UnderWay } from './under-way.ts';

/** Rows that may wait beside those whose requests are under way: for their turn, or to be asked again. */
const mostInReserve = 16;
/** Milliseconds between two reports of progress. */
const reportWait = 200;

/**
 * Asks the teacher for every answer that the extraction lacks. A request that was answered before, in
 * any extraction of the project, is not sent again, and equal ones are sent once. Answers are saved
 * with their parse as they arrive; those that fail for good are saved with the reason and asked again
 * by the next run.
 *
 * When the signal aborts, or money or requests run out, nothing new is sent; what is under way may
 * end for a while ({@link Stopping}) and is saved.
 *
 * @throws TeacherError when no request can succeed: a refused key, a wrong address, a teacher that
 * can't be reached
 * @throws PauseJob when the budget or the cap on requests is reached
 * @throws StudioError with the commonest reason when all that was asked failed; price-missing for a
 * budget without a price
 */
export async function askTeacher(context: JobContext, extraction: Extraction): Promise<void> {
  const { settings, price, teacher } = extraction;
  const refusal = missingPrice(settings, price, teacher.model);
  if (refusal !== null) throw refusal;
  await new Asking(context, extraction).run();
}

/** One run of an extraction's requests. */
class Asking {
  readonly #context: JobContext;
  readonly #extraction: Extraction;
  readonly #questions: Questions;
  readonly #read: Reader;
  readonly #pace: Pace;
  readonly #guard: Guard;
  readonly #stopping: Stopping;
  readonly #requester: Requester;
  /** Whether all samples of a row come with one request. */
  readonly #together: boolean;
  readonly #tally: Tally;
  readonly #saver: AnswerSaver;
  readonly #rows: PendingRows;
  readonly #breath = new Breath();
  readonly #underWay: RequestsUnderWay;
  /** Answers that are saved and not asked for any more: of more samples or rows than now. */
  readonly #beyond: number;
  /** Answers saved as failed in this run. */
  #failed = 0;
  /** Whether answers were saved since screens were told. */
  #untold = false;

  constructor(context: JobContext, extraction: Extraction) {
    const { store } = context;
    const { settings, teacher, price, spend } = extraction;
    const { concurrency, budget, maxRequests } = settings;
    const project = store.projects.get(extraction.projectId);
    const template = templateOf(store, extraction, project);
    const client = openTeacher(teacher, context.teacherKey(teacher.id), settings);
    this.#context = context;
    this.#extraction = extraction;
    this.#underWay = RequestsUnderWay.of(store, extraction.projectId);
    this.#questions = new Questions({ teacher, template, project, settings });
    this.#read = readerFor(store, extraction);
    this.#pace = new Pace({ limit: concurrency, clock: wallClock, random: Math.random });
    this.#guard = new Guard({ price, budget, maxRequests, spent: spend });
    this.#stopping = new Stopping(context.signal);
    this.#requester = new Requester({
      ...{ client, questions: this.#questions },
      ...{ pace: this.#pace, guard: this.#guard, stopping: this.#stopping },
    });
    this.#together = client.answersTogether;
    this.#beyond = extraction.completed - store.extractions.saved(extraction.id, settings);
    this.#tally = new Tally(concurrency);
    this.#rows = new PendingRows(store, extraction.id);
    this.#saver = this.#openSaver();
  }

  async run(): Promise<void> {
    const { concurrency } = this.#extraction.settings;
    const workers: Promise<void>[] = [];
    const reports = setInterval(() => this.#tick(), reportWait);
    try {
      // One after another: nothing else has to wait until the first prompts are all composed.
      const wanted = concurrency + Math.min(concurrency, mostInReserve);
      for (let started = 0; started < wanted && !this.#stopping.asked; started++) {
        const work = this.#work();
        // One may fail before all have started; it is looked at when all have ended.
        work.catch(() => undefined);
        workers.push(work);
        await nextTurn();
      }
    } finally {
      await Promise.allSettled(workers);
      clearInterval(reports);
      this.#stopping.close();
      this.#saveRest();
      this.#report();
    }
    await allOf(workers);
    if (this.#context.signal.aborted) return;
    this.#stopping.throwIfOwn();
    this.#tally.throwIfAllFailed();
  }

  /** Takes one row after another until there is none left or the run is to end. */
  async #work(): Promise<void> {
    try {
      while (!this.#stopping.asked) {
        const row = this.#rows.next();
        if (row === null) return;
        await this.#row(row);
        await this.#breath.take();
      }
    } catch (error) {
      // What is bought from now on could not be saved.
      this.#stopping.stop(error, 0);
      throw error;
    }
  }

  /** Gets the answers that a row lacks: from before, from a request under way, or from the teacher. */
  async #row(row: PendingExample): Promise<void> {
    const question = this.#questions.of(row);
    const open: OpenRequest[] = [];
    const waits: Promise<void>[] = [];
    try {
      for (const sample of row.missing) {
        const asked = {
          exampleId: row.id,
          sample,
          requestHash: this.#questions.hash(question, sample),
        };
        const name = Buffer.from(asked.requestHash).toString('hex');
        const known = this.#answeredBefore(asked);
        const underWay = this.#underWay.get(name);
        if (known !== null) this.#save(row, reused(asked, known));
        else if (underWay !== undefined) waits.push(this.#share(row, asked, underWay));
        else open.push({ asked, settle: this.#underWay.open(name, this) });
      }
    } catch (error) {
      for (const { settle } of open) settle(null);
      throw error;
    }
    const calls = this.#together ? [open] : open.map((one) => [one]);
    for (const call of calls) if (call.length > 0) waits.push(this.#ask(row, question, call));
    await allOf(waits);
  }

  #answeredBefore({ requestHash }: Asked): ReusableAnswer | null {
    const { projectId } = this.#extraction;
    return this.#context.store.extractions.reusable(projectId, requestHash);
  }

  /** Sends one call for some samples of a row, and saves what comes of it. */
  async #ask(row: PendingExample, question: Question, call: readonly OpenRequest[]): Promise<void> {
    let outcomes: Outcome[] = [];
    try {
      const first = call[0]?.asked.sample ?? 0;
      outcomes = await this.#requester.ask(question, first, call.length);
      for (const [index, { asked }] of call.entries()) {
        this.#keep(row, asked, outcomes[index] ?? null);
      }
    } finally {
      for (const [index, { settle }] of call.entries()) settle(outcomes[index] ?? null);
    }
  }

  #keep(row: PendingExample, asked: Asked, outcome: Outcome): void {
    if (outcome === null) return;
    if (!(outcome instanceof TeacherError)) {
      this.#tally.succeeded();
      this.#save(row, answered(asked, outcome));
      return;
    }
    const last = this.#tally.failed(outcome);
    if (!outcome.consequence.everyRequest) this.#save(row, unanswered(asked, outcome));
    if (last) this.#stopping.stop(outcome, giveUpGrace);
  }

  /** Takes what an equal request of another row, sample or extraction brings. */
  async #share(row: PendingExample, asked: Asked, underWay: UnderWay): Promise<void> {
    const outcome = await underWay.outcome;
    if (outcome !== null && !(outcome instanceof TeacherError)) {
      this.#save(row, reused(asked, outcome));
    } else if (underWay.owner !== this) {
      // It was stopped, or had less patience: what it did not get is asked for here.
      await nextTurn();
      if (!this.#stopping.asked) await this.#row({ ...row, missing: [asked.sample] });
    } else if (outcome !== null && !outcome.consequence.everyRequest) {
      this.#save(row, unanswered(asked, outcome));
    }
  }

  #save(row: PendingExample, completion: NewCompletion): void {
    const { text, sample } = completion;
    if (text === null) this.#failed += 1;
    if (completion.reused) this.#guard.countReused(1);
    this.#saver.add({
      completion,
      rationale: text === null ? null : this.#read(row, text, sample),
    });
  }

  #openSaver(): AnswerSaver {
    const { extractions } = this.#context.store;
    const decide = decideFor(this.#context.store, this.#extraction);
    return new AnswerSaver({
      save: (rows) => {
        const spend = this.#guard.takeDelta();
        try {
          const options = { soon: true, decide, ...(spend === null ? {} : { spend }) };
          extractions.saveCompletions(this.#extraction.id, rows, options);
          this.#untold = true;
        } catch (error) {
          if (spend !== null) this.#guard.returnDelta(spend);
          throw error;
        }
      },
      flush: () => extractions.flush(),
    });
  }

  #saveRest(): void {
    try {
      this.#saver.close();
    } finally {
      // Also when what it bought can't be saved.
      this.#saveSpend();
      this.#context.store.extractions.flush();
    }
  }

  /** Puts down what was used up by requests that brought nothing to save. */
  #saveSpend(): void {
    const spend = this.#guard.takeDelta();
    if (spend === null) return;
    try {
      this.#context.store.extractions.saveCompletions(this.#extraction.id, [], {
        spend,
        soon: true,
      });
    } catch (error) {
      this.#guard.returnDelta(spend);
      throw error;
    }
  }

  /** What is spent is put down even while nothing comes of it: a killed process must not forget it. */
  #tick(): void {
    try {
      this.#saveSpend();
      this.#report();
    } catch (error) {
      this.#stopping.stop(error, 0);
    }
  }

  #report(): void {
    const { completed, failed, wanted } = this.#context.store.extractions.get(this.#extraction.id);
    const { slots, waitingUntil } = this.#pace;
    // Requests that were really sent: one that waits for money has its turn, but is not under way.
    const inFlight = this.#stopping.underWay;
    this.#context.progress({
      // Answers that failed in an earlier run are still to do.
      done: completed - this.#beyond + Math.min(failed, this.#failed),
      total: wanted,
      phase: 'working',
      network: { inFlight, slots, waitingUntil: waitingUntil?.toISOString() ?? null },
    });
    if (this.#untold) this.#context.saved('rationales');
    this.#untold = false;
  }
}

/** Waits until all have ended. @throws what the first of them that failed did */
async function allOf(works: readonly Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(works)) {
    if (result.status === 'rejected') throw result.reason;
  }
}

/** A request that nobody has asked yet. */
interface OpenRequest {
  readonly asked: Asked;
  /** Tells those who share it what became of it. */
  readonly settle: (outcome: Outcome) => void;
}
