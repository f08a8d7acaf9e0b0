import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { DigestCache } from '@holdfast/evidence/digest/cache';
import { openDigestCache } from '@holdfast/evidence/digest/cache';
import { runSchema } from '@holdfast/evidence/predicates/run';
import { type RootKind, resolveToolchain, type SandboxError, toolchainDependencies } from '@holdfast/sandbox';
import { contentDigests } from '@holdfast/sandbox/content-digests';
import { digestListing, listFiles } from '@holdfast/sandbox/listing';
import { recordRoot } from '@holdfast/sandbox/toolchain-roots';
import { afterAll, afterEach, beforeEach, describe, expect, it, type TestContext } from 'vitest';
import { Scene } from './scene.ts';

const refused = expect.objectContaining<Partial<SandboxError>>({ code: 'HF_SANDBOX_TOOLCHAIN', exit: 2 });
const sha256 = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

function needs(context: TestContext, path: string): void {
  if (existsSync(path)) return;
  if (process.env['HOLDFAST_REQUIRE'] === 'all') throw new Error(`needs ${path}`);
  context.skip(`needs ${path}`);
}

/** Of what is read more than once. */
const shared = new Scene();
const cache = openDigestCache(join(shared.root, 'digests'));
afterAll(() => {
  cache.close();
  shared.remove();
});

let scene: Scene;
beforeEach(() => {
  scene = new Scene();
});
afterEach(() => {
  scene.remove();
});

const inRoot = (path: string): string => join(scene.root, path);
const record = (path: string, kind: RootKind = 'virtual-environment') => recordRoot({ path: inRoot(path), kind }, {});

/** The digest of a folder as `find`, `sha256sum` and `sort` make it. */
function listingDigest(folder: string, leftOut = 'true'): string {
  const script = `cd "$1" && {
    find . -type f -printf '%P\\0' | xargs -0 --no-run-if-empty sha256sum
    find . -type l -printf '%P\\0' | while IFS= read -r -d '' name; do
      printf 'link:%s  %s\\n' "$(readlink -n -- "$name" | sha256sum | cut -d ' ' -f 1)" "$name"
    done
  } | ${leftOut === 'true' ? 'cat' : leftOut} | sed -E 's/^([^ ]*)  (.*)$/\\2\\t\\1/' | LC_ALL=C sort -t "$(printf '\\t')" -k 1,1 |
    sed -E 's/^(.*)\\t([^\\t]*)$/\\2  \\1/' | sha256sum`;
  return execFileSync('bash', ['-c', script, 'bash', folder], { encoding: 'utf8' }).slice(0, 64);
}

describe('recordRoot', () => {
  beforeEach(() => {
    for (const [name, text] of Object.entries({
      'lib/python3.11/site-packages/numpy/core.py': 'x = 1',
      'lib/python3.11/site-packages/numpy/__pycache__/core.cpython-311.pyc': 'bytecode',
      'lib/python3.11/site-packages/numpy-2.4.6.dist-info/METADATA':
        'Metadata-Version: 2.4\nName: numpy\nVersion: 2.4.6\n\nName: no\n',
      'bin/activate': 'export PATH',
      'lib-x/file': 'comes before lib/ in bytes',
      'lib/é ü': 'name of two bytes a letter',
    })) {
      scene.write(`env/${name}`, text);
    }
    symlinkSync('/usr/bin/python3', inRoot('env/bin/python'));
    symlinkSync('lib', inRoot('env/lib64'));
    symlinkSync('nowhere', inRoot('env/broken'));
  });

  it('gives the digest that the tools of the shell give', async () => {
    const root = await record('env');
    expect(root.sha256).toBe(listingDigest(inRoot('env')));
    expect(root.installedSha256).toBe(listingDigest(inRoot('env'), 'grep -v __pycache__/'));
    expect(root).toMatchObject({
      digestOf: 'listing',
      files: 9,
      distributions: ['numpy==2.4.6'],
      distributionsLeft: 0,
    });
  });

  it('gives dirHash of in-toto for a folder without links', async () => {
    // in-toto/attestation, spec/v1/digest_set.md: find . -type f | cut -c3- | LC_ALL=C sort | xargs -r sha256sum | sha256sum
    scene.write('plain/a', '1');
    scene.write('plain/b/c', '2');
    const recipe = 'find . -type f | cut -c3- | LC_ALL=C sort | xargs -r sha256sum | sha256sum | cut -f1 -d" "';
    const expected = execFileSync('sh', ['-c', recipe], { cwd: inRoot('plain'), encoding: 'utf8' }).trim();
    expect((await record('plain')).sha256).toBe(expected);
  });

  it('gives the SHA-256 of a file, also through a link', async () => {
    symlinkSync('env/bin/activate', inRoot('link'));
    for (const path of ['env/bin/activate', 'link']) {
      expect(await record(path, 'program')).toMatchObject({ digestOf: 'file', sha256: sha256('export PATH') });
    }
  });

  const file = 'env/lib/python3.11/site-packages/numpy/core.py';

  it.each([
    [
      'a file is written',
      () => {
        appendFileSync(inRoot(file), ' ');
      },
    ],
    [
      'a file is written in place, with its size and time',
      () => {
        utimesSync(inRoot(file), 1, 1);
        writeFileSync(inRoot(file), 'x = 2');
        utimesSync(inRoot(file), 1, 1);
      },
    ],
    [
      'a file is added',
      () => {
        scene.write('env/new', '');
      },
    ],
    [
      'a file is removed',
      () => {
        unlinkSync(inRoot(file));
      },
    ],
    [
      'a file is renamed',
      () => {
        renameSync(inRoot(file), inRoot(`${file}x`));
      },
    ],
    [
      'a link leads elsewhere',
      () => {
        unlinkSync(inRoot('env/bin/python'));
        symlinkSync('/usr/bin/python2', inRoot('env/bin/python'));
      },
    ],
    [
      'a file with the same text takes the place of a link',
      () => {
        unlinkSync(inRoot('env/lib64'));
        scene.write('env/lib64', 'lib');
      },
    ],
  ])('changes when %s', async (_, change) => {
    const cache = openDigestCache(inRoot('digests'));
    try {
      const recordCached = () => recordRoot({ path: inRoot('env'), kind: 'virtual-environment' }, { cache });
      const before = await recordCached();
      change();
      const after = await recordCached();
      expect(after.sha256).not.toBe(before.sha256);
      expect(after.installedSha256).not.toBe(before.installedSha256);
    } finally {
      cache.close();
    }
  });

  it('does not change with times and folders, and in what is installed not with bytecode', async () => {
    const before = await record('env');
    utimesSync(inRoot(file), 1, 1);
    mkdirSync(inRoot('env/empty'));
    expect(await record('env')).toEqual(before);
    scene.write('env/lib/python3.11/site-packages/numpy/__pycache__/other.pyc', 'bytecode');
    scene.write('env/node_modules/.cache/x', 'cached');
    const after = await record('env');
    expect(after.sha256).not.toBe(before.sha256);
    expect(after.installedSha256).toBe(before.installedSha256);
    scene.write('env/lib/sourceless.pyc', 'a module that has no source');
    expect((await record('env')).installedSha256).not.toBe(before.installedSha256);
  });

  it('reads a file once, as long as nobody touches it', async () => {
    execFileSync('find', [inRoot('env'), '-exec', 'touch', '-h', '-d', '2020-01-01', '{}', '+']);
    await new Promise((resolve) => setTimeout(resolve, 50)); // a file of this very moment is not remembered
    const real = openDigestCache(inRoot('digests'));
    let read = 0;
    const cache: DigestCache = {
      ...real,
      get: (stamps) => real.get(stamps),
      put: (entries) => {
        read += entries.length;
        real.put(entries);
      },
    };
    const roots = [];
    for (let at = 0; at < 2; at += 1) {
      roots.push(await recordRoot({ path: inRoot('env'), kind: 'virtual-environment' }, { cache }));
    }
    real.close();
    expect(read).toBe(6);
    expect(roots[0]).toEqual(roots[1]);
  });

  it('looks again when a file changes while it is read, but not for ever', async () => {
    let changes = 2;
    const restless: DigestCache = {
      get: (stamps) => {
        if (changes-- > 0) appendFileSync(inRoot(file), ' '); // between the listing and the reading
        return stamps.map(() => undefined);
      },
      put: () => undefined,
      close: () => undefined,
    };
    const root = { path: inRoot('env'), kind: 'virtual-environment' } as const;
    expect((await recordRoot(root, { cache: restless })).sha256).toBe(listingDigest(inRoot('env')));
    changes = Infinity;
    const failure = await recordRoot(root, { cache: restless }).catch((error: unknown) => error);
    expect(failure).toEqual(refused);
    expect((failure as SandboxError).where).toBe(inRoot(file));
  });

  it('counts what has no content, and hides the keys of a project that lies there', async () => {
    const before = await record('env');
    scene.write('env/.holdfast/keys/key', 'secret');
    expect(await record('env')).toEqual(before);
    execFileSync('mkfifo', [inRoot('env/pipe')]);
    expect((await record('env')).files).toBe(before.files + 1);
  });

  it('tells what this user may not read from what is empty', async () => {
    const files = await listFiles(inRoot('env'));
    const digests = await contentDigests(files, undefined);
    const at = files.findIndex(({ path }) => path === inRoot(file));
    const unreadable = digestListing(files, digests.with(at, undefined)).sha256;
    expect(unreadable).not.toBe(digestListing(files, digests.with(at, sha256(''))).sha256);
    if (process.getuid?.() === 0) return; // who may read everything
    chmodSync(inRoot(file), 0);
    expect((await record('env')).sha256).toBe(unreadable);
  });

  it('refuses what it cannot write down, and too much', async () => {
    await expect(listFiles(inRoot('env'), { maximumEntries: 10 })).rejects.toThrow(refused);
    scene.write('newline/a\nb', '');
    await expect(record('newline')).rejects.toThrow(refused);
    mkdirSync(inRoot('latin'));
    writeFileSync(Buffer.from(`${inRoot('latin')}/caf\xe9`, 'latin1'), '');
    await expect(record('latin')).rejects.toThrow(refused);
    const deep = `deep${'/x'.repeat(300)}`;
    mkdirSync(inRoot(deep), { recursive: true });
    await expect(record('deep')).rejects.toThrow(refused);
  });

  it('names the distributions that Python itself finds', async (context) => {
    const environment = join(process.env['HOLDFAST_PEERS'] ?? join(homedir(), '.cache/holdfast-peers'), 'onnx');
    needs(context, environment);
    const program =
      'import importlib.metadata as m, json; print(json.dumps([f"{d.name}=={d.version}" for d in m.distributions()]))';
    const answer = execFileSync(join(environment, 'bin/python'), ['-I', '-c', program], { encoding: 'utf8' });
    const { distributions } = await recordRoot({ path: environment, kind: 'virtual-environment' }, {});
    expect(distributions).toEqual((JSON.parse(answer) as string[]).sort());
  });
});

describe('resolveToolchain', () => {
  const environment = { PATH: '/usr/bin:/bin' };

  it('records programs and packages', async () => {
    const toolchain = await resolveToolchain({ names: [], project: scene.project, environment, cache });
    expect(toolchain.programs).toEqual([
      { name: 'sh', path: expect.any(String), sha256: sha256(readFileSync('/bin/sh')) },
    ]);
    expect(toolchain.roots.map(({ path }) => path)).toEqual(toolchain.binds);
    expect(toolchain.system.os).toMatch(/^[a-z]+/);
    if (!existsSync('/var/lib/dpkg/status')) return;
    for (const name of ['libc6', 'dash']) {
      const version = execFileSync('dpkg-query', ['-W', '-f', '${Version}', name], { encoding: 'utf8' });
      expect(toolchain.system.packages[name]).toBe(version);
    }
    expect(toolchain.system.packagesSha256).toBe(sha256(readFileSync('/var/lib/dpkg/status')));
  });

  it('gives dependencies of a run, of bounded size', async () => {
    scene.write('project/.venv/pyvenv.cfg', 'home = /usr/bin\n');
    mkdirSync(join(scene.project, '.venv/bin'));
    symlinkSync('/usr/bin/python3', join(scene.project, '.venv/bin/python'));
    const metadata = (at: number): string => `project/.venv/lib/python3/site-packages/p${at}-1.dist-info/METADATA`;
    for (let at = 0; at < 2100; at += 1) scene.write(metadata(at), `Name: p${at}\nVersion: 1\n`);
    const names = existsSync('/usr/bin/python3') ? ['python'] : [];
    const toolchain = await resolveToolchain({ names, project: scene.project, environment, cache });
    const dependencies = toolchainDependencies(toolchain);
    runSchema.shape.buildDefinition.shape.resolvedDependencies.parse(dependencies);
    expect(dependencies.every(({ annotations }) => annotations?.kind === 'toolchain')).toBe(true);
    expect(new Set(dependencies.map(({ name }) => name)).size).toBe(dependencies.length);
    const paths = dependencies.map(({ annotations }) => annotations?.['path']);
    expect(paths).toEqual(expect.arrayContaining([...toolchain.binds]));
    expect(JSON.stringify(dependencies).length).toBeLessThan(100_000);
    if (names.length === 0) return;
    const venv = dependencies.find(({ name }) => name === `toolchain:${join(scene.project, '.venv')}`)!;
    expect(venv).toMatchObject({
      digest: { sha256: listingDigest(join(scene.project, '.venv')) },
      annotations: { part: 'virtual-environment', digestOf: 'listing', fileCount: 2102, distributionsLeft: 100 },
    });
    expect(venv.annotations!['distributions']).toHaveLength(2000);
  });
});
