import { plural } from './shell.ts';

/** What is asked, and how the answers are read. */
export const prompt = {
  title: 'What is the teacher asked?',
  why: 'Worked examples show it to reason first and to end with the answer phrase. The preview shows what it then reads for a row.',

  start: 'Begin with',
  builtIn: 'the built-in prompt',
  fromPack: (use: string) => `pack: ${use}`,
  version: (name: string, shown: string) => `${name} · version ${shown}`,
  choosePack: 'Choose a pack…',
  isBuiltIn: 'This is the built-in prompt.',
  isSaved: (name: string, shown: string) => `Saved: version ${shown} of “${name}”.`,
  isUnsaved: (name: string, shown: string) =>
    `Saved as version ${shown} of “${name}” when you go on.`,
  setAside: 'What you had written was set aside.',
  bringBack: 'Bring it back',
  gaps: {
    name: 'The prompt needs a name.',
    'input-template': 'The form of a question is empty.',
    'answer-phrase': 'The answer phrase is empty.',
    rules: 'A rule for reading answers is not filled in.',
  },
  waiting: 'The preview comes when these are filled in:',

  name: 'Name of the prompt',
  style: 'Style',
  styles: {
    'few-shot-cot': 'Worked examples with reasoning',
    'zero-shot-cot': 'Reasoning without examples',
    'label-only': 'Only the label',
    structured: 'Structured answer (JSON)',
  },
  styleWhy: {
    'few-shot-cot':
      'The style of the paper: each example reasons, then answers. A good choice for most models.',
    'zero-shot-cot':
      'The instruction alone asks for reasoning. Cheapest to read, least even in form.',
    'label-only': 'No reasons are asked for, so a student can learn labels only.',
    structured: 'The server holds the answer to a JSON schema with a rationale and an answer.',
  },
  structuredNo:
    'This model was seen not to follow a JSON schema. The form is then asked for in words only, where the instruction has {format}; some answers may not keep to it.',
  structuredUnknown:
    'Nobody has seen yet whether this model follows a JSON schema. Try a few rows first.',
  instruction: 'Instruction',
  instructionHint:
    '{labels} stands for the labels of the project, {format} for what the style asks of an answer.',
  inputTemplate: 'Form of a question',
  inputTemplateHint:
    '{input} is a row’s text with its choices, {text} the text alone, {choices} the choices alone. It ends where the teacher goes on.',
  insert: (text: string) => `Insert ${text}`,
  noInput: 'Nothing of the row would be asked: insert {input} or {text}.',
  unknownPlaceholder: (names: string) => `${names} stands for nothing and is sent as it is.`,
  answerPhrase: 'Answer phrase',
  answerPhraseHint: 'Each worked example ends with it and the answer.',

  exemplars: 'Worked examples',
  exemplarCount: (n: number, shown: string) =>
    plural(n, shown, 'worked example', 'worked examples'),
  exemplarsNone: 'There are none yet. Add some by hand, from your rows or from a pack.',
  exemplarsUnused: 'This style shows no worked examples. They are kept for another style.',
  exemplarParts: { input: 'question', rationale: 'rationale', answer: 'answer' },
  exemplar: (shown: string) => `Worked example ${shown}`,
  exemplarEmpty: 'not written yet',
  edit: (shown: string) => `Edit worked example ${shown}`,
  moveUp: (shown: string) => `Move worked example ${shown} up`,
  moveDown: (shown: string) => `Move worked example ${shown} down`,
  moveKeys: 'Alt with the arrow keys moves it.',
  moved: (shown: string, place: string) => `Worked example ${shown} is now number ${place}.`,
  duplicate: (shown: string) => `Duplicate worked example ${shown}`,
  remove: (shown: string) => `Remove worked example ${shown}`,
  removed: (shown: string) => `Worked example ${shown} was removed.`,
  undo: 'Undo',
  question: 'Question',
  rationale: 'Rationale',
  answer: 'Answer',
  choicesPerLine: 'Choices, one per line',
  hasWarning: 'see the warning',
  addByHand: 'Write one',
  addFromRows: 'Take a row…',
  draw: 'Draw from rows…',

  pickTitle: 'Take a row as a worked example',
  pickWhy: 'Rows of a test part make the score look better than it is; the preview warns of them.',
  pick: (id: string) => `Take row ${id}`,
  picked: (id: string) => `Row ${id} was added.`,
  pickedBare: (id: string) => `Row ${id} was added. It has no rationale yet: write one.`,
  pickTake: 'Take',
  pickCaption: 'Rows of this project',

  drawTitle: 'Draw worked examples from rows',
  drawWhy:
    'Only rows outside every test part that have a gold label and a rationale which agrees with it.',
  drawHow: 'Which',
  drawHows: { random: 'at random', diverse: 'as unlike each other as can be' },
  drawCount: 'How many',
  drawAdd: 'Draw and add',
  drawReplace: 'Draw and replace all',
  drawn: (n: number, shown: string, pool: string) =>
    `${plural(n, shown, 'example was', 'examples were')} drawn from ${pool} rows.`,
  drawnNone:
    'No row qualifies: there must be a gold label and a rationale that agrees with it, outside the test parts.',

  selection: 'Which of them a prompt shows',
  hows: {
    all: 'all of them, in this order',
    random: 'some, drawn at random once',
    diverse: 'some, as unlike each other as can be',
    nearest: 'for each row the most alike, the most alike last',
  },
  showCount: 'How many',
  seed: 'Seed',

  previewTitle: 'What the teacher reads',
  previewRow: (id: string) => `Row ${id}`,
  previewAt: (place: string, total: string) => `${place} of ${total}`,
  previousRow: 'Previous row',
  nextRow: 'Next row',
  role: { system: 'system', user: 'user', assistant: 'assistant' },
  shown: (numbers: string) => `Shows worked examples ${numbers}.`,
  shownSelf: (shown: string) =>
    `Worked example ${shown} is this very row and is left out: no row is shown its own answer.`,
  shownNone: 'Shows no worked example.',
  tokens: (n: number, shown: string) => plural(n, shown, 'token', 'tokens'),
  tokensBy:
    'Counted with OpenAI’s tokenizer (o200k_base); other models count somewhat differently.',
  tokensOf: (percent: string, context: string) => `${percent} of a context of ${context}`,
  tokensFree: (tokens: string) => `up to ${tokens} more for the answer`,
  refreshing: 'Being composed anew…',

  warnings: (n: number, shown: string) => plural(n, shown, 'thing to look at', 'things to look at'),
  noWarnings: 'Nothing to warn of.',
  show: 'Show it',
  aboutExemplar: (shown: string) => `Worked example ${shown}`,
  warning: {
    'exemplar-in-test': (detail: string) =>
      `It is row ${detail} of a test part: the score on that part would be flattered.`,
    'exemplar-unread': (detail: string) =>
      `The rules below do not read its own answer as that answer${detail === '' ? '' : ` (they read: ${detail})`}.`,
    'exemplar-label-unknown': (detail: string) =>
      `Its answer “${detail}” is none of the project’s labels.`,
    'exemplar-incomplete': (detail: string) => `It lacks its ${detail}.`,
    'too-long': () => 'Prompt and longest answer together do not fit into the model’s context.',
    'no-input': () => 'Nothing of the row would be shown.',
    'no-exemplars': () => 'This style needs worked examples, and there are none.',
    'structured-unsupported': () => 'The server was seen not to follow a JSON schema.',
    'pattern-invalid': (detail: string) =>
      `This pattern is no regular expression of RE2: ${detail}`,
    'stops-cut': (detail: string) =>
      `The server takes fewer stop sequences; the rest are applied here${detail === '' ? '' : ` (${detail})`}.`,
  },
  tooLong: (needed: string, allowed: string) =>
    `Prompt and longest answer need ${needed} tokens; the model takes ${allowed}.`,

  rulesTitle: 'How answers are read',
  rulesWhy: 'The rules are tried from the top; the first that finds an answer counts.',
  rule: (shown: string) => `Rule ${shown}`,
  ruleKind: 'Kind of rule',
  ruleKinds: {
    phrases: 'after a phrase',
    pattern: 'by a pattern',
    json: 'from JSON fields',
    'last-line': 'the last line',
  },
  ruleWhy: {
    phrases:
      'The answer follows the first of these phrases that occurs, at its last place. Case does not matter.',
    pattern:
      'A regular expression (RE2). The group (?P<answer>…), else the first group, else the whole match is the answer; the last match counts.',
    json: 'Fields of the first JSON object in the text.',
    'last-line':
      'The last line that is not blank is the answer, what stands above it the rationale.',
  },
  phrases: 'Phrases, one per line',
  pattern: 'Pattern',
  answerField: 'Field of the answer',
  rationaleField: 'Field of the rationale',
  addRule: 'Add a rule',
  ruleUp: (shown: string) => `Move rule ${shown} up`,
  ruleDown: (shown: string) => `Move rule ${shown} down`,
  ruleRemove: (shown: string) => `Remove rule ${shown}`,
  ruleMissing: 'Fill this in.',
  read: 'Read what was found as',
  reads: {
    task: 'the task asks',
    text: 'text, as it stands',
    number: 'a number',
    expression: 'an arithmetic expression',
    letter: 'the letter of a choice',
  },
  stopSequences: 'Stop sequences, one per line',
  stopSequencesHint:
    'From the first of these on, an answer is dropped: models go on into invented questions. \\n is a line break.',

  benchTitle: 'Try the rules on saved answers',
  benchOf: (teacher: string, date: string) => `Answers of ${teacher}, ${date}`,
  benchWhy:
    'The teacher is not asked: saved answers are read again, and nothing is saved until you say so.',
  benchExtraction: 'Answers of',
  benchCaption: 'Saved answers as these rules read them',
  benchNone: 'This extraction has no saved answers yet.',
  benchNoSuch: 'No such answers on this page.',
  before: 'Before',
  after: 'After',
  unread: 'no answer',
  sameAnswer: 'as before',
  changed: 'changed',
  rationaleChanged: 'other rationale',
  completion: 'Answer as it came',
  parsedBefore: 'Read before',
  parsedAfter: 'Read by these rules',
  changedCount: 'Changed',
  ofShown: (shown: string) => `of the ${shown} shown`,
  filter: 'Show',
  filters: { all: 'All', changed: 'Changed only', unparsed: 'Unread only' },
  legendRationale: 'rationale',
  legendAnswer: 'answer',
  byRule: (shown: string, kind: string) => `${shown}: ${kind}`,
  winner: 'this rule counts',
  apply: 'Parse again with these rules',
  applyWhy: 'Reads every saved answer of this extraction anew and keeps these rules with it.',
  applied: (parsed: string, rows: string) => `${parsed} of ${rows} rows are read now.`,

  screenTitle: 'How answers are read',
  screenLead:
    'Change the rules and see at once what they make of real answers. The teacher is not asked again.',
  rulesReset: 'Back to the rules in use',
  rulesAsUsed: 'These are the rules in use.',
  rulesChanged: 'These rules are not in use yet.',
  backToTeacher: 'Back to the teacher',

  packTitle: 'Begin with a pack',
  packWhy: 'Prompts with worked examples written for this app. Take one and change what you like.',
  packNone: 'No pack fits the task of this project.',
  packUses: {
    entailment: 'Natural language inference',
    commonsense: 'Commonsense with choices',
    arithmetic: 'Arithmetic word problems',
    sentiment: 'Sentiment',
    intent: 'Intent',
    topic: 'Topic',
    reading: 'Questions about a text',
    text: 'Free text',
    classification: 'Classification',
  },
  packLanguage: 'Language',
  packAll: 'All',
  packLabels: (labels: string) => `Labels: ${labels}`,
  packChoose: 'Choose a pack to see what is in it.',
  packTake: 'Take this pack',
  between: (min: string, max: string) => `A number from ${min} to ${max}.`,
};
