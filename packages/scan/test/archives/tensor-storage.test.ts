import { expect, test } from 'vitest';
import { call, global, int, no, pickleOf, text, tuple } from '../pickle/assemble.ts';
import { bytesOf, scanned } from '../pickle/scene.ts';
import { zipOf } from './zip-bytes.ts';

/** Two tensors of one dimension, each over a storage of its own, of 12 and of 4 floats. */
const tensorsOf = (first: number, second: number): Uint8Array => {
  const tensor = (key: string, elements: number, size: number): Uint8Array => {
    const id = tuple(text('storage'), global('torch.FloatStorage'), text(key), text('cpu'), int(elements));
    const storage = Buffer.concat([id, bytesOf('Q')]);
    const hooks = call(global('collections.OrderedDict'));
    return call(global('torch._utils._rebuild_tensor_v2'), storage, int(0), tuple(int(size)), tuple(int(1)), no, hooks);
  };
  const entries = {
    'a/data.pkl': pickleOf(tuple(tensor('0', 12, first), tensor('1', 4, second))),
    ...{ 'a/version': bytesOf('3\n'), 'a/data/0': Buffer.alloc(48), 'a/data/1': Buffer.alloc(16) },
  };
  return zipOf(Object.entries(entries).map(([name, content]) => ({ name, content: Buffer.from(content) })));
};

test('a tensor that fills its storage passes, and one that is larger does not', async () => {
  const whole = await scanned(tensorsOf(12, 4), 'a.pt');
  expect([whole.verdict, whole.findings, whole.left]).toEqual(['pass', [], []]);
  for (const [first, second] of [
    [13, 4],
    [12, 5],
    [12, 12],
    [2 ** 28, 4],
  ] as const) {
    expect((await scanned(tensorsOf(first, second), 'a.pt')).verdict, `${first} ${second}`).not.toBe('pass');
  }
});
