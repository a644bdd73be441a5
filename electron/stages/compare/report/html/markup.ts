/**
 * Markup that is safe to put into a page. It is made by the tag {@link html} alone, which escapes every
 * text that is put in: there is no way to bring in markup as text.
 */
export class Html {
  readonly #markup: string;

  private constructor(markup: string) {
    this.#markup = markup;
  }

  /** Of the tag below, whose literal parts are written in this folder. */
  static tagged(literals: TemplateStringsArray, values: readonly Part[]): Html {
    const parts = values.map((value, place) => markupOf(value) + (literals[place + 1] ?? ''));
    return new Html((literals[0] ?? '') + parts.join(''));
  }

  /** A style sheet of this folder: it is not escaped, and must hold no text of anybody. */
  static style(sheet: string): Html {
    return new Html(`<style>${sheet}</style>`);
  }

  toString(): string {
    return this.#markup;
  }
}

/** What can stand between literals; nothing is written for null, undefined and false. */
export type Part = Html | string | number | null | undefined | false | readonly Part[];

/** ``html`<p>${text}</p>` ``: texts are escaped for elements and quoted attributes alike. */
export const html = (literals: TemplateStringsArray, ...values: readonly Part[]): Html =>
  Html.tagged(literals, values);

function markupOf(value: Part): string {
  if (value === null || value === undefined || value === false) return '';
  if (value instanceof Html) return value.toString();
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return escaped(value);
  return value.map(markupOf).join('');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

/** Signs that a page can't hold: controls other than tab and new lines, and signs that are none. */
const unfit = /(?![\t\n\r])\p{Cc}|\p{Noncharacter_Code_Point}/gu;

function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(unfit, '\uFFFD')
    .replace(/[&<>"'`]/gu, (sign) => entities[sign] ?? sign);
}

/** Longest text that is shown whole, in characters. */
const mostShown = 4_000;

/** A text of the data: it keeps its own writing direction and does not reach into what stands beside it. */
export const said = (text: string): Html => html`<bdi>${text}</bdi>`;

/**
 * A text of the data with its lines; a very long one is cut.
 * @param more words for how many characters were left out
 */
export function block(text: string, more: (characters: number) => string): Html {
  const signs = Array.from(text);
  const left = signs.length - mostShown;
  return left <= 0
    ? html`<div class="text" dir="auto">${text}</div>`
    : html`<div class="text" dir="auto">${signs.slice(0, mostShown).join('')}…</div>
        <p class="small">${more(left)}</p>`;
}
