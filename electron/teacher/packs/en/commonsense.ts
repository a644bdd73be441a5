import type { Pack } from '../pack.ts';

export const commonsense: Pack = {
  use: 'commonsense',
  language: 'en',
  task: 'multiple-choice',
  name: 'Commonsense choices',
  labels: [],
  instruction: 'You answer questions by choosing the one choice that fits best. {format}',
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
    {
      input: 'What do people do with a match as soon as it burns?',
      choices: ['read it', 'hide it', 'measure it', 'fold it', 'light something'],
      rationale:
        'A match burns for a few seconds only, so it is struck when its flame is needed. Its flame is then used at once, on a candle or a stove.',
      answer: '(e) light something',
    },
    {
      input: 'Lena is swimming in a lake when she hears thunder. What should she do?',
      choices: ['leave the water', 'dive deeper', 'swim to the middle', 'stand under a tall tree'],
      rationale:
        'Thunder means that lightning is near, and open water is a dangerous place then. A tall tree would be dangerous too, so getting ashore is what helps.',
      answer: '(a) leave the water',
    },
    {
      input: 'Where is a letter while the postman walks from house to house?',
      choices: ['in the oven', 'in a drawer', 'in his bag', 'under a pillow'],
      rationale:
        'The postman carries the letters of many houses at once. He needs both hands, so they are in his bag.',
      answer: '(c) in his bag',
    },
    {
      input: 'Why would someone open a wet umbrella in the bathtub?',
      choices: [
        'to wash the tub',
        'to keep off the rain',
        'to hide it',
        'to let it dry',
        'to make it larger',
      ],
      rationale:
        'A wet umbrella drips. In a bathtub the water runs off, and the floor stays clean while the umbrella dries.',
      answer: '(d) to let it dry',
    },
  ],
};
