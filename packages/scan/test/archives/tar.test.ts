import { expect, it } from 'vitest';
import { scanBytes } from '../../src/index.ts';
import { rulesOf, tensors } from './scene.ts';
import { type MadeBlock, pax, tarOf } from './tar-bytes.ts';

const content = tensors();
const one: MadeBlock = { name: 'a.safetensors', content };
const two: MadeBlock = { name: 'b.safetensors', content: tensors(8) };
const long = `${'l'.repeat(150)}.safetensors`;
const ahead = (...records: Parameters<typeof pax>): MadeBlock => ({ name: 'x', type: 'x', content: pax(...records) });

const clean: Readonly<Record<string, readonly [readonly MadeBlock[], Buffer?]>> = {
  ustar: [[one, two]],
  'of the oldest kind': [
    [
      { ...one, magic: '', type: '\0' },
      { name: 'f/', magic: '', type: '\0' },
    ],
  ],
  'of GNU': [[{ ...one, magic: 'ustar  \0' }]],
  'folders, and names from the top': [
    [
      { name: './', type: '5' },
      { ...one, name: './a' },
      { name: './f', type: '5' },
    ],
  ],
  'a prefix': [[{ ...one, prefix: 'models/large' }]],
  'a long name of GNU': [[{ name: '././@LongLink', type: 'L', content: Buffer.from(`${long}\0`) }, one]],
  'a long name of pax': [[ahead(['path', long], ['mtime', '1.5']), one]],
  'a size of pax': [[ahead(['size', `${content.length}`]), { ...one, size: content.length }]],
  'a comment for all': [[{ name: 'g', type: 'g', content: pax(['comment', 'of git']) }, one]],
  'a checksum with signs': [[{ ...one, name: 'é.safetensors', signed: true }]],
  'zeros up to the end of a tape': [[one], Buffer.alloc(10240)],
};

it.each(Object.entries(clean))('clean: %s', async (_, [blocks, end]) => {
  const result = await scanBytes(tarOf(blocks, end), 'a.tar');
  expect([result.verdict, rulesOf(result)]).toEqual(['pass', []]);
});

const [path, link, mismatch, stray] = ['scan.tar.path', 'scan.tar.link', 'scan.tar.mismatch', 'scan.tar.stray'];
const secondSize = { ...one, size: 7 };

const forged: Readonly<Record<string, readonly ['fail' | 'unknown', string, readonly MadeBlock[], Buffer?]>> = {
  'a name that leaves the folder': ['fail', path, [{ ...one, name: '../a' }]],
  'a long name that does': ['fail', path, [ahead(['path', '../../a']), one]],
  'an absolute name': ['fail', path, [{ ...one, name: '/a' }]],
  'one name twice': ['fail', path, [one, { ...two, name: one.name }]],
  'one name twice, once from the top': ['fail', path, [one, { ...two, name: `./${one.name}` }]],
  'a hard link': ['fail', link, [{ name: 'a', type: '1' }]],
  'a symbolic link': ['fail', link, [{ name: 'a', type: '2' }]],
  'a device': ['fail', link, [{ name: 'a', type: '3' }]],
  'a pipe': ['fail', link, [{ name: 'a', type: '6' }]],
  'a link with bytes': ['fail', mismatch, [{ name: 'a', type: '2', size: 512 }, one]],
  'another checksum': ['fail', mismatch, [one, { ...two, checksum: 1 }]],
  'a folder that is a file': ['fail', mismatch, [{ ...one, name: 'a/' }]],
  'bytes behind the end of a long name': [
    'unknown',
    stray,
    [{ name: 'L', type: 'L', content: Buffer.from('long\0hidden') }, one],
  ],
  'a name of what a file that is no link leads to': [
    'unknown',
    stray,
    [{ name: 'K', type: 'K', content: Buffer.from('hidden\0') }, one],
  ],
  'a comment of pax that is no text': ['unknown', stray, [ahead(['comment', '\x80\x02c']), one]],
  'a long comment of pax': [
    'unknown',
    stray,
    [{ name: 'g', type: 'g', content: pax(['comment', 'x'.repeat(2000)]) }, one],
  ],
  'two sizes': ['fail', mismatch, [ahead(['size', `${content.length}`]), secondSize]],
  'two extended headers': ['fail', mismatch, [ahead(['path', 'x']), ahead(['path', 'y']), one]],
  'two long names': [
    'fail',
    mismatch,
    [ahead(['path', 'x']), { name: 'l', type: 'L', content: Buffer.from('y\0') }, one],
  ],
  'one name for all': ['fail', mismatch, [{ name: 'g', type: 'g', content: pax(['path', 'x']) }, one]],
  'bytes behind the end': ['unknown', stray, [one], Buffer.concat([Buffer.alloc(1024), Buffer.from('x')])],
  'an entry behind a block of zeros': ['unknown', stray, [one], Buffer.concat([Buffer.alloc(512), tarOf([two])])],
  'a block that is filled up with something': ['unknown', stray, [{ ...one, fill: 7 }]],
  'no end': ['unknown', 'the tar has no end: it may be cut short', [one], Buffer.alloc(0)],
  'half an end': ['unknown', 'the end of the tar is cut short', [one], Buffer.alloc(512)],
  'a sparse file of GNU': [
    'unknown',
    'entry `a.safetensors` is of a kind that is not known here: `S`',
    [{ ...one, type: 'S' }],
  ],
  'a sparse file of pax': [
    'unknown',
    'an entry of the tar says `GNU.sparse.major`',
    [ahead(['GNU.sparse.major', '1']), one],
  ],
  'a header for nothing': ['unknown', 'a header without entry', [one, ahead(['path', 'x'])]],
  'records that cannot be read': [
    'unknown',
    'an extended header of the tar that cannot be read',
    [{ name: 'x', type: 'x', content: Buffer.from('99 path=x\n') }, one],
  ],
  'a prefix that only some read': [
    'unknown',
    'an entry of the tar has a prefix that some programs put before its name',
    [{ ...one, magic: 'ustar  \0', prefix: 'p' }],
  ],
};

it.each(Object.entries(forged))('%s', async (_, [verdict, rule, blocks, end]) => {
  const result = await scanBytes(tarOf(blocks, end), 'a.tar');
  expect(rulesOf(result)).toContain(rule);
  expect(result.verdict).toBe(verdict);
});

it('cut short anywhere, it is never clean', async () => {
  const whole = tarOf([one, two]);
  for (let length = 512; length < whole.length; length += 64) {
    expect((await scanBytes(whole.subarray(0, length), 'a.tar')).verdict).not.toBe('pass');
  }
});
