import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { adoptOutputs, bubblewrapIsolation, findToolchain, type IsolationRequest } from '@holdfast/sandbox';
import { launch } from '@holdfast/sandbox/launch';
import { systemCallProgram } from '@holdfast/sandbox/system-call-trial';
import { absentCalls, argumentRules, forbiddenCalls } from '@holdfast/sandbox/system-calls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FoundEngine, isolationOf, needsPodman } from './container-scene.ts';
import { bubblewrap, bubblewrapVersion, needsBubblewrap, Scene } from './scene.ts';

describe('a command in a container', () => {
  let scene: Scene;
  let found: FoundEngine;
  beforeEach(async (context) => {
    found = await needsPodman(context);
    scene = new Scene();
    scene.write('project/input.txt', 'the input');
    scene.write('project/secret.txt', 'the secret');
    scene.write('outside/secret.txt', 'the secret');
  });
  afterEach(() => {
    scene.remove();
  });

  async function wrap(names: readonly string[], request: IsolationRequest) {
    const toolchain = await findToolchain({ names, project: scene.project });
    return isolationOf(found, toolchain).wrap(request);
  }

  async function run(names: readonly string[], request: IsolationRequest) {
    const command = await wrap(names, request);
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
    expect(statSync(join(scene.project, 'build/output.txt')).uid).toBe(process.getuid!());
  });

  it('sees what a command in a sandbox sees, and nothing of the machine besides', async (context) => {
    needsBubblewrap(context);
    const list = 'for folder in / /etc /dev /tmp . build; do echo "$folder:"; ls -A $folder; done';
    const toolchain = await findToolchain({ names: [], project: scene.project });
    const sandbox = bubblewrapIsolation({ program: bubblewrap, version: bubblewrapVersion(), toolchain });
    const [inSandbox, inContainer] = [
      (await launch(await sandbox.wrap(declared(list)))).stdout.split('\n'),
      (await run([], declared(list))).stdout.split('\n'),
    ];
    expect(inSandbox.filter((line) => !inContainer.includes(line))).toEqual(['core']); // a link to /proc/kcore
    // what engines make: empty but for the devices, or a link to what is there anyway
    const added = ['hostname', 'mqueue', 'mtab', 'resolv.conf', 'run', 'sys'];
    expect(inContainer.filter((line) => !inSandbox.includes(line)).sort()).toEqual(added);
    const { stdout } = await run(
      [],
      scene.request('find /run /sys -type f -size +0; cat /etc/hostname /etc/resolv.conf'),
    );
    expect(stdout).toBe('/run/holdfast/init\n');
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

  it('has the variables that were asked for, whatever is in them, and no others', async () => {
    const { environment, ...request } = scene.request('env -0; tr "\\0" "\\n" </proc/1/environ');
    const token = 'it\'s\n$(touch /tmp/x) `id` "quoted" \\ é';
    const { stdout, argv } = await run([], { ...request, environment: { ...environment, TOKEN: token, EMPTY: '' } });
    const variables = stdout.slice(0, stdout.lastIndexOf('\0')).split('\0');
    expect(variables).toContain(`TOKEN=${token}`);
    const names = variables.map((variable) => variable.split('=')[0]).filter((name) => name !== 'PWD');
    expect(names.sort()).toEqual(['EMPTY', 'HOLDFAST_RUN', 'HOME', 'PATH', 'TMPDIR', 'TOKEN']);
    const first = stdout
      .slice(stdout.lastIndexOf('\0') + 1)
      .trim()
      .split('\n');
    const engineOwn = ['HOME', 'HOLDFAST_RUN', 'HOSTNAME', 'PATH', 'TERM', 'container'];
    expect(first.map((line) => line.split('=')[0]!).filter((name) => !engineOwn.includes(name))).toEqual([]);
    expect(argv.join(' ')).not.toContain('quoted');
  });

  it('cannot have a variable that a shell does not know', async () => {
    const isolation = isolationOf(found, await findToolchain({ names: [], project: scene.project }));
    for (const name of ['A-B', '1A', 'A B', 'A=B;C', '', 'A\nB', 'Ä']) {
      const request = scene.request('true');
      const environment = { ...request.environment, [name]: 'x' };
      await expect(isolation.wrap({ ...request, environment }), name).rejects.toThrow(
        expect.objectContaining({ code: 'HF_SANDBOX_REQUEST' }),
      );
    }
  });

  it('is given inputs whatever their names are', async () => {
    const names = ['with,comma', 'with "quotes"', 'with:colon', 'with\nline', "with 'apostrophe'", '-dash', 'über'];
    const readable = names.map((name) => scene.write(`project/${name}`, `${name};`));
    const { stdout, stderr } = await run([], scene.request('cat ./with* ./-dash ./ü*', { readable }));
    expect(stderr).toBe('');
    expect(stdout.split(';').sort()).toEqual(['', ...names].sort());
  });

  it('has a home and a temporary folder that are empty, writable and gone afterwards', async () => {
    const shared = `/tmp/holdfast-test-${process.pid}`;
    const request = scene.request(
      `ls -A $HOME $TMPDIR && echo x > $HOME/x && echo x > $TMPDIR/x && echo x > ${shared} && echo x > /dev/shm/x && pwd`,
    );
    const { stdout, stderr } = await run([], request);
    expect(stderr).toBe('');
    expect(stdout.trim().split('\n').at(-1)).toBe(scene.project);
    expect(existsSync(join(request.environment['HOME']!, 'x'))).toBe(false);
    expect(existsSync(shared)).toBe(false);
  });

  it('is shown files with secrets where they are, and nothing beside them', async () => {
    const request = scene.request(
      'cat $HOME/.netrc secrets/token; ls -A . $HOME; echo x >> $HOME/.netrc; echo y > $HOME/y',
    );
    const [token, netrc] = ['secrets/token', 'home/.netrc'].map((name) => join(request.temporary, name));
    mkdirSync(join(request.temporary, 'secrets'));
    for (const path of [token!, netrc!]) writeFileSync(path, `${path.at(-1)!}\n`, { mode: 0o400 });
    writeFileSync(join(request.temporary, 'other'), 'hidden');
    const script = `cd ${request.temporary}; ${request.argv[2]!}`;
    const { stdout, stderr } = await run([], {
      ...request,
      argv: ['/bin/sh', '-c', script],
      secretFiles: [token!, netrc!],
    });
    expect(stdout).toContain('c\nn\n');
    expect(stdout).not.toContain('other');
    expect(stderr).toMatch(/Read-only|Permission denied/);
    expect(readFileSync(netrc!, 'utf8')).toBe('c\n');
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

  it('cannot write to what is mounted in an input', async (context) => {
    if (process.getuid?.() !== 0) context.skip('needs root, to mount something');
    const disk = join(scene.outside, 'data/a disk');
    mkdirSync(disk, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'mode=0777', 'none', disk]);
    try {
      writeFileSync(join(disk, 'rows.csv'), '1,2');
      const request = scene.request(`cd '${disk}'; cat rows.csv; echo x >rows.csv; echo x >more`, {
        readable: [join(scene.outside, 'data')],
      });
      const { stdout, stderr } = await run([], request);
      expect(stdout).toBe('1,2');
      expect(stderr.match(/Read-only file system/g)).toHaveLength(2);
    } finally {
      execFileSync('umount', [disk]);
    }
  });

  it('has the loopback interface of the machine only with an open network, and says so', async () => {
    const server = await listening();
    try {
      const { port } = server.address() as { port: number };
      const ask = `node -e 'require("net").connect(${port}, "127.0.0.1").on("error", (e) => console.log(e.code)).on("data", (d) => console.log(String(d)))'`;
      const [closed, open] = [
        await run(['node'], scene.request(ask)),
        await run(['node'], scene.request(ask, { network: 'open' })),
      ];
      expect([closed.stdout, closed.enforcement.enforced['network']]).toEqual(['ECONNREFUSED\n', 'none']);
      expect([open.stdout, open.enforcement.enforced['network']]).toEqual(['hello\n', undefined]);
    } finally {
      server.close();
    }
  });

  function listening(): Promise<Server> {
    const server = createServer((socket) => socket.end('hello'));
    return new Promise((resolve) => {
      server.listen(0, '127.0.0.1', () => {
        resolve(server);
      });
    });
  }

  it('passes on how it ended and both outputs, and reads nothing', async () => {
    const { code, stdout, stderr } = await run([], scene.request('cat; echo out; echo err >&2; exit 7'));
    expect([code, stdout, stderr]).toEqual([7, 'out\n', 'err\n']);
    expect((await run([], scene.request('kill -KILL $$'))).code).toBe(128 + 9);
  });

  it('tells what it enforced', async () => {
    const { enforcement } = await run([], scene.request('true'));
    const { engine } = found;
    expect(enforcement).toMatchObject({
      level: 'container',
      mechanism: expect.stringMatching(/^podman \d+\.\d+(?:\.\d+)? with (?:crun|runc) \d/) as string,
      notEnforced: [],
    });
    expect(enforcement.enforced).toMatchObject({ network: 'none', gpu: 'none' });
    expect(execFileSync(engine.program, ['--version'], { encoding: 'utf8' })).toContain(engine.version);
  });

  it('leaves nothing in its folder that its user cannot remove', async () => {
    const inputs = ['a/b/c.txt', 'a/d.txt'].map((name) => scene.write(`project/${name}`, name));
    const request = scene.request('find . -type f', { readable: [...inputs, scene.write('outside/e/f.txt', 'f')] });
    const { stdout } = await run([], request);
    expect(stdout.trim().split('\n').sort()).toEqual(['./a/b/c.txt', './a/d.txt']);
    const owners = execFileSync('find', [request.temporary, '-printf', '%U\n'], { encoding: 'utf8' })
      .trim()
      .split('\n');
    expect([...new Set(owners)]).toEqual([String(process.getuid!())]);
  });

  it('is held to its limits, and tells which', async () => {
    const megabyte = 1 << 20;
    const limits = { memoryBytes: 96 * megabyte, cpus: 0.5, processCount: 20, openFiles: 77, outputBytes: 4096 };
    const hog = `head -c ${300 * megabyte} /dev/zero | tail | wc -c`;
    const forks = 'for n in $(seq 40); do sleep 2 & done 2>/dev/null; wait';
    const request = scene.request(
      `ulimit -n; ${hog}; head -c 5000 /dev/zero >out; wc -c <out; (${forks}) || echo stopped`,
      {
        limits,
        writable: [join(scene.project, 'out')],
      },
    );
    const { stdout, enforcement } = await run([], request);
    expect(stdout).toMatch(/^77\n/);
    expect(stdout).not.toContain(String(300 * megabyte));
    expect(stdout).toContain('\n4096\n');
    expect(enforcement.enforced).toMatchObject({ 'open-files': '77 per process', 'output-size': '4096 per file' });
    const isHeld = found.holds.length === 3;
    expect(enforcement.notEnforced).toEqual(isHeld ? [] : expect.arrayContaining(['cpus']));
    if (isHeld) {
      expect(enforcement.enforced).toMatchObject({ memory: String(96 * megabyte), cpus: '0.5', 'process-count': '20' });
    }
    if (enforcement.enforced['process-count'] !== undefined) expect(stdout).toContain('stopped');
  });

  it('is answered by its filter as a command in a sandbox is', async () => {
    const column = process.arch === 'arm64' ? 2 : 1;
    const number = (name: string): number =>
      argumentRules.flatMap(({ calls }) => calls).find((call) => call[0] === name)![column]!;
    const there = (calls: typeof forbiddenCalls) => calls.filter((call) => call[column] !== null);
    // named by a libseccomp that is newer than 2.5.4 only
    const isNew = ([name]: (typeof forbiddenCalls)[number]): boolean => name === 'open_tree_attr';
    const tried: [string, number, Parameters<typeof systemCallProgram>[0]][] = [
      ...there(forbiddenCalls)
        .filter((call) => !isNew(call))
        .map((call): (typeof tried)[number] => [call[0], 1, { number: call[column]! }]),
      ...there(absentCalls).map((call): (typeof tried)[number] => [call[0], 38, { number: call[column]! }]),
      ['clone', 1, { number: number('clone'), values: [0x10000000] }],
      ['socket AF_VSOCK', 97, { number: number('socket'), values: [40, 1, 0] }],
      ['socket AF_PACKET', 97, { number: number('socket'), values: [17, 3, 0] }],
      ['socket AF_ALG', 97, { number: number('socket'), values: [38, 5, 0] }],
      ['socket AF_UNIX', 0, { number: number('socket'), values: [1, 1, 0] }],
      ['ioctl', 1, { number: number('ioctl'), values: [1, 0x5412, 0] }],
      ['fchmod', 1, { number: number('fchmod'), values: [1, 0o4755] }],
      ['fchmodat', 1, { number: number('fchmodat'), values: [1, 0, 0o2755] }],
      ['fchmodat 755', 14, { number: number('fchmodat'), values: [1, 0, 0o755] }],
    ];
    const readable = tried.map(([, , call], at) => {
      const path = join(scene.project, `call-${at}`);
      writeFileSync(path, systemCallProgram(call));
      chmodSync(path, 0o755);
      return path;
    });
    const command = `for n in $(seq 0 ${readable.length - 1}); do ./call-$n 2>/dev/null; echo $?; done`;
    const { stdout } = await run([], scene.request(command, { readable }));
    const answers = stdout.trim().split('\n').map(Number);
    expect(tried.map(([name], at) => [name, answers[at]])).toEqual(tried.map(([name, answer]) => [name, answer]));
  });
});
