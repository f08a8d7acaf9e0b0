import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, type TestContext, test } from 'vitest';
import { Scene } from './scene.ts';

const scene = new Scene();
afterAll(() => {
  scene.remove();
});

/** util-linux's `script` gives a command a terminal. */
const hasScript = process.platform === 'linux' && spawnSync('script', ['--version']).status === 0;

function requireScript(ctx: TestContext): void {
  if (hasScript) return;
  if (process.env['HOLDFAST_REQUIRE'] === 'all') throw new Error('needs script(1) of util-linux');
  ctx.skip('needs script(1) of util-linux');
}

/** Types a line on a terminal of 80 columns, and then a key or two. */
async function onTerminal(
  line: string,
  folder: string,
  typed = '',
  env: Readonly<Record<string, string>> = {},
): Promise<{ shown: string; status: number | null }> {
  const child = spawn('script', ['-qefc', `stty cols 80; ${line}`, '/dev/null'], {
    cwd: folder,
    env: scene.environment({ TERM: 'xterm-256color', ...env }),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const chunks: Buffer[] = [];
  let asked = false;
  child.stdout.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    if (asked || !Buffer.concat(chunks).includes('[Y/n] ')) return;
    asked = true;
    child.stdin.write(typed);
  });
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
  child.stdin.destroy();
  return { shown: Buffer.concat(chunks).toString(), status };
}

describe('on a terminal', { timeout: 60_000 }, () => {
  test('colours are there, and NO_COLOR and --no-color take them away', async (ctx) => {
    requireScript(ctx);
    const folder = await scene.project();
    expect((await onTerminal('holdfast status', folder)).shown).toContain('\u001b[32m✓\u001b[39m');
    const colour = /\u001b\[\d+m/;
    expect((await onTerminal('holdfast status', folder, '', { NO_COLOR: '1' })).shown).not.toMatch(colour);
    expect((await onTerminal('holdfast status --no-color', folder)).shown).not.toMatch(colour);
  });

  test('a stage that takes long shows that it goes on; a pipe stays quiet', async (ctx) => {
    requireScript(ctx);
    const folder = await scene.project();
    const script = join(folder, 'train.sh');
    writeFileSync(script, `${readFileSync(script, 'utf8')}sleep 1.5\n`);
    const { shown, status } = await onTerminal('holdfast run', folder);
    expect(status).toBe(0);
    expect(shown).toMatch(/\r\u001b\[2Ktrain … 1\.\d s/);
    // the live line is gone before the report begins
    expect(shown.slice(0, shown.indexOf('prepare   '))).toMatch(/\r\u001b\[2K$/);
    expect((await scene.type('holdfast run --force', folder)).stderr).toBe('');
  });

  test.for([
    ['n', 'n\n'],
    ['Ctrl-C', '\u0003'],
    ['Ctrl-D', '\u0004'],
  ])('init asks, and %s means no', async ([name, typed = ''], ctx) => {
    requireScript(ctx);
    const folder = scene.folder();
    const { shown, status } = await onTerminal('holdfast init', folder, typed);
    expect(shown, name).toContain('Nothing was written.');
    expect(status).toBe(2);
    expect(existsSync(join(folder, '.holdfast'))).toBe(false);
  });

  test('init asks, and enter means yes', async (ctx) => {
    requireScript(ctx);
    const folder = scene.folder();
    expect((await onTerminal('holdfast init', folder, '\n')).status).toBe(0);
    expect(existsSync(join(folder, 'holdfast.yaml'))).toBe(true);
  });

  test('what a stage writes cannot steer the terminal', async (ctx) => {
    requireScript(ctx);
    const folder = await scene.project();
    writeFileSync(join(folder, 'train.sh'), "printf '\\033[2J\\033]0;owned\\007hello\\n'\nexit 1\n");
    const { shown } = await onTerminal('holdfast run', folder);
    expect(shown).toContain('| hello');
    expect(shown).not.toContain('\u001b[2J');
    expect(shown).not.toContain('owned');
  });
});
