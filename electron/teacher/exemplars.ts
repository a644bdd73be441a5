import type { Exemplar, Task } from '../contract/entities.ts';

/**
 * Worked examples for the built-in templates, written for this app: no sentence is from a data set.
 * They teach the form (a short rationale, then the answer phrase), so they are few, plain, and none
 * is about the person's own topic.
 */
export const exemplars: Readonly<Record<Task, readonly Exemplar[]>> = {
  arithmetic: [
    {
      input:
        'A lighthouse keeper oils 6 lanterns, and each lantern takes 14 drops. 9 drops spill on the stairs. How many drops are used up?',
      choices: null,
      rationale:
        'The lanterns take 6 times 14 drops. The spilled drops are used up as well, so add 9.',
      answer: '( 6 * 14 ) + 9',
    },
    {
      input:
        'The choir printed 120 programs. On the first night 45 were handed out. The rest went evenly to 5 schools. How many programs did each school get?',
      choices: null,
      rationale:
        'After the first night 120 minus 45 programs remain. They go to 5 schools in equal shares, so divide by 5.',
      answer: '( 120 - 45 ) / 5',
    },
    {
      input:
        'A snail climbs 38 centimeters up a wall and slides back 7. A ladybird nearby has 2 dots. How high is the snail now?',
      choices: null,
      rationale:
        'The snail is at 38 centimeters and slides back 7, so subtract. The dots of the ladybird do not matter.',
      answer: '38 - 7',
    },
    {
      input:
        'Tickets for the puppet show cost 4 dollars for children and 7 for grown-ups. A family takes 3 tickets for children and 2 for grown-ups. What do they pay?',
      choices: null,
      rationale:
        'The tickets for children cost 3 times 4 dollars. The tickets for grown-ups cost 2 times 7 dollars. The family pays both, so add them.',
      answer: '( 3 * 4 ) + ( 2 * 7 )',
    },
  ],
  'multiple-choice': [
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
  // Each names its own classes, so that none teaches a label outside the project's label set.
  classification: [
    {
      input: 'Classes: animal, plant, stone.\nThe moss on the north side of the old oak.',
      choices: null,
      rationale:
        'Moss grows and is green, and it stays where it is. The oak only says where it grows. Moss is a plant.',
      answer: 'plant',
    },
    {
      input:
        'Classes: praise, complaint, plain report.\nThe parcel came two weeks late and the lamp inside was cracked.',
      choices: null,
      rationale:
        'The sentence tells of a late delivery and of damage. Both are troubles, and nothing is praised.',
      answer: 'complaint',
    },
    {
      input: 'Classes: praise, complaint, plain report.\nThe shop opens at nine and closes at six.',
      choices: null,
      rationale:
        'The sentence only gives opening hours. It says neither good nor bad about the shop.',
      answer: 'plain report',
    },
    {
      input:
        'Classes: question, order, promise.\nI will carry your trunk down to the ferry tomorrow.',
      choices: null,
      rationale:
        'The speaker names something they are going to do for the other. Nothing is asked or demanded.',
      answer: 'promise',
    },
  ],
  text: [
    {
      input: 'Which month comes three months after November?',
      choices: null,
      rationale:
        'One month after November is December. Two months after it is January, and three months after it is February.',
      answer: 'February',
    },
    {
      input: 'A baker is to a loaf as a tailor is to what?',
      choices: null,
      rationale:
        'A loaf is the thing that a baker makes. The thing that a tailor makes is a piece of clothing, such as a coat.',
      answer: 'a coat',
    },
    {
      input: 'Write the plural of the word for a young goose.',
      choices: null,
      rationale: 'A young goose is called a gosling. The plural is made with an s at the end.',
      answer: 'goslings',
    },
  ],
};
