import { plural } from './shell.ts';

/** Who answers: the server, what it was seen to honour, its key and its price. */
export const endpoint = {
  chooseTitle: 'Who answers the rows?',
  chooseWhy: 'Only the teacher that you name here ever sees your rows.',
  recordedTitle: 'Recorded completions',
  recordedText: 'Use the answers that came with your file. Nothing is asked or sent.',
  recordedNote: (shown: string) => `${shown} rows have one.`,
  recordedMissing: 'No row of this project has one.',
  practiceTitle: 'Practice teacher',
  practiceText: 'A rule-based program that answers the sample rows, for trying the whole path.',
  practiceMissing: 'Only for the sample project.',
  serverTitle: 'Language model',
  serverText: 'A model on a server or on this machine, asked through the OpenAI API.',

  whereTitle: 'Where it is',
  saved: 'Saved teachers',
  savedNew: 'a new one',
  preset: 'Server',
  presets: {
    openai: 'needs a key',
    azure: 'needs a key',
    ollama: 'this machine',
    lmstudio: 'this machine',
    llamacpp: 'this machine',
    vllm: 'your own GPU',
    other: 'any address',
  },
  otherServer: 'Other',
  /** What to know of each server before it is asked. */
  quirks: {
    openai:
      'Reasoning models take no temperature and no stop sequences. The look below finds out what this one takes.',
    azure: 'The model is the name of your deployment. Azure does not list deployments.',
    ollama:
      'Prompts longer than its context are cut off without a word. It is 4,096 tokens unless Ollama was told otherwise (OLLAMA_CONTEXT_LENGTH): say so under “Context length”.',
    lmstudio: 'A model is loaded when it is first asked, so the first answer may take a while.',
    llamacpp:
      'It serves the one model that it was started with, and as many requests at a time as it has slots (-np).',
    vllm: 'It serves the models that it was started with, and many requests at a time.',
    other: 'Anything that speaks the chat completions of OpenAI’s API.',
  },
  name: 'Name',
  nameHint: 'As you will find it again.',
  baseUrl: 'Address',
  baseUrlHint: 'Up to /v1, without what follows.',
  azureUrlHint: 'The address of your resource; the newer ones end in /openai/v1.',
  addressGood: 'A good address.',
  problems: {
    wrong: 'Write the whole address, beginning with http:// or https://.',
    secret: 'Leave user name and password out of the address; the key has a field of its own.',
    query: 'End the address with its path: nothing may follow from “?” or “#” on.',
    placeholder: 'Put the name of your resource in place of RESOURCE.',
  },
  adviceCall: 'The address goes further than it should: calls are appended to it.',
  adviceVersion: 'Most servers answer under /v1.',
  adviceUse: (address: string) => `Use ${address}`,
  adviceOpen:
    'This address is not encrypted: rows and key can be read on the way. Use https:// for servers beyond this machine.',
  apiVersion: 'api-version',
  apiVersionHint:
    'Leave it empty for an address that ends in /openai/v1. The older address of a resource needs one, such as 2024-10-21.',

  key: 'API key',
  keyWhere: {
    keychain: 'Kept in the system’s keychain, encrypted. It is never shown again.',
    session:
      'Kept in memory until Stepwise Studio ends, and never written to the disk. To keep it longer, set the environment variable STEPWISE_API_KEY before the start.',
  },
  keyKept: {
    none: 'No key is kept.',
    noneLocal: 'No key is kept. Servers on this machine often need none.',
    keychain: 'A key is kept in the system’s keychain. Leave the field empty to go on using it.',
    session: 'A key is kept until Stepwise Studio ends. Leave the field empty to go on using it.',
    environment:
      'The key comes from an environment variable (STEPWISE_API_KEY or OPENAI_API_KEY). A key typed here goes before it.',
  },
  keyOther: 'The kept key was given for another server and is not sent to this one.',
  forgetKey: 'Forget the key',
  keyOf: (name: string) => `API key of ${name}`,
  keySave: 'Keep the key and go on',

  look: 'Look at the server',
  lookTry: 'Look at the server and try the model',
  looking: 'Looking…',
  lookWhy:
    'Saves this teacher, lists the models of its server and asks one short question of the chosen one.',
  listed: (n: number, shown: string) =>
    `It is there, and lists ${plural(n, shown, 'model', 'models')}. Choose one below: it is tried at once.`,
  notListed: 'It is there, but does not list its models. Write the name of one below and try it.',

  modelTitle: 'Which model',
  model: 'Model',
  modelHint: 'As the server calls it; needed to go on.',
  modelListed: (_: number, shown: string) => `Choose one of ${shown}, or type a part of a name.`,
  modelNone: 'The server lists no such model.',
  modelsShown: (n: number, shown: string) => plural(n, shown, 'model fits', 'models fit'),
  deployment: 'Deployment',
  deploymentHint: 'The name of your deployment of a model, which may differ from the model’s own.',
  context: 'Context length, in tokens',
  contextHint:
    'Prompt and answer together. When it is given, prompts that are too long are found before they are sent.',
  optional: 'optional',

  foundTitle: 'What the model was seen to do',
  found: (model: string, date: string, seconds: string) =>
    `${model}, tried on ${date}; it answered in ${seconds} s.`,
  foundOld: 'Found earlier. Servers change: try again when in doubt.',
  foundUnknown:
    'What could not be told is asked for where that does no harm, and never counted on.',
  again: 'Try again',
  itWrote: 'It wrote',
  nothing: 'nothing',
  feature: 'What',
  verdict: 'Found',
  meaning: 'What that means here',
  verdicts: { yes: 'honours it', no: 'does not', unknown: 'could not tell' },
  features: {
    usage: {
      name: 'Token counts',
      yes: 'The server counts tokens: what a run costs is reckoned from its figures.',
      no: 'Tokens are counted here with OpenAI’s tokenizer: what a run costs is an estimate.',
    },
    lengthLimit: {
      name: 'Limit of the answer',
      yes: (parameter: string) => `Answers are kept short with ${parameter}.`,
      no: 'A limit may not be kept: answers may be longer, and cost more, than was set.',
    },
    stop: {
      name: 'Stop sequences',
      yes: 'Answers end where the next question would be invented; nothing is paid for that.',
      no: 'Answers are cut here after they came; the tokens behind the cut are paid for.',
    },
    temperature: {
      name: 'Temperature',
      yes: 'Samples of one row can be made to differ.',
      no: 'The model answers at a temperature of its own.',
    },
    several: {
      name: 'Several answers (n)',
      yes: 'Several samples of a row cost its prompt once.',
      no: 'Each sample is a request of its own and pays for the prompt again.',
    },
    seed: {
      name: 'Seed',
      yes: 'A new run with the same seed can give the same answers.',
      no: 'At a temperature above 0, a new run gives other answers. Saved ones stay as they are.',
    },
    systemRole: {
      name: 'System message',
      yes: 'The instruction is sent as a system message.',
      no: 'The instruction stands at the head of the question instead.',
    },
    jsonSchema: {
      name: 'JSON schema',
      yes: 'The style “structured” can be used.',
      no: 'The style “structured” can ask for JSON in words only; some answers may not keep to it.',
    },
    logprobs: {
      name: 'Log-probabilities',
      yes: 'Nothing here needs them.',
      no: 'Nothing here needs them.',
    },
    batches: {
      name: 'Batch files',
      yes: 'A run can be handed over as files, at a lower price and within a day.',
      no: 'Rows are asked one by one; there is no lower price for patience.',
    },
  },

  priceTitle: 'What it costs',
  priceInput: 'Input, US$ per million tokens',
  priceOutput: 'Output, US$ per million tokens',
  priceLocal:
    'It runs on this machine, where tokens cost nothing. Enter a price if it passes requests on to a server that charges.',
  priceBuiltIn: (date: string) =>
    `Built-in figures of ${date}. Prices change: check them with your provider.`,
  priceEntered: (date: string) => `Entered on ${date}.`,
  priceNone:
    'No price is known for this model. Enter both figures, or no cost can be told and no budget be set.',
  priceBoth: 'Enter both figures.',
  priceReset: 'Forget what was entered',
  priceTable: 'Price table',
  priceTableAll: 'All prices…',
  priceTableNote:
    'US dollars for a million tokens, for all projects. A * at the end of a name stands for any ending. Extractions keep the price that they were started with.',
  priceModel: 'Model',
  priceIn: 'Input',
  priceOut: 'Output',
  priceBatch: 'Batch',
  priceFrom: 'From',
  priceOrigin: { 'built-in': 'built in', entered: 'entered' },
  priceEdit: (model: string) => `Change the price of ${model}`,
  priceForget: (model: string) => `Forget the price entered for ${model}`,
  priceAdd: 'Enter a price',
  priceSave: 'Save',
  priceShare: 'Batch share, 0 to 1',
  batchShare: (percent: string) => `Batches cost ${percent} of it.`,
  between: (min: string, max: string) => `A number from ${min} to ${max}.`,
};
