import { type ByteSource, headOf } from '../../bytes/source.ts';

/** Opcodes of pickle protocols 0 and 1 that are printable, by what follows them (CPython, `pickletools.py`). */
const alone = new Set(Array.from('()]}.012Nabdelostu'));
const oneLine: ReadonlyMap<string, RegExp> = new Map([
  ...([
    ['F', /^[-+.\deEnaif]+$/],
    ['I', /^[-+]?\d+$/],
    ['L', /^[-+]?\d+L?$/],
    ['S', /^(['"]).*\1$/],
  ] as const),
  ...([
    ['V', /^/],
    ['P', /^/],
    ['g', /^\d+$/],
    ['p', /^\d+$/],
  ] as const),
]);
const fixed: ReadonlyMap<string, number> = new Map(Object.entries({ K: 1, M: 2, J: 4, G: 8, h: 1, q: 1, j: 4, r: 4 }));
const glance = 2 ** 20;

/**
 * Whether a text, read as pickle opcodes from its start, comes to STOP and names something to import on the way. Prose
 * does not: nearly every letter that starts a word is no opcode, or one whose argument does not fit.
 */
export function readsAsPickle(source: ByteSource): boolean {
  const text = Buffer.from(headOf(source, glance)).toString('latin1');
  let imports = false;
  for (let at = 0; at < text.length; ) {
    const opcode = text.charAt(at);
    if (opcode === '.') return imports;
    const next = behind(text, at, opcode);
    if (next === undefined) return false;
    if ('ciPQR'.includes(opcode)) imports = true;
    at = next;
  }
  // Cut short, or longer than was looked at: loaders run what comes before.
  return imports;
}

function behind(text: string, at: number, opcode: string): number | undefined {
  if (alone.has(opcode) || 'QR'.includes(opcode)) return at + 1;
  const bytes = fixed.get(opcode);
  if (bytes !== undefined) return at + 1 + bytes;
  const end = text.indexOf('\n', at);
  if (end === -1) return undefined;
  if (opcode === 'c' || opcode === 'i') return behindNames(text, at, end);
  const line = text.slice(at + 1, end).replace(/\r$/, '');
  return oneLine.get(opcode)?.test(line) === true ? end + 1 : undefined;
}

/** A module on one line, a name on the next. */
function behindNames(text: string, at: number, end: number): number | undefined {
  const second = text.indexOf('\n', end + 1);
  const names = /^[\w.]+\r?\n[\w.]+\r?$/;
  return second !== -1 && names.test(text.slice(at + 1, second)) ? second + 1 : undefined;
}
