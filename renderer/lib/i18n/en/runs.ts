import { plural } from './shell.ts';

/** Trainings as they are started, watched, compared and queued. */
export const runs = {
  ways: {
    title: 'What do you want to find out?',
    lead: 'Each way ends in students that you can compare, export and use. You can take another one later.',
    kinds: {
      new: {
        title: 'Train one student',
        text: 'Choose a method, what it learns from and how long. The quickest way to a student.',
      },
      'bake-off': {
        title: 'Compare methods',
        text: 'Trains every chosen method with several seeds on the same split, and says which gaps are real.',
      },
      'data-size': {
        title: 'How much data do I need?',
        text: 'Trains on growing shares of your rows, and says whether more labels or rationales are worth buying.',
      },
      sweep: {
        title: 'Find settings',
        text: 'Tries learning rates, weights and the like, and judges them by validation alone.',
      },
    },
  },

  table: {
    caption: 'Runs of this project',
    overlay: 'Curves',
    overlayOf: (name: string) => `Lay the curves of ${name} over others`,
    seed: (seed: string) => `seed ${seed}`,
    study: (n: number, shown: string) => plural(n, shown, 'run', 'runs'),
    studyEnded: (ended: string, planned: string) => `${ended} of ${planned} done`,
    toggle: (name: string) => `Runs of ${name}`,
    openStudy: 'Open the result',
    openStudyOf: (name: string) => `Open the result of ${name}`,
    noRuns: 'Its first run has not begun.',
  },

  ends: {
    'steps-done': 'All steps done',
    'early-stopping': 'Stopped early',
    'kept-best': 'Stopped, best kept',
    'median-rule': 'Stopped by the sweep',
    diverged: 'Diverged',
  },
  endTexts: {
    'steps-done': (step: string) => `It went through all of its ${step} steps.`,
    'early-stopping': (step: string) =>
      `It stopped by itself at step ${step}: further evaluations brought no better validation.`,
    'kept-best': (step: string) => `You stopped it at step ${step}. The best student is kept.`,
    'median-rule': (step: string) =>
      `The sweep stopped it at step ${step}: at this point it was behind half of the earlier trials.`,
    diverged: (step: string) =>
      `At step ${step} the loss or a gradient was no longer a number, so it was stopped. The last good checkpoint is kept.`,
  },
  tryTitle: 'What to try',
  tries: {
    rate: (from: string, to: string) => `A smaller learning rate: ${to} instead of ${from}.`,
    warmup: (from: string, to: string) =>
      `A longer warm-up: ${to} of the steps instead of ${from}.`,
    clip: (from: string, to: string) => `Clip gradients sooner: at norm ${to} instead of ${from}.`,
  },

  facts: {
    step: 'Step',
    stepOf: (done: string, total: string) => `${done} of ${total}`,
    epoch: 'Epoch',
    best: 'Best so far',
    bestDone: 'Best validation',
    noBest: 'not evaluated yet',
    loss: 'Label loss',
    rationaleLoss: (shown: string) => `rationale ${shown}`,
    left: 'Time left',
    leftStudy: (time: string) => `of the whole study ${time}`,
  },
  inStudy: (name: string) => `Part of the study “${name}”, which pauses and goes on as a whole.`,

  keepBest: 'Stop and keep the best',
  keepBestOf: (name: string) => `Stop ${name} and keep the best`,
  keepTitle: 'Stop here and keep the best student?',
  keepBody: (step: string, share: string) =>
    `Training ends for good. The student of step ${step} is kept, with ${share} right on validation.`,
  keepNone:
    'Training ends for good. It was not evaluated yet: that is done now, and the student as it is is kept.',
  keepGo: 'Stop and keep it',
  again: 'Run again with changes',
  againOf: (name: string) => `Run ${name} again with changes`,
  rename: 'Rename the run',
  renameOf: (name: string) => `Rename ${name}`,
  name: 'Name of the run',

  starving: {
    label: 'The rationales drown the labels',
    rationale: 'The labels drown the rationales',
    labelText: (first: string, second: string) =>
      `At the last two evaluations the gradient of the rationale loss was ${first} and ${second} times that of the label loss: the student learns to explain, and next to nothing about labels.`,
    rationaleText: (first: string, second: string) =>
      `At the last two evaluations the gradient of the label loss was ${first} and ${second} times that of the rationale loss: the student learns labels, and next to nothing about reasons.`,
    lower: (now: string, wanted: string, alpha: string) =>
      `λ is ${now}. With about ${wanted} (α ${alpha}) both would weigh alike: run it again with a smaller λ.`,
    raise: (now: string, wanted: string, alpha: string) =>
      `λ is ${now}. With about ${wanted} (α ${alpha}) both would weigh alike: run it again with a larger λ.`,
    lowerPlain: (now: string) => `λ is ${now}. Run it again with a smaller one.`,
    raisePlain: (now: string) => `λ is ${now}. Run it again with a larger one.`,
  },

  tabs: {
    label: 'What to see of this run',
    learning: 'Learning',
    gradients: 'Gradients',
    machine: 'Machine',
    samples: 'What it writes',
    settings: 'Settings',
  },
  curves: {
    labelLoss: 'label loss',
    targetLoss: 'loss of rationale and label',
    rationaleLoss: 'rationale loss',
    loss: 'total loss',
    mutualInformation: 'mutual-information term',
    validation: 'validation accuracy',
    learningRate: 'learning rate',
    gradientNorm: 'gradient norm',
    labelNorm: 'of the label task',
    rationaleNorm: 'of the rationale task',
    tokensPerSecond: 'tokens per second',
    memory: 'memory',
  },
  charts: {
    loss: 'Loss (nats per token)',
    validation: 'Validation, 95% interval',
    learningRate: 'Learning rate',
    gradientNorm: 'Gradient norm before clipping',
    total: 'Total loss, with its weights',
    balance: 'Norms of the two tasks',
    tokensPerSecond: 'Tokens per second',
    memory: 'Memory of the training process',
  },
  described: (what: string, step: string, value: string) =>
    `${what} over training steps. At step ${step}: ${value}.`,
  noEvaluation: 'The first evaluation has not come yet.',
  noMemory: 'This run did not measure its memory.',
  step: 'step',
  epoch: 'epoch',
  log: 'Logarithmic',
  smoothing: 'Smoothing',
  smoothingOff: 'off',
  smoothingHint: 'An exponential mean; the values themselves stay faint behind it.',
  readHint: 'Arrow keys read a chart that has the focus.',
  noPoints: 'The first points appear once the first steps are done.',

  overlay: {
    title: (n: number, shown: string) => `${plural(n, shown, 'run', 'runs')} over each other`,
    choose: 'Choose two or more runs in the table to lay their curves over each other.',
    curve: 'Curve',
    by: 'By',
    clear: 'Choose none',
    without: (names: string) => `Without this curve: ${names}.`,
    most: (n: string) => `At most ${n} runs at a time.`,
  },

  samples: {
    title: 'The same rows at each evaluation',
    why: (n: number, shown: string, explains: boolean) =>
      `${plural(n, shown, 'validation row is', 'validation rows are')} answered again at every evaluation, so that you see the student learn${explains ? ' to explain' : ''}.`,
    none: 'The first answers appear with the first evaluation.',
    at: (step: string) => `Step ${step}`,
    place: (place: string, count: string) => `evaluation ${place} of ${count}`,
    evaluation: 'Evaluation',
    before: 'Evaluation before',
    after: 'Evaluation after',
    right: (right: string, all: string) => `${right} of ${all} right`,
    row: (n: string) => `Row ${n}`,
    writes: 'Student',
    teacher: 'Teacher',
    gold: 'Gold',
    empty: 'nothing',
    changes: {
      other: 'another label',
      'now-right': 'now right',
      'now-wrong': 'now wrong',
    },
    newWords: 'Underlined words are new since the evaluation before.',
    marked: 'Mark new words',
  },

  settings: {
    title: 'Settings it ran with',
    groups: {
      learns: 'What it learns',
      student: 'Student',
      course: 'Course',
      lengths: 'Lengths',
      watch: 'Evaluations',
    },
    parent: (name: string) => `Made from “${name}”`,
    parentSame: 'With the same settings.',
    parentGone: 'The run that it was made from was removed.',
    changed: (name: string, before: string, after: string) =>
      `${name}: ${after} instead of ${before}`,
    rows: 'Rows',
    engine: 'Engine that ran it',
    studentName: 'Pretrained student',
    method: 'Method',
    preset: 'Shape',
  },

  queue: {
    title: 'Queue',
    now: 'Now',
    waiting: (n: number, shown: string) => plural(n, shown, 'job waits', 'jobs wait'),
    next: 'next',
    place: (place: string) => `place ${place}`,
    up: (title: string) => `Move ${title} up`,
    down: (title: string) => `Move ${title} down`,
    moved: (title: string, place: string) => `${title} is now at place ${place} of the queue.`,
    remove: (title: string) => `Take ${title} out of the queue`,
    removeTitle: 'Take it out of the queue?',
    removeBody:
      'It is cancelled and will not be trained. Its settings stay: you can run it again with changes.',
    removeGo: 'Take it out',
    hint: 'Drag, or use the buttons or Alt with the arrow keys.',
    left: (n: number, shown: string) =>
      `${plural(n, shown, 'training was', 'trainings were')} not finished when the studio was closed.`,
    goOn: 'Go on',
    byItself: 'From now on, go on by itself when the studio is opened',
    ofProject: (title: string, project: string) => `${title} · ${project}`,
  },
};
