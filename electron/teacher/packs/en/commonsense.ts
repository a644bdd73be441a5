import type { Pack } from '../pack.ts';

export const commonsense: Pack = {
  use: 'commonsense',
  language: 'en',
  task: 'multiple-choice',
  name: 'Few-shot chain of thought',
  labels: [],
  instruction: 'You answer questions by choosing one of the choices. {format}',
  exemplars: [
    {
      input: 'Where would a carpenter most likely keep a row of chisels?',
      choices: ['bakery', 'workbench', 'swimming pool', 'mailbox', 'cloud'],
      rationale:
        'Chisels are tools for shaping wood, so they are kept where wood is worked. Of the choices, only a workbench is such a place.',
      answer: '(b) workbench',
    },
    {
      input: 'What does a kettle do when its water boils?',
      choices: ['freezes', 'sleeps', 'grows', 'whistles', 'votes'],
      rationale:
        'Boiling water makes steam, and steam pressed through the spout of a kettle makes a sharp sound. Of the choices, only whistling is a sound.',
      answer: '(d) whistles',
    },
    {
      input: 'Why might a hiker turn back before the top of a mountain?',
      choices: ['a storm is coming', 'the view is good', 'the boots are new'],
      rationale:
        'People turn back from danger. A storm is dangerous on a mountain, while a good view and new boots are no reason to stop.',
      answer: '(a) a storm is coming',
    },
    {
      input: 'Which of these would melt on a warm windowsill?',
      choices: ['brick', 'spoon', 'candle', 'marble', 'shell'],
      rationale:
        'Warmth from the sun softens wax but not stone, metal or shell. Of the choices, only a candle is made of wax.',
      answer: '(c) candle',
    },
  ],
};
