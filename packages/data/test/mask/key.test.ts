import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MaskingKey } from '@holdfast/data/mask/key/masking-key';
import { readKey } from '@holdfast/data/mask/key/read-key';
import { maskSchema } from '@holdfast/data/mask/options';
import { readOptions } from '@holdfast/data/read-options';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { secret } from './mask-scene.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mask-key-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const digits = secret.toString('hex');
let count = 0;

function keyFile(text: string | Uint8Array, mode = 0o600): string {
  const name = `${(count += 1)}.key`;
  writeFileSync(join(folder, name), text);
  chmodSync(join(folder, name), mode);
  return name;
}

const refused = async (place: Parameters<typeof readKey>[0]): Promise<Error> => {
  try {
    await readKey(place, folder);
  } catch (error) {
    expect(error).toMatchObject({ code: 'HF_DATA_MASK_KEY' });
    return error as Error;
  }
  throw new Error('the key was taken');
};

describe('a key', () => {
  test.each([digits, `${digits}\n`, digits.toUpperCase(), digits + digits])(
    'of hexadecimal digits is read from a file, %#',
    async (text) => {
      const expected = new MaskingKey(Buffer.from(text.trim(), 'hex')).id;
      expect((await readKey({ keyFile: keyFile(text) }, folder))?.id).toBe(expected);
    },
  );

  test('is read from a variable of the environment', async () => {
    process.env['TEST_MASK_KEY'] = digits;
    expect((await readKey({ keyEnvironment: 'TEST_MASK_KEY' }, folder))?.id).toBe(new MaskingKey(secret).id);
    delete process.env['TEST_MASK_KEY'];
    expect((await refused({ keyEnvironment: 'TEST_MASK_KEY' })).message).toContain('`TEST_MASK_KEY` is not set');
  });

  test('need not be there', async () => {
    expect(await readKey({}, folder)).toBeUndefined();
  });

  test.each([
    ['nothing', ''],
    ['too few digits', digits.slice(2)],
    ['half a byte', `${digits}0`],
    ['too many digits', digits.repeat(3)],
    ['a passphrase', 'correct horse battery staple correct horse battery staple correct horse'],
    ['zeros', '00'.repeat(32)],
    ['few different bytes', '0123456789'.repeat(7).slice(0, 64)],
    ['two keys', `${digits}\n${digits}`],
    ['bytes', secret],
    ['too much', digits + '\n'.repeat(5000)],
  ])('of %s is none, and no message shows any of it', async (_, text) => {
    const { message } = await refused({ keyFile: keyFile(text) });
    expect(message).not.toMatch(/[0-9a-f]{8}|horse/);
  });

  test('that others can read is refused, and so is one that is not there, or in two places', async () => {
    for (const mode of [0o640, 0o604, 0o620]) {
      expect((await refused({ keyFile: keyFile(digits, mode) })).message).toContain('others can read');
    }
    expect((await refused({ keyFile: 'no.key' })).message).not.toContain(folder);
    await refused({ keyFile: keyFile(digits), keyEnvironment: 'TEST_MASK_KEY' });
  });

  test('that is typed where its place belongs is refused before it is written anywhere', () => {
    for (const typed of [digits, digits.toUpperCase(), 'ABCDEF'.repeat(11)]) {
      const given = (): unknown => readOptions(maskSchema, { plan: 'plan.yaml', keyEnvironment: typed });
      expect(given).toThrow('the option `keyEnvironment` must match pattern');
      expect(given).not.toThrow(typed);
    }
  });
});
