import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { adoptOutputs, bubblewrapIsolation, findToolchain, type IsolationRequest } from '@holdfast/sandbox';
import { launch } from '@holdfast/sandbox/launch';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { bubblewrap, bubblewrapVersion, needsBubblewrap, Scene } from './scene.ts';

describe('a command in the sandbox', () => {
  let scene: Scene;
  beforeEach((context) => {
    needsBubblewrap(context);
    scene = new Scene();
    scene.write('project/input.txt', 'the input');
    scene.write('project/secret.txt', 'the secret');
    scene.write('outside/secret.txt', 'the secret');
  });
  afterEach(() => {
    scene.remove();
  });

  async function run(names: readonly string[], request: IsolationRequest) {
    const toolchain = await findToolchain({ names, project: scene.project });
    const isolation = bubblewrapIsolation({ program: bubblewrap, version: bubblewrapVersion(), toolchain });
    const command = await isolation.wrap(request);
    return { ...(await launch(command)), enforcement: command.enforcement, argv: command.argv };
  }

  function declared(command: string): IsolationRequest {
    const path = (name: string): string => join(scene.project, name);
    return scene.request(command, { readable: [path('input.txt')], writable: [path('build/output.txt')] });
  }

  it.each([
    ['sh', 'cat input.txt > build/output.txt; cat secret.txt ../outside/secret.txt'],
    [
      'node',
      `node -e 'const fs = require("fs"); fs.copyFileSync("input.txt", "build/output.txt"); fs.readFileSync("secret.txt")'`,
    ],
    ['python', `python3 -c 'import shutil; shutil.copy("input.txt", "build/output.txt"); open("secret.txt")'`],
  ])('reads its input, writes its output and sees nothing else: %s', async (name, command) => {
    const request = declared(command);
    const result = await run([name], request);
    expect(result.stderr).toMatch(/no such file/i);
    expect(result.stdout).toBe('');
    expect(result.code).not.toBe(0);
    const adoption = await adoptOutputs(request.staging!, scene.project, ['build/output.txt'], {
      inputs: ['input.txt'],
    });
    expect(adoption).toEqual({ adopted: ['build/output.txt'], undeclared: [] });
    expect(readFileSync(join(scene.project, 'build/output.txt'), 'utf8')).toBe('the input');
  });

  it('sees the project as its input and the folder of its output, and a root with nothing more than the system', async () => {
    const { stdout } = await run([], declared('ls -A . build / ; ls -A /etc /dev'));
    const [listing = '', system = ''] = stdout.split('\n/etc:');
    expect(listing).toContain('.:\nbuild\ninput.txt\n');
    const places = ['bin', 'dev', 'etc', 'lib', 'lib32', 'lib64', 'libx32', 'proc', 'sbin', 'tmp', 'usr'];
    const root = /\n\/:\n((?:.+\n)+)/.exec(`${listing}\n`)?.[1]?.trim().split('\n') ?? [];
    expect(root.filter((name) => !places.includes(name) && !scene.root.startsWith(`/${name}/`))).toEqual([]);
    expect(system).not.toMatch(/shadow|hostname|machine-id|vda|sda|kmsg|mem$/m);
  });

  it('is a user without capabilities, new privileges or a way to another namespace', async () => {
    const { stdout } = await run(
      [],
      scene.request('id -u; hostname; grep -E "^(Cap|NoNewPrivs|Seccomp:)" /proc/self/status'),
    );
    expect(stdout.replaceAll(/\s+/g, ' ')).toBe(
      '1000 sandbox CapInh: 0000000000000000 CapPrm: 0000000000000000 CapEff: 0000000000000000 ' +
        'CapBnd: 0000000000000000 CapAmb: 0000000000000000 NoNewPrivs: 1 Seccomp: 2 ',
    );
  });

  it('keeps variables out of its command line, where every user could read them', async () => {
    const request = scene.request('echo $TOKEN');
    const environment = { ...request.environment, TOKEN: 'hunter2' };
    const { stdout, argv } = await run([], { ...request, environment });
    expect(stdout).toBe('hunter2\n');
    expect(argv.join(' ')).not.toContain('hunter2');
  });

  it('reads the file of a secret, cannot change, replace or remove it, and sees nothing else beside it', async () => {
    const request = scene.request(
      'cat $KEY_FILE; find $(dirname $(dirname $KEY_FILE)) | sort; ' +
        'echo x > $KEY_FILE; chmod 600 $KEY_FILE; rm -f $KEY_FILE; mv $KEY_FILE x; cat $KEY_FILE',
    );
    const folder = join(request.temporary, 'secrets');
    mkdirSync(folder, { mode: 0o700 });
    for (const name of ['KEY', 'OTHER']) writeFileSync(join(folder, name), `hunter2 ${name}\n`, { mode: 0o400 });
    const file = join(folder, 'KEY');
    const environment = { ...request.environment, KEY_FILE: file };
    const { stdout } = await run([], { ...request, environment, secretFiles: [file] });
    const { temporary } = request;
    const seen = [temporary, `${temporary}/home`, folder, file, `${temporary}/tmp`].join('\n');
    expect(stdout).toBe(`hunter2 KEY\n${seen}\nhunter2 KEY\n`);
    expect(readFileSync(file, 'utf8')).toBe('hunter2 KEY\n');
    expect(statSync(file).mode & 0o777).toBe(0o400);
  });

  it('has a home and a temporary folder that are empty, writable and gone afterwards', async () => {
    const shared = `/tmp/holdfast-test-${process.pid}`;
    const request = scene.request(
      `ls -A $HOME $TMPDIR && echo x > $HOME/x && echo x > $TMPDIR/x && echo x > ${shared} && pwd`,
    );
    const { stdout, stderr } = await run([], request);
    expect(stderr).toBe('');
    expect(stdout.trim().split('\n').at(-1)).toBe(scene.project);
    expect(existsSync(join(request.environment['HOME']!, 'x'))).toBe(false);
    expect(existsSync(shared)).toBe(false);
  });

  it('tells what it enforced', async () => {
    const { enforcement } = await run([], scene.request('true'));
    expect(enforcement).toMatchObject({
      level: 'sandbox',
      mechanism: `bubblewrap ${bubblewrapVersion()}`,
      notEnforced: [],
    });
    expect(enforcement.enforced).toMatchObject({ network: 'none', gpu: 'none' });
  });

  it('hides keys of another project inside of an input', async () => {
    scene.write('outside/data/.holdfast/keys/key', 'the secret');
    scene.write('outside/data/rows.csv', '1,2');
    const data = join(scene.outside, 'data');
    const { stdout } = await run(
      [],
      scene.request(`cat ${data}/rows.csv ${data}/.holdfast/keys/key`, { readable: [data] }),
    );
    expect(stdout).toBe('1,2');
  });

  it.each([
    ['variables', () => ({ environment: { X: 'a\0--bind\0/\0/mnt' } })],
    ['inputs', (file: string) => ({ readable: Array.from({ length: 2400 }, (_, at) => `${file}/${at}`) })],
  ])('takes no more %s than it can pass on', async (_, more) => {
    for (let at = 0; at < 2400; at += 1) scene.write(`outside/many/${at}`, '');
    const link = Array.from({ length: 900 }, (_, at) => ({ path: `/x${at}`, target: 'y' }));
    const toolchain = { ...(await findToolchain({ names: [], project: scene.project })), links: link };
    const isolation = bubblewrapIsolation({ program: bubblewrap, version: '0.8.0', toolchain });
    const request = scene.request('true', more(join(scene.outside, 'many')));
    await expect(isolation.wrap(request)).rejects.toThrow(expect.objectContaining({ code: 'HF_SANDBOX_REQUEST' }));
  });

  it('is not prepared twice in one folder', async () => {
    const request = scene.request('true');
    expect((await run([], request)).code).toBe(0);
    await expect(run([], request)).rejects.toThrow(expect.objectContaining({ code: 'HF_SANDBOX_START' }));
  });

  it('ends with whoever started it, also by KILL', async () => {
    const request = {
      ...scene.request('sleep 300 & sleep 300'),
      environment: { HOLDFAST_RUN: `killed-${process.pid}` },
    };
    const toolchain = await findToolchain({ names: [], project: scene.project });
    const starter = `
      import { bubblewrapIsolation } from '@holdfast/sandbox';
      import { launch } from '@holdfast/sandbox/launch';
      const [options, request] = JSON.parse(process.argv[1]);
      await launch(await bubblewrapIsolation(options).wrap(request));`;
    const options = { program: bubblewrap, version: bubblewrapVersion(), toolchain };
    const flags = [
      '--conditions=source',
      '--disable-warning=ExperimentalWarning',
      '--input-type=module',
      '-e',
      starter,
    ];
    const child = spawn(process.execPath, [...flags, JSON.stringify([options, request])], { cwd: import.meta.dirname });
    try {
      await vi.waitFor(() => {
        expect(processesOf(request).length).toBeGreaterThanOrEqual(4);
      }, 20_000);
    } finally {
      child.kill('SIGKILL');
    }
    await vi.waitFor(() => {
      expect(processesOf(request)).toEqual([]);
    }, 5000);
  });

  function processesOf({ environment }: IsolationRequest): string[] {
    const marker = `HOLDFAST_RUN=${environment['HOLDFAST_RUN']!}`;
    return readdirSync('/proc').filter((name) => {
      try {
        return /^\d+$/.test(name) && readFileSync(`/proc/${name}/environ`, 'latin1').split('\0').includes(marker);
      } catch {
        return false;
      }
    });
  }

  it('passes the exit status on', async () => {
    expect(await run([], scene.request('exit 7'))).toMatchObject({ code: 7 });
  });
});
