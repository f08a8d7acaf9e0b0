/** Writes pickles of protocol 4 opcode by opcode, for what no pickler writes; an expression leaves one value on the stack. */
type Code = Uint8Array;

const latin1 = (text: string): Code => Buffer.from(text, 'latin1');
const join = (...parts: readonly Code[]): Code => Buffer.concat(parts);

export const none = latin1('N');
export const yes = latin1('\x88');
export const no = latin1('\x89');

/** A whole pickle, with whatever follows the value before STOP. */
export function pickleOf(...parts: readonly Code[]): Code {
  return join(latin1('\x80\x04'), ...parts, latin1('.'));
}

export function text(value: string): Code {
  const bytes = Buffer.from(value);
  return join(Uint8Array.of(0x8c, bytes.length), bytes);
}

export function int(value: number): Code {
  const bytes = Buffer.alloc(5, 'J');
  bytes.writeInt32LE(value, 1);
  return bytes;
}

export function bytes(value: Code): Code {
  const head = Buffer.alloc(5, 'B');
  head.writeUInt32LE(value.length, 1);
  return join(head, value);
}

/** STACK_GLOBAL */
export function global(full: string): Code {
  const dot = full.lastIndexOf('.');
  return join(text(full.slice(0, dot)), text(full.slice(dot + 1)), latin1('\x93'));
}

export function tuple(...items: readonly Code[]): Code {
  return join(latin1('('), ...items, latin1('t'));
}

export function dict(entries: Readonly<Record<string, Code>>): Code {
  const pairs = Object.entries(entries).flatMap(([key, value]) => [text(key), value]);
  return join(latin1('}('), ...pairs, latin1('u'));
}

/** REDUCE */
export function call(callee: Code, ...args: readonly Code[]): Code {
  return join(callee, tuple(...args), latin1('R'));
}

/** NEWOBJ without arguments */
export function made(of: Code): Code {
  return join(of, latin1(')\x81'));
}

/** BUILD */
export function build(object: Code, state: Code): Code {
  return join(object, state, latin1('b'));
}

/** BINPUT: the value stays on the stack. */
export function put(number: number, value: Code): Code {
  return join(value, Uint8Array.of(0x71, number));
}

/** BINGET */
export function get(number: number): Code {
  return Uint8Array.of(0x68, number);
}

/** MEMOIZE: the value stays on the stack. */
export function memoized(value: Code): Code {
  return join(value, latin1('\x94'));
}

/** The value is made, and taken off the stack again. */
export function dropped(value: Code): Code {
  return join(value, latin1('0'));
}

/** A `numpy.dtype` as numpy writes it: `u1`, `f8`, `O8`. */
export function dtype(code: string): Code {
  const order = code === 'u1' || code === 'O8' ? '|' : '<';
  const state = tuple(int(3), text(order), none, none, none, int(-1), int(-1), int(code === 'O8' ? 63 : 0));
  return build(call(global('numpy.dtype'), text(code), no, yes), state);
}

/** A `numpy.ndarray` of bytes. */
export function array(content: Code): Code {
  const empty = call(
    global('numpy.core.multiarray._reconstruct'),
    global('numpy.ndarray'),
    tuple(int(0)),
    bytes(latin1('b')),
  );
  return build(empty, tuple(int(1), tuple(int(content.length)), dtype('u1'), no, bytes(content)));
}

/** Opcodes that are `os.system("id")`, and leave what it returns. */
export const evil = latin1("cos\nsystem\n(S'id'\ntR");
