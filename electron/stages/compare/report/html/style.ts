/**
 * The look of a report. Everything is in the page: no font, image or script is loaded. On paper it has
 * light colours, its table heads stand on every page, and nothing that belongs together is cut.
 */

const light = `
  --paper: #ffffff; --ink: #1b2330; --soft: #56606f; --line: #dfe4ea; --panel: #f5f7fa;
  --accent: #2456d6; --good: #17714a; --good-back: #e3f4ec; --plain-back: #e9edf2;
  --same: #2456d6; --same-back: #e6edfd; --warn: #7a4b00; --warn-back: #fff4dc; --heat: 36, 86, 214;
  --s0: #2456d6; --s1: #c2410c; --s2: #17714a; --s3: #8b2fc9; --s4: #b4235d; --s5: #0e7490;
  --s6: #7a5c00; --s7: #4b5563;`;

const dark = `
  --paper: #12161d; --ink: #e8ecf2; --soft: #a3aebd; --line: #2c3440; --panel: #1a2029;
  --accent: #8fb0ff; --good: #6fd6a6; --good-back: #12352a; --plain-back: #262e39;
  --same: #9db9ff; --same-back: #1c2c52; --warn: #ffd591; --warn-back: #3a2c10; --heat: 143, 176, 255;
  --s0: #8fb0ff; --s1: #ff9c66; --s2: #6fd6a6; --s3: #cf9bff; --s4: #ff8fb6; --s5: #63d3e6;
  --s6: #e6c55c; --s7: #b8c2cf;`;

const colours = `
:root { color-scheme: light; ${light} }
@media (prefers-color-scheme: dark) { :root { color-scheme: dark; ${dark} } }
@media print { :root { color-scheme: light; ${light} } }`;

const words = `
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-padding-top: 1rem; }
body { margin: 0; background: var(--paper); color: var(--ink); line-height: 1.55; font-size: 15px;
  font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Apple SD Gothic Neo", "Malgun Gothic",
    "Noto Sans KR", "Noto Sans CJK KR", "Noto Sans", sans-serif;
  overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
:lang(ko) { word-break: keep-all; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .4rem; letter-spacing: -.015em; text-wrap: balance; }
h2 { font-size: 1.3rem; line-height: 1.3; margin: 0 0 .9rem; letter-spacing: -.01em; }
h3 { font-size: 1.02rem; margin: 1.6rem 0 .6rem; }
h4 { font-size: .95rem; margin: 0; }
p { margin: .5rem 0; max-width: 46rem; }
ul { padding-left: 1.2rem; margin: .5rem 0; max-width: 46rem; }
li { margin: .25rem 0; }
a { color: var(--accent); }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "Noto Sans Mono CJK KR",
    "D2Coding", monospace; font-size: .84rem; }
code { overflow-wrap: anywhere; }
pre { margin: .4rem 0; padding: .7rem .9rem; background: var(--panel); border: 1px solid var(--line);
  border-radius: 8px; white-space: pre-wrap; overflow-wrap: anywhere; }
.text { white-space: pre-wrap; overflow-wrap: anywhere; word-break: normal; padding: .55rem .75rem; font-size: .88rem;
  background: var(--panel); border-radius: 8px; margin: .25rem 0; }
.small { font-size: .84rem; color: var(--soft); }
.sub { color: var(--soft); margin: 0; }
bdi { unicode-bidi: isolate; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }`;

const layout = `
.page { max-width: 78rem; margin: 0 auto; padding: 2.2rem 1.25rem 4rem; }
header { padding-bottom: 1.4rem; border-bottom: 1px solid var(--line); }
section { padding: 1.9rem 0 .4rem; }
section + section { border-top: 1px solid var(--line); margin-top: 1.5rem; }
nav { font-size: .88rem; margin-top: 1.3rem; }
nav h2 { font-size: .8rem; color: var(--soft); margin: 0 0 .35rem; font-weight: 600; letter-spacing: 0; }
nav ol { list-style: none; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: .2rem .9rem; max-width: none; }
nav a { text-decoration: none; }
nav a:hover { text-decoration: underline; }
main { min-width: 0; }
@media screen and (min-width: 70rem) {
  .body { display: grid; grid-template-columns: 13rem minmax(0, 1fr); gap: 2.6rem; align-items: start; }
  nav { position: sticky; top: 1.2rem; max-height: calc(100vh - 2.4rem); overflow: auto; margin-top: 1.9rem; }
  nav ol { display: block; }
}
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .7rem; margin: 1.1rem 0 0; }
.tiles div { background: var(--panel); border: 1px solid var(--line); border-radius: 10px; padding: .7rem .9rem; }
.tiles dt { font-size: .8rem; color: var(--soft); }
.tiles dd { margin: 0; }
.tiles dd:nth-child(2) { font-size: 1.4rem; font-weight: 650; letter-spacing: -.01em; }
.pairs { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(19rem, 100%), 1fr)); gap: .15rem 2rem; margin: .6rem 0; }
.pairs div { padding: .35rem 0; border-bottom: 1px solid var(--line); min-width: 0; }
.pairs dt { font-size: .8rem; color: var(--soft); }
.pairs dd { margin: 0; }
.note { padding: .6rem .85rem; border-radius: 8px; background: var(--plain-back); max-width: 52rem; }
.note.warning { background: var(--warn-back); color: var(--warn); }
.badge { display: inline-block; font-size: .76rem; line-height: 1.5; padding: 0 .5em; border-radius: 999px;
  background: var(--plain-back); color: var(--soft); margin: 0 .3em .15em 0; white-space: nowrap; }
.badge.good { background: var(--good-back); color: var(--good); }
.badge.same { background: var(--same-back); color: var(--same); }
.badge.warn { background: var(--warn-back); color: var(--warn); }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(21rem, 100%), 1fr)); gap: 1.1rem; }
.cards.wide { grid-template-columns: repeat(auto-fill, minmax(min(44rem, 100%), 1fr)); }
figure { margin: 1rem 0; border: 1px solid var(--line); border-radius: 10px; padding: .9rem; min-width: 0; }
.cards figure { margin: 0; }
figcaption { font-size: .88rem; margin-top: .4rem; }
.charts { display: flex; flex-wrap: wrap; gap: .8rem; }
.charts > svg { flex: 1 1 17rem; min-width: 0; }
article h3 { margin-top: 0; }
article { border: 1px solid var(--line); border-radius: 10px; padding: 1rem; margin: 1rem 0; }
.answers { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(17rem, 100%), 1fr)); gap: .8rem; margin-top: .8rem; }
.answers > div { border-top: 2px solid var(--line); padding-top: .5rem; min-width: 0; }
.answers .label { font-weight: 650; }
details { margin: .6rem 0; }
summary { cursor: pointer; color: var(--accent); font-size: .88rem; }`;

const tables = `
.scroll { overflow-x: auto; margin: .8rem 0 1rem; position: relative; }
table { border-collapse: collapse; width: 100%; font-size: .88rem; }
caption { text-align: left; font-weight: 600; padding: 0 0 .4rem; }
th, td { text-align: left; vertical-align: top; padding: .42rem .7rem .42rem 0; border-bottom: 1px solid var(--line);
  min-width: 3.2rem; }
th:last-child, td:last-child { padding-right: 0; }
thead th.number { white-space: normal; }
thead th { overflow-wrap: break-word; font-size: .79rem; font-weight: 600; color: var(--soft); vertical-align: bottom; }
tbody th { font-weight: 500; min-width: 8rem; }
td.words { min-width: 7rem; }
.number { text-align: right; white-space: nowrap; }
td svg.bar { width: 150px; height: 16px; vertical-align: middle; }
.confusion td { text-align: right; }
${[1, 2, 3, 4, 5, 6, 7, 8, 9].map((step) => `.h${step} { background: rgba(var(--heat), ${(step * 0.07).toFixed(2)}); }`).join('\n')}`;

const charts = `
svg { display: block; }
.chart { width: 100%; height: auto; overflow: visible; }
.chart text { font-size: 11px; fill: var(--soft); }
.chart .axis { fill: var(--ink); }
.end { text-anchor: end; } .middle { text-anchor: middle; }
.grid { stroke: var(--line); stroke-width: 1; }
.base { stroke: var(--soft); stroke-width: 1; }
.zero { stroke: var(--soft); stroke-width: 1; stroke-dasharray: 3 3; }
.series { fill: none; stroke-width: 1.8; stroke-linejoin: round; stroke-linecap: round; }
.pale { opacity: .45; stroke-width: 1.3; }
.whisker { stroke-width: 1; opacity: .4; }
.track { stroke: var(--line); stroke-width: 2; } .notch { stroke: var(--line); stroke-width: 1; }
.reach { stroke: var(--accent); stroke-width: 3; stroke-linecap: round; opacity: .5; }
.dot { fill: var(--accent); } .fill { fill: var(--accent); opacity: .75; }
.band { fill: var(--plain-back); }
.crossing { stroke-width: 2; fill: var(--paper); }
.legend { list-style: none; padding: 0; margin: .5rem 0 0; display: flex; flex-wrap: wrap; gap: .2rem .9rem; font-size: .82rem; max-width: none; }
.legend li { display: flex; align-items: center; gap: .35rem; margin: 0; }
.stroke { width: 24px; height: 8px; flex: none; }
${[0, 1, 2, 3, 4, 5, 6, 7].map((place) => `.s${place} { stroke: var(--s${place}); }`).join(' ')}
.d1 { stroke-dasharray: 6 3; } .d2 { stroke-dasharray: 2 3; } .d3 { stroke-dasharray: 8 3 2 3; }
.whisker.d1, .whisker.d2, .whisker.d3, .crossing { stroke-dasharray: none; }`;

const print = `
@page { size: A4; margin: 15mm 13mm; }
@media print {
  body { font-size: 9.6pt; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .page { max-width: none; padding: 0; }
  nav { display: none; }
  section { padding-top: 1.1rem; }
  section + section { margin-top: 1rem; }
  .scroll { overflow: visible; }
  thead { display: table-header-group; }
  tr, figure, .tiles div, .pairs div, .answers > div, .note { break-inside: avoid; }
  h2, h3, h4, caption { break-after: avoid; }
  table { font-size: 8.2pt; } thead th { font-size: 7.6pt; }
  th, td { padding: 3pt 6pt 3pt 0; min-width: 0; } tbody th { min-width: 4rem; } td.words { min-width: 4.6rem; }
  thead { break-after: avoid; } tbody tr:first-child { break-before: avoid; }
  td svg.bar { width: 86px; height: 10px; }
  .cards { grid-template-columns: 1fr 1fr; } .cards.wide { grid-template-columns: 1fr; }
  .charts { flex-wrap: nowrap; }
  summary { color: var(--ink); list-style: none; font-weight: 600; }
  details.screen { display: none; }
  details.printed::details-content { content-visibility: visible; display: block; }
  a { color: inherit; text-decoration: none; }
  pre, .text { font-size: 8pt; }
}`;

/** The style sheet of every report, in both languages. */
export const style = [colours, words, layout, tables, charts, print].join('\n').trim();
