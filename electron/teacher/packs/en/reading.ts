import type { Pack } from '../pack.ts';

export const reading: Pack = {
  use: 'reading',
  language: 'en',
  task: 'text',
  name: 'Questions about a passage',
  labels: [],
  instruction:
    'You answer a question about a passage. The answer is copied from the passage, in as few of its words as possible. {format}',
  stopSequences: ['\nPassage:'],
  exemplars: [
    {
      input:
        'Passage: The lighthouse on Gull Rock is built of granite. It stands where a wooden tower burned down in 1871.\nQuestion: What is the lighthouse built of?',
      rationale:
        'The first sentence says that the lighthouse is built of granite. The wood belongs to the tower before it.',
      answer: 'granite',
    },
    {
      input:
        'Passage: Marta keeps bees on the roof of the library. Every June she sells the honey and gives half of the money to the school.\nQuestion: Who gets half of the money?',
      rationale:
        'Marta sells the honey, and half of what she earns goes to someone else. The passage names the school.',
      answer: 'the school',
    },
    {
      input:
        'Passage: The night bus leaves the harbour at 11:40 and reaches the airport after fifty minutes. On its way it stops at the hospital.\nQuestion: How long does the bus take?',
      rationale:
        'The question asks for a length of time, not for the time it leaves. From harbour to airport it is fifty minutes.',
      answer: 'fifty minutes',
    },
    {
      input:
        'Passage: Three teams built bridges of paper. The green bridge held nine books, the red one six, and the white one only two.\nQuestion: How many books did the strongest bridge hold?',
      rationale:
        'The strongest bridge is the one that held the most. Nine is more than six and two.',
      answer: 'nine',
    },
    {
      input:
        'Passage: The olive trees in the valley bloom in May. The fruit is picked by hand in November, when it turns purple.\nQuestion: When is the fruit picked?',
      rationale:
        'May is when the trees bloom. The second sentence says that the fruit is picked in November.',
      answer: 'November',
    },
    {
      input:
        'Passage: When the river froze, the miller could not grind. He carved spoons and sold them in town until the thaw.\nQuestion: What did the miller sell?',
      rationale:
        'Without the river there was no flour to sell. Instead he carved spoons, and those he sold.',
      answer: 'spoons',
    },
    {
      input:
        'Passage: The first letter was posted in Lisbon and the second in Porto. Only the second ever arrived.\nQuestion: In which town was the letter posted that arrived?',
      rationale: 'The letter that arrived was the second one. The second was posted in Porto.',
      answer: 'Porto',
    },
    {
      input:
        'Passage: Young whales learn new songs from their neighbours. Their fathers sing too, but nobody copies them.\nQuestion: From whom do young whales learn new songs?',
      rationale:
        'The songs come from the neighbours, as the first sentence says. The fathers sing too, but are not copied.',
      answer: 'their neighbours',
    },
  ],
};
