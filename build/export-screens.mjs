/**
 * Pictures of exporting: the wizard, an export under way, what came of it with its certificate, an
 * answer of the exported student, and its way back in. The student has been trained before.
 */
import { dirname } from 'node:path';

const longest = { timeout: 900_000 };

/** Two formats of different kind: one whose answers are equal, one that is rounded. */
const formats = ['onnx', 'onnx-int8'];

/** Every step from a finished run to a student that came back, each in both sizes. */
export async function showExport(studio, camera, { go, question }) {
  await showWizard(studio, camera, go);
  await showProgress(studio, camera);
  await showCertificates(studio, camera, { go, question });
  await showReturn(studio, camera, go);
}

const inBoth = async ({ picture, inSmall }, name, down = null) => {
  await picture(name, down);
  await inSmall(`small-${name}`, down);
};

async function showWizard(studio, camera, go) {
  await go('export/new');
  await studio.at('export-runs').waitFor(longest);
  await studio.at('export-checkpoints').waitFor(longest);
  await inBoth(camera, 'export-student');
  await studio.at('wizard-next').click();
  await studio.at('use-script').check();
  for (const format of formats) await studio.at(`format-${format}`).check();
  await studio.at('format-huggingface-float16').check();
  await inBoth(camera, 'export-use');
  await studio.at('wizard-next').click();
  await studio.at('export-room').waitFor();
  await inBoth(camera, 'export-place');
  await studio.at('wizard-next').click();
  await studio.at('export-plan').waitFor();
  await inBoth(camera, 'export-start');
}

async function showProgress(studio, camera) {
  await studio.at('export-start').click();
  await studio.page.locator('[data-stand="proving"]').waitFor(longest);
  await inBoth(camera, 'export-running');
  await studio.at('export-progress').waitFor({ state: 'detached', ...longest });
}

async function showCertificates(studio, camera, { go, question }) {
  await go('export');
  await studio.at('export-proof').first().waitFor(longest);
  await inBoth(camera, 'export');
  await studio.at('export-check').first().click();
  await studio.at('check-result').waitFor(longest);
  await inBoth(camera, 'export-certificate', 'certificate');
  await inBoth(camera, 'export-programs', 'programs');
  await studio.ask(question);
  await inBoth(camera, 'export-try', 'answer');
}

/** The folder that was exported, as a student from elsewhere; and what is no student. */
async function showReturn(studio, camera, go) {
  const folder = (await studio.at('export-folder').first().textContent()) ?? '';
  await go('train/import');
  await studio.at('import-path').waitFor();
  await studio.at('import-path').fill(dirname(folder));
  await studio.at('import-look').click();
  await studio.at('failure').or(studio.at('import-report')).first().waitFor(longest);
  await inBoth(camera, 'import-student-wrong');
  await studio.at('import-path').fill(folder);
  await studio.at('import-look').click();
  await studio.at('import-name').waitFor(longest);
  await inBoth(camera, 'import-student');
  await studio.at('import-start').click();
  await studio.at('import-done').waitFor(longest);
  await camera.picture('import-student-done');
}
