import { confirmationOf } from '../../../../../contract/cascade.ts';
import { costSettingsDefaults, systemKey } from '../../../../../contract/entities.ts';
import type {
  Accuracy,
  Cascade,
  CostReport,
  SystemCost,
} from '../../../../../contract/entities.ts';
import { badge, figure, note, table } from '../blocks.ts';
import type { Section } from '../blocks.ts';
import { legend } from '../charts/axes.ts';
import { breakEvenChart, isPriced } from '../charts/break-even.ts';
import { html, said } from '../markup.ts';
import type { Html, Part } from '../markup.ts';
import { named, nameOf } from '../page-context.ts';
import type { Page } from '../page-context.ts';

/** Lines of a chart that can be told apart. */
const mostLines = 8;

/** What answers cost, and after how many a student has earned back what it cost to build. */
export function money(page: Page): Section {
  const { facts, words, format } = page;
  const { systems, settings } = facts.costs;
  const say = words.money;
  const priced = systems.filter(isPriced).slice(0, mostLines);
  return {
    id: 'money',
    title: say.title,
    body: [
      html`<p>
        ${
          settings.machineHour === null
            ? say.noMachine
            : say.machine(
                format.money(settings.machineHour),
                settings.machineHour !== costSettingsDefaults.machineHour,
              )
        }
        ${say.goldLabels}
      </p>`,
      priced.length < 2
        ? note('plain', say.unknown)
        : figure(
            breakEvenChart(priced, settings.volume, page),
            html`${say.chart}${legend(priced.map(({ name }) => said(name)))}`,
          ),
      table({
        caption: say.caption,
        columns: [
          { name: words.scoreboard.who },
          { name: say.perThousand, align: 'number' },
          { name: say.build },
          { name: say.breakEven, align: 'number' },
        ],
        rows: systems.map((system) => [
          html`${said(system.name)}${
            system.needsTeacher && html`<br />${badge('warn', words.needsTeacher)}`
          }`,
          html`${system.perThousand === null ? '–' : format.money(system.perThousand)}<br /><span
              class="small"
              >${say.basis[system.basis]}</span
            >`,
          buildCell(page, system),
          system.kind === 'teacher'
            ? '–'
            : system.breakEven === null
              ? isNever(system, facts.costs)
                ? say.never
                : say.notKnown
              : say.answers(system.breakEven, format.count(system.breakEven)),
        ]),
      }),
    ],
  };
}

/** Whether answers of a student are known to cost no less than the teacher's. */
function isNever({ perThousand }: SystemCost, { systems, teacher }: CostReport): boolean {
  const theirs = systems.find(({ key }) => key === teacher)?.perThousand ?? null;
  return theirs !== null && perThousand !== null && perThousand >= theirs;
}

function buildCell({ words, format }: Page, { build }: SystemCost): Part {
  if (build === null) return '–';
  const say = words.money;
  const { total, rationales, training, trainingHours, unknown } = build;
  const parts = [
    ...(rationales === null ? [] : [say.rationales(format.money(rationales))]),
    ...(training === null
      ? []
      : [say.training(format.money(training), format.number(trainingHours ?? 0))]),
  ];
  return html`${format.money(total)}<br /><span class="small"
      >${format.list(parts)}${
        unknown.length > 0 &&
        html`<br />${say.missing(format.list(unknown.map((part) => say.unknownParts[part])))}`
      }</span
    >`;
}

/** Saved thresholds from which on a student answers itself; null without any. */
export function cascade(page: Page): Section | null {
  const { facts, words } = page;
  const say = words.cascade;
  if (facts.cascades.length === 0) return null;
  return {
    id: 'cascade',
    title: say.title,
    body: [html`<p>${say.lead}</p>`, facts.cascades.map((one) => cascadeParts(page, one))],
  };
}

/** One saved threshold: what it was chosen for, validation beside test, and whether test bears it out. */
function cascadeParts(page: Page, one: Cascade): Part {
  const { words, format } = page;
  const say = words.cascade;
  const { outcome, few } = confirmationOf(one);
  const rowOf = (part: 'validation' | 'test', alone: Accuracy | null): Part[] => {
    const at = one[part];
    return [
      say.parts[part],
      format.percent(at.coverage),
      at.student.rows === 0 ? '–' : format.interval(at.student),
      format.interval(at.together),
      alone === null ? '–' : format.interval(alone),
      at.cheaper === null ? '–' : say.times(format.number(at.cheaper)),
    ];
  };
  const name = say.pair(
    nameOf(page, systemKey.run(one.runId)),
    nameOf(page, systemKey.teacher(one.extractionId)),
  );
  return html`${table({
      caption: name,
      columns: [
        { name: say.part },
        { name: say.coverage, align: 'number' },
        { name: say.accuracy, align: 'number' },
        { name: say.together, align: 'number' },
        { name: say.alone, align: 'number' },
        { name: say.cheaper, align: 'number' },
      ],
      rows: [rowOf('validation', null), rowOf('test', one.testTeacher)],
    })}
    <p class="small">
      ${say.chosen(targetWords(page, one.target), format.number(one.threshold))}
      ${say.outcomes[outcome]}
      ${few.map((part) => html` ${say.few(say.parts[part], format.count(one[part].student.rows))}`)}
    </p>`;
}

function targetWords({ words, format }: Page, target: Cascade['target']): string {
  const say = words.cascade.targets;
  switch (target.kind) {
    case 'student':
      return say.student(format.percent(target.accuracy));
    case 'together':
      return say.together(format.share(target.loss));
    case 'threshold':
      return say.threshold;
  }
}

/** Rationales that a person judged without knowing who wrote which; null where nobody did. */
export function judged(page: Page): Section | null {
  const { facts, words, format } = page;
  const say = words.judged;
  if (facts.judged.length === 0) return null;
  return {
    id: 'judged',
    title: say.title,
    body: [
      html`<p>${say.lead}</p>`,
      table({
        caption: say.caption,
        columns: [
          { name: say.a },
          { name: say.b },
          { name: say.judged, align: 'number' },
          { name: say.preferA, align: 'number' },
          { name: say.preferB, align: 'number' },
          { name: say.both, align: 'number' },
          { name: say.neither, align: 'number' },
          { name: say.share, align: 'number' },
          { name: say.p, align: 'number' },
          { name: say.verdict },
        ],
        rows: facts.judged.map((result) => [
          named(page, result.a),
          named(page, result.b),
          ...[result.judged, result.preferA, result.preferB, result.both, result.neither].map(
            format.count,
          ),
          result.share === null ? '–' : format.interval(result.share),
          result.p === null ? '–' : format.chance(result.p),
          judgedVerdict(page, result.verdict),
        ]),
      }),
    ],
  };
}

const judgedVerdict = ({ words }: Page, verdict: 'a' | 'b' | 'not-shown' | null): Html | string =>
  verdict === null
    ? words.judged.soFar
    : badge(verdict === 'not-shown' ? '' : 'good', words.judged.verdicts[verdict]);
