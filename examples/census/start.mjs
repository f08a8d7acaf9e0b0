// Makes a project of this example and of the file that UCI publishes:
//     node start.mjs PATH/adult-train.csv [FOLDER]
// It copies the file, byte for byte, and refuses every other one. Plain JavaScript, for any Node.
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const rows = 32_561;
const cells = 15;
const maximumBytes = 64 * 1024 * 1024;

function stop(status, message, fix) {
  process.stderr.write(`start.mjs: ${message}\n  Do: ${fix}\n`);
  process.exit(status);
}

/** What is wrong with the file, to somebody who wonders which one is meant; nothing when it has the right shape. */
function shapeProblem(text) {
  const lines = text.replace(/\n+$/, '').split('\n');
  if (!/^\d+, /.test(text)) return 'does not begin with the age of a person; the published file has no header';
  const wrong = lines.findIndex((line) => line.split(', ').length !== cells);
  if (wrong >= 0) return `has ${lines[wrong].split(', ').length} cells in line ${wrong + 1}, not ${cells}`;
  return lines.length === rows ? undefined : `has ${lines.length} rows, not ${rows}`;
}

/** The bytes of the file, when it is the one that holdfast.yaml pins. */
function readPinned(path) {
  const entry = statSync(path, { throwIfNoEntry: false });
  if (entry?.isFile() !== true) stop(3, `there is no file \`${path}\``, 'give the path of adult-train.csv');
  if (entry.size > maximumBytes) stop(1, `\`${path}\` is over 64 MiB`, 'give the path of adult-train.csv');
  const bytes = readFileSync(path);
  const [, pinned] = /sha256: ([0-9a-f]{64})/.exec(readFileSync(join(here, 'holdfast.yaml'), 'utf8'));
  if (createHash('sha256').update(bytes).digest('hex') === pinned) return bytes;
  const problem =
    shapeProblem(bytes.toString('latin1')) ?? 'has the right shape, and other bytes than what was published';
  stop(
    1,
    `\`${path}\` ${problem}`,
    `take adult.data from https://archive.ics.uci.edu/dataset/2/adult (sha256 ${pinned})`,
  );
}

/** Whether a stage that runs there finds a package. */
function findsPackage(folder, name) {
  if (existsSync(join(folder, 'node_modules', name))) return true;
  return dirname(folder) !== folder && findsPackage(dirname(folder), name);
}

const [path, wanted, ...rest] = process.argv.slice(2);
if (path === undefined || rest.length > 0) stop(2, 'wrong usage', 'node start.mjs PATH/adult-train.csv [FOLDER]');
const folder = resolve(wanted ?? join(here, '..', '..', 'build', 'census'));
if (existsSync(folder) && readdirSync(folder).length > 0) stop(2, `\`${folder}\` is not empty`, 'name another folder');
if (!findsPackage(folder, '@holdfast/onnx'))
  stop(
    3,
    `a project in \`${folder}\` would not find \`@holdfast/onnx\``,
    'name a folder inside the clone, after npm ci',
  );

const bytes = readPinned(path);
mkdirSync(join(folder, 'data'), { recursive: true });
writeFileSync(join(folder, 'data', 'adult-train.csv'), bytes);
for (const name of readdirSync(here)) {
  if (/\.(ts|yaml)$|^package\.json$/.test(name)) copyFileSync(join(here, name), join(folder, name));
}
cpSync(join(here, 'suites'), join(folder, 'suites'), { recursive: true });
cpSync(join(here, 'policy'), join(folder, 'policy'), {
  recursive: true,
  filter: (from) => !from.endsWith('trust.json'),
});
console.log(
  `${relative(process.cwd(), folder) || '.'}: ${rows} people, as published\nNext   cd there, and: npx holdfast init --yes`,
);
