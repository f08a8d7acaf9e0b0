import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dvcDigests } from '../src/adopt/dvc-digests.ts';
import { repository } from './adopt-scene.ts';

const md5 = (bytes: Uint8Array | string): string => createHash('md5').update(bytes).digest('hex');

async function legacyOf(bytes: Buffer): Promise<readonly string[]> {
  const { legacyMd5 } = await dvcDigests(join(repository({ x: bytes }), 'x'), true);
  return legacyMd5;
}

test('line ends of a text do not count, those of data do', async () => {
  expect(await legacyOf(Buffer.from('a\r\nb\r\r\n\r'))).toEqual([md5('a\nb\r\n\r')]);
  const data = Buffer.from([0, 13, 10, 65]);
  expect(await legacyOf(data)).toEqual([md5(data)]);
  // 30 % of strange bytes is a text still, more is not
  expect(await legacyOf(Buffer.concat([Buffer.alloc(30, 200), Buffer.alloc(68, 65), Buffer.from('\r\n')]))).toEqual([
    md5(Buffer.concat([Buffer.alloc(30, 200), Buffer.alloc(68, 65), Buffer.from('\n')])),
  ]);
  const strange = Buffer.concat([Buffer.alloc(31, 200), Buffer.alloc(67, 65), Buffer.from('\r\n')]);
  expect(await legacyOf(strange)).toEqual([md5(strange)]);
});

test('in a large file text is told once, or for each piece, and a line end between two pieces stays', async () => {
  const mebibyte = 2 ** 20;
  const text = Buffer.concat([Buffer.alloc(mebibyte - 1, 65), Buffer.from('\r\n'), Buffer.from('b\r\n')]);
  expect(await legacyOf(text)).toEqual([md5(Buffer.concat([text.subarray(0, -2), Buffer.from('\n')]))]);
  const dataBehind = Buffer.concat([Buffer.alloc(mebibyte, 65), Buffer.from([0, 13, 10])]);
  expect(await legacyOf(dataBehind)).toEqual([
    md5(Buffer.concat([dataBehind.subarray(0, -2), Buffer.from('\n')])),
    md5(dataBehind),
  ]);
});

test('the other digests are those of the bytes', async () => {
  const bytes = Buffer.from('a\r\n'.repeat(500_000));
  expect(await dvcDigests(join(repository({ x: bytes }), 'x'), false)).toEqual({
    md5: md5(bytes),
    legacyMd5: [],
    sha256: createHash('sha256').update(bytes).digest('hex'),
  });
  expect((await dvcDigests(join(repository({ x: '' }), 'x'), true)).legacyMd5).toEqual([md5('')]);
});
