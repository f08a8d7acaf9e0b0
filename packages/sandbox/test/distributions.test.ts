import { distributionOf } from '@holdfast/sandbox/distributions';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

describe('distributionOf', () => {
  it.each([
    ['Metadata-Version: 2.1\nName: scikit-learn\nVersion: 1.9.1\n', 'scikit-learn==1.9.1'],
    ['Name: a\r\nVersion: 1!2.0+local.1\r\n\r\n', 'a==1!2.0+local.1'],
    ['Version: 1\nName: zope.interface\n', 'zope.interface==1'],
  ])('reads %j', (metadata, expected) => {
    expect(distributionOf(metadata)).toBe(expected);
  });

  it.each([
    ['nothing', ''],
    ['no version', 'Name: a\n'],
    ['a version after the header', 'Name: a\n\nVersion: 1\n'],
    ['a name with a line in it', 'Name: a\n b\nVersion: 1; rm\n'],
    ['a name that poses as another with its version', 'Name: a==1\nVersion: 1\n'],
    ['a name that a terminal would obey', 'Name: a\u001b[2J\nVersion: 1\n'],
    ['a name without an end', `Name: ${'a'.repeat(200)}\nVersion: 1\n`],
    ['a version with a blank', 'Name: a\nVersion: 1 2\n'],
  ])('takes nothing from %s', (_, metadata) => {
    expect(distributionOf(metadata)).toBeUndefined();
  });

  it('takes anything', () => {
    const line = fc.tuple(fc.constantFrom('Name: ', 'Version: ', ' ', ''), fc.string()).map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        expect(distributionOf(lines.join('\n')) ?? 'a==1').toMatch(/^[A-Za-z0-9][\w.-]*==[A-Za-z0-9][\w.!+-]*$/);
      }),
    );
  });
});
