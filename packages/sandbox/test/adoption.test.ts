import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { adoptOutputs, SandboxError, type SandboxErrorCode } from '@holdfast/sandbox';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Scene } from './scene.ts';

describe('adoptOutputs', () => {
  let scene: Scene;
  let staging: string;
  beforeEach(() => {
    scene = new Scene();
    staging = join(scene.root, 'staging');
    mkdirSync(staging);
  });
  afterEach(() => {
    scene.remove();
  });

  const refused = (code: SandboxErrorCode): unknown => expect.objectContaining({ name: 'SandboxError', code });
  const inStaging = (path: string): string => join(staging, path);

  it('moves files and folders, and lists what else was written', async () => {
    scene.write('staging/build/model/weights', 'weights');
    scene.write('staging/metrics.json', '{}');
    scene.write('staging/build/log', 'log');
    scene.write('staging/cache/a/b', 'b');
    scene.write('staging/data/input.csv', '');
    mkdirSync(inStaging('node_modules/empty'), { recursive: true });
    const adoption = await adoptOutputs(staging, scene.project, ['build/model', 'metrics.json'], {
      inputs: ['data/input.csv'],
    });
    expect(adoption).toEqual({ adopted: ['build/model', 'metrics.json'], undeclared: ['build/log', 'cache'] });
    expect(readFileSync(join(scene.project, 'build/model/weights'), 'utf8')).toBe('weights');
    expect(existsSync(inStaging('metrics.json'))).toBe(false);
  });

  it('keeps the names of one file that are all in the outputs', async () => {
    scene.write('staging/out/one', 'x');
    linkSync(inStaging('out/one'), inStaging('out/two'));
    expect((await adoptOutputs(staging, scene.project, ['out'])).adopted).toEqual(['out']);
  });

  it.each<[string, (scene: Scene) => void]>([
    [
      'is a link',
      () => {
        symlinkSync('/etc/passwd', inStaging('out'));
      },
    ],
    [
      'has a link in it',
      () => {
        mkdirSync(inStaging('out'));
        symlinkSync('.', inStaging('out/self'));
      },
    ],
    [
      'is a pipe',
      () => {
        execFileSync('mkfifo', [inStaging('out')]);
      },
    ],
    [
      'has another name outside',
      ({ outside }) => {
        writeFileSync(join(outside, 'x'), 'x');
        linkSync(join(outside, 'x'), inStaging('out'));
      },
    ],
    [
      'has another name in staging',
      () => {
        writeFileSync(inStaging('x'), 'x');
        linkSync(inStaging('x'), inStaging('out'));
      },
    ],
    [
      'runs as its owner',
      () => {
        writeFileSync(inStaging('out'), 'x');
        chmodSync(inStaging('out'), 0o4755);
      },
    ],
    [
      'runs as its group',
      () => {
        writeFileSync(inStaging('out'), 'x');
        chmodSync(inStaging('out'), 0o2755);
      },
    ],
    ['is not there', () => undefined],
    [
      'is in the project already',
      ({ project }) => {
        writeFileSync(inStaging('out'), 'x');
        writeFileSync(join(project, 'out'), 'old');
      },
    ],
  ])('refuses an output that %s, and moves nothing', async (_, prepare) => {
    scene.write('staging/first', 'first');
    prepare(scene);
    await expect(adoptOutputs(staging, scene.project, ['first', 'out'])).rejects.toEqual(refused('HF_SANDBOX_OUTPUT'));
    expect(existsSync(join(scene.project, 'first'))).toBe(false);
    expect(existsSync(inStaging('first'))).toBe(true);
  });

  it('refuses an output behind a link, in the staging folder and in the project', async () => {
    symlinkSync(scene.outside, inStaging('build'));
    writeFileSync(join(scene.outside, 'model'), 'x');
    await expect(adoptOutputs(staging, scene.project, ['build/model'])).rejects.toEqual(refused('HF_SANDBOX_OUTPUT'));
    scene.write('staging/data/model', 'x');
    symlinkSync(scene.outside, join(scene.project, 'data'));
    await expect(adoptOutputs(staging, scene.project, ['data/model'])).rejects.toEqual(refused('HF_SANDBOX_OUTPUT'));
  });

  it('refuses outputs that are larger together, or deeper, than they may be', async () => {
    scene.write('staging/one', '12345');
    scene.write('staging/two', '12345');
    const both = adoptOutputs(staging, scene.project, ['one', 'two'], { maximumBytes: 9 });
    await expect(both).rejects.toEqual(refused('HF_SANDBOX_OUTPUT_LIMIT'));
    expect((await adoptOutputs(staging, scene.project, ['one', 'two'], { maximumBytes: 10 })).adopted).toHaveLength(2);
    mkdirSync(inStaging(`deep/${'d/'.repeat(200)}`), { recursive: true });
    await expect(adoptOutputs(staging, scene.project, ['deep'])).rejects.toEqual(refused('HF_SANDBOX_OUTPUT_LIMIT'));
  });

  it('says so when the staging folder is on another file system', async (context) => {
    if (!existsSync('/dev/shm')) context.skip('needs /dev/shm');
    const elsewhere = mkdtempSync('/dev/shm/holdfast-');
    try {
      writeFileSync(join(elsewhere, 'out'), 'x');
      await expect(adoptOutputs(elsewhere, scene.project, ['out'])).rejects.toThrow(/EXDEV/);
    } finally {
      rmSync(elsewhere, { recursive: true });
    }
  });

  it('takes no path that leads out of the project', async () => {
    scene.write('outside/model', 'x');
    const bad = [
      '',
      '.',
      '..',
      '../outside/model',
      '/etc/passwd',
      'a//b',
      'a/./b',
      'a/../../outside/model',
      'a\0b',
      'a/',
    ];
    for (const path of bad) {
      await expect(adoptOutputs(staging, scene.project, [path])).rejects.toEqual(refused('HF_SANDBOX_OUTPUT'));
    }
    const nested = adoptOutputs(staging, scene.project, ['a', 'a/b']);
    await expect(nested).rejects.toEqual(refused('HF_SANDBOX_OUTPUT'));
  });

  it('never fails otherwise, whatever it is told', async () => {
    scene.write('staging/a/b', 'x');
    const part = fc.oneof(fc.constantFrom('a', 'b', '.', '..', '', '\0', 'x'.repeat(300)), fc.string());
    const path = fc.array(part, { maxLength: 5 }).map((parts) => parts.join('/'));
    await fc.assert(
      fc.asyncProperty(fc.array(path, { maxLength: 3 }), async (outputs) => {
        const before = existsSync(inStaging('a/b'));
        const adopted = await adoptOutputs(staging, scene.project, outputs).catch((error: unknown) => {
          expect(error).toBeInstanceOf(SandboxError);
        });
        if (adopted !== undefined && before && outputs.length > 0) {
          rmSync(join(scene.project, 'a'), { recursive: true, force: true });
          scene.write('staging/a/b', 'x');
        }
      }),
    );
  });
});
