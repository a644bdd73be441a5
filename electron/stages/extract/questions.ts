import type {
  ChatMessage,
  Extraction,
  Project,
  Teacher,
  TemplateDraft,
} from '../../contract/entities.ts';
import type { JsonSchema, RequestSettings } from '../../teacher/client.ts';
import { composePrompt } from '../../teacher/prompt.ts';
import type { PromptRow, Selector } from '../../teacher/prompt.ts';
import { selectorFor } from '../../teacher/selection.ts';
import { practiceBaseUrl } from '../../teacher/practice/server.ts';
import { requestHash } from './request-hash.ts';

/** What one row is asked with. */
export interface Question {
  readonly messages: readonly ChatMessage[];
  readonly schema: JsonSchema | null;
}

/** What decides the prompts of an extraction, and the names of its requests. */
export interface QuestionParts {
  readonly teacher: Pick<Teacher, 'kind' | 'baseUrl' | 'model'>;
  readonly template: TemplateDraft;
  readonly project: Pick<Project, 'labels'>;
  readonly settings: Pick<Extraction['settings'], 'temperature' | 'maxTokens' | 'seed'>;
}

/** Composes what each row is asked, with the exemplars chosen once for the whole extraction. */
export class Questions {
  readonly #parts: QuestionParts;
  readonly #select: Selector;

  constructor(parts: QuestionParts) {
    this.#parts = parts;
    this.#select = selectorFor(parts.template.exemplars, parts.template.selection);
  }

  of(row: PromptRow): Question {
    const { template, project } = this.#parts;
    return composePrompt(template, project, row, this.#select);
  }

  /** All that a request for `count` samples from `sample` on carries beside its messages. */
  settings(question: Question, sample: number, count: number): RequestSettings {
    const { settings, template } = this.#parts;
    const { temperature, maxTokens } = settings;
    const stop = template.parse.stopSequences;
    return {
      ...{ temperature, maxTokens, stop, count },
      seed: this.#seed(sample),
      schema: question.schema,
    };
  }

  /** See {@link requestHash}. */
  hash(question: Question, sample: number): Uint8Array {
    const { teacher, settings, template } = this.#parts;
    return requestHash({
      server: teacher.kind === 'practice' ? practiceBaseUrl : teacher.baseUrl,
      model: teacher.model,
      messages: question.messages,
      temperature: settings.temperature,
      maxTokens: settings.maxTokens,
      stop: template.parse.stopSequences,
      seed: this.#seed(sample),
      schema: question.schema,
      sample,
    });
  }

  #seed(sample: number): number | null {
    const { seed, temperature } = this.#parts.settings;
    // Where nothing is drawn a seed decides nothing, and all samples are one question.
    return seed === null || temperature === 0 ? seed : seed + sample;
  }
}
