import { NotUnderstood } from '../bytes/source.ts';
import type { Entry } from './entry.ts';
import type { CallKind, Shape } from './judge.ts';
import { listedNames } from './listed-names.ts';
import { isWholeText } from './matches.ts';

const noBytes: Shape = { kind: 'bytes', length: 0, read: () => new Uint8Array(0) };

/** What comes out of a call that was allowed. */
export function returned(entry: Entry, positional: readonly Shape[], kind: CallKind): Shape {
  const { returns } = entry;
  const of = entry.names[0] ?? '';
  if (returns === undefined) return { kind: 'instance', of };
  if (typeof returns === 'string') return { kind: 'instance', of: returns };
  if ('bytes' in returns) return returns.bytes === 'latin-1' ? latin1(positional[0]) : noBytes;
  if ('keeps' in returns) return { kind: 'instance', of: returns.keeps, holds: heldBy(positional, kind) };
  const made = positional[returns.instanceOf];
  return made?.kind === 'reference' ? { kind: 'instance', of: listedNames.nameOf(made.reference) } : { kind: 'opaque' };
}

/** `bytearray('…', 'latin-1')` holds the bytes, not the text. */
function heldBy(positional: readonly Shape[], kind: CallKind): readonly Shape[] {
  const [first, second] = positional;
  if (first?.kind === 'str' && second?.kind === 'str' && kind !== 'new' && positional.length === 2) {
    return [latin1(first)];
  }
  return positional;
}

function latin1(text: Shape | undefined): Shape {
  if (text?.kind !== 'str') return { kind: 'opaque' };
  const { value, length } = text;
  const whole = isWholeText(text);
  const read = (): Uint8Array => {
    if (whole) return Buffer.from(value, 'latin1');
    throw new NotUnderstood('a text that is too long to be seen as bytes');
  };
  return { kind: 'bytes', length: whole ? value.length : length, read };
}
