import { expect, test } from 'vitest';
import { parseAllowed } from '../src/parse-allowed.ts';

test('callables by their full names, files by their digests', () => {
  const digest = 'AB'.repeat(32);
  const { callables, digests } = parseAllowed(['my_package.layers.Block', `sha256:${digest}`]);
  expect([...callables]).toEqual(['my_package.layers.Block']);
  expect([...digests]).toEqual([digest.toLowerCase()]);
});

test.for(['', 'Block', 'a..b', 'a.b()', 'sha256:abc', `sha512:${'0'.repeat(64)}`, '../x.y', 'a.b\nc.d', 'a.*'])(
  'not `%s`',
  (text) => {
    expect(() => parseAllowed([text])).toThrow(expect.objectContaining({ code: 'HF_SCAN_ALLOW', exit: 2 }));
  },
);
