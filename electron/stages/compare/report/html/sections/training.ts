import type { RunSettings } from '../../../../../contract/entities.ts';
import { RunSettings as RunSettingsShape } from '../../../../../contract/entities.ts';
import { canonicalJson } from '../../../../../core/hash.ts';
import type { StudentFacts } from '../../facts/schema.ts';
import { badge, figure, folded, note, table } from '../blocks.ts';
import type { Section } from '../blocks.ts';
import { legend } from '../charts/axes.ts';
import { lossChart, reachOf, validationChart } from '../charts/curves.ts';
import type { Reach } from '../charts/curves.ts';
import { html, said } from '../markup.ts';
import type { Html, Part } from '../markup.ts';
import type { Page } from '../page-context.ts';

/** How the students were trained: rows, settings, curves. */
export function training(page: Page): Section | null {
  const { facts, words } = page;
  const { students } = facts;
  if (students.length === 0) return null;
  const say = words.training;
  return {
    id: 'training',
    title: say.title,
    body: [
      studentTable(page),
      html`<h3>${say.curves}</h3>`,
      html`<p>${say.curvesLead}</p>`,
      curves(page),
      html`<h3>${say.differ}</h3>`,
      differences(page),
      html`<h3>${say.all}</h3>`,
      sharedSettings(page),
      variedSettings(page),
    ],
  };
}

function studentTable({ facts, words, format }: Page): Html {
  const say = words.training;
  return table({
    caption: say.caption,
    columns: [
      { name: say.name },
      { name: say.labels },
      { name: say.seed, align: 'number' },
      { name: say.rows, align: 'number' },
      { name: say.best, align: 'number' },
      { name: say.ended },
      { name: say.parameters, align: 'number' },
      { name: say.engine },
    ],
    rows: facts.students.map((student) => {
      const { settings, bestValidation, bestStep, ended, parameters, engine } = student;
      const who = html`${said(student.name)}<br />${badge('', words.methods[student.method])}${
          student.needsTeacher && badge('warn', words.needsTeacher)
        }${student.imported && badge('', words.imported)}`;
      if (!isKnown(student)) {
        const size = parameters === null ? '–' : format.count(parameters);
        return [who, words.importedUnknown, '–', '–', '–', '–', size, '–'];
      }
      return [
        who,
        words.sources[settings.labelSource],
        String(settings.seed),
        html`${format.count(student.trainRows)}${
          student.rationaleRows > 0 &&
          html`<br /><span class="small"
              >${say.withRationale}: ${format.count(student.rationaleRows)}</span
            >`
        }`,
        html`${bestValidation === null ? '–' : format.percent(bestValidation)}${
          bestStep !== null &&
          html`<br /><span class="small">${say.at(format.count(bestStep))}</span>`
        }`,
        ended === null
          ? say.notEnded
          : html`${say.ends[ended.reason]}<br /><span class="small"
                >${say.at(format.count(ended.step))}</span
              >`,
        parameters === null ? '–' : format.count(parameters),
        engine ?? '–',
      ];
    }),
  });
}

/** Students of one line of the scoreboard in one chart; all charts to one scale. */
function curves(page: Page): Html {
  const { facts } = page;
  const reach = reachOf(facts.students.map(({ curve }) => curve));
  const lines = facts.scoreboard.entries.flatMap(({ name, systems }) => {
    const keys = new Set(systems.map(({ key }) => key));
    const students = facts.students.filter(
      ({ key, imported }) => keys.has(key) && imported === null,
    );
    return students.length === 0 ? [] : [{ name, students }];
  });
  return html`<div class="cards wide">
    ${lines.map(({ name, students }) => curvesOf(page, name, students, reach))}
  </div>`;
}

function curvesOf(page: Page, name: string, students: readonly StudentFacts[], reach: Reach): Html {
  const { words } = page;
  const say = words.training;
  const drawing = { ...page, name, reach, curves: students.map(({ curve }) => curve) };
  const hasRationales = drawing.curves.some(({ losses }) =>
    losses.some(({ rationaleLoss }) => rationaleLoss !== null),
  );
  return figure(
    html`<div class="charts">${lossChart(drawing)}${validationChart(drawing)}</div>`,
    html`<strong>${said(name)}</strong>
      ${hasRationales && html`<span class="small">${say.twoLosses}</span>`}
      ${
        students.length > 1 &&
        legend(students.map(({ settings }) => words.seeds(String(settings.seed))))
      }`,
    folded(
      words.asTable,
      students.map((student) => evaluations(page, student)),
      'screen',
    ),
  );
}

/** Figures behind a chart: every evaluation, with the losses of the stretch of steps that it ended. */
function evaluations({ words, format }: Page, { name, curve }: StudentFacts): Html {
  const say = words.training;
  const lossAt = (step: number) => curve.losses.find((point) => point.step >= step);
  return table({
    caption: say.evaluations(name),
    columns: [
      { name: say.evaluationStep, align: 'number' },
      { name: say.labelLoss, align: 'number' },
      { name: say.rationaleLoss, align: 'number' },
      { name: say.validation, align: 'number' },
    ],
    rows: curve.validations.map(({ step, ...score }) => {
      const loss = lossAt(step);
      return [
        format.count(step),
        loss === undefined ? '–' : format.number(loss.labelLoss),
        loss === undefined || loss.rationaleLoss === null ? '–' : format.number(loss.rationaleLoss),
        format.interval(score),
      ];
    }),
  });
}

/** Settings that are not the suggested ones, each with the students that have it so. */
function differences(page: Page): Part {
  const { facts, words } = page;
  const say = words.training;
  const students = facts.students.filter(isKnown);
  const unknown = students.filter(({ differences: found }) => found === null);
  const groups = new Map<string, { cells: Part[]; names: string[] }>();
  for (const student of students) {
    for (const { name, value, suggested } of student.differences ?? []) {
      const key = canonicalJson([name, value, suggested]);
      const cells = [say.settings[name], valueText(page, value), valueText(page, suggested)];
      const group = groups.get(key) ?? { cells, names: [] };
      group.names.push(student.name);
      groups.set(key, group);
    }
  }
  return [
    unknown.length > 0 &&
      note('plain', say.unknownDiffer(page.format.list(unknown.map(({ name }) => name)))),
    groups.size === 0
      ? unknown.length < students.length && note('plain', say.noDiffer)
      : table({
          caption: say.differCaption,
          columns: [
            { name: say.setting },
            { name: say.value },
            { name: say.suggested },
            { name: say.whose },
          ],
          rows: [...groups.values()].map(({ cells, names }) => [
            ...cells,
            names.length === students.length ? say.everyStudent : page.format.list(names),
          ]),
        }),
  ];
}

/** Settings of an imported student that does not say how it was trained are no facts. */
const isKnown = ({ imported }: StudentFacts): boolean => imported?.trainingKnown ?? true;

const settingKeys = RunSettingsShape.keyof().options;

const isShared = (students: readonly StudentFacts[], key: keyof RunSettings): boolean =>
  students.every(
    ({ settings }) => canonicalJson(settings[key]) === canonicalJson(students[0]?.settings[key]),
  );

function sharedSettings(page: Page): Html {
  const { facts, words } = page;
  const say = words.training;
  const students = facts.students.filter(isKnown);
  const settings = students[0]?.settings;
  const shared = settingKeys.filter((key) => isShared(students, key));
  return table({
    caption: say.shared,
    columns: [{ name: say.setting }, { name: say.value }],
    rows: shared.map((key) => [say.settings[key], valueText(page, settings?.[key] ?? null)]),
  });
}

function variedSettings(page: Page): Html | null {
  const { facts, words } = page;
  const say = words.training;
  const students = facts.students.filter(isKnown);
  const varied = settingKeys.filter((key) => !isShared(students, key));
  if (varied.length === 0) return null;
  return table({
    caption: say.varied,
    columns: [{ name: say.name }, ...varied.map((key) => ({ name: say.settings[key] }))],
    rows: students.map(({ name, settings }) => [
      said(name),
      ...varied.map((key) => valueText(page, settings[key])),
    ]),
  });
}

/** A setting's value as it is saved: one that is off says so, and prefixes keep their blanks. */
function valueText({ words }: Page, value: unknown): Part {
  if (value === null || (Array.isArray(value) && value.length === 0)) return words.none;
  if (typeof value === 'string') return html`<code>${value}</code>`;
  return html`<code>${canonicalJson(value)}</code>`;
}
