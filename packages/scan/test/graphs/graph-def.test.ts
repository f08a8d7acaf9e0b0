import { describe, expect, it } from 'vitest';
import { MemorySource } from '../../src/bytes/source.ts';
import { looksLikeGraphDef, looksLikeSavedModel } from '../../src/formats/savedmodel/recognise-graph.ts';
import { scanGraphDef } from '../../src/formats/savedmodel/scan.ts';
import { CountedSource, inspect } from './inspect.ts';

/* Messages by hand (https://protobuf.dev/programming-guides/encoding/): graph.proto, node_def.proto, attr_value.proto. */
const varint = (value: number): number[] =>
  value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
const bytes = (number: number, ...parts: readonly (string | Buffer)[]): Buffer => {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part)));
  return Buffer.concat([Buffer.from([...varint(number * 8 + 2), ...varint(body.length)]), body]);
};
const attribute = (name: string, value: Buffer): Buffer => bytes(5, bytes(1, name), bytes(2, value));
const node = (name: string, operation: string, inputs: readonly string[] = [], ...more: readonly Buffer[]): Buffer =>
  bytes(1, bytes(1, name), bytes(2, operation), ...inputs.map((input) => bytes(3, input)), ...more);
const text = (value: string): Buffer => attribute('value', bytes(8, bytes(8, value)));

async function scanned(...graph: readonly Buffer[]) {
  const source = new CountedSource(Buffer.concat(graph));
  const part = await inspect(source, scanGraphDef);
  return {
    verdict: part.verdict,
    rules: part.findings.map(({ rule }) => rule),
    left: part.left.map(({ reason }) => reason),
    source,
  };
}

describe('a graph by hand', () => {
  it('that adds is clean', async () => {
    const graph = [node('x', 'Placeholder'), node('y', 'AddV2', ['x', 'x'])];
    expect(await scanned(...graph)).toMatchObject({ verdict: 'pass' });
    expect(looksLikeGraphDef(new MemorySource(Buffer.concat(graph)))).toBe(true);
    expect(looksLikeSavedModel(new MemorySource(Buffer.concat(graph)))).toBe(false);
  });

  it.each<[string, Buffer]>([
    ['a name given twice', bytes(1, bytes(1, 'a'), bytes(1, 'b'), bytes(2, 'NoOp'))],
    ['an operation given twice', bytes(1, bytes(1, 'a'), bytes(2, 'WriteFile'), bytes(2, 'NoOp'))],
    [
      'a value given twice',
      node('p', 'PrintV2', [], bytes(5, bytes(1, 'output_stream'), bytes(2, bytes(2, 'file:///x')), bytes(2))),
    ],
    ['a value of two kinds', node('p', 'NoOp', [], attribute('a', Buffer.concat([bytes(2, 'x'), bytes(9, 'y')])))],
    ['a field that nobody knows', bytes(1, bytes(1, 'a'), bytes(2, 'NoOp'), bytes(99, 'x'))],
    ['a number where a message belongs', Buffer.of(0x08, 1)],
    ['two libraries', Buffer.concat([bytes(2), bytes(2)])],
  ])('with %s is not understood', async (_, odd) => {
    const { verdict, left } = await scanned(node('x', 'NoOp'), odd);
    expect(verdict).not.toBe('pass');
    expect(left).toHaveLength(1);
  });

  it('with a path from a constant, however it gets there, fails', async () => {
    const { verdict, rules } = await scanned(
      node('path', 'Const', [], text('/does/not/exist')),
      node('same', 'Identity', ['path']),
      node('rest', 'Const', [], text('part')),
      node('joined', 'StringJoin', ['same', 'rest']),
      node('read', 'RestoreV2', ['joined:0', 'rest', 'rest']),
    );
    expect([verdict, rules]).toEqual(['fail', ['scan.tensorflow.path']]);
  });

  it('with functions that call each other in a circle is unknown', async () => {
    const call = (name: string): Buffer => attribute('f', bytes(10, bytes(1, name)));
    const inside = (name: string, callee: string): Buffer =>
      bytes(1, bytes(1, bytes(1, name)), bytes(3, bytes(1, 'c'), bytes(2, 'PartitionedCall'), call(callee)));
    const { verdict, left } = await scanned(node('x', 'NoOp'), bytes(2, inside('f', 'g'), inside('g', 'f')));
    expect(verdict).toBe('unknown');
    expect(left).toEqual(['functions call each other in a circle: their paths were not followed']);
  });
});

describe('reading grows with the file', () => {
  /** Bytes that are read for each byte of a graph of so many nodes. */
  async function rate(count: number, make: (index: number) => Buffer): Promise<number> {
    const { source } = await scanned(...Array.from({ length: count }, (_, index) => make(index)));
    return source.bytes / source.size;
  }

  it.each<[string, (index: number) => Buffer]>([
    ['operations', (index) => node(`n${index}`, 'AddV2', ['x', 'y'])],
    ['paths', (index) => node(`n${index}`, 'RestoreV2', ['x', 'y'])],
    ['a long way of a path', (index) => node(`n${index}`, index === 0 ? 'RestoreV2' : 'Identity', [`n${index + 1}`])],
    [
      'paths with a long way each',
      (index) => node(`n${index}`, index % 2 ? 'Identity' : 'RestoreV2', [`n${index + 1 + (index % 2)}`]),
    ],
    [
      'attributes',
      (index) =>
        node(`n${index}`, 'NoOp', [], ...Array.from({ length: 20 }, (_, at) => attribute(`a${at}`, bytes(2, 'v')))),
    ],
  ])('%s', async (_, make) => {
    const [small, large] = [await rate(2000, make), await rate(8000, make)];
    expect(large / small).toBeLessThan(1.1);
    expect(large).toBeLessThan(60);
  });
});
