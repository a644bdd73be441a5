import type { TeacherFacts } from '../../facts/schema.ts';
import { badge, folded, note, pairs, table } from '../blocks.ts';
import type { Section } from '../blocks.ts';
import { block, html, said } from '../markup.ts';
import type { Html, Part } from '../markup.ts';
import type { Page } from '../page-context.ts';

/** Who taught, how it was asked, what that cost and how good its answers are. */
export function prompts(page: Page): Section | null {
  const { facts, words } = page;
  if (facts.teachers.length === 0) return null;
  return {
    id: 'teacher',
    title: words.prompts.title,
    body: facts.teachers.map((teacher) => oneTeacher(page, teacher)),
  };
}

function oneTeacher(page: Page, teacher: TeacherFacts): Html {
  const { words, format } = page;
  const say = words.prompts;
  const { kind, model, address, settings, price } = teacher;
  const wasAsked = kind === 'openai-compatible';
  return html`
    <h3>${said(teacher.name)} ${kind === 'practice' && badge('warn', words.practice)}</h3>
    ${pairs([
      [say.kind, words.teacherKinds[kind]],
      [say.model, model === '' ? null : said(model)],
      [say.address, address === null ? null : said(address)],
      [say.asked, wasAsked ? askedWith(page, teacher) : null],
      [
        say.price,
        price === null ? null : say.priceOf(format.money(price.input), format.money(price.output)),
      ],
      [say.spent, wasAsked ? spent(page, teacher) : null],
      [say.cost, cost(page, teacher)],
      [say.hash, settings === null ? null : html`<code>${teacher.settingsHash}</code>`],
    ])}
    ${template(page, teacher)} ${quality(page, teacher)}
  `;
}

function askedWith({ words, format }: Page, { settings }: TeacherFacts): string {
  const say = words.prompts;
  const { temperature, maxTokens, samples, seed } = settings;
  return format.list([
    say.settings(
      format.number(temperature),
      format.count(maxTokens),
      say.answers(samples, format.count(samples)),
    ),
    ...(seed === null ? [] : [say.seed(String(seed))]),
  ]);
}

function spent({ words, format }: Page, { report }: TeacherFacts): string {
  const say = words.prompts;
  const { requests, promptTokens, completionTokens, reused, estimated } = report.spend;
  return format.list([
    say.spentOf(format.count(requests), format.count(promptTokens), format.count(completionTokens)),
    ...(reused > 0 ? [say.reused(format.count(reused))] : []),
    ...(estimated ? [say.estimated] : []),
  ]);
}

function cost({ words, format }: Page, { kind, report }: TeacherFacts): string {
  if (kind !== 'openai-compatible') return words.prompts.nothingAsked;
  return report.spend.cost === null ? words.prompts.noCost : format.money(report.spend.cost);
}

function template(page: Page, { template: asked }: TeacherFacts): Part {
  const { words, format } = page;
  const say = words.prompts;
  if (asked === null) return html`<p class="small">${say.noTemplate}</p>`;
  const more = (characters: number): string => words.more(format.count(characters));
  const { exemplars } = asked;
  return html`
    <h4>${say.template(asked.name, String(asked.version))}</h4>
    <p class="small">${say.styles[asked.style]}</p>
    ${
      asked.instruction !== '' &&
      html`<p class="small">${say.instruction}</p>
        ${block(asked.instruction, more)}`
    }
    <p class="small">${say.input}</p>
    ${block(asked.inputTemplate, more)}
    ${
      exemplars.length > 0 &&
      folded(
        html`${say.exemplars(exemplars.length, format.count(exemplars.length))}
        (${say.selection[asked.selection.how]})`,
        exemplars.map(
          ({ input, choices, rationale, answer }) => html`
            <div class="exemplar">
              ${block(choices === null ? input : [input, ...choices].join('\n'), more)}
              <p>
                <span class="small">${say.exemplarRationale}</span> ${said(rationale)}
                <span class="small">${say.exemplarAnswer}</span> <strong>${said(answer)}</strong>
              </p>
            </div>
          `,
        ),
      )
    }
  `;
}

function quality(page: Page, teacher: TeacherFacts): Html {
  const { words, format } = page;
  const say = words.prompts;
  const { report, review } = teacher;
  const { rationaleWords, latency, agreement } = report;
  const reviewed = review.accepted + review.rejected + review.edited > 0;
  return html`
    <h4>${say.quality}</h4>
    ${pairs([
      [say.answered, format.count(report.rows)],
      [say.parsed, format.count(report.parsed)],
      [say.failed, report.failed === 0 ? null : format.count(report.failed)],
      [say.right, report.score === null ? null : format.interval(report.score)],
      [say.agreement, agreement === null ? null : format.percent(agreement.mean)],
      [
        say.words,
        rationaleWords === null
          ? null
          : say.wordsOf(
              format.count(rationaleWords.p50),
              format.count(rationaleWords.p5),
              format.count(rationaleWords.p95),
            ),
      ],
      [
        say.latency,
        latency === null
          ? null
          : `${format.milliseconds(latency.p50)} (95%: ${format.milliseconds(latency.p95)})`,
      ],
      [
        say.reviewed,
        reviewed
          ? say.reviewedOf(
              format.count(review.accepted),
              format.count(review.rejected),
              format.count(review.edited),
            )
          : null,
      ],
    ])}
    ${health(page, teacher)}
  `;
}

function health({ words, format }: Page, { health: found }: TeacherFacts): Part {
  const say = words.prompts;
  if (found.checked === 0) return note('plain', say.notChecked);
  const flags = found.flags.filter(({ rows }) => rows > 0);
  return [
    html`<p>${say.health(format.count(found.checked), format.count(found.clean))}</p>`,
    flags.length > 0 &&
      table({
        caption: say.flags,
        columns: [{ name: say.flag }, { name: words.slices.rows, align: 'number' }],
        rows: flags.map(({ flag, rows }) => [say.flagNames[flag], format.count(rows)]),
      }),
  ];
}
