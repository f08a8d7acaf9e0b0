import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { digestArtifact, type FolderDigest } from '../src/digest/artifact.ts';
import type { DigestCache } from '../src/digest/cache.ts';
import { dirHash } from '../src/digest/folder.ts';
import { IGNORED_PATHS } from '../src/digest/ignore.ts';
import { compareBytewise, compareComponents } from '../src/digest/order.ts';
import { hashRange, readBuffer } from '../src/digest/range.ts';
import { stampOf } from '../src/digest/stamp.ts';
import { hasCommand, needs, temporaryFolder } from './digest-peers.ts';

const recorded = fileURLToPath(new URL('../../../spec/vectors/valid/model-signing-folder/model', import.meta.url));
const mebibyte = 1024 * 1024;

function tree(files: Record<string, string>): string {
  const root = join(temporaryFolder(), 'model');
  mkdirSync(root);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return root;
}

async function folderDigest(...args: Parameters<typeof digestArtifact>): Promise<FolderDigest> {
  const digest = await digestArtifact(...args);
  if (digest.kind !== 'folder') throw new Error('not a folder');
  return digest;
}

/** A cache that knows nothing and lets the test act between listing and reading, and after reading. */
function hooks(before: () => void, after: () => void = () => undefined): DigestCache {
  return {
    get: (stamps) => {
      before();
      return stamps.map(() => undefined);
    },
    put: after,
    close: () => undefined,
  };
}

describe('a file', () => {
  test('is plain SHA-256 (FIPS 180-2, appendix B.1: "abc")', async () => {
    const root = tree({ file: 'abc' });
    expect(await digestArtifact(join(root, 'file'))).toEqual({
      kind: 'file',
      digests: { sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' },
      size: 3,
    });
  });

  test('is one million times "a" across read buffers (FIPS 180-2, appendix B.3)', async () => {
    const root = tree({ file: 'a'.repeat(1_000_000) });
    const { digests } = await digestArtifact(join(root, 'file'));
    expect(digests.sha256).toBe('cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0');
  });

  test('has the value that sha256sum prints', async (context) => {
    if (!hasCommand('sha256sum')) needs(context, 'sha256sum');
    const root = tree({ file: 'some text' });
    const printed = execFileSync('sha256sum', [join(root, 'file')], { encoding: 'utf8' });
    expect((await digestArtifact(join(root, 'file'))).digests.sha256).toBe(printed.slice(0, 64));
  });

  test('that is named like an ignored path is digested when it is asked for by name', async () => {
    const root = tree({ 'model.sig': 'abc' });
    expect((await digestArtifact(join(root, 'model.sig'))).size).toBe(3);
  });
});

describe('a folder', () => {
  test("has the dirHash that Go's dirhash.HashDir gives (golang.org/x/mod v0.30.0, recorded)", async () => {
    const hash1 = 'GBNu2KicZPSS8FgS7dy6qMToNL2zLdJ8fUJqZS3qKjI=';
    const { digests } = await folderDigest(recorded, { ignorePaths: ['.github'] });
    expect(digests.dirHash).toBe(Buffer.from(hash1, 'base64').toString('hex'));
  });

  test('has the root digest that model_signing 1.1.1 gives (recorded)', async () => {
    const { digests } = await folderDigest(recorded);
    expect(digests.sha256).toBe('bf989c76488e8d224e45d53ea2aa96a962c9eefca1a6310f271d743f9997b988');
  });

  test("has the dirHash of the shell recipe in in-toto's digest_set.md", async (context) => {
    if (!hasCommand('sha256sum') || !hasCommand('xargs')) needs(context, 'sha256sum and xargs');
    const root = tree({ 'a/b': '1', 'a-b': '2', 'a.b': '3', A: '4', é: '5', '😀': '6', '～': '7', 'c/d/e/f': '' });
    const recipe = 'find . -type f | cut -c3- | LC_ALL=C sort | xargs -r sha256sum | sha256sum';
    const printed = execFileSync('sh', ['-c', recipe], { cwd: root, encoding: 'utf8' });
    expect((await folderDigest(root)).digests.dirHash).toBe(printed.slice(0, 64));
  });

  test('takes a name with a backslash as it is, as Go does', () => {
    const sha256 = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    const line = `${sha256}  a\\b\n`;
    expect(dirHash([{ name: 'a\\b', sha256 }])).toBe(createHash('sha256').update(line).digest('hex'));
  });

  test('that is empty has the digest of nothing, as Go gives it (recorded)', async () => {
    const hash1 = '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=';
    const { digests, files } = await folderDigest(tree({}));
    expect(digests.dirHash).toBe(Buffer.from(hash1, 'base64').toString('hex'));
    expect(files).toEqual([]);
  });

  test('lists its files by path components, with sizes', async () => {
    const { files, size } = await folderDigest(tree({ 'a/b': '1', 'a-b': '22', 'a.b': '333' }));
    expect(files.map((file) => [file.name, file.size])).toEqual([
      ['a/b', 1],
      ['a-b', 2],
      ['a.b', 3],
    ]);
    expect(size).toBe(6);
  });

  test('commits to names in dirHash, and not in the root digest', async () => {
    const one = (await folderDigest(tree({ a: 'x', b: 'y' }))).digests;
    const two = (await folderDigest(tree({ a: 'x', c: 'y' }))).digests;
    expect(one.sha256).toBe(two.sha256);
    expect(one.dirHash).not.toBe(two.dirHash);
  });

  test('any folder: as computed from the definitions', async () => {
    const part = fc.stringMatching(/^[a-c.\-é～😀]{1,3}$/u).filter((text) => !/^\.{1,2}$/.test(text));
    const name = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
    const files = fc.dictionary(name, fc.string({ maxLength: 8 }), { maxKeys: 8, noNullPrototype: true });
    const apart = files.filter((all) =>
      Object.keys(all).every((a) => Object.keys(all).every((b) => !b.startsWith(`${a}/`))),
    );
    await fc.assert(
      fc.asyncProperty(apart, async (all) => {
        const sha = (text: string | Buffer): Buffer => createHash('sha256').update(text).digest();
        const names = Object.keys(all).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
        const lines = names.map((key) => `${sha(all[key]!).toString('hex')}  ${key}\n`);
        // A NUL sorts before every other byte, so with it as separator whole paths sort by components.
        const key = (path: string): Buffer => Buffer.from(path.replaceAll('/', '\0'));
        const byParts = Object.keys(all).sort((a, b) => Buffer.compare(key(a), key(b)));
        const { digests } = await folderDigest(tree(all));
        expect(digests.dirHash).toBe(sha(lines.join('')).toString('hex'));
        expect(digests.sha256).toBe(sha(Buffer.concat(byParts.map((path) => sha(all[path]!)))).toString('hex'));
      }),
      { numRuns: 60 },
    );
  });
});

describe('order', () => {
  const text = fc.string({ unit: 'binary', maxLength: 6 });

  test('is that of UTF-8 bytes', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        const expected = Buffer.compare(Buffer.from(a), Buffer.from(b));
        expect(Math.sign(compareBytewise(a, b))).toBe(expected);
      }),
    );
    expect(compareBytewise('\uff5e', '\u{1f600}')).toBeLessThan(0);
  });

  test('by components compares part by part', () => {
    const part = text.map((value) => value.replaceAll('/', '').replaceAll('\0', ''));
    const path = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
    fc.assert(
      fc.property(path, path, (a, b) => {
        const key = (value: string): Buffer => Buffer.from(value.replaceAll('/', '\0'));
        expect(Math.sign(compareComponents(a, b))).toBe(Buffer.compare(key(a), key(b)));
      }),
    );
  });
});

describe('left out', () => {
  test('are the fixed paths, at the top only, and recorded', async () => {
    const kept = { 'a.txt': 'x', 'sub/.git/HEAD': 'y', 'sub/model.sig': 'z', '.gitmodules': 'w' };
    const plain = await folderDigest(tree(kept));
    const ignored = {
      '.git/config': '1',
      '.gitattributes': '2',
      '.github/a': '3',
      '.gitignore': '4',
      'model.sig': '5',
    };
    const more = await folderDigest(tree({ ...kept, ...ignored }));
    expect(more).toEqual(plain);
    expect(plain.files.map((file) => file.name)).toEqual(['.gitmodules', 'a.txt', 'sub/.git/HEAD', 'sub/model.sig']);
    expect(plain.ignorePaths).toEqual(IGNORED_PATHS);
  });

  test("are the caller's paths with everything below them, and recorded", async () => {
    const root = tree({ a: '1', 'logs/1': '2', 'logs/sub/2': '3', 'logs.txt': '4' });
    const digest = await folderDigest(root, { ignorePaths: ['./logs/'] });
    expect(digest.files.map((file) => file.name)).toEqual(['a', 'logs.txt']);
    expect(digest.ignorePaths).toEqual([...IGNORED_PATHS, 'logs']);
  });

  test.each(['/etc', '..', 'a/../..', '', '.', 'a\0b'])('cannot be %j', async (path) => {
    await expect(digestArtifact(tree({ a: '1' }), { ignorePaths: [path] })).rejects.toMatchObject({
      code: 'HF_DIGEST_NAME',
    });
  });

  test('may be what would be refused', async () => {
    const root = tree({ a: '1' });
    symlinkSync('/etc/passwd', join(root, 'link'));
    expect((await folderDigest(root, { ignorePaths: ['link'] })).files).toHaveLength(1);
  });
});

describe('symbolic links', () => {
  test('are refused, and the error says which', async () => {
    const root = tree({ a: '1', 'sub/b': '2' });
    symlinkSync('../a', join(root, 'sub/link'));
    await expect(digestArtifact(root)).rejects.toMatchObject({ code: 'HF_DIGEST_SYMLINK', where: 'sub/link', exit: 2 });
  });

  test('to files inside the folder are followed when allowed: the digest is that of a copy', async () => {
    const root = tree({ a: '1', 'sub/b': '2' });
    symlinkSync('../a', join(root, 'sub/link'));
    const copy = tree({ a: '1', 'sub/b': '2', 'sub/link': '1' });
    expect((await folderDigest(root, { symlinks: 'follow' })).digests).toEqual((await folderDigest(copy)).digests);
  });

  test.each([
    ['outside', '../outside'],
    ['to a neighbour with the same beginning', '../model-2'],
    ['to a folder', 'sub'],
    ['to nothing', 'nothing'],
    ['in a circle', 'link'],
  ])('%s are refused even so', async (_, target) => {
    const root = tree({ a: '1', 'sub/b': '2' });
    writeFileSync(join(root, '../outside'), 'x');
    writeFileSync(join(root, '../model-2'), 'x');
    symlinkSync(target, join(root, 'link'));
    await expect(digestArtifact(root, { symlinks: 'follow' })).rejects.toMatchObject({ code: 'HF_DIGEST_SYMLINK' });
  });

  test('as the artifact itself are refused, and followed when allowed', async () => {
    const root = tree({ a: '1' });
    symlinkSync('model', join(root, '../link'));
    const link = join(root, '../link');
    await expect(digestArtifact(link)).rejects.toMatchObject({ code: 'HF_DIGEST_SYMLINK' });
    expect(await digestArtifact(link, { symlinks: 'follow' })).toEqual(await digestArtifact(root));
  });
});

describe('refused', () => {
  test('is what does not exist', async () => {
    const root = tree({ a: '1' });
    for (const path of [join(root, 'b'), join(root, 'a/b'), 'a\0b']) {
      await expect(digestArtifact(path)).rejects.toMatchObject({ code: 'HF_DIGEST_NOT_FOUND', exit: 2 });
    }
  });

  test('is a pipe, without waiting for a writer', async (context) => {
    if (!hasCommand('mkfifo')) needs(context, 'mkfifo');
    const root = tree({ a: '1' });
    execFileSync('mkfifo', [join(root, 'pipe')]);
    await expect(digestArtifact(root)).rejects.toMatchObject({ code: 'HF_DIGEST_SPECIAL_FILE', where: 'pipe' });
    await expect(digestArtifact(join(root, 'pipe'))).rejects.toMatchObject({ code: 'HF_DIGEST_SPECIAL_FILE' });
    symlinkSync('pipe', join(root, 'link'));
    await expect(digestArtifact(root, { symlinks: 'follow', ignorePaths: ['pipe'] })).rejects.toMatchObject({
      code: 'HF_DIGEST_SPECIAL_FILE',
      where: 'link',
    });
  });

  test('is a socket', async () => {
    const root = tree({ a: '1' });
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(root, 's'), resolve));
    await expect(digestArtifact(root)).rejects.toMatchObject({ code: 'HF_DIGEST_SPECIAL_FILE', where: 's' });
    await new Promise((resolve) => server.close(resolve));
  });

  test('is a name with a newline', async () => {
    await expect(digestArtifact(tree({ 'a\nb': '1' }))).rejects.toMatchObject({ code: 'HF_DIGEST_NAME', exit: 2 });
  });

  test('is a name that is not UTF-8', async (context) => {
    const root = tree({ a: '1' });
    try {
      writeFileSync(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0xff, 0xfe])]), 'x');
    } catch {
      needs(context, 'a file system that takes any bytes as a name');
    }
    await expect(digestArtifact(root)).rejects.toMatchObject({ code: 'HF_DIGEST_NAME' });
  });

  test('is a folder with more files than the limit; a folder counts as well', async () => {
    const root = tree({ a: '1', 'b/c': '2' });
    await expect(digestArtifact(root, { maxFiles: 2 })).rejects.toMatchObject({ code: 'HF_DIGEST_TOO_MANY_FILES' });
    expect((await folderDigest(root, { maxFiles: 3 })).files).toHaveLength(2);
  });

  test('is a folder that goes too deep', async () => {
    const root = tree({ [`${'d/'.repeat(257)}file`]: '1' });
    await expect(digestArtifact(root)).rejects.toMatchObject({ code: 'HF_DIGEST_TOO_MANY_FILES' });
  });

  test('is a file that cannot be read', async (context) => {
    if (!existsSync('/proc/self/mem')) needs(context, '/proc');
    await expect(digestArtifact('/proc/self/mem')).rejects.toMatchObject({ code: 'HF_DIGEST_UNREADABLE', exit: 3 });
  });

  test('is a file that gives more than its size', async (context) => {
    if (!existsSync('/proc/self/status')) needs(context, '/proc');
    await expect(digestArtifact('/proc/self/status')).rejects.toMatchObject({ code: 'HF_DIGEST_CHANGED' });
  });
});

describe('changed while being read', () => {
  const pass = (): void => undefined;

  const replaceByLink = (path: string): void => {
    rmSync(path);
    symlinkSync('b', path);
  };

  test.each<[string, (root: string) => unknown]>([
    [
      'written',
      (root) => {
        writeFileSync(join(root, 'a'), '2');
      },
    ],
    [
      'grown',
      (root) => {
        writeFileSync(join(root, 'a'), '11');
      },
    ],
    [
      'cut',
      (root) => {
        truncateSync(join(root, 'a'));
      },
    ],
    [
      'removed',
      (root) => {
        rmSync(join(root, 'a'));
      },
    ],
    [
      'replaced by a link',
      (root) => {
        replaceByLink(join(root, 'a'));
      },
    ],
    [
      'replaced by a file',
      (root) => {
        renameSync(join(root, 'b'), join(root, 'a'));
      },
    ],
  ])('%s before it is opened', async (_, act) => {
    const root = tree({ a: '1', b: '2' });
    const cache = hooks(() => {
      act(root);
    });
    await expect(digestArtifact(root, { cache })).rejects.toMatchObject({ code: 'HF_DIGEST_CHANGED', exit: 3 });
  });

  test('replaced by a pipe before it is opened: no waiting for a writer', async (context) => {
    if (!hasCommand('mkfifo')) needs(context, 'mkfifo');
    const root = tree({ a: '1' });
    const cache = hooks(() => {
      rmSync(join(root, 'a'));
      execFileSync('mkfifo', [join(root, 'a')]);
    });
    await expect(digestArtifact(root, { cache })).rejects.toMatchObject({ code: 'HF_DIGEST_CHANGED' });
  });

  test.each<[string, (root: string) => unknown]>([
    [
      'a file was added',
      (root) => {
        writeFileSync(join(root, 'c'), '3');
      },
    ],
    [
      'a file was removed',
      (root) => {
        rmSync(join(root, 'a'));
      },
    ],
    [
      'a file was written after its turn',
      (root) => {
        writeFileSync(join(root, 'a'), '2');
      },
    ],
  ])('%s when everything was read', async (_, act) => {
    const root = tree({ a: '1', b: '2' });
    const cache = hooks(pass, () => {
      act(root);
    });
    await expect(digestArtifact(root, { cache })).rejects.toMatchObject({ code: 'HF_DIGEST_CHANGED' });
  });

  test('a range that ends early, or a stamp that is not the file’s', () => {
    const path = join(tree({ a: '12345' }), 'a');
    const stamp = stampOf(lstatSync(path, { bigint: true }));
    expect(hashRange({ path, stamp, start: 0, end: 9 }, readBuffer())).toMatchObject({ fault: 'changed' });
    const other = { ...stamp, ino: stamp.ino + 1n };
    expect(hashRange({ path, stamp: other, start: 0, end: 5 }, readBuffer())).toMatchObject({ fault: 'changed' });
    const middle = createHash('sha256').update('234').digest('hex');
    expect(hashRange({ path, stamp, start: 1, end: 4 }, readBuffer())).toEqual({ sha256: middle });
  });
});

describe('worker threads', () => {
  function large(): string {
    const root = tree({ a: 'a', b: 'b', c: 'c' });
    for (const name of ['a', 'b', 'c']) truncateSync(join(root, name), 24 * mebibyte);
    return root;
  }

  test('give what one thread gives, and what SHA-256 of the contents is', async () => {
    const root = large();
    const alone = await folderDigest(root, { workers: 0 });
    expect(await folderDigest(root, { workers: 2 })).toEqual(alone);
    const contents = Buffer.alloc(24 * mebibyte);
    contents.write('b');
    expect(alone.files[1]?.sha256).toBe(createHash('sha256').update(contents).digest('hex'));
  });

  test('share many small files: each digest is that of its own file', async () => {
    const names = Array.from({ length: 2100 }, (_, index) => `file-${index}`);
    const { files } = await folderDigest(tree(Object.fromEntries(names.map((name) => [name, name]))), { workers: 2 });
    expect(files).toHaveLength(2100);
    for (const { name, sha256 } of files) expect(sha256).toBe(createHash('sha256').update(name).digest('hex'));
  });

  test('report a change', async () => {
    const root = large();
    const cache = hooks(() => {
      truncateSync(join(root, 'c'), 1);
    });
    await expect(digestArtifact(root, { workers: 2, cache })).rejects.toMatchObject({ code: 'HF_DIGEST_CHANGED' });
  });

  test('stop when they are told to, and reject with the reason', async () => {
    const root = large();
    const reason = new Error('enough');
    await expect(digestArtifact(root, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const controller = new AbortController();
    const running = digestArtifact(root, { workers: 2, signal: controller.signal });
    setImmediate(() => {
      controller.abort(reason);
    });
    await expect(running).rejects.toBe(reason);
  });

  test('run compiled, as JavaScript without a TypeScript file in sight', async () => {
    const { default: typescript } = await import('typescript');
    const source = fileURLToPath(new URL('../src/', import.meta.url));
    const built = temporaryFolder();
    cpSync(join(source, 'digest'), join(built, 'digest'), { recursive: true });
    cpSync(join(source, 'errors.ts'), join(built, 'errors.ts'));
    writeFileSync(join(built, 'package.json'), '{ "type": "module" }');
    const options = {
      module: typescript.ModuleKind.ESNext,
      target: typescript.ScriptTarget.ESNext,
      verbatimModuleSyntax: true,
      rewriteRelativeImportExtensions: true,
    };
    for (const file of typescript.sys.readDirectory(built, ['.ts'])) {
      const { outputText } = typescript.transpileModule(readFileSync(file, 'utf8'), { compilerOptions: options });
      writeFileSync(file.replace(/ts$/, 'js'), outputText);
      rmSync(file);
    }
    const program = `import { digestArtifact } from './digest/artifact.js';
      console.log((await digestArtifact(${JSON.stringify(large())}, { workers: 2 })).digests.dirHash);`;
    writeFileSync(join(built, 'main.js'), program);
    const { stdout, stderr } = spawnSync(process.execPath, [join(built, 'main.js')], { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(stdout.trim()).toBe((await folderDigest(large())).digests.dirHash);
  });
});
