/**
 * What a probe runs in the sandbox, as a program of its own: it tries what must fail, and prints what worked.
 * `argv[2]` is a JSON object of the places to try.
 */
export const probeScript = `
import { spawnSync } from 'node:child_process';
import { openSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';

const { input, output, files, writes, opens, variable, port, socket, programs } = JSON.parse(process.argv[2]);
const done = [];
const attempt = (name, action) => {
  try {
    if (action() !== false) done.push(name);
  } catch {}
};
const reached = (options) =>
  new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), 2000);
    const answer = (value) => () => (clearTimeout(timer), client.destroy(), resolve(value));
    const client = connect(options);
    client.on('connect', answer(true));
    client.on('error', answer(false));
  });

attempt('read-input', () => readFileSync(input, 'utf8') === 'input');
attempt('write-output', () => writeFileSync(output, 'output'));
attempt('change-input', () => writeFileSync(input, 'changed'));
for (const [name, path] of Object.entries(files)) attempt(name, () => readFileSync(path).length > 0);
for (const [name, path] of Object.entries(writes)) attempt(name, () => writeFileSync(path, 'x'));
for (const [name, path] of Object.entries(opens)) attempt(name, () => openSync(path, 'r+') > 0);
attempt('environment', () => process.env[variable] !== undefined);
attempt('other-environment', () => readFileSync('/proc/1/environ', 'utf8').includes(variable));
if (await reached({ host: '127.0.0.1', port })) done.push('tcp');
if (await reached({ path: '\\0' + socket })) done.push('abstract-socket');
attempt('nested-user-namespace', () => spawnSync('unshare', ['--user', 'true']).status === 0);
for (const [name, [path, error]] of Object.entries(programs)) attempt(name, () => spawnSync(path).status !== error);
const status = readFileSync('/proc/self/status', 'utf8');
attempt('capabilities', () => /^Cap(Prm|Eff|Bnd|Amb):\\t0*[1-9a-f]/m.test(status));
attempt('new-privileges', () => !/^NoNewPrivs:\\t1$/m.test(status));
attempt('no-filter', () => !/^Seccomp:\\t2$/m.test(status));
process.stdout.write(JSON.stringify(done));
`;
