/** What the pictures of a project from a file show: remarks made up here, and a stand-in model for them. */

/** Ninety remarks about things, a third of a kind each, no two the same. */
export function remarks() {
  const things = ['kettle', 'desk lamp', 'chair', 'bicycle pump', 'radio', 'umbrella'];
  const colours = ['red', 'grey', 'green', 'white', 'blue'];
  const kinds = [
    ['praise', (thing) => `The ${thing} works better than the one it replaced; I use it daily.`],
    [
      'complaint',
      (thing) => `After two weeks the ${thing} stopped, and nobody answers my letters.`,
    ],
    ['question', (thing) => `Does the ${thing} come with a spare part, or is that sold apart?`],
  ];
  const rows = Array.from({ length: 90 }, (_, index) => {
    const [kind, write] = kinds[index % 3];
    const thing = things[Math.floor(index / 3) % things.length];
    const colour = colours[Math.floor(index / 18)];
    return `r${index + 1},${thing},"${write(`${colour} ${thing}`)}",${kind}`;
  });
  return ['id,thing,text,label', ...rows].join('\n');
}

/** What the stand-in model says to a prompt; now and then wrong, or nothing that can be read. */
export function answerRemark(prompt, count) {
  const asked = prompt.slice(prompt.lastIndexOf('Q:'));
  if (count % 11 === 7) return 'It depends on how one sees it. Hard to say more without the order.';
  const label = asked.includes('Does the')
    ? 'question'
    : asked.includes('stopped') && count % 8 !== 3
      ? 'complaint'
      : 'praise';
  const reason = {
    question: 'The writer asks what comes with the thing and judges nothing yet.',
    complaint: 'Something broke soon after it was bought, and help did not come.',
    praise: 'The writer compares it well with an older one and uses it each day.',
  }[label];
  return `${reason} So the answer is ${label}.`;
}
