import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, type TestContext, test } from 'vitest';
import { Scene } from '../scene.ts';
import { safetensorsFile } from './safetensors-file.ts';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const scene = new Scene();
afterAll(() => {
  scene.remove();
});

const pickle = "cos\nsystem\n(S'touch marker'\ntR.";

function folderWith(files: Readonly<Record<string, Uint8Array | string>>): string {
  const folder = scene.folder();
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

const clean = { 'models/a.safetensors': safetensorsFile(), 'notes.rst.unknown': '\0' };
const harmful = { ...clean, 'models/b.pt': pickle };

describe('the hook for pre-commit', { timeout: 60_000 }, () => {
  const manifest = readFileSync(join(root, '.pre-commit-hooks.yaml'), 'utf8');
  const field = (name: string): string => new RegExp(`^  ${name}: (.*)$`, 'm').exec(manifest)?.[1] ?? '';

  test('has an entry that ends in 0 where all is clean, and not where anything is not', async () => {
    const files = (folder: string): string =>
      spawnSync('find', ['.', '-type', 'f'], { cwd: folder, encoding: 'utf8' })
        .stdout.trim()
        .split('\n')
        .map((name) => name.slice(2))
        .filter((name) => new RegExp(field('files')).test(name))
        .join(' ');
    for (const [content, exit] of [
      [clean, 0],
      [harmful, 1],
      [{ ...clean, 'c.pkl': 'cmy\nBlock\n(tR.' }, 3],
    ] as const) {
      const folder = folderWith(content);
      expect((await scene.type(`${field('entry')} ${files(folder)}`, folder)).status).toBe(exit);
      expect(existsSync(join(folder, 'marker'))).toBe(false);
    }
  });

  test('stops a commit in pre-commit itself', async (context) => {
    const program = needsPreCommit(context);
    const hook = ['id', 'name', 'entry', 'files', 'require_serial'].map(
      (name) => `${name}: ${name === 'id' ? 'holdfast-scan' : field(name)}`,
    );
    // As the manifest has it, but with the program of this checkout: pre-commit would fetch the one that is published.
    const config = `repos:\n- repo: local\n  hooks:\n  - ${[...hook, 'language: system'].join('\n    ')}\n`;
    const run = async (content: Readonly<Record<string, Uint8Array | string>>) => {
      const folder = folderWith({ ...content, '.pre-commit-config.yaml': config });
      const line = `git init -q . && git add . && ${program} run --all-files`;
      return scene.type(line, folder, { PRE_COMMIT_HOME: join(folder, '.git', 'pre-commit') });
    };
    expect(await run(clean)).toMatchObject({ status: 0, stdout: expect.stringMatching(/holdfast scan\.+Passed/) });
    const stopped = await run(harmful);
    expect(stopped).toMatchObject({ status: 1, stdout: expect.stringMatching(/holdfast scan\.+Failed/) });
    expect(stopped.stdout).toContain('b.pt');
  });
});

function needsPreCommit(context: TestContext): string {
  const program = join(homedir(), '.cache', 'holdfast-peers', 'pre-commit', 'bin', 'pre-commit');
  if (existsSync(program)) return program;
  if (process.env['HOLDFAST_REQUIRE'] === 'all') throw new Error('needs pre-commit');
  context.skip('needs pre-commit');
  return program;
}

describe('the recipe for GitHub Actions', { timeout: 60_000 }, () => {
  const guide = readFileSync(join(root, 'docs/guides/scanning.md'), 'utf8');
  const recipe = /```yaml\npermissions:[^`]*```/.exec(guide)?.[0] ?? '';
  const command = /- run: (?:npx holdfast@\S+)( .*)$/m.exec(recipe)?.[1] ?? '';
  const uploaded = /sarif_file: ([^\s,}]+)/.exec(recipe)?.[1] ?? '';

  test.each([
    ['clean', clean, 0, 0],
    ['harmful', harmful, 1, 1],
  ])('fails where models are not clean, and uploads what was written either way: %s', async (_, files, exit, count) => {
    const folder = folderWith(files);
    // Actions runs each step as `bash -e`; `if: always()` has the second run whatever the first one said.
    expect((await scene.type(`bash -e -c 'holdfast${command}'`, folder, { CI: 'true' })).status).toBe(exit);
    expect(recipe).toContain('- if: always()\n    uses: github/codeql-action/upload-sarif');
    const log = JSON.parse(readFileSync(join(folder, uploaded), 'utf8')) as {
      version: string;
      runs: { results: { level: string }[] }[];
    };
    expect(log.version).toBe('2.1.0');
    expect(log.runs.flatMap(({ results }) => results).filter(({ level }) => level === 'error').length > 0 ? 1 : 0).toBe(
      count,
    );
  });
});
