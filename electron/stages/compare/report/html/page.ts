import { createHash } from 'node:crypto';
import type { ReportFacts } from '../facts/schema.ts';
import { badge, list, section } from './blocks.ts';
import type { Section } from './blocks.ts';
import { formatOf } from './format.ts';
import { Html, html, said } from './markup.ts';
import { inItsWords } from './names.ts';
import type { Page, Writer } from './page-context.ts';
import { data } from './sections/data.ts';
import { examples } from './sections/examples.ts';
import { calibration, classes, rationales, speed } from './sections/quality.ts';
import { reproduce } from './sections/reproduce.ts';
import { scoreboard, verdicts } from './sections/scores.ts';
import { slices } from './sections/slices.ts';
import { split } from './sections/split.ts';
import { summary } from './sections/summary.ts';
import { prompts } from './sections/teacher.ts';
import { training } from './sections/training.ts';
import { cascade, judged, money } from './sections/use.ts';
import { style } from './style.ts';
import { wordsOf } from './words/index.ts';

/** Sections in their order: what was found first, where it comes from after. */
const writers: readonly Writer[] = [
  summary,
  scoreboard,
  verdicts,
  classes,
  calibration,
  rationales,
  slices,
  speed,
  money,
  cascade,
  judged,
  examples,
  training,
  data,
  prompts,
  split,
  reproduce,
  method,
];

/** How many there can be. */
export const sectionCount = writers.length;

/**
 * A report as one HTML file: nothing is loaded from anywhere, nothing runs, and its own policy forbids
 * whatever is not its style sheet.
 *
 * @param onSection called after each section with how many are done
 */
export async function renderReport(
  facts: ReportFacts,
  onSection: (done: number) => Promise<void> = () => Promise.resolve(),
): Promise<string> {
  const words = wordsOf(facts.language);
  const page: Page = {
    facts: inItsWords(facts, words),
    words,
    format: formatOf(facts.language),
  };
  const sections: Section[] = [];
  for (const [place, write] of writers.entries()) {
    const written = write(page);
    if (written !== null) sections.push(written);
    await onSection(place + 1);
  }
  return document(page, sections).toString();
}

/** Inside the style sheet nothing is escaped; it is a constant, and holds no text of anybody. */
const policy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

function document(page: Page, sections: readonly Section[]): Html {
  const { facts, words, format } = page;
  const { title, language, createdAt, project, part } = facts;
  return html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="generator" content="Stepwise Studio ${facts.versions.app}" />
        <title>${title}</title>
        ${Html.style(style)}
      </head>
      <body>
        <div class="page">
          <header>
            <h1 dir="auto">${title}</h1>
            <p class="sub">
              ${said(project.name)} · ${words.tasks[project.task]} ·
              ${words.partOf(words.parts[part], facts.split.name)} ·
              ${words.made(format.time(createdAt))}
              ${project.synthetic && badge('warn', words.data.synthetic)}
            </p>
          </header>
          <div class="body">
            <nav aria-label="${words.contents}">
              <h2>${words.contents}</h2>
              <ol>
                ${sections.map(({ id, title: name }) => html`<li><a href="#${id}">${name}</a></li> `)}
              </ol>
            </nav>
            <main>${sections.map(section)}</main>
          </div>
        </div>
      </body>
    </html> `;
}

/** How figures are made, for who wants to check them. */
function method({ words }: Page): Section {
  return { id: 'method', title: words.method.title, body: [list(words.method.items)] };
}
