import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ClientHelloReader } from '@holdfast/sandbox/egress/client-hello';
import { Refusal } from '@holdfast/sandbox/egress/refusal';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { helloBytes, inRecords } from './hello-bytes.ts';

interface Vector {
  readonly why: string;
  readonly hello: string;
  readonly serverName: string;
  readonly reason: string;
}

function vectors(kind: 'valid' | 'must-fail'): Vector[] {
  const path = join(import.meta.dirname, '../../../spec/vectors', kind, 'client-hello.json');
  return (JSON.parse(readFileSync(path, 'utf8')) as { hellos: Vector[] }).hellos;
}

const maximumBytes = 16_384;

/** Pushes until there is an answer: the name, `undefined` when more is wanted, or why it is refused. */
function read(pieces: readonly Uint8Array[], limit = maximumBytes): string | undefined | Refusal {
  const reader = new ClientHelloReader(limit);
  try {
    for (const piece of pieces) {
      const name = reader.push(piece);
      if (name !== undefined) return name;
    }
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

function cut(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return pieces;
}

const sizes = fc.array(fc.integer({ min: 1, max: 600 }), { minLength: 1, maxLength: 8 });
const label = fc.stringMatching(/^[a-z](?:[a-z0-9-]{0,20}[a-z0-9])?$/);
const hostName = fc.array(label, { minLength: 1, maxLength: 5 }).map((labels) => labels.join('.'));

describe('the first message of a TLS connection', () => {
  it.each(vectors('valid').map((vector) => [vector.why, vector] as const))('tells its host: %s', (_, vector) => {
    const bytes = Buffer.from(vector.hello, 'hex');
    expect(read([bytes])).toBe(vector.serverName);
    expect(read(cut(bytes, [1]))).toBe(vector.serverName);
    expect(read([bytes.subarray(0, -1)])).toBe(undefined);
    // what comes behind it in the same segment is not its concern
    expect(read([Buffer.concat([bytes, Buffer.from('17030300050102030405', 'hex')])])).toBe(vector.serverName);
  });

  it.each(vectors('must-fail').map((vector) => [vector.why, vector] as const))('is refused: %s', (_, vector) => {
    const bytes = Buffer.from(vector.hello, 'hex');
    expect(read([bytes])).toMatchObject({ message: vector.reason });
    expect(read(cut(bytes, [1]))).toMatchObject({ message: vector.reason });
  });

  it('is refused when it is larger than it may be, and no byte later', () => {
    const bytes = helloBytes({ serverName: 'a.example', paddingBytes: 5000 });
    expect(read(cut(bytes, [1000]), bytes.length)).toBe('a.example');
    expect(read(cut(bytes, [1000]), bytes.length - 1)).toMatchObject({
      message: 'was sent a TLS hello that is too large',
    });
  });

  it('is read the same however it is cut into records and segments', () => {
    fc.assert(
      fc.property(hostName, sizes, sizes, fc.nat(3000), (serverName, fragments, segments, paddingBytes) => {
        const message = helloBytes({ serverName, paddingBytes }).subarray(5);
        const bytes = inRecords(message, fragments);
        fc.pre(bytes.length <= maximumBytes);
        expect(read(cut(bytes, segments))).toBe(serverName);
        expect(read(cut(bytes.subarray(0, -1), segments))).toBe(undefined);
      }),
    );
  });

  it('names what stands in it or is refused, whatever byte is changed', () => {
    const hellos = vectors('valid').map(({ hello }) => Buffer.from(hello, 'hex'));
    const whole = hellos.filter((bytes) => bytes.readUInt16BE(3) === bytes.length - 5); // the name is not cut
    fc.assert(
      fc.property(fc.constantFrom(...whole), fc.nat(), fc.nat(255), sizes, (bytes, place, value, segments) => {
        const changed = Buffer.from(bytes);
        changed[place % bytes.length] = value;
        const answer = read(cut(changed, segments));
        if (typeof answer === 'string') expect(changed.toString('latin1').toLowerCase()).toContain(answer);
        else expect(answer === undefined || answer instanceof Refusal).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('is never read from what is none, and never at more length than it may have', () => {
    const start = fc.constantFrom('', '16', '1603', '160301', '1603010100', '160301010001', '1603010100010000fc0303');
    fc.assert(
      fc.property(start, fc.uint8Array({ maxLength: 2000 }), sizes, (prefix, rest, segments) => {
        const answer = read(cut(Buffer.concat([Buffer.from(prefix, 'hex'), rest]), segments), 1000);
        // 30 bytes of structure that agree by chance are not to be expected
        expect(answer === undefined || answer instanceof Refusal).toBe(true);
        if (prefix.length / 2 + rest.length > 1000) expect(answer).toBeInstanceOf(Refusal);
      }),
      { numRuns: 1000 },
    );
  });
});
