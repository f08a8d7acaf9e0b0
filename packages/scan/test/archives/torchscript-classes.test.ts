import { expect, test } from 'vitest';
import { build, call, dict, global, made, pickleOf, text } from '../pickle/assemble.ts';
import { bytesOf, scanned } from '../pickle/scene.ts';
import { zipOf } from './zip-bytes.ts';

/** A model whose attribute is an object of a class that is named in two parts. */
const modelOf = (module: string, name: string): Uint8Array =>
  zipOf(
    Object.entries({
      'a/data.pkl': pickleOf(
        build(
          made(global('__torch__.M')),
          dict({ x: call(Buffer.concat([text(module), text(name), bytesOf('\x93')])) }),
        ),
      ),
      'a/constants.pkl': bytesOf('\x80\x02).'),
      'a/version': bytesOf('3\n'),
    }).map(([entry, content]) => ({ name: entry, content: Buffer.from(content) })),
  );

test.each([
  ['__torch__.torch.classes.quantized', 'Packed'],
  ['__torch__.torch', 'classes.quantized.Packed'],
  ['__torch__', 'torch.classes.quantized.Packed'],
  ['torch', 'classes.quantized.Packed'],
])('a class of a C++ library is no code of the archive: %s %s', async (module, name) => {
  expect((await scanned(modelOf(module, name), 'a.pt')).verdict).not.toBe('pass');
});

test('a class of the archive is', async () => {
  const part = await scanned(modelOf('__torch__.torch.nn', 'Linear'), 'a.pt');
  expect([part.verdict, part.findings, part.left]).toEqual(['pass', [], []]);
});
