import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { scanBytes, scanFile } from '../../src/index.ts';
import { rulesOf, runPython, temporaryFolder, tensors } from './scene.ts';
import { type Made, zipOf } from './zip-bytes.ts';

const text = (value: string): string => `X${String.fromCharCode(value.length)}\0\0\0${value}`;

/** A pickle of one storage: BINPERSID of `('storage', torch.TYPE, key, 'cpu', count)` (Python's `pickletools`). */
function storage(key: string, count: number, type = 'FloatStorage'): Buffer {
  const id = `(${text('storage')}ctorch\n${type}\n${text(key)}${text('cpu')}K${String.fromCharCode(count)}tQ`;
  return Buffer.from(`\x80\x02${id}.`, 'latin1');
}

function archive(pickle: Buffer, rest: readonly Made[] = [], folder = 'model/'): Buffer {
  const entries: Made[] = [
    { name: 'data.pkl', content: pickle },
    { name: 'byteorder', content: Buffer.from('little') },
    ...rest,
    { name: 'version', content: Buffer.from('3\n') },
    { name: '.data/serialization_id', content: Buffer.from('0'.repeat(40)) },
  ];
  return zipOf(entries.map((entry) => ({ ...entry, name: folder + String(entry.name) })));
}
const data = (key: string, bytes: number): Made => ({ name: `data/${key}`, content: Buffer.alloc(bytes) });

it('a pickle and the storages that it needs', async () => {
  const { verdict, format, summary } = await scanBytes(archive(storage('0', 3), [data('0', 12)]), 'model.pt');
  expect([verdict, format, summary]).toEqual(['pass', 'pytorch', '1 storages']);
});

const marker = Buffer.from('\x80\x02cos\nsystem\nX\x0e\0\0\0touch /tmp/mark\x85R.', 'latin1');

const forged: Readonly<Record<string, readonly ['fail' | 'unknown', string, Buffer]>> = {
  'a storage longer than its bytes': ['fail', 'scan.pytorch.storage', archive(storage('0', 4), [data('0', 12)])],
  'a storage shorter than its bytes': ['unknown', 'scan.pytorch.unused', archive(storage('0', 2), [data('0', 12)])],
  'bytes that no storage needs': [
    'unknown',
    'scan.pytorch.unused',
    archive(storage('0', 3), [data('0', 12), data('1', 12)]),
  ],
  'a storage that is not there': [
    'unknown',
    'the bytes of storage `1` are not in the archive',
    archive(storage('1', 3), [data('0', 12)]),
  ],
  'a storage of a class that is none': [
    'unknown',
    'scan.pickle.persistent',
    archive(storage('0', 3, 'Tensor'), [data('0', 12)]),
  ],
  'a version that is none': [
    'unknown',
    '`model/.format_version` says `x`',
    archive(storage('0', 3), [data('0', 12), { name: '.format_version', content: Buffer.from('x') }]),
  ],
  'something else beside it': [
    'unknown',
    'of no format that is known here',
    archive(storage('0', 3), [data('0', 12), { name: 'readme', content: Buffer.from([1, 2, 3, 255]) }]),
  ],
  'a pickle that starts a program': ['fail', 'scan.pickle.process', archive(marker)],
  'one beside it': [
    'fail',
    'scan.pickle.process',
    archive(storage('0', 3), [data('0', 12), { name: 'x.pkl', content: marker }]),
  ],
  'one in a folder of its own': [
    'fail',
    'scan.pickle.process',
    zipOf([
      { name: 'a/data.pkl', content: marker },
      { name: 'b/c', content: tensors() },
    ]),
  ],
  'one whose name differs in case, which PyTorch does not see': [
    'fail',
    'scan.pickle.process',
    zipOf([
      { name: 'a/DATA.PKL', content: marker },
      { name: 'a/version', content: Buffer.from('3') },
    ]),
  ],
  'one behind another checksum': [
    'fail',
    'scan.pickle.process',
    zipOf([{ name: 'a/data.pkl', content: marker, both: { crc: 1 } }]),
  ],
};

it.each(Object.entries(forged))('%s', async (_, [verdict, rule, bytes]) => {
  const result = await scanBytes(bytes, 'model.pt');
  expect(rulesOf(result)).toContain(rule);
  expect(result.verdict).toBe(verdict);
});

it('a package of Python code is never clean', async () => {
  const entries = [
    { name: 'p/.data/extern_modules', content: Buffer.from('') },
    { name: 'p/m.py', content: Buffer.from('') },
  ];
  const result = await scanBytes(zipOf(entries), 'model.pt');
  expect([result.format, result.verdict]).toEqual(['torch-package', 'unknown']);
});

const program = `
import torch, warnings
warnings.simplefilter('ignore')
class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = torch.nn.Sequential(torch.nn.Conv2d(1, 4, 3), torch.nn.BatchNorm2d(4), torch.nn.Flatten())
        self.last = torch.nn.Linear(4 * 6 * 6, 2)
    def forward(self, x):
        x = self.layers(x)
        if x.size(0) > 3:
            x = x * 2
        return torch.softmax(self.last(x), 1)
model = Model().eval()
kinds = [torch.float32, torch.float64, torch.float16, torch.bfloat16, torch.int64, torch.int32, torch.int16, torch.int8,
         torch.uint8, torch.bool, torch.complex64, torch.complex128, torch.float8_e4m3fn, torch.uint16]
torch.save({'tensors': [torch.zeros(3, 2, dtype=kind) for kind in kinds], 'empty': torch.zeros(0)}, 'tensors.pt')
shared = torch.arange(12.0)
torch.save({'whole': shared, 'part': shared[3:6], 'turned': shared.view(3, 4).t()}, 'shared.pt')
torch.jit.script(model).save('script.pt')
torch.jit.trace(model, torch.zeros(1, 1, 8, 8)).save('trace.pt')
`;

it('what PyTorch writes', async (context) => {
  const folder = temporaryFolder();
  runPython(context, folder, program, 'torch');
  const formats = { tensors: 'pytorch', shared: 'pytorch', script: 'torchscript', trace: 'torchscript' };
  for (const [name, format] of Object.entries(formats)) {
    const result = await scanFile(join(folder, `${name}.pt`));
    expect([name, result.format, result.verdict, rulesOf(result)]).toEqual([name, format, 'pass', []]);
  }
});

it('code of a model that saves a file, written by PyTorch', async (context) => {
  const folder = temporaryFolder();
  runPython(
    context,
    folder,
    `
import torch
class Model(torch.nn.Module):
    def forward(self, x: torch.Tensor):
        torch.save(x, 'marker')
        return x
torch.jit.script(Model()).save('save.pt')
class Reader(torch.nn.Module):
    def forward(self, x: torch.Tensor):
        return x + torch.from_file('marker', False, 4)
torch.jit.script(Reader()).save('read.pt')
`,
    'torch',
  );
  for (const name of ['save.pt', 'read.pt']) {
    const result = await scanBytes(readFileSync(join(folder, name)), name);
    expect([result.verdict, rulesOf(result)]).toEqual(['fail', ['scan.torchscript.file']]);
  }
});
