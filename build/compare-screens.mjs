/**
 * Pictures of a comparison: scores and verdicts, rows side by side, slices, blind judging, the
 * playground, cost, the report. What is seen has been trained and decoded before.
 */

const longest = { timeout: 600_000 };
const question =
  'Elsa fills 14 shelves with 12 shells on each shelf. Later 9 of the shells break. How many shells are left?';

/** Every view of the compare step, of students that have answered. */
export async function showComparison(studio, { picture, inSmall }, go) {
  const { page } = studio;
  const view = (name) => go(name === 'scores' ? 'compare' : `compare/${name}`);

  await view('scores');
  await studio.at('scoreboard').waitFor(longest);
  await picture('compare');
  await inSmall('small-compare');
  await picture('compare-scoreboard', 'scoreboard');
  if ((await studio.at('calibration-of').count()) > 0) {
    await picture('compare-calibration', 'calibration');
  }

  await view('rows');
  await studio.at('compared-rows').getByRole('row').nth(2).waitFor(longest);
  await studio.at('filter-disagree').click();
  await studio.at('compared-rows').getByRole('row').nth(1).click();
  await studio.at('row-detail').waitFor(longest);
  await picture('compare-rows');
  await inSmall('small-compare-rows');
  await picture('compare-row', 'row');
  await studio.at('reset-filters').click();

  await view('slices');
  await studio.at('groups').waitFor(longest);
  await picture('compare-slices');
  await inSmall('small-compare-slices');

  await view('judge');
  await studio.at('judge-pair').waitFor(longest);
  await picture('compare-judge');
  await inSmall('small-compare-judge');

  await view('playground');
  await studio.at('playground-input').fill(question);
  await studio.at('playground-ask').click();
  await studio.at('playground-label').nth(1).waitFor(longest);
  await studio.at('playground-stop').waitFor({ state: 'hidden', ...longest });
  await picture('compare-playground', 'round');
  await inSmall('small-compare-playground', 'round');

  await view('money');
  await studio.at('costs').waitFor(longest);
  await picture('compare-cost');
  await inSmall('small-compare-cost');
  await picture('compare-cascade', 'cascade');

  await view('report');
  await studio.at('report-start').waitFor(longest);
  if ((await studio.at('reports').count()) === 0) await studio.at('report-start').click();
  await studio.at('reports').waitFor(longest);
  await picture('compare-report');
  await inSmall('small-compare-report');
  await page.evaluate(() => document.activeElement?.blur());
}
