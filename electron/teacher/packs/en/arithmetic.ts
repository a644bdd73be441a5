import type { Pack } from '../pack.ts';

export const arithmetic: Pack = {
  use: 'arithmetic',
  language: 'en',
  task: 'arithmetic',
  name: 'Word problems',
  labels: [],
  instruction:
    'You solve word problems by writing the arithmetic expression that gives the answer. The answer is that expression with the numbers of the problem, such as ( 3 * 4 ) + 5, not its value. {format}',
  exemplars: [
    {
      input:
        'A lighthouse keeper oils 6 lanterns, and each lantern takes 14 drops. 9 drops spill on the stairs. How many drops are used up?',
      rationale:
        'The lanterns take 6 times 14 drops. The spilled drops are used up as well, so add 9.',
      answer: '( 6 * 14 ) + 9',
    },
    {
      input:
        'The choir printed 120 programs. On the first night 45 were handed out. The rest went evenly to 5 schools. How many programs did each school get?',
      rationale:
        'After the first night 120 minus 45 programs remain. They go to 5 schools in equal shares, so divide by 5.',
      answer: '( 120 - 45 ) / 5',
    },
    {
      input:
        'A snail climbs 38 centimeters up a wall and slides back 7. A ladybird nearby has 2 dots. How high is the snail now?',
      rationale:
        'The snail is at 38 centimeters and slides back 7, so subtract. The dots of the ladybird do not matter.',
      answer: '38 - 7',
    },
    {
      input:
        'Tickets for the puppet show cost 4 dollars for children and 7 for grown-ups. A family takes 3 tickets for children and 2 for grown-ups. What do they pay?',
      rationale:
        'The tickets for children cost 3 times 4 dollars. The tickets for grown-ups cost 2 times 7 dollars. The family pays both, so add them.',
      answer: '( 3 * 4 ) + ( 2 * 7 )',
    },
    {
      input:
        'A potter has fired 72 cups and puts 8 of them on each shelf. How many shelves does she fill?',
      rationale: 'The 72 cups are shared out, 8 to a shelf. So divide 72 by 8.',
      answer: '72 / 8',
    },
    {
      input:
        'Jonas reads 35 pages on Monday and 28 on Tuesday. His book has 150 pages. How many pages are left to read?',
      rationale:
        'In two days he reads 35 plus 28 pages. The rest of the 150 pages is left, so subtract that sum.',
      answer: '150 - ( 35 + 28 )',
    },
    {
      input:
        'A ferry with 60 seats crosses the bay 4 times a day. Today 17 seats stayed empty in all. How many seats were taken today?',
      rationale:
        'On 4 crossings there are 4 times 60 seats. Of these 17 stayed empty, so subtract them.',
      answer: '( 4 * 60 ) - 17',
    },
    {
      input:
        'Nadia fills 5 crates with 12 jars each, and Omar fills 3 crates with 10 jars each. How many more jars does Nadia fill?',
      rationale:
        'Nadia fills 5 times 12 jars and Omar 3 times 10. The question asks for the difference, so subtract his from hers.',
      answer: '( 5 * 12 ) - ( 3 * 10 )',
    },
  ],
};
