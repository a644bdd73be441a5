import type { SystemKey } from '../../../../electron/contract/entities.ts';
import { sheetOf } from '../../../../electron/core/comparison/sheet-of.ts';
import type { SheetAnswer, SheetRow } from '../../../../electron/core/comparison/sheet-of.ts';
import type { AnswerSheet } from '../../../../electron/core/comparison/sheet.ts';

export const row = (exampleId: number, over: Partial<SheetRow> = {}): SheetRow => ({
  ...{ exampleId, gold: 'yes', choices: null, inputLength: 10, noted: false },
  ...over,
});

export const said = (
  exampleId: number,
  label: string | null,
  over: Partial<SheetAnswer> = {},
): SheetAnswer => ({ exampleId, label, correct: label === 'yes', confidence: null, ...over });

/** Six rows: the fourth without gold, the last two not asked of the teacher. */
export function sixRows(): AnswerSheet {
  const rows = [
    row(10, { inputLength: 30 }),
    row(11, { gold: 'no', noted: true }),
    row(12, { inputLength: 50 }),
    row(13, { gold: null, inputLength: 20 }),
    row(14),
    row(15, { inputLength: 30 }),
  ];
  return sheetOf('classification', rows, [
    {
      key: teacher,
      answers: [
        said(10, 'yes'),
        said(11, 'yes', { correct: false }),
        said(12, null),
        said(13, 'no', { correct: null }),
      ],
    },
    {
      key: student,
      answers: [
        said(10, 'yes', { confidence: 0.9 }),
        said(11, 'no', { correct: true, confidence: 0.4 }),
        said(12, '', { confidence: 0.2 }),
        said(13, 'yes', { correct: null, confidence: 0.4 }),
        said(14, 'no', { confidence: 0.6 }),
        said(15, 'yes'),
      ],
    },
  ]);
}

export const teacher: SystemKey = 'teacher:x';
export const student: SystemKey = 'run:a';
