import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { bubblewrapIsolation, findToolchain, type IsolationRequest, type Toolchain } from '@holdfast/sandbox';
import { type LaunchResult, launch } from '@holdfast/sandbox/launch';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Certificate, EgressScene, makeCertificate, needsOpenssl, type Relay } from './egress-scene.ts';
import { bubblewrap, bubblewrapVersion, needsBubblewrap, Scene } from './scene.ts';

/** This Node.js, not the one of the system. */
const path = `${dirname(process.execPath)}:/usr/bin:/bin`;
const toolchains = new Map<string, Promise<Toolchain>>();

/** Asking interpreters takes longer than everything else here. */
function toolchainOf(names: readonly string[]): Promise<Toolchain> {
  const known =
    toolchains.get(names.join()) ?? findToolchain({ names, project: tmpdir(), environment: { PATH: path } });
  toolchains.set(names.join(), known);
  return known;
}

describe('a sandbox with a list of hosts', () => {
  let certificate: Certificate | undefined;
  let servers: EgressScene;
  let relay: Relay;
  let plainPort: number;
  let scene: Scene;
  let version: string;

  beforeEach(async (context) => {
    needsBubblewrap(context);
    needsOpenssl(context);
    certificate ??= makeCertificate('localhost', 'other.example');
    servers = new EgressScene();
    relay = await servers.relay(await servers.tls(certificate));
    plainPort = await servers.plain();
    scene = new Scene();
    version = bubblewrapVersion();
    scene.write('project/ca.pem', certificate.certificate);
  });
  afterEach(() => {
    servers.remove();
    scene.remove();
  });

  function request(command: string, more: Partial<IsolationRequest> = {}): IsolationRequest {
    const hosts = [`localhost:${relay.port}`, `localhost:${plainPort}`];
    return scene.request(command, { network: hosts, readable: [join(scene.project, 'ca.pem')], ...more });
  }

  async function run(command: IsolationRequest, names: readonly string[] = ['python3', 'node']) {
    const isolation = bubblewrapIsolation({ program: bubblewrap, version, toolchain: await toolchainOf(names) });
    const isolated = await isolation.wrap(command);
    const result = await launch(isolated);
    return { ...result, enforced: isolated.enforcement.enforced, account: isolated.account?.().network };
  }

  /** Bytes of a close_notify in TLS 1.3 (RFC 8446 section 5.2): one may be on its way when the run is over. */
  const goodbyes = [0, 5 + 2 + 1 + 16];
  const url = (): string => `https://localhost:${relay.port}`;
  const python = (program: string): string => `python3 - <<'END'\n${program}\nEND`;

  it.for<[string, string]>([
    ['curl', 'curl -sS --cacert ca.pem -d sent URL/a'],
    [
      'python',
      python(
        `import ssl, urllib.request as request
context = ssl.create_default_context(cafile='ca.pem')
print(request.urlopen('URL/a', data=b'sent', context=context).read().decode())`,
      ),
    ],
    [
      'node',
      `NODE_EXTRA_CA_CERTS=ca.pem node -e 'fetch("URL/a", { method: "POST", body: "sent" }).then((answer) => answer.text()).then(console.log)'`,
    ],
  ])('reaches a declared host with %s, which verifies its certificate', async ([name, command], context) => {
    needsClient(name, context);
    const { stdout, stderr, account } = await run(request(command.replace('URL', url())));
    expect({ stdout: stdout.trim(), stderr }).toEqual({ stdout: 'hello POST /a sent', stderr: '' });
    await relay.finished();
    const peer = { host: 'localhost', port: relay.port, addresses: ['127.0.0.1'], connections: 1 };
    expect(account).toMatchObject({ peers: [peer], refused: [] });
    expect(relay.connections).toBe(1);
    const [counts] = account?.peers ?? [];
    expect(goodbyes).toContain(Math.abs(relay.sentBytes - (counts?.sentBytes ?? 0)));
    expect(goodbyes).toContain(Math.abs(relay.receivedBytes - (counts?.receivedBytes ?? 0)));
  });

  it.for<[string, string, RegExp]>([
    ['curl', 'curl -sS URL/a', /certificate|self-signed/],
    ['python', python(`import urllib.request as request\nrequest.urlopen('URL/a')`), /CERTIFICATE_VERIFY_FAILED/],
    ['node', `node -e 'fetch("URL/a").then(console.log)'`, /SELF_SIGNED_CERT/],
  ])('leaves it to %s to refuse a certificate that it does not know', async ([name, command, complaint], context) => {
    needsClient(name, context);
    const { code, stderr } = await run(request(command.replace('URL', url())));
    expect(code).not.toBe(0);
    expect(stderr).toMatch(complaint);
    expect(servers.received).toEqual([]);
  });

  it.for<[string, string]>([
    ['curl', 'curl -sS URL'],
    ['python', python(`import urllib.request as request\nprint(request.urlopen('URL').read().decode())`)],
    ['node', `node -e 'require("http").get("URL", (answer) => answer.pipe(process.stdout))'`],
  ])('reaches a declared port without TLS with %s', async ([name, command], context) => {
    needsClient(name, context);
    const { stdout, account } = await run(request(command.replace('URL', `http://localhost:${plainPort}/p`)));
    expect(stdout.trim()).toBe('hello GET /p');
    expect(account?.peers.map(({ port, connections }) => [port, connections])).toEqual([[plainPort, 1]]);
  });

  const reasons = (account: { refused: readonly { target: string; reason: string }[] } | undefined): string[] =>
    account?.refused.map(({ target, reason }) => `${target} ${reason}`) ?? [];

  it('reaches nothing else: other hosts, other ports, addresses, other names in a hello, no TLS', async () => {
    const program = `
import os, socket, ssl
from urllib.parse import urlsplit
proxy = urlsplit(os.environ['https_proxy'])

def tunnel(target):
    client = socket.create_connection((proxy.hostname, proxy.port), 5)
    client.sendall(f'CONNECT {target} HTTP/1.1\\r\\n\\r\\n'.encode())
    return client, client.recv(4096).split(b'\\r\\n')[0].decode()

for target in ['pypi.example:443', 'localhost:1', '127.0.0.1:PORT', '[::1]:PORT', 'localhost:PORT']:
    print(tunnel(target)[1])
context = ssl.create_default_context(cafile='ca.pem')
for name in ['other.example', None]:
    context.check_hostname = name is not None
    try:
        context.wrap_socket(tunnel('localhost:PORT')[0], server_hostname=name)
    except OSError as error:
        print(error.reason)
client = tunnel('localhost:PLAIN')[0]
client.sendall(b'GET / HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n')
print(client.recv(4096).split(b'\\r\\n')[0].decode())`;
    const words = program.replaceAll('PORT', String(relay.port)).replaceAll('PLAIN', String(plainPort));
    const { stdout, stderr, account } = await run(request(python(words)));
    expect(stderr).toBe('');
    expect(stdout.trim().split('\n')).toEqual([
      ...Array.from({ length: 4 }, () => 'HTTP/1.1 403 Refused'),
      'HTTP/1.1 200 Connection established',
      ...['TLSV1_UNRECOGNIZED_NAME', 'TLSV1_UNRECOGNIZED_NAME', 'HTTP/1.1 400 Refused'],
    ]);
    const target = `localhost:${relay.port}`;
    expect(reasons(account).toSorted()).toEqual(
      [
        'pypi.example:443 is not a declared host',
        'localhost:1 is another port of a declared host',
        `127.0.0.1:${relay.port} is an address, not a name`,
        `[::1]:${relay.port} is an address, not a name`,
        `${target} was sent a TLS hello for \`other.example\``,
        `${target} was sent a TLS hello without a name`,
        `${target} was sent no TLS hello`,
        `localhost:${plainPort} was not spoken to in TLS`,
      ].toSorted(),
    );
    expect(relay.connections).toBe(0);
    expect(servers.received).toEqual([]);
  });

  it('has no other way out: no TCP, no UDP, no name server, no other interface', async () => {
    const program = `
import errno, socket
def attempt(kind, address, data=None):
    client = socket.socket(socket.AF_INET6 if ':' in address[0] else socket.AF_INET, kind)
    client.settimeout(2)
    try:
        client.connect(address)
        if data: client.send(data); client.recv(10)
        print('reached', address)
    except OSError as error:
        print(errno.errorcode.get(error.errno, error))
for address in ['127.0.0.1', '::1', '192.0.2.1', '2001:db8::1', '169.254.169.254']:
    attempt(socket.SOCK_STREAM, (address, PORT))
attempt(socket.SOCK_DGRAM, ('127.0.0.1', 53), b'x')
attempt(socket.SOCK_DGRAM, ('192.0.2.1', 53), b'x')
try:
    print(socket.getaddrinfo('one.example', 443))
except socket.gaierror as error:
    print(error.strerror)
print(open('/proc/net/dev').read().count(':'), len(open('/proc/net/route').readlines()))`;
    const { stdout, account } = await run(request(python(program.replace('PORT', String(relay.port)))));
    expect(stdout.trim().split('\n')).toEqual([
      ...['ECONNREFUSED', 'ECONNREFUSED', 'ENETUNREACH', 'ENETUNREACH', 'ENETUNREACH', 'ECONNREFUSED', 'ENETUNREACH'],
      'Temporary failure in name resolution',
      '1 1', // lo, and the head of an empty table
    ]);
    expect(account).toEqual({ peers: [], refused: [] });
    expect(relay.connections).toBe(0);
  });

  it('tells what it enforced, in one spelling', async () => {
    const network = ['PyPI.Example', 'localhost:8443'];
    const { enforced, account } = await run(request('true', { network }));
    expect(enforced.network).toBe('only localhost:8443, pypi.example:443');
    expect(account).toEqual({ peers: [], refused: [] });
  });

  it.each([
    ['an empty list', []],
    ['an address', ['10.0.0.1:443']],
    ['a URL', ['https://data.example']],
    ['a word that means nothing', 'hosts' as 'none'],
  ])('is not prepared for %s, and leaves no proxy behind', async (_, network) => {
    const bad = request('true', { network });
    await expect(run(bad)).rejects.toThrow(expect.objectContaining({ code: 'HF_SANDBOX_REQUEST' }));
    expect(existsSync(join(bad.temporary, 'sandbox/egress'))).toBe(false);
  });

  it('leaves no proxy behind when something else of the request is wrong', async () => {
    const bad = request('true', { limits: { cpus: -1 } });
    await expect(run(bad)).rejects.toThrow(expect.objectContaining({ code: 'HF_SANDBOX_REQUEST' }));
    expect(existsSync(join(bad.temporary, 'sandbox/egress'))).toBe(false);
  });

  it('changes nothing else for the command: variables, descriptors, identity, files, calls', async () => {
    const environment = { ...scene.request('').environment, NODE_OPTIONS: '--max-old-space-size=99', LD_X: 'x' };
    const look = `env | sort; ls /proc/self/fd; id; pwd; ls /; grep -E '^(Cap|NoNewPrivs|Seccomp:|SigIgn)' /proc/self/status`;
    const listing = async (network: IsolationRequest['network']): Promise<string[]> => {
      const asked = scene.request(look, { network });
      const own = { HOME: asked.environment['HOME']!, TMPDIR: asked.environment['TMPDIR']! };
      const { stdout } = await run({ ...asked, environment: { ...environment, ...own } }, []);
      return stdout.replaceAll(/run-\d+/g, 'run').split('\n');
    };
    const [none, hosts] = [await listing('none'), await listing(['a.example'])];
    const proxy = 'http://127.0.0.1:14793';
    const variables = ['HTTPS_PROXY', 'HTTP_PROXY', 'http_proxy', 'https_proxy'].map((name) => `${name}=${proxy}`);
    const direct = ['NO_PROXY', 'no_proxy'].map((name) => `${name}=localhost,127.0.0.1,::1`);
    const added = [...variables, ...direct, 'NODE_USE_ENV_PROXY=1', 'run'];
    expect(hosts.filter((line) => !none.includes(line)).toSorted()).toEqual(added.toSorted());
    expect(none.filter((line) => !hosts.includes(line))).toEqual([]);
    expect(none).toContain('Seccomp:\t2');
  });

  it('asks the proxy for localhost only where that is declared', async () => {
    const { stdout } = await run(request('echo $NO_PROXY'));
    expect(stdout).toBe('127.0.0.1,::1\n');
  });

  it.each([
    ['exit 7', { code: 7 }],
    ['kill -TERM $$', { code: 143 }],
    ['kill -KILL $$', { code: 137 }],
    ['trap "echo caught; exit 5" TERM; kill -TERM 0; sleep 1', { code: 5, stdout: 'caught\n' }],
    ['nowhere', { code: 127 }],
  ])('ends as the command does: %s', async (command, expected) => {
    expect(await run(request(command))).toMatchObject(expected satisfies Partial<LaunchResult>);
  });

  it('shows as much of Node.js as it needs, in a place of its own, when the toolchain has none', async () => {
    const command = `command -v node; ls /run/holdfast; curl -sS http://localhost:${plainPort}/p; touch /run/holdfast/x`;
    const { stdout, stderr } = await run(request(command, { environment: { PATH: '/nowhere:/usr/bin:/bin' } }), []);
    const extension = import.meta.filename.endsWith('.ts') ? 'mts' : 'mjs';
    expect(stdout).toMatch(new RegExp(`(?:^|\n)egress\nforwarder\\.${extension}\nnode\nhello GET /p $`));
    expect(stderr).toMatch(/read-only/i);
  });

  it('has no network, and nothing else, when the command ends the forwarder', async () => {
    const program = `
import os, signal, socket, urllib.request as request
own = {1, os.getpid(), os.getppid()}
others = [int(name) for name in os.listdir('/proc') if name.isdigit() and int(name) not in own]
print(len(others))
for pid in others:
    os.kill(pid, signal.SIGTERM)
print(request.urlopen('URL').read().decode())
for pid in others:
    os.kill(pid, signal.SIGKILL)
while True:
    try:
        socket.create_connection(('127.0.0.1', int(os.environ['http_proxy'].split(':')[-1]))).close()
    except ConnectionRefusedError:
        break
    except ConnectionResetError:
        pass  # its queue was still open when it ended
print('refused')`;
    const words = python(program.replaceAll('URL', `http://localhost:${plainPort}/p`));
    const { stdout, stderr, code } = await run(request(`${words}\nexit 9`));
    expect({ stderr, code }).toEqual({ stderr: '', code: 9 });
    expect(stdout.split('\n')).toEqual(['1', 'hello GET /p ', 'refused', '']);
  });

  it('ends with the command, whatever that leaves running', async () => {
    const marker = `egress-${process.pid}`;
    const asked = request('sleep 300 & exit 3');
    const { code } = await run({ ...asked, environment: { ...asked.environment, HOLDFAST_RUN: marker } });
    expect(code).toBe(3);
    await expect.poll(() => processesOf(marker)).toEqual([]);
    expect(existsSync(join(asked.temporary, 'sandbox/egress'))).toBe(false);
  });

  it('counts its own processes apart from those that the command may have', async () => {
    const program = `
import os, time
made = []
try:
    while len(made) < 20:
        made.append(os.fork())
        if made[-1] == 0: time.sleep(2); os._exit(0)
except BlockingIOError:
    pass
print(len(made))`;
    const counts = new Map<string, number>();
    for (const network of ['none', ['a.example']] as const) {
      const { stdout, enforced } = await run(request(python(program), { network, limits: { processCount: 8 } }));
      expect(enforced['process-count'] ?? '8').toBe('8');
      counts.set(network === 'none' ? 'without' : 'with', Number(stdout));
    }
    const more = (counts.get('with') ?? 0) - (counts.get('without') ?? 0);
    expect(more).toBeGreaterThanOrEqual(0);
    expect(more).toBeLessThanOrEqual(1); // the shell that started the forwarder has become the command
  });

  function needsClient(name: string, context: { skip(note: string): unknown }): void {
    if (name !== 'curl' || existsSync('/usr/bin/curl')) return;
    if (process.env['HOLDFAST_REQUIRE'] === 'all') throw new Error('needs curl');
    context.skip('needs curl');
  }

  function processesOf(marker: string): string[] {
    return readdirSync('/proc').filter((name) => {
      try {
        return /^\d+$/.test(name) && readFileSync(`/proc/${name}/environ`, 'latin1').includes(`HOLDFAST_RUN=${marker}`);
      } catch {
        return false;
      }
    });
  }
});
