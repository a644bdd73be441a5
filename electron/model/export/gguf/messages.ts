/**
 * Messages between this program and llama.cpp's WebAssembly: a name of eight letters and typed fields
 * in a fixed order. Reference: cpp/glue.hpp of github.com/ngxson/wllama, version 2.
 */

/** A field that is sent; `null` leaves it to its default. */
export type Field =
  | null
  | boolean
  | string
  | { readonly integer: number }
  | { readonly integers: ArrayLike<number> }
  | { readonly strings: readonly string[] };

/** A field that comes back; the bytes of a text are left as they are. */
export type Received = null | boolean | number | string | Buffer | readonly Received[];

const MAGIC = 'GLUE';
const VERSION = 1;
/** Magic, version and name. */
const HEAD = 16;
const tags = { null: 0, bool: 1, integer: 2, float: 3, string: 4, bytes: 5, list: 5 } as const;

/** @param name eight letters */
export function packMessage(name: string, fields: readonly Field[]): Buffer {
  return Buffer.concat([
    Buffer.from(MAGIC),
    integer(VERSION),
    Buffer.from(name),
    ...fields.flatMap(packField),
  ]);
}

function packField(field: Field): Buffer[] {
  if (field === null) return [integer(tags.null)];
  if (typeof field === 'boolean') return [integer(tags.bool), integer(field ? 1 : 0)];
  if (typeof field === 'string') return [integer(tags.string), string(field)];
  if ('integer' in field) return [integer(tags.integer), integer(field.integer)];
  if ('integers' in field) {
    const { integers } = field;
    const tag = integer(tags.list + tags.integer);
    return [tag, integer(integers.length), ...Array.from(integers, integer)];
  }
  const { strings } = field;
  return [integer(tags.list + tags.string), integer(strings.length), ...strings.map(string)];
}

function integer(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}

function string(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([integer(bytes.byteLength), bytes]);
}

/** The fields of a message. @throws RangeError when it ends early or has fields of unknown types */
export function unpackMessage(message: Buffer): Received[] {
  if (message.toString('latin1', 0, MAGIC.length) !== MAGIC) throw new RangeError('no message');
  let at = HEAD;
  const count = (): number => {
    at += 4;
    return message.readUInt32LE(at - 4);
  };
  const one = (tag: number): Received => {
    if (tag === tags.null) return null;
    const value = count();
    if (tag === tags.bool) return value !== 0;
    if (tag === tags.integer) return message.readInt32LE(at - 4);
    if (tag === tags.float) return message.readFloatLE(at - 4);
    if (tag !== tags.string && tag !== tags.bytes) throw new RangeError(`unknown field ${tag}`);
    at += value;
    const bytes = message.subarray(at - value, at);
    return tag === tags.string ? bytes.toString('utf8') : bytes;
  };
  const fields: Received[] = [];
  while (at < message.byteLength) {
    const tag = count();
    if (tag <= tags.list) fields.push(one(tag));
    else fields.push(Array.from({ length: count() }, () => one(tag - tags.list)));
  }
  return fields;
}
