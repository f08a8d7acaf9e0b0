import { crc32 } from 'node:zlib';
import { expect, it } from 'vitest';
import { scanBytes } from '../../src/index.ts';
import { rulesOf, tensors } from './scene.ts';
import { type Ending, little, type Made, zipOf } from './zip-bytes.ts';

const content = tensors();
const one: Made = { name: 'a.safetensors', content };
const two: Made = { name: 'b.safetensors', content: tensors(8) };
const sizes = [
  [4, crc32(content)],
  [4, content.length],
  [4, content.length],
] as const;
const later = { flags: 8, local: { crc: 0, size: 0, compressedSize: 0 } };
const large = { size: 0xffffffff, compressedSize: 0xffffffff };
const extra = (id: number, body: Buffer): Buffer => Buffer.concat([little([2, id], [2, body.length]), body]);
const sizes64 = extra(1, little([8, content.length], [8, content.length]));

const clean: Readonly<Record<string, readonly [readonly Made[], Ending?]>> = {
  'stored (4.4.5)': [[one, two]],
  'deflated (4.4.5)': [[{ ...one, method: 8 }, two]],
  'folders (4.3.8)': [[{ name: 'f/' }, { ...one, name: 'f/a.safetensors' }]],
  'a comment of the zip and of an entry (4.3.12, 4.3.16)': [
    [{ ...one, central: { comment: Buffer.from('about') } }],
    { comment: Buffer.from('about the zip') },
  ],
  'a descriptor with its signature (4.3.9.3)': [
    [{ ...one, ...later, behind: Buffer.concat([Buffer.from('PK\x07\x08'), little(...sizes)]) }, two],
  ],
  'a descriptor without (4.3.9)': [[{ ...one, ...later, behind: little(...sizes) }, two]],
  'a descriptor of 8-byte sizes (4.3.9.2)': [
    [
      {
        ...one,
        ...later,
        behind: little([4, 0x08074b50], [4, crc32(content)], [8, content.length], [8, content.length]),
      },
    ],
  ],
  'ZIP64 sizes (4.5.3)': [[{ ...one, both: { ...large, extra: sizes64 } }]],
  'a ZIP64 end (4.3.14)': [[one, two], { zip64: {} }],
  'a ZIP64 end alone (4.4.1.4)': [[one], { zip64: {}, entries: 0xffff, size: 0xffffffff, offset: 0xffffffff }],
  'names in UTF-8 (appendix D)': [[{ ...one, name: 'modèle.safetensors', flags: 0x800 }]],
  'times and owners (4.5.2)': [[{ ...one, both: { extra: extra(0x5455, Buffer.alloc(5)) } }]],
  'padding as PyTorch writes it': [[{ ...one, local: { extra: extra(0x4246, Buffer.alloc(9, 'Z')) } }]],
  'a Unicode path that is the name (4.6.9)': [
    [
      {
        ...one,
        both: {
          extra: extra(
            0x7075,
            Buffer.concat([Buffer.of(1), little([4, crc32('a.safetensors')]), Buffer.from('a.safetensors')]),
          ),
        },
      },
    ],
  ],
};

it.each(Object.entries(clean))('clean: %s', async (_, [entries, ending]) => {
  const result = await scanBytes(zipOf(entries, ending), 'a.zip');
  expect([result.verdict, rulesOf(result)]).toEqual(['pass', []]);
  expect(result.parts).toBe(entries.filter(({ name }) => name !== 'f/').length);
});

const hostile = Buffer.from('other.bin');
const [ambiguous, mismatch, path] = ['scan.zip.ambiguous', 'scan.zip.mismatch', 'scan.zip.path'];
const [link, overlap, stray, checksum] = ['scan.zip.link', 'scan.zip.overlap', 'scan.zip.stray', 'scan.zip.checksum'];
const named = (name: string | Buffer, flags = 0): [readonly Made[]] => [[{ ...one, name, flags }]];
const wholeEnd = zipOf([one]).subarray(-22);

/** What has to be found in each, and what follows from it: `fail` where programs would read different things. */
const forged: Readonly<Record<string, readonly ['fail' | 'unknown', string, readonly Made[], Ending?]>> = {
  'a second end in the comment (4.3.16)': ['fail', ambiguous, [one], { comment: zipOf([two]).subarray(-22) }],
  'a second end whose comment is the first': [
    'fail',
    ambiguous,
    [one],
    { comment: Buffer.concat([Buffer.from('PK\x05\x06'), Buffer.alloc(18), Buffer.from('x')]) },
  ],
  'another end before it, whose comment reaches the end of the file': [
    'fail',
    ambiguous,
    [one],
    { beforeEnd: Buffer.concat([wholeEnd.subarray(0, 20), little([2, 22])]) },
  ],
  'two numbers of entries (4.4.21)': ['fail', mismatch, [one, two], { here: 1 }],
  'fewer entries than the directory has (4.4.22)': ['fail', mismatch, [one, two], { entries: 1 }],
  'more entries than the directory has': ['fail', mismatch, [one], { entries: 2 }],
  'a directory that is elsewhere (4.4.24)': ['fail', mismatch, [one, two], { offset: 3 }],
  'a directory that ends elsewhere (4.4.23)': ['fail', mismatch, [one], { beforeEnd: Buffer.alloc(7) }],
  'a ZIP64 end of another directory (4.3.14)': ['fail', mismatch, [one], { zip64: { entries: 2n } }],
  'a ZIP64 end of another place': ['fail', mismatch, [one], { zip64: { offset: 1n } }],
  'a ZIP64 locator that leads elsewhere (4.3.15)': ['fail', mismatch, [one], { zip64: { recordAt: 0n } }],
  'a ZIP64 end with room for more (4.3.14.1)': ['fail', mismatch, [one], { zip64: { length: 52n } }],
  'another name in the local header (4.4.17)': ['fail', mismatch, [{ ...one, local: { name: 'z.safetensors' } }]],
  'another method (4.4.5)': ['fail', mismatch, [{ ...one, local: { method: 8 } }]],
  'other flags (4.4.4)': ['fail', mismatch, [{ ...one, local: { flags: 2 } }]],
  'another checksum (4.4.7)': ['fail', mismatch, [{ ...one, local: { crc: 1 } }]],
  'another packed size (4.4.8)': ['fail', mismatch, [{ ...one, local: { compressedSize: 1 } }]],
  'another size (4.4.9)': ['fail', mismatch, [{ ...one, local: { size: 1 } }]],
  'sizes of zero without a descriptor': ['fail', mismatch, [{ ...one, local: { size: 0, compressedSize: 0, crc: 0 } }]],
  'two sizes of what is stored': ['fail', mismatch, [{ ...one, both: { size: content.length - 1 } }]],
  'a descriptor that says something else (4.3.9)': [
    'fail',
    mismatch,
    [{ ...one, ...later, behind: little([4, crc32(content)], [4, content.length], [4, 1]) }],
  ],
  'no descriptor where one is announced': ['fail', mismatch, [{ ...one, ...later }, two]],
  'other ZIP64 sizes in the local header (4.5.3)': [
    'fail',
    mismatch,
    [{ ...one, both: { ...large, extra: sizes64 }, local: { extra: extra(1, little([8, 1], [8, 1])) } }],
  ],
  'ZIP64 sizes beside sizes that count': [
    'fail',
    mismatch,
    [{ ...one, central: { extra: extra(1, little([8, 9], [8, 9])) } }],
  ],
  'another name for Unicode (4.6.9)': [
    'fail',
    mismatch,
    [
      {
        ...one,
        both: { extra: extra(0x7075, Buffer.concat([Buffer.of(1), little([4, crc32('a.safetensors')]), hostile])) },
      },
    ],
  ],
  'no local header where one should be (4.4.16)': ['fail', mismatch, [{ ...one, central: { offset: 5 } }]],
  'a local header behind the file': ['fail', mismatch, [one, { ...two, central: { offset: 2 ** 31 } }]],
  'packed bytes that are more than the size': [
    'fail',
    mismatch,
    [{ ...one, method: 8, both: { size: content.length - 1 } }],
  ],
  'packed bytes that are fewer than the size': [
    'fail',
    mismatch,
    [{ ...one, method: 8, both: { size: content.length + 1 } }],
  ],
  'a folder with bytes': ['fail', mismatch, [{ ...one, name: 'folder/' }]],
  'a file that is a folder by its attributes': [
    'fail',
    mismatch,
    [{ ...one, central: { externalAttributes: 0o040755 * 65536 } }],
  ],
  'one name twice': ['fail', path, [one, { ...two, name: one.name }]],
  'one name twice but for case': ['fail', path, [one, { ...two, name: 'A.safetensors' }]],
  'one name twice but for composition': [
    'fail',
    path,
    [
      { ...one, name: 'e\u0301', flags: 0x800 },
      { ...two, name: '\u00e9', flags: 0x800 },
    ],
  ],
  'a folder that is a file': ['fail', path, [one, { ...two, name: 'a.safetensors/b.safetensors' }]],
  'a file that is a folder': ['fail', path, [{ ...two, name: 'a.safetensors/b.safetensors' }, one]],
  'a name that leaves the folder': ['fail', path, ...named('../a.safetensors')],
  'a name that leaves it later': ['fail', path, ...named('a/../../a.safetensors')],
  'an absolute name': ['fail', path, ...named('/a.safetensors')],
  'a drive': ['fail', path, ...named('c:a.safetensors')],
  'a backslash (4.4.17.1)': ['fail', path, ...named('..\\a.safetensors')],
  'a zero byte': ['fail', path, ...named('a.safetensors\0.txt')],
  'an empty name': ['fail', path, ...named('')],
  'a dot on the way': ['fail', path, ...named('a/./b')],
  'a symbolic link': ['fail', link, [{ ...one, central: { externalAttributes: 0o120777 * 65536 } }]],
  'a device': ['fail', link, [{ ...one, central: { externalAttributes: 0o020666 * 65536 } }]],
  'two entries with the same bytes': [
    'fail',
    overlap,
    [one, { ...one, name: 'b', only: 'central', central: { offset: 0 } }],
  ],
  'an entry that reaches into the next': [
    'fail',
    overlap,
    [{ ...one, both: { size: content.length + 9, compressedSize: content.length + 9 } }, two],
  ],
  'bytes before the first entry': ['unknown', stray, [one], { before: hostile }],
  'bytes between entries': ['unknown', stray, [one, { ...two, before: hostile }]],
  'bytes before the directory, as a signing block of Android': ['unknown', stray, [{ ...one, behind: hostile }]],
  'an entry that the directory does not name': ['unknown', stray, [one, { ...two, only: 'local' }]],
  'bytes behind the end': ['unknown', stray, [one], { behind: Buffer.from('x') }],
  'bytes behind the packed bytes of an entry': [
    'unknown',
    stray,
    [
      {
        ...one,
        packed: Buffer.concat([Buffer.of(1, content.length, 0, ~content.length, 255), content, hostile]),
        method: 8,
      },
    ],
  ],
  'another checksum than the content has': ['unknown', checksum, [{ ...one, both: { crc: 1 } }]],
  'another checksum than the unpacked content has': ['unknown', checksum, [{ ...one, method: 8, both: { crc: 1 } }]],
  'an encrypted entry (4.4.4)': ['unknown', 'entry `a.safetensors` is encrypted', [{ ...one, flags: 1 }]],
  'a masked directory (4.4.4)': ['unknown', 'entry `a.safetensors` is encrypted', [{ ...one, flags: 0x2001 }]],
  'patched data (4.4.4)': [
    'unknown',
    'entry `a.safetensors` has flags that are not known here',
    [{ ...one, flags: 32 }],
  ],
  'a method that is not known (4.4.5)': [
    'unknown',
    'entry `a.safetensors` is packed by method 98, which is not known here',
    [{ ...one, method: 98 }],
  ],
  'packed bytes that are broken': [
    'unknown',
    'entry `a.safetensors`: broken: invalid block type',
    [{ ...one, packed: Buffer.from([7, 7, 7]), method: 8 }],
  ],
  'several files (4.4.19)': ['unknown', 'a zip of several files', [one], { disk: 1 }],
  'an extra field that is cut short (4.5.1)': [
    'unknown',
    'entry `a.safetensors` has an extra field that is cut short',
    [{ ...one, both: { extra: Buffer.from([1, 0, 9]) } }],
  ],
  'an extra field that is not known': [
    'unknown',
    'entry `a.safetensors` has an extra field 9901 that is not understood',
    [{ ...one, both: { extra: extra(0x9901, Buffer.alloc(7)) } }],
  ],
  'padding that is more than padding': [
    'unknown',
    'entry `a.safetensors` has an extra field 4246 that is not understood',
    [{ ...one, both: { extra: extra(0x4246, hostile) } }],
  ],
  'a name in an encoding that it does not tell (appendix D)': [
    'unknown',
    'an entry of the zip has a name in no encoding that it tells',
    ...named(Buffer.from([0x82, 0x41])),
  ],
  'a name that is not the UTF-8 that it says': [
    'unknown',
    'an entry of the zip has a name that is not UTF-8',
    ...named(Buffer.from([0x82, 0x41]), 0x800),
  ],
};

it.each(Object.entries(forged))('%s', async (_, [verdict, rule, entries, ending]) => {
  const result = await scanBytes(zipOf(entries, ending), 'a.zip');
  expect(rulesOf(result)).toContain(rule);
  expect(result.verdict).toBe(verdict);
});

it('cut short anywhere, it is never clean', async () => {
  const whole = zipOf([one, { ...two, method: 8 }]);
  for (let length = 4; length < whole.length; length += 1) {
    expect((await scanBytes(whole.subarray(0, length), 'a.zip')).verdict).not.toBe('pass');
  }
});

it('known by its end alone: a program that looks there reads it, whatever stands before', async () => {
  const result = await scanBytes(zipOf([one], { before: Buffer.from('GIF89a') }), 'a');
  expect(result.format).toBe('zip');
  expect(rulesOf(result)).toContain(stray);
});

it('what stands before a zip is looked at, too', async () => {
  const result = await scanBytes(zipOf([one], { before: tensors() }), 'a.zip');
  expect(result.verdict).toBe('fail');
  expect(rulesOf(result)).toContain('scan.polyglot');
});
