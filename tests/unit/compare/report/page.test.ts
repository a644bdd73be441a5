import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { languages } from './support.ts';
import { block, html, said } from '../../../../electron/stages/compare/report/html/markup.ts';
import {
  renderReport,
  sectionCount,
} from '../../../../electron/stages/compare/report/html/page.ts';
import { en } from '../../../../electron/stages/compare/report/html/words/en/index.ts';
import { ko } from '../../../../electron/stages/compare/report/html/words/ko/index.ts';
import { factsOf, ground } from './support.ts';

/** Texts that try to leave the place they are put into. */
const hostile = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</style><style>*{display:none}</style>',
  ']]><!-- --><b>',
  '</title></head><body onload=alert(1)>',
  '&lt;b&gt; &amp; &#x3c;',
  'javascript:alert(1)`${1}`',
  '\u202Eright to left\u0000\u0007\uFFFF \uD800 lone',
  'مرحبا بالعالم',
] as const;

describe('markup', () => {
  it.each(hostile)('holds %j as a text', (text) => {
    const written = html`<p title="${text}">${said(text)}</p>`.toString();
    expect(written.match(/<[a-z/!][^>]*>/giu)).toEqual([
      expect.stringMatching(/^<p title="[^"<>]*">$/u),
      ...['<bdi>', '</bdi>', '</p>'],
    ]);
    expect(written).not.toMatch(/(?![\t\n\r])\p{Cc}|\p{Noncharacter_Code_Point}/u);
    expect(written.isWellFormed()).toBe(true);
  });

  it('writes nothing for what is not there, and figures as they are', () => {
    expect(html`${null}${undefined}${false}${0}${[1, ' ', html`<b></b>`]}`.toString()).toBe(
      '01 <b></b>',
    );
  });

  it('cuts a very long text between characters and says how much is left', () => {
    const written = block('😀'.repeat(20_000), (left) => `${left} more`).toString();
    expect(written).toContain('16000 more');
    expect(written.isWellFormed()).toBe(true);
    expect(Array.from(written.matchAll(/😀/gu))).toHaveLength(4_000);
    expect(block('a', () => 'never').toString()).not.toContain('never');
  });
});

describe('a page', () => {
  it.each(languages)('has its sections in order, with a heading each: %s', async (language) => {
    const { store, on } = ground();
    const steps: number[] = [];
    const page = await renderReport(await factsOf(store, on, { language }), (done) => {
      steps.push(done);
      return Promise.resolve();
    });
    const ids = Array.from(page.matchAll(/<section id="([^"]+)"/gu), ([, id]) => id);
    expect(ids).toEqual([
      ...['summary', 'scoreboard', 'verdicts', 'classes', 'calibration', 'rationales', 'slices'],
      ...['speed', 'money', 'examples', 'training', 'data', 'teacher', 'split', 'reproduce'],
      'method',
    ]);
    for (const id of ids) {
      expect(page).toContain(`<h2 id="${id}-title">`);
      expect(page).toContain(`<a href="#${id}">`);
    }
    expect(page).toContain(`<html lang="${language}">`);
    expect(steps).toEqual(Array.from({ length: sectionCount }, (_, place) => place + 1));
  });

  it('forbids everything but its own style sheet, and loads nothing', async () => {
    const { store, on } = ground();
    const page = await renderReport(await factsOf(store, on));
    const sheets = Array.from(page.matchAll(/<style>([^]*?)<\/style>/gu), ([, sheet]) => sheet);
    expect(sheets).toHaveLength(1);
    const hash = createHash('sha256')
      .update(sheets[0] ?? '')
      .digest('base64');
    expect(page).toContain(
      `content="default-src &#39;none&#39;; style-src &#39;sha256-${hash}&#39;; ` +
        `base-uri &#39;none&#39;; form-action &#39;none&#39;"`,
    );
    expect(page).not.toMatch(/<(?:script|link|img|iframe|object|embed|base|form|input)\b/iu);
    expect(/\s(?:src|srcset|style|on\w+)="/iu.test(page)).toBe(false);
    expect(sheets[0]).not.toMatch(/url\(|@import/u);
    expect(Array.from(page.matchAll(/href="([^"]*)"/gu)).every(([, to]) => to?.[0] === '#')).toBe(
      true,
    );
  });

  it('gives every chart a name and every table a caption and heads', async () => {
    const { store, on } = ground();
    const page = await renderReport(await factsOf(store, on));
    const tables = page.match(/<table[^>]*>[^]*?<\/table>/gu) ?? [];
    expect(tables.length).toBeGreaterThan(10);
    for (const table of tables) {
      expect(table).toMatch(/<caption>\s*\S/u);
      expect(table).toMatch(/<th scope="col"/u);
    }
    const charts = page.match(/<svg class="chart"[^>]*>/gu) ?? [];
    expect(charts.length).toBeGreaterThan(2);
    for (const chart of charts) expect(chart).toMatch(/role="img" aria-label="[^"]+"/u);
    for (const [svg] of page.matchAll(/<svg (?!class="chart")[^>]*>/gu)) {
      expect(svg).toContain('aria-hidden="true"');
    }
  });

  it.each(hostile)('holds %j in every field as a text', async (text) => {
    const { store, on } = ground({
      ...{ project: text, input: text, label: text, rationale: text, teacher: text, run: text },
    });
    const page = await renderReport(await factsOf(store, on, { title: text }));
    const plain = ground();
    const calm = await renderReport(await factsOf(plain.store, plain.on));
    // The texts add no element of a kind that a calm page lacks, and no attribute.
    const tags = (markup: string) => new Set(markup.match(/<\/?[a-z][a-z0-9]*/giu));
    expect([...tags(page)].filter((tag) => !tags(calm).has(tag))).toEqual([]);
    expect(/<[^>]*\son\w+\s*=/iu.test(page.replaceAll(/"[^"]*"/gu, '""'))).toBe(false);
    expect(page.match(/<style>/gu)).toHaveLength(1);
    expect(page.isWellFormed()).toBe(true);
  });

  it('never calls anyone better without saying what was shown', async () => {
    const { store, on } = ground();
    const facts = await factsOf(store, on);
    expect(facts.scoreboard.verdicts.pairs.map(({ verdict }) => verdict)).toEqual(['not-shown']);
    const page = await renderReport(facts);
    const [summary = ''] = /<section id="summary"[^]*?<\/section>/u.exec(page) ?? [];
    expect(summary).toContain('no difference is shown');
    expect(summary).not.toMatch(/shown to be better|\bbest\b|\bwins?\b|\bwinner\b/u);
  });

  it('stays small with many students', async () => {
    const { store, on } = ground();
    const facts = await factsOf(store, on);
    const [student] = facts.students;
    if (student === undefined) throw new Error('no student');
    const losses = Array.from({ length: 120 }, (_, place) => ({
      ...{ step: 100 * (place + 1), labelLoss: 1 / (place + 1), rationaleLoss: 0.123456 },
    }));
    const many = Array.from({ length: 20 }, (_, place) => ({
      ...student,
      ...{ key: `run:${place}`, name: `student ${place}` },
      curve: { ...student.curve, losses },
    }));
    const [teacher, entry] = facts.scoreboard.entries;
    const [system] = entry?.systems ?? [];
    if (teacher === undefined || entry === undefined || system === undefined) throw new Error();
    const page = await renderReport({
      ...facts,
      students: many,
      scoreboard: {
        ...facts.scoreboard,
        entries: [
          teacher,
          ...many.map(({ key, name }) => ({
            ...{ ...entry, key, name },
            systems: [{ ...system, key, name }],
          })),
        ],
      },
    });
    expect(page.length).toBeLessThan(2_000_000);
  });
});

/** Every text of a dictionary by its path; functions are asked with stand-ins. */
function texts(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value === 'function') return [[path, 'function']];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => texts(inner, `${path}.${key}`));
}

describe('the two languages', () => {
  it('say the same things', () => {
    expect(
      texts(ko)
        .map(([path]) => path)
        .sort(),
    ).toEqual(
      texts(en)
        .map(([path]) => path)
        .sort(),
    );
  });

  it('are not each other: Korean is written in Hangul, but for names and signs', () => {
    const same = texts(ko).filter(
      ([, text]) => text !== 'function' && !/\p{Script=Hangul}/u.test(text),
    );
    expect(same.map(([path]) => path)).toEqual([
      ...['.scoreboard.picture', '.classes.f1', '.slices.and', '.judged.a', '.judged.b'],
      ...['.data.picture', '.reproduce.app', '.reproduce.node'],
      ...['.reproduce.electron', '.reproduce.onnxruntime'],
    ]);
    for (const [path, text] of texts(en))
      expect([path, /\p{Script=Hangul}/u.test(text)]).toEqual([path, false]);
  });
});
