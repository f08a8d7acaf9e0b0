// What Python's own modules and the tools of the machine write is clean when what is in it is.
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { scanFile } from '../../src/index.ts';
import { rulesOf, runPython, runTool, temporaryFolder, tensors } from './scene.ts';

function folderWithTensors(): string {
  const folder = temporaryFolder();
  for (const name of ['a', 'b']) writeFileSync(join(folder, `${name}.safetensors`), tensors());
  return folder;
}

async function expectClean(folder: string, pattern: RegExp, least: number): Promise<void> {
  const files = readdirSync(folder).filter((name) => pattern.test(name));
  expect(files.length).toBeGreaterThanOrEqual(least);
  for (const name of files) {
    const result = await scanFile(join(folder, name));
    expect([name, result.verdict, rulesOf(result)]).toEqual([name, 'pass', []]);
  }
}

it("CPython's zipfile: all methods, ZIP64, into a pipe", async (context) => {
  const folder = folderWithTensors();
  const program = `
import io, zipfile
class Pipe(io.RawIOBase):
    def __init__(self, name): self.file = open(name, 'wb')
    def writable(self): return True
    def write(self, data): return self.file.write(data)
names = ['a.safetensors', 'b.safetensors']
for method in ('STORED', 'DEFLATED', 'BZIP2', 'LZMA'):
    for name in (f'{method}.zip', Pipe(f'{method}-pipe.zip')):
        with zipfile.ZipFile(name, 'w', getattr(zipfile, f'ZIP_{method}')) as z:
            z.mkdir('folder')
            for entry in names: z.write(entry); z.write(entry, f'folder/modèle-{entry}')
            z.comment = b'about it'
for name in ('zip64.zip', Pipe('zip64-pipe.zip')):
    with zipfile.ZipFile(name, 'w') as z:
        with z.open('a.safetensors', 'w', force_zip64=True) as entry: entry.write(open('a.safetensors', 'rb').read())
with zipfile.ZipFile('appended.zip', 'w') as z: z.write(names[0])
with zipfile.ZipFile('appended.zip', 'a') as z: z.write(names[1])
zipfile.ZipFile('empty.zip', 'w').close()
`;
  runPython(context, folder, program);
  await expectClean(folder, /\.zip$/, 12);
});

it("Info-ZIP's zip", async (context) => {
  const folder = folderWithTensors();
  runTool(context, folder, 'zip', '-q', 'one.zip', 'a.safetensors', 'b.safetensors');
  runTool(context, folder, 'zip', '-q', '-0', '-fd', 'two.zip', 'a.safetensors');
  runTool(context, folder, 'sh', '-c', 'zip -q - a.safetensors | cat > three.zip');
  await expectClean(folder, /\.zip$/, 3);
});

it("CPython's tarfile and GNU tar: all dialects, packed by all packings", async (context) => {
  const folder = folderWithTensors();
  const program = `
import tarfile
long = 'l' * 120 + '/' + 'm' * 120 + '.safetensors'
for dialect in ('USTAR', 'GNU', 'PAX'):
    with tarfile.open(f'{dialect}.tar', 'w', format=getattr(tarfile, f'{dialect}_FORMAT')) as t:
        t.add('a.safetensors'); t.add('b.safetensors', 'folder/modèle.safetensors')
        if dialect != 'USTAR': t.add('a.safetensors', long)
for packing in ('gz', 'bz2', 'xz'):
    with tarfile.open(f'packed.tar.{packing}', f'w:{packing}') as t: t.add('a.safetensors')
`;
  runPython(context, folder, program);
  runTool(context, folder, 'sh', '-c', 'mkdir d && mv b.safetensors d && tar cf gnu.tar -C d . && tar czf gnu.tgz d');
  runTool(context, folder, 'zstd', '-q', 'GNU.tar');
  runTool(context, folder, 'lz4', '-q', 'PAX.tar', 'PAX.tar.lz4');
  await expectClean(folder, /\.(tar|tgz|tar\.\w+)$/, 10);
});
