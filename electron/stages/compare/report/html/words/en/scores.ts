/** What systems scored, and what may be concluded. */
export const scores = {
  scoreboard: {
    title: 'Scoreboard',
    caption: (rows: string) => `Accuracy on ${rows} scored rows, with 95% intervals`,
    who: 'System',
    accuracy: 'Accuracy',
    interval: '95% interval',
    picture: '0% to 100%',
    right: 'Right',
    unparsed: 'No label',
    macroF1: 'Macro-F1',
    how: {
      wilson: 'Wilson',
      bootstrap: 'bootstrap',
      seeds: 'over rows and seeds',
    },
    read: 'Intervals: Wilson’s for one system, over rows and seeds where students differ by their seed alone. A row that was asked and has no label counts as wrong.',
    teacherShare: (rows: string) => `asked on ${rows} rows`,
  },

  verdicts: {
    title: 'Is the gain real?',
    omnibus: (
      on: { readonly systems: string; readonly rows: string },
      found: { readonly q: string; readonly degrees: string; readonly p: string },
    ) =>
      `Cochran’s Q over ${on.systems} systems on ${on.rows} rows: Q = ${found.q} with ${found.degrees} degrees of freedom, p ${found.p.startsWith('<') ? found.p : `= ${found.p}`}.`,
    omnibusSays: {
      some: 'Not all of them are equally often right.',
      none: 'It does not show that any of them is more often right than another.',
    },
    corrected: (pairs: string) =>
      `${pairs} pairs are tested, so each p value is raised by Holm’s correction: without it, some pairs would look different by chance alone.`,
    uncorrected: 'One pair is tested; nothing has to be corrected.',
    rule: (points: string) =>
      `“Better” asks for two things: a corrected p below 0.05, and a gap of at least the margin of error, ${points} points.`,
    alike: (points: string) =>
      `“Alike” means that the interval leaves out any difference of ${points} points or more.`,
    alone:
      'Each interval is of its pair alone, so it may leave out 0 where the corrected p shows no difference.',
    caption: 'Every pair on the rows that both were asked',
    captionOf: (shown: string, all: string) =>
      `The ${shown} largest of ${all} differences; all stand in the JSON document`,
    a: 'Higher score',
    b: 'Lower score',
    difference: 'Difference in points (95%)',
    picture: 'Difference',
    test: 'Test',
    tests: { 'mcnemar-exact': 'McNemar, exact', 'seeds-t': 't test over seeds' },
    p: 'p',
    pCorrected: 'p corrected',
    verdict: 'Verdict',
    verdicts: {
      better: 'better',
      alike: 'alike',
      'not-shown': 'no difference shown',
      'shown-alone': 'not shown after correction',
    },
    needed: 'Rows needed',
    neededHint: 'Rows with which a gap of this size would be shown four times of five.',
    macroF1: 'Macro-F1 (95%)',
    apart: (onlyHigher: string, onlyLower: string) =>
      `only the first right: ${onlyHigher}, only the second: ${onlyLower}`,
    nothing: 'There is only one system to score, so nothing is compared.',
  },

  classes: {
    title: 'By class',
    caption: (name: string) => `Each class as ${name} answers it`,
    label: 'Class',
    precision: 'Precision',
    recall: 'Recall',
    f1: 'F1',
    confusion: (name: string) => `Gold label (down) by answer (across): ${name}`,
    gold: 'Gold',
    other: 'other',
    noLabel: 'no label',
    limited: (shown: string, all: string) =>
      `The first ${shown} of ${all} systems; the others stand in the JSON document.`,
  },

  calibration: {
    title: 'Confidence',
    lead: 'Confidence is the probability that a student gave to the label it wrote. Dots on the line: as often right as it is sure.',
    none: 'No student here has its confidence saved in all its seeds: evaluate them again under Compare to see it.',
    ece: (value: string, chance: string) =>
      `Calibration error ${value}; a perfectly calibrated student stays below ${chance} in 95 of 100 such samples.`,
    caption: (name: string) => `Right answers by confidence: ${name}`,
    confidence: 'Confidence',
    right: 'Right',
    from: 'Bin',
    rows: 'Rows',
  },

  rationales: {
    title: 'Rationales',
    caption: 'What the rationales are like',
    rows: 'Rationales',
    words: 'Words',
    arithmetic: 'Arithmetic holds',
    leads: 'Leads to its own label',
    rouge: 'ROUGE-L to the teacher',
    weak: 'ROUGE-L is a weak sign: a good reason can be put in other words. Arithmetic is judged where a rationale has equations, and “leads to its own label” where it comes to an answer.',
    none: 'No system wrote rationales on these rows.',
  },

  speed: {
    title: 'Speed and size',
    caption: 'One question at a time, and many at once',
    p50: 'Median',
    p95: '95th percentile',
    throughput: 'Rows a second',
    parameters: 'Parameters',
    file: 'Files',
    memory: 'Memory',
    measured: 'Measured with',
    teacherSaved: 'saved answers',
    threads: (_n: number, shown: string) => `${shown} ${_n === 1 ? 'thread' : 'threads'}`,
    busy: 'Something else was computing while one of these was timed: it is faster than that.',
  },

  slices: {
    title: 'Where it is weak',
    weakCaption: 'Slices on which a system is worse than on its other rows',
    slice: 'Slice',
    system: 'System',
    here: 'Here',
    rest: 'Elsewhere',
    rows: 'Rows',
    p: 'p corrected',
    search: (tried: string, fewest: string) =>
      `A search went over ${tried} slices of at least ${fewest} rows; p values are Fisher’s, corrected for all of them (Holm).`,
    noWeak: 'No slice is shown to be weaker than the rest.',
    hints: 'The largest gaps that are not shown: chance alone may have made them',
    groups: 'Fixed groups',
    groupCaption: {
      gold: 'By gold label',
      length: 'By length of the input',
      numbers: 'By numbers in the input',
      column: (name: string) => `By “${name}”`,
      dataset: 'By data set',
      flagged: 'By flags on the teacher’s rationale',
    },
    terms: {
      gold: (label: string) => `gold label ${label}`,
      length: (from: string, to: string | null) =>
        to === null ? `${from} characters or more` : `${from} to ${to} characters`,
      numbers: (from: string, to: string | null) =>
        to === null
          ? `${from} numbers or more`
          : from === to
            ? `${from} numbers`
            : `${from} to ${to} numbers`,
      word: (word: string) => `contains “${word}”`,
      column: (column: string, value: string) => `${column} is ${value}`,
      dataset: (name: string) => `from ${name}`,
      flagged: 'flagged rationale',
      unflagged: 'rationale without flags',
    },
    and: ' and ',
  },
};
