import type { ReusableAnswer } from '../../store/store.ts';
import type { TeacherAnswer, TeacherClient } from '../../teacher/client.ts';
import { TeacherError } from '../../teacher/errors.ts';
import type { Pace } from '../../teacher/pace.ts';
import { tokenCounter } from '../../teacher/tokens.ts';
import { PauseJob } from '../job.ts';
import { divide } from './answers.ts';
import { CallGate } from './call-gate.ts';
import type { Guard, Usage } from './guard.ts';
import { PromptMeter } from './prompt-meter.ts';
import type { Question, Questions } from './questions.ts';
import { Stopped } from './stopping.ts';
import type { Stopping } from './stopping.ts';

/** An answer that was asked for; the milliseconds of its request. */
export interface AskedAnswer extends ReusableAnswer {
  readonly milliseconds: number;
}
/** What became of one request: an answer, why there is none, or null: it was stopped before. */
export type Outcome = AskedAnswer | TeacherError | null;

export interface RequesterParts {
  readonly client: TeacherClient;
  readonly questions: Questions;
  readonly pace: Pace;
  readonly guard: Guard;
  readonly stopping: Stopping;
}

/** Sends requests within pace and budget, and puts their tokens down. */
export class Requester {
  readonly #parts: RequesterParts;
  #meter: Promise<PromptMeter> | null = null;

  constructor(parts: RequesterParts) {
    this.#parts = parts;
  }

  /**
   * Asks for `count` samples of a row from `sample` on. When the gate refuses for good, the run is
   * told to stop.
   *
   * @returns what became of each
   * @throws what is no fault of the teacher
   */
  async ask(question: Question, sample: number, count: number): Promise<Outcome[]> {
    const { client, questions, stopping } = this.#parts;
    const settings = questions.settings(question, sample, count);
    const counted = await this.#countAhead(question);
    const gate = await this.#gate(counted, settings.maxTokens * count);
    try {
      const signal = stopping.hard;
      const answer = await client.complete(question.messages, { ...settings, signal, gate });
      if (counted > 0 && answer.promptTokens !== null && gate.answered > 0) {
        (await this.#promptMeter()).learn(counted, answer.promptTokens / gate.answered);
      }
      return await this.#outcomes(question, answer, gate);
    } catch (caught) {
      const outcome = this.#outcomeOf(caught);
      return Array.from({ length: count }, () => outcome);
    } finally {
      // An answer that was dropped on its way has been paid for, too.
      if (gate.uncounted > 0) gate.countHere(await this.#usage(question, gate.uncounted, []));
    }
  }

  /** Tokens of the prompt as counted here; 0 where they decide nothing. */
  async #countAhead(question: Question): Promise<number> {
    return this.#parts.guard.watchesMoney ? (await this.#promptMeter()).count(question) : 0;
  }

  async #gate(counted: number, completionTokens: number): Promise<CallGate> {
    const { pace, guard, stopping } = this.#parts;
    const promptTokens = counted === 0 ? 0 : (await this.#promptMeter()).bound(counted);
    return new CallGate({ pace, guard, stopping, worst: { promptTokens, completionTokens } });
  }

  async #outcomes(question: Question, answer: TeacherAnswer, gate: CallGate): Promise<Outcome[]> {
    const { completions, milliseconds } = answer;
    const texts = completions.map((it) => (it instanceof TeacherError ? '' : it.text));
    const usage = await this.#count(question, answer, texts, gate);
    const came = texts.map((text) => (text === '' ? 0 : 1));
    const promptTokens = divide(usage.promptTokens, came);
    const completionTokens = divide(
      usage.completionTokens,
      texts.map(({ length }) => length),
    );
    return completions.map((it, index) =>
      it instanceof TeacherError
        ? this.#outcomeOf(it.cause instanceof PauseJob ? it.cause : it)
        : {
            text: it.text,
            finishReason: it.finishReason,
            promptTokens: promptTokens[index] ?? null,
            completionTokens: completionTokens[index] ?? null,
            milliseconds,
          },
    );
  }

  /** Tokens of a call as the server counts them, else as they are counted here. */
  async #count(
    question: Question,
    { promptTokens, completionTokens }: TeacherAnswer,
    texts: readonly string[],
    gate: CallGate,
  ): Promise<Usage> {
    if (gate.uncounted > 0) gate.countHere(await this.#usage(question, gate.uncounted, texts));
    if (promptTokens !== null && completionTokens !== null)
      return { promptTokens, completionTokens };
    return this.#usage(question, Math.max(1, gate.answered), texts);
  }

  async #usage(question: Question, requests: number, texts: readonly string[]): Promise<Usage> {
    const meter = await this.#promptMeter();
    return {
      promptTokens: meter.count(question) * requests,
      completionTokens: texts.reduce((sum, text) => sum + meter.countText(text), 0),
    };
  }

  /** @throws what is neither a refusal of the gate nor a failure of the teacher nor a stop */
  #outcomeOf(caught: unknown): Outcome {
    const { stopping } = this.#parts;
    if (caught instanceof PauseJob) {
      stopping.stop(caught, null);
      return null;
    }
    if (caught instanceof Stopped) return null;
    if (caught instanceof TeacherError) return caught.cause instanceof Stopped ? null : caught;
    throw caught;
  }

  #promptMeter(): Promise<PromptMeter> {
    this.#meter ??= tokenCounter().then((counter) => new PromptMeter(counter));
    return this.#meter;
  }
}
