import type { Draw } from './draw.ts';

/** One problem before its sentences are put together. */
export interface Story {
  /** Whole sentences, in an order that reads well. */
  facts: string[];
  /** Whether the facts may stand in any order. */
  anyOrder: boolean;
  question: string;
  /** The answer as an expression over numbers of the facts, tokens separated by spaces. */
  label: string;
}

export interface Family {
  id: string;
  tell(draw: Draw): Story;
}

/**
 * The sample's story families. Every number in a label also stands in the text (no hidden
 * constants), every answer is a positive whole number, and where two things are alike (two prices,
 * two people) different words tell them apart, so that the text alone decides the answer.
 */
export const families: readonly Family[] = [
  {
    id: 'shelves',
    tell(draw) {
      const [name, items] = [draw.name(), draw.item()];
      const [shelves, each, other] = [draw.number(3, 15), draw.number(5, 40), draw.number(2, 14)];
      const filled = `${name} fills ${shelves} shelves with ${each} ${items} on each shelf.`;
      const product = `( ${shelves} * ${each} )`;
      return draw.chance(0.5)
        ? {
            facts: [
              filled,
              `${name} ${draw.pick(['also keeps', 'also has'])} ${other} ${items} in a ${draw.pick(['basket', 'bag'])}.`,
            ],
            anyOrder: true,
            question: `How many ${items} does ${name} have in all?`,
            label: `${product} + ${other}`,
          }
        : {
            facts: [filled, `Later ${other} of the ${items} ${draw.pick(['break', 'get lost'])}.`],
            anyOrder: false,
            question: draw.pick([
              `How many ${items} are left?`,
              `How many ${items} does ${name} still have?`,
            ]),
            label: `${product} - ${other}`,
          };
    },
  },
  {
    id: 'purse',
    tell(draw) {
      const [name, friend] = draw.twoNames();
      const [food, otherFood] = draw.twoFoods();
      const [spent, other] = [draw.number(2, 30), draw.number(2, 30)];
      const start = draw.number(spent + other + 1, 99);
      const goes = `${name} goes to the ${draw.place()} with ${start} coins.`;
      return draw.chance(0.5)
        ? {
            facts: [goes, `${name} spends ${spent} coins on ${food} and ${other} on ${otherFood}.`],
            anyOrder: false,
            question: `How many coins does ${name} bring home?`,
            label: `( ${start} - ${spent} ) - ${other}`,
          }
        : {
            facts: [
              goes,
              `${name} spends ${spent} coins on ${food}.`,
              `On the way home ${friend} gives ${name} ${other} coins.`,
            ],
            anyOrder: false,
            question: `How many coins does ${name} have now?`,
            label: `( ${start} - ${spent} ) + ${other}`,
          };
    },
  },
  {
    id: 'trees',
    tell(draw) {
      const [name, fruit] = [draw.name(), draw.fruit()];
      const [rows, each, other] = [draw.number(3, 20), draw.number(6, 30), draw.number(2, 17)];
      const grown = `${name} has a ${draw.pick(['garden', 'field'])} with ${rows} rows of ${each} ${fruit} trees.`;
      const product = `( ${rows} * ${each} )`;
      return draw.chance(0.5)
        ? {
            facts: [
              grown,
              `${name} plants ${other} more trees ${draw.pick(['near the gate', 'by the house'])}.`,
            ],
            anyOrder: false,
            question: `How many trees does ${name} have now?`,
            label: `${product} + ${other}`,
          }
        : {
            facts: [
              grown,
              `A storm ${draw.pick(['takes', 'breaks'])} ${other} of the trees in ${draw.pick(['spring', 'winter'])}.`,
            ],
            anyOrder: false,
            question: `How many ${fruit} trees are left?`,
            label: `${product} - ${other}`,
          };
    },
  },
  {
    id: 'prices',
    tell(draw) {
      const name = draw.name();
      const [good, otherGood] = draw.twoGoods();
      const [price, otherPrice] = [draw.number(3, 40), draw.number(3, 40)];
      const [count, otherCount] = [draw.number(2, 12), draw.number(2, 12)];
      return {
        facts: [
          `A ${good} costs ${price} coins.`,
          `A ${otherGood} costs ${otherPrice} coins.`,
          `${name} buys ${count} ${good}s and ${otherCount} ${otherGood}s.`,
        ],
        anyOrder: true,
        question: `How many coins does ${name} pay?`,
        label: `( ${count} * ${price} ) + ( ${otherCount} * ${otherPrice} )`,
      };
    },
  },
  {
    id: 'trips',
    tell(draw) {
      const [name, place] = [draw.name(), draw.place()];
      const vehicle = draw.pick(['boat', 'bus', 'train', 'wagon']);
      const [people, early, late] = [draw.number(12, 80), draw.number(2, 11), draw.number(2, 11)];
      return {
        facts: [
          `A ${vehicle} takes ${people} people to the ${place} on each trip.`,
          `${name} counts ${early} trips in the morning and ${late} trips in the evening.`,
        ],
        anyOrder: true,
        question: draw.pick([
          `How many people go to the ${place}?`,
          `How many people does the ${vehicle} take in all?`,
        ]),
        label: `${people} * ( ${early} + ${late} )`,
      };
    },
  },
  {
    id: 'harvest',
    tell(draw) {
      const [name, friend] = draw.twoNames();
      const [fruit, box] = [draw.fruit(), draw.pick(['bag', 'crate', 'jar'])];
      const [size, boxes] = [draw.number(3, 12), draw.number(5, 15)];
      const picked = draw.number(5, size * boxes - 5);
      return {
        facts: [
          `${name} picks ${picked} ${fruit}s and ${friend} picks ${size * boxes - picked} ${fruit}s.`,
          `They put ${size} ${fruit}s in each ${box}.`,
        ],
        anyOrder: false,
        question: `How many ${box}s do they fill?`,
        label: `( ${picked} + ${size * boxes - picked} ) / ${size}`,
      };
    },
  },
  {
    id: 'water',
    tell(draw) {
      const name = draw.name();
      const tank = draw.pick(['tank', 'barrel', 'pond', 'pool']);
      const use = draw.pick(['cows', 'flowers', 'horses', 'kitchen', 'roses', 'sheep']);
      const [daily, count] = [draw.number(3, 25), draw.number(2, 12)];
      const held = daily * count + draw.number(5, 90);
      return {
        facts: [
          `A ${tank} holds ${held} liters of water.`,
          `Each day ${name} takes ${daily} liters for the ${use}.`,
        ],
        anyOrder: true,
        question: `How many liters are left after ${count} days?`,
        label: `${held} - ( ${daily} * ${count} )`,
      };
    },
  },
  {
    id: 'savings',
    tell(draw) {
      const [name, friend] = draw.twoNames();
      const [weekly, weeks, other] = [draw.number(4, 30), draw.number(5, 20), draw.number(2, 19)];
      const saved = `${name} saves ${weekly} coins each week for ${weeks} weeks.`;
      const product = `( ${weekly} * ${weeks} )`;
      return draw.chance(0.5)
        ? {
            facts: [saved, `${friend} gives ${name} ${other} coins as a gift.`],
            anyOrder: true,
            question: `How many coins does ${name} have in all?`,
            label: `${product} + ${other}`,
          }
        : {
            facts: [saved, `Then ${name} buys a ${draw.good()} from ${friend} for ${other} coins.`],
            anyOrder: false,
            question: `How many coins does ${name} keep?`,
            label: `${product} - ${other}`,
          };
    },
  },
  {
    id: 'laps',
    tell(draw) {
      const [name, place] = [draw.name(), draw.pick(['lake', 'park', 'school'])];
      const [day, otherDay] = draw.twoDays();
      const [early, late, meters] = [draw.number(2, 20), draw.number(2, 20), draw.number(25, 95)];
      return {
        facts: [
          `${name} runs ${early} laps on ${day} and ${late} laps on ${otherDay}.`,
          `Each lap around the ${place} is ${meters} meters long.`,
        ],
        anyOrder: true,
        question: `How many meters does ${name} run?`,
        label: `( ${early} + ${late} ) * ${meters}`,
      };
    },
  },
  {
    id: 'teams',
    tell(draw) {
      const [name, place] = [draw.name(), draw.place()];
      const group = draw.pick(['team', 'group']);
      const [teams, size] = [draw.number(2, 9), draw.number(3, 12)];
      const total = teams * size;
      if (draw.chance(0.5)) {
        const girls = draw.number(2, total - 2);
        return {
          facts: [
            `On ${draw.day()} ${girls} girls and ${total - girls} boys come to the ${place}.`,
            `${name} puts them into ${teams} equal ${group}s.`,
          ],
          anyOrder: false,
          question: `How many children are in each ${group}?`,
          label: `( ${girls} + ${total - girls} ) / ${teams}`,
        };
      }
      const early = draw.number(2, 30);
      return {
        facts: [
          `On ${draw.day()} ${total + early} children come to the ${place}.`,
          `Soon ${early} of them go home.`,
          `${name} puts the others into ${teams} equal ${group}s.`,
        ],
        anyOrder: false,
        question: `How many children are in each ${group}?`,
        label: `( ${total + early} - ${early} ) / ${teams}`,
      };
    },
  },
  {
    id: 'together',
    tell(draw) {
      const [name, friend] = draw.twoNames();
      const items = draw.item();
      const more = draw.chance(0.5);
      const difference = draw.number(2, 30);
      const own = draw.number(more ? 5 : difference + 2, 70);
      return {
        facts: [
          `${name} has ${own} ${items}.`,
          `${friend} has ${difference} ${more ? 'more' : 'fewer'} ${items} than ${name}.`,
        ],
        anyOrder: true,
        question: `How many ${items} do they have together?`,
        label: `( ${own} ${more ? '+' : '-'} ${difference} ) + ${own}`,
      };
    },
  },
  {
    id: 'pieces',
    tell(draw) {
      const [name, friend] = draw.twoNames();
      const stuff = draw.pick(['cloth', 'ribbon', 'rope', 'string', 'wire']);
      const [count, length] = [draw.number(2, 12), draw.number(2, 9)];
      const owned = count * length + draw.number(3, 60);
      return {
        facts: [
          `${name} has ${owned} meters of ${stuff}.`,
          `${name} cuts off ${count} pieces of ${length} meters each for ${friend}.`,
        ],
        anyOrder: false,
        question: `How many meters of ${stuff} does ${name} have left?`,
        label: `${owned} - ( ${count} * ${length} )`,
      };
    },
  },
  {
    id: 'recipe',
    tell(draw) {
      const [name, place] = [draw.name(), draw.place()];
      const [food, otherFood] = draw.twoFoods();
      const dish = draw.pick(['cake', 'pie', 'pizza']);
      const other = draw.number(2, 12);
      const cups = other + draw.number(1, 12);
      const count = draw.number(2, 30);
      const facts = [
        `Each ${dish} needs ${cups} cups of ${food} and ${other} cups of ${otherFood}.`,
        `${name} makes ${count} ${dish}s for the ${place}.`,
      ];
      return draw.chance(0.5)
        ? {
            facts,
            anyOrder: true,
            question: `How many cups does ${name} need in all?`,
            label: `( ${cups} + ${other} ) * ${count}`,
          }
        : {
            facts,
            anyOrder: true,
            question: `How many more cups of ${food} than of ${otherFood} does ${name} need?`,
            label: `( ${cups} - ${other} ) * ${count}`,
          };
    },
  },
  {
    id: 'album',
    tell(draw) {
      const [name, things] = [draw.name(), draw.pick(['cards', 'photos', 'stamps', 'stickers'])];
      const [pages, each, rest] = [draw.number(5, 30), draw.number(4, 12), draw.number(2, 9)];
      // What is in the album leaves room for a whole number of days at `rest` a day.
      const present = ((pages * each) % rest) + rest * draw.number(1, 2);
      const facts = [
        `${name} has an album of ${pages} pages with room for ${each} ${things} on each page.`,
        `There are ${present} ${things} in the album ${draw.pick(['already', 'now'])}.`,
      ];
      const room = `( ${pages} * ${each} ) - ${present}`;
      return draw.chance(0.5)
        ? {
            facts,
            anyOrder: false,
            question: draw.pick([
              `How many more ${things} fit in?`,
              `How many more ${things} can ${name} put in?`,
            ]),
            label: room,
          }
        : {
            facts: [...facts, `Each day ${name} puts in ${rest} ${things}.`],
            anyOrder: false,
            question: 'How many days until the album is full?',
            label: `( ${room} ) / ${rest}`,
          };
    },
  },
  {
    id: 'stall',
    tell(draw) {
      const name = draw.name();
      const [food, otherFood] = draw.twoFoods();
      const dish = draw.pick(['cake', 'pie', 'pizza']);
      const [count, price] = [draw.number(6, 30), draw.number(4, 15)];
      const [cost, otherCost] = [draw.number(2, 11), draw.number(2, 11)];
      return {
        facts: [
          `${name} sells ${count} ${dish}s for ${price} coins each.`,
          `${name} pays ${cost} coins for ${food} and ${otherCost} coins for ${otherFood}.`,
        ],
        anyOrder: true,
        question: `How many coins does ${name} earn?`,
        label: `( ( ${count} * ${price} ) - ${cost} ) - ${otherCost}`,
      };
    },
  },
];

/** Sentences with a number that no answer needs. */
export const distractors: readonly ((draw: Draw) => string)[] = [
  (draw) => `${draw.name()} is ${draw.number(5, 90)} years old.`,
  (draw) => `It is ${draw.number(2, 35)} degrees outside.`,
  (draw) => `The house of ${draw.name()} has number ${draw.number(2, 99)}.`,
  (draw) => `The sun comes out for ${draw.number(2, 12)} hours on ${draw.day()}.`,
];
