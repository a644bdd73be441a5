import { TextNumbers, TextPool } from '../../../core/text-key.ts';
import { normaliseText } from '../../../core/text.ts';

/** A text as it is compared: the input and its choices, without the letters that every list of them has. */
export const comparedText = (input: string, choices: readonly string[] | null): string =>
  [input, ...(choices ?? [])].join('\n');

/**
 * Rows by what makes them alike, in the order of the project's rows. Rows whose text is equal once
 * case, Unicode form and white space are folded are one *unit*: near-duplicates are looked for among
 * units, so that a text that stands a thousand times is compared once.
 */
export interface AlikeRows {
  readonly ids: Float64Array;
  /** Rows with an equal number are equal to the letter. */
  readonly exact: Int32Array;
  readonly unit: Int32Array;
  /** Rows with an equal number are equal once numbers and names are masked. */
  readonly template: Int32Array;
  /** For every unit its template. */
  readonly unitTemplate: Int32Array;
  /** The normalised texts of the units. */
  readonly texts: TextPool;
  /** Units 0 to `exemplars` - 1 are exemplars of prompts; rows may have the same text. */
  readonly exemplars: number;
  /** Their texts as the prompts show them. */
  readonly exemplarTexts: readonly string[];
}

/** Takes exemplars first, then rows one after another. */
export class AlikeBuilder {
  readonly #ids: number[] = [];
  readonly #exact: number[] = [];
  readonly #unit: number[] = [];
  readonly #template: number[] = [];
  readonly #unitTemplate: number[] = [];
  readonly #texts = new TextPool();
  readonly #exactNumbers = new TextNumbers();
  readonly #unitNumbers = new TextNumbers();
  readonly #templateNumbers = new TextNumbers();
  readonly #exemplarTexts: string[];

  constructor(exemplars: readonly string[], masked: (text: string) => string) {
    const distinct = new Map(exemplars.map((text) => [normaliseText(text), text]));
    this.#exemplarTexts = [...distinct.values()];
    for (const text of this.#exemplarTexts)
      this.#unitOf(text, this.#templateNumbers.of(masked(text)));
  }

  /** @param masked the text with its numbers and names masked */
  add(row: { id: number; text: string; masked: string }): void {
    const unit = this.#unitOf(row.text, this.#templateNumbers.of(row.masked));
    this.#ids.push(row.id);
    this.#exact.push(this.#exactNumbers.of(row.text));
    this.#unit.push(unit);
    // That of the first row of the unit: capitals, which names are known by, do not make two of it.
    this.#template.push(this.#unitTemplate[unit] ?? -1);
  }

  finish(): AlikeRows {
    return {
      ids: Float64Array.from(this.#ids),
      exact: Int32Array.from(this.#exact),
      unit: Int32Array.from(this.#unit),
      template: Int32Array.from(this.#template),
      unitTemplate: Int32Array.from(this.#unitTemplate),
      texts: this.#texts,
      exemplars: this.#exemplarTexts.length,
      exemplarTexts: this.#exemplarTexts,
    };
  }

  #unitOf(text: string, template: number): number {
    const normalised = normaliseText(text);
    const unit = this.#unitNumbers.of(normalised);
    if (unit === this.#texts.size) {
      this.#texts.add(normalised);
      this.#unitTemplate.push(template);
    }
    return unit;
  }
}
