// Runs a TypeScript tool of this repository on Node 24, whatever Node started it, installing what is missing first.
// Plain JavaScript, because the Node that starts it may be too old for TypeScript.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const stamp = join(root, 'node_modules', '.holdfast-lock');

function installed(lock) {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === lock;
}

function install() {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (installed(lock)) return;
  process.stderr.write('holdfast: installing what is missing (once, under a minute on most machines) …\n');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const done = spawnSync(npm, ['ci', '--include=optional', '--include=dev', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (done.status !== 0) {
    process.stderr.write('holdfast: `npm ci` failed (see above). Is the npm registry reachable?\n');
    process.exit(3);
  }
  writeFileSync(stamp, lock);
}

/** The Node to run on: this one when it is new enough, else the one that npm installed. */
function nodeBinary() {
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  const local = join(root, 'node_modules', '.bin', process.platform === 'win32' ? 'node.cmd' : 'node');
  if (existsSync(local)) return local;
  process.stderr.write(
    `holdfast: needs Node 24 or newer, and npm has none for ${process.platform}-${process.arch}. Install it from nodejs.org.\n`,
  );
  process.exit(3);
}

const [script, ...args] = process.argv.slice(2);
install();
const node = nodeBinary();
const child = spawn(
  node,
  ['--conditions=source', '--disable-warning=ExperimentalWarning', join(root, script), ...args],
  {
    stdio: 'inherit',
    env: {
      ...process.env,
      PATH: `${join(root, 'node_modules', '.bin')}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH ?? ''}`,
    },
  },
);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)));
