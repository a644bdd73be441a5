import type { ExampleFacts } from '../../facts/schema.ts';
import { badge, note } from '../blocks.ts';
import type { Section } from '../blocks.ts';
import { block, html, said } from '../markup.ts';
import type { Html } from '../markup.ts';
import { named } from '../page-context.ts';
import type { Page } from '../page-context.ts';

/** Rows with what every shown system said of them. */
export function examples(page: Page): Section {
  const { facts, words, format } = page;
  const { rows, seed, disagreements, systems } = facts.examples;
  const say = words.examples;
  const all = facts.comparedSystems.length;
  return {
    id: 'examples',
    title: say.title,
    body:
      rows.length === 0
        ? [note('plain', say.none)]
        : [
            html`<p>
              ${say.lead(format.count(rows.length), format.count(disagreements), String(seed))}
              ${systems.length < all && say.limited(format.count(systems.length), format.count(all))}
            </p>`,
            rows.map((row) => example(page, row)),
          ],
  };
}

function example(page: Page, row: ExampleFacts): Html {
  const { facts, words, format } = page;
  const say = words.examples;
  const more = (characters: number): string => words.more(format.count(characters));
  return html`<article>
    <h3>
      ${say.row(row.externalId)}
      ${row.disagree ? badge('warn', say.disagree) : badge('', say.agree)}
    </h3>
    ${block(row.input, more)}
    ${
      row.choices !== null &&
      row.choices.length > 0 &&
      html`<p>
        <span class="small">${say.choices}</span>
        ${row.choices.map((choice, place) => html`${place > 0 && ' · '}${said(choice)}`)}
      </p>`
    }
    <p>
      <span class="small">${say.gold}</span>
      <strong>${row.gold === null ? words.none : said(row.gold)}</strong>
    </p>
    ${row.note !== '' && html`<p class="small">${say.note}: ${said(row.note)}</p>`}
    <div class="answers">
      ${row.answers.map((answer, place) => {
        const key = facts.examples.systems[place];
        return key === undefined ? null : answerOf(page, key, answer, more);
      })}
    </div>
  </article>`;
}

function answerOf(
  page: Page,
  key: string,
  answer: ExampleFacts['answers'][number],
  more: (characters: number) => string,
): Html {
  const { words, format } = page;
  const say = words.examples;
  const { label, correct, asked, confidence, rationale, leadsToLabel, wrongArithmetic } = answer;
  return html`<div>
    <h4>${named(page, key)}</h4>
    <p>
      <span class="label"
        >${label === null ? (asked ? say.noLabel : say.notAsked) : said(label)}</span
      >
      ${correct === null ? null : correct ? badge('good', say.right) : badge('warn', say.wrong)}
      ${
        confidence !== null &&
        html`<span class="small">${say.confidence(format.percent(confidence))}</span>`
      }
    </p>
    ${rationale !== null && block(rationale, more)}
    ${leadsToLabel === false && html`<p class="small">${say.leadsElsewhere}</p>`}
    ${wrongArithmetic !== null && html`<p class="small">${say.arithmetic(wrongArithmetic)}</p>`}
  </div>`;
}
