import { type ByteSource, NotUnderstood } from '../../bytes/source.ts';
import type { Inspection } from '../../inspection.ts';
import { type Field, fieldsOf } from '../protobuf/fields.ts';
import { messageFields } from './messages.ts';

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
  let count = 0;
  for (const field of fieldsOf(part.source, message.start, message.end)) {
    count += 1;
    if (count % 4096 === 0) part.requireTime();
    const inside = fields[field.number];
    requireKind(kind, field, inside);
    if (inside === undefined || inside === 'number' || inside === 'bytes') continue;
    const enter = (): void => {
      walkMessage(part, inside, field, handlers, depth + 1);
    };
    const handler = handlers[inside];
    if (handler === undefined) enter();
    else handler(field, enter);
  }
}

/** A list of numbers may be packed into bytes. */
function requireKind(kind: string, { number, wire, start }: Field, expected: string | undefined): void {
  if (expected === undefined) throw new NotUnderstood(`field ${number} of ${kind} is not known`, start);
  if (expected !== 'number' && wire !== 'bytes')
    throw new NotUnderstood(`field ${number} of ${kind} is a number`, start);
}

/** The last field of a number in a message, as protobuf has it. */
export function fieldIn(source: ByteSource, { start, end }: Range, number: number): Field | undefined {
  let found: Field | undefined;
  for (const field of fieldsOf(source, start, end)) if (field.number === number) found = field;
  return found;
}
