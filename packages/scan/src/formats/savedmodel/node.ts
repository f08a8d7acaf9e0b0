import type { ByteSource } from '../../bytes/source.ts';
import { fieldsOf, textOf } from '../protobuf/fields.ts';
import { fieldIn, type Range } from './walk.ts';

/** Bytes of a name. */
export const mostNameBytes = 2 ** 14;

/** A NodeDef (tensorflow/core/framework/node_def.proto), as far as it matters what it calls and where its paths come from. */
export interface GraphNode {
  readonly name: string;
  readonly operation: string;
  /** Data inputs, in order: `node`, `node:1`, and in functions `node:output:0`. */
  readonly inputs: readonly string[];
  /** Where the value of an attribute is (AttrValue). */
  readonly attributes: ReadonlyMap<string, Range>;
}

export function nodeOf(source: ByteSource, { start, end }: Range): GraphNode {
  let [name, operation] = ['', ''];
  const inputs: string[] = [];
  const attributes = new Map<string, Range>();
  for (const field of fieldsOf(source, start, end)) {
    if (field.number === 1) name = textOf(source, field, mostNameBytes);
    if (field.number === 2) operation = textOf(source, field, mostNameBytes);
    if (field.number === 3) {
      const input = textOf(source, field, mostNameBytes);
      if (!input.startsWith('^')) inputs.push(input);
    }
    if (field.number === 5) {
      const [key, value] = [fieldIn(source, field, 1), fieldIn(source, field, 2)];
      if (key !== undefined && value !== undefined) attributes.set(textOf(source, key, mostNameBytes), value);
    }
  }
  return { name, operation, inputs, attributes };
}

/** Names of the functions that a node calls: those in its attributes, also in lists and as arguments of others. */
export function functionsOf(source: ByteSource, { attributes }: GraphNode): string[] {
  const names: string[] = [];
  const pending = [...attributes.values()];
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    for (const call of callsIn(source, value)) noteCall(source, call, names, pending);
  }
  return names;
}

/** AttrValue: 1 a list, 10 a function (NameAttrList); ListValue: 9 functions. */
function* callsIn(source: ByteSource, value: Range): Generator<Range> {
  for (const field of fieldsOf(source, value.start, value.end)) {
    if (field.number === 10) yield field;
    if (field.number !== 1 || field.wire !== 'bytes') continue;
    for (const item of fieldsOf(source, field.start, field.end)) if (item.number === 9) yield item;
  }
}

/** NameAttrList: 1 the name, 2 a map of attributes, which may be functions again. */
function noteCall(source: ByteSource, call: Range, names: string[], pending: Range[]): void {
  for (const field of fieldsOf(source, call.start, call.end)) {
    if (field.number === 1) names.push(textOf(source, field, mostNameBytes));
    const argument = field.number === 2 ? fieldIn(source, field, 2) : undefined;
    if (argument !== undefined) pending.push(argument);
  }
}

/** A text attribute. */
export function textAttribute(source: ByteSource, node: GraphNode, name: string): string | undefined {
  const value = node.attributes.get(name);
  const text = value && fieldIn(source, value, 2);
  return text && textOf(source, text, mostNameBytes);
}

/** The texts of a constant (TensorProto, `string_val`); undefined where it is none, or has others than a few short ones. */
export function constantTexts(source: ByteSource, node: GraphNode): string[] | undefined {
  const value = node.attributes.get('value');
  const tensor = node.operation === 'Const' && value ? fieldIn(source, value, 8) : undefined;
  if (tensor === undefined) return undefined;
  const texts: string[] = [];
  for (const field of fieldsOf(source, tensor.start, tensor.end)) {
    // Bytes of the whole tensor: TensorFlow takes these where there are any, and ignores `string_val`.
    if (field.number === 4 && field.end > field.start) return undefined;
    if (field.number === 8)
      texts.push(Buffer.from(source.read(field.start, Math.min(4096, field.end - field.start))).toString());
    if (field.number === 8 && (field.end - field.start > 4096 || texts.length > 64)) return undefined;
  }
  return texts.length > 0 ? texts : undefined;
}
