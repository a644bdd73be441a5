import { isRecord } from '../../../core/json.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * The rows that an object stands for. Most stand for themselves; the objects of some published
 * formats hold what belongs into columns in lists. Nothing that is in them is left out:
 *
 * - SQuAD and KorQuAD: an article with paragraphs, each with a context and questions about it.
 * - Label Studio: a task with its data, and annotations with a value for each control.
 * - Chats (OpenAI's `messages`, ShareGPT's `conversations`): the last answer, and what leads to it.
 */
export function unfold(row: Fields): readonly Fields[] {
  if ('paragraphs' in row) return questionsOf(row) ?? [row];
  if ('annotations' in row) return [taskOf(row) ?? row];
  if ('messages' in row || 'conversations' in row) return [chatOf(row) ?? row];
  return [row];
}

/** One row for each question of an article; null where the object is something else. */
function questionsOf({ paragraphs, ...article }: Fields): Fields[] | null {
  if (!isListOfRecords(paragraphs)) return null;
  const rows: Fields[] = [];
  for (const { qas, ...paragraph } of paragraphs) {
    if (typeof paragraph['context'] !== 'string' || !isListOfRecords(qas)) return null;
    for (const { answers, ...question } of qas) {
      if (answers !== undefined && !isListOfRecords(answers)) return null;
      const answer = answers?.[0]?.['text'] ?? null;
      // Under another name than `answers`, which says choices elsewhere.
      rows.push({ ...article, ...paragraph, ...question, answer, 'all answers': answers ?? null });
    }
  }
  return rows;
}

/** A task with its data and the values of its first annotation as columns. */
function taskOf(row: Fields): Fields | null {
  const { data, ...task } = row;
  const { annotations } = task;
  if (!isRecord(data) || !isListOfRecords(annotations)) return null;
  const kept = annotations.find((annotation) => annotation['was_cancelled'] !== true);
  const results = kept?.['result'] ?? [];
  if (!isListOfRecords(results)) return null;
  // Not by assignment to an object: a column may be called `__proto__`.
  const fields = new Map<string, unknown>();
  const add = (name: string, value: unknown, prefix: string): void => {
    const taken = fields.has(name) || Object.hasOwn(task, name);
    fields.set(taken ? `${prefix}.${name}` : name, value);
  };
  for (const [name, value] of Object.entries(data)) add(name, value, 'data');
  for (const { from_name: name, value } of results) {
    const said = isRecord(value) ? (value['choices'] ?? value['text'] ?? value['rating']) : null;
    const only = Array.isArray(said) && said.length === 1 ? (said[0] as unknown) : said;
    if (typeof name === 'string' && only !== undefined) add(name, only, 'annotation');
  }
  return { ...Object.fromEntries(fields), ...task };
}

interface Message {
  readonly role: string;
  readonly content: string;
}

/** A chat with its last answer as `completion`, what stands before it as `prompt`, and `system`. */
function chatOf(row: Fields): Fields | null {
  const list = row['messages'] ?? row['conversations'];
  if (!isListOfRecords(list) || list.length === 0) return null;
  if ('prompt' in row || 'completion' in row || 'system' in row) return null;
  const messages = list.map(messageOf);
  if (!messages.every((message) => message !== null)) return null;
  const system = messages.filter(({ role }) => role === 'system' || role === 'developer');
  const turns = messages.filter((message) => !system.includes(message));
  const last = turns.findLastIndex(({ role }) => role === 'assistant');
  const before = last < 0 ? turns : turns.slice(0, last);
  const [first] = before;
  const prompt =
    first !== undefined && before.length === 1
      ? first.content
      : before.map(({ role, content }) => `${role}: ${content}`).join('\n');
  const instructions = system.map(({ content }) => content).join('\n');
  return {
    ...(system.length > 0 ? { system: instructions } : {}),
    ...{ prompt, completion: turns[last]?.content ?? null },
    ...row,
  };
}

function messageOf(message: Fields): Message | null {
  const role = message['role'] ?? message['from'];
  const content = message['content'] ?? message['value'];
  if (typeof role !== 'string' || typeof content !== 'string') return null;
  return { role: role === 'human' ? 'user' : role === 'gpt' ? 'assistant' : role, content };
}

const isListOfRecords = (value: unknown): value is Fields[] =>
  Array.isArray(value) && value.every(isRecord);
