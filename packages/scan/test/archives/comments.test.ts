import { expect, test } from 'vitest';
import { scanBytes } from '../../src/scan-bytes.ts';

/** A zip of one empty entry, with a comment of its own and one of the entry (APPNOTE 4.3.7, 4.3.12, 4.3.16). */
function zipWith(comment: Buffer, entryComment: Buffer): Buffer {
  const name = Buffer.from('a.txt');
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(name.length, 26);
  const central = Buffer.alloc(46);
  central.writeUInt32LE(0x02014b50, 0);
  central.writeUInt16LE(name.length, 28);
  central.writeUInt16LE(entryComment.length, 32);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length + name.length + entryComment.length, 12);
  end.writeUInt32LE(local.length + name.length, 16);
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([local, name, central, name, entryComment, end, comment]);
}

const none = Buffer.alloc(0);
const hidden: readonly (readonly [string, Buffer])[] = [
  ['what is no text', Buffer.of(0x80, 4, 0x4e, 0x2e)],
  ['control characters', Buffer.from('a\0b')],
  ['more than a few words', Buffer.from('word '.repeat(300))],
];

test.each(hidden)('a comment of %s does not pass', async (_, comment) => {
  expect(await scanBytes(zipWith(comment, none), 'a.zip')).toMatchObject({ verdict: 'unknown' });
  expect(await scanBytes(zipWith(none, comment), 'a.zip')).toMatchObject({ verdict: 'unknown' });
});

test('a comment for people passes', async () => {
  const words = Buffer.from('Packed on Tuesday, größer than before\n');
  expect(await scanBytes(zipWith(words, words), 'a.zip')).toMatchObject({ verdict: 'pass' });
});
