import { type ByteSource, NotUnderstood } from '../../bytes/source.ts';
import type { Inspection } from '../../inspection.ts';
import { type Field, fieldsOf } from '../protobuf/fields.ts';
import { messageChoices, messageFields } from './generated/messages.ts';

/** A range of the file: a message, or a field of bytes. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Told about a message of its kind before what is inside; it goes in with `enter`, or leaves it be. */
export type Handler = (message: Range, enter: () => void) => void;

const deepest = 100;

/**
 * Walks over a message and all messages in it, by the fields that TensorFlow defines.
 *
 * @throws NotUnderstood for a field that is not defined, is of another kind, or lies too deep
 */
export function walkMessage(
  part: Inspection,
  kind: string,
  message: Range,
  handlers: Readonly<Record<string, Handler>>,
  depth = 0,
): void {
  const fields = messageFields[kind];
  if (fields === undefined || depth > deepest)
    throw new NotUnderstood(`messages deeper than ${deepest} levels`, message.start);
  const seen = new Set<number>();
  let count = 0;
  for (const field of fieldsOf(part.source, message.start, message.end)) {
    count += 1;
    if (count % 4096 === 0) part.requireTime();
    const inside = requireField(kind, field, fields[field.number], seen);
    if (inside === 'number' || inside === 'bytes') continue;
    const enter = (): void => {
      walkMessage(part, inside, field, handlers, depth + 1);
    };
    const handler = handlers[inside];
    if (handler === undefined) enter();
    else handler(field, enter);
  }
  for (const numbers of messageChoices[kind] ?? []) {
    if (numbers.filter((number) => seen.has(number)).length > 1) {
      throw new NotUnderstood(`${kind} has several values of which one counts`, message.start);
    }
  }
}

/**
 * The kind of a field that is known, and there once unless it may be repeated: what is said twice is merged by some
 * readers and replaced by others. A list of numbers may be packed into bytes.
 */
function requireField(
  kind: string,
  { number, wire, start }: Field,
  declared: string | undefined,
  seen: Set<number>,
): string {
  if (declared === undefined) throw new NotUnderstood(`field ${number} of ${kind} is not known`, start);
  const isRepeated = declared.endsWith('*');
  const inside = isRepeated ? declared.slice(0, -1) : declared;
  const fits = inside === 'number' ? wire !== 'bytes' || isRepeated : wire === 'bytes';
  if (!fits) throw new NotUnderstood(`field ${number} of ${kind} is of another kind`, start);
  if (!isRepeated && seen.has(number)) throw new NotUnderstood(`field ${number} of ${kind} is given twice`, start);
  seen.add(number);
  return inside;
}

/** The last field of a number in a message. */
export function fieldIn(source: ByteSource, { start, end }: Range, number: number): Field | undefined {
  let found: Field | undefined;
  for (const field of fieldsOf(source, start, end)) if (field.number === number) found = field;
  return found;
}
