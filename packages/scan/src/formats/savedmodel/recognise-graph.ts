import type { ByteSource } from '../../bytes/source.ts';
import { type Field, fieldsOf } from '../protobuf/fields.ts';

const mostFields = 3_000_000;

/** SavedModel: 1 the version of its schema, 2 graphs with all that belongs to them; nothing else, to the very end. */
export function looksLikeSavedModel(source: ByteSource): boolean {
  if (source.size < 4 || (source.read(0, 1)[0] !== 0x08 && source.read(0, 1)[0] !== 0x12)) return false;
  let graphs = 0;
  for (const field of fieldsOf(source)) {
    if (field.number === 2 && field.wire === 'bytes' && hasOnly(source, field, [1, 2, 3, 4, 5, 6, 7])) graphs += 1;
    else if (field.number !== 1 || field.wire !== 'varint') return false;
  }
  return graphs > 0;
}

/** GraphDef: nodes in field 1, each with a name and an operation, then functions, versions and notes. */
export function looksLikeGraphDef(source: ByteSource): boolean {
  if (source.size < 8 || ![0x0a, 0x12, 0x22].includes(source.read(0, 1)[0] ?? 0)) return false;
  let [count, nodes] = [0, 0];
  for (const field of fieldsOf(source)) {
    count += 1;
    if (count > mostFields || !isOfGraph(field)) return false;
    if (field.number !== 1) continue;
    if (nodes === 0 && !looksLikeNode(source, field)) return false;
    nodes += 1;
  }
  return nodes > 0;
}

function isOfGraph({ number, wire }: Field): boolean {
  return (wire === 'bytes' && [1, 2, 4, 5].includes(number)) || (number === 3 && wire === 'varint');
}

/** A node begins with its name and its operation, as every serialiser writes them. */
function looksLikeNode(source: ByteSource, { start, end }: Field): boolean {
  const [name, operation] = fieldsOf(source, start, end);
  if (name?.number !== 1 || operation?.number !== 2 || operation.wire !== 'bytes') return false;
  const text = Buffer.from(source.read(operation.start, Math.min(200, operation.end - operation.start))).toString(
    'latin1',
  );
  return /^[A-Za-z_][A-Za-z0-9_>]*$/.test(text);
}

function hasOnly(source: ByteSource, { start, end }: Field, numbers: readonly number[]): boolean {
  for (const { number, wire } of fieldsOf(source, start, end))
    if (wire !== 'bytes' || !numbers.includes(number)) return false;
  return true;
}
