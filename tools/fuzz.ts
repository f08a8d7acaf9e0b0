// `npm run fuzz -- FORMAT`: mutated files through the scan, in a process of its own: no crash, no hang, no unbounded
// memory. What found something is kept in packages/scan/corpus/found, and the tests scan it ever after.
//   npm run fuzz -- FORMAT [--seeds FOLDER] [--count 20000] [--from 1]
// Without a folder the seeds are the files of the corpus; of a format that has none there, the worst inputs of its
// test, three of each thing.
import { type ChildProcess, fork } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { families, unpack } from '../packages/scan/corpus/corpus.ts';
import { MemorySource } from '../packages/scan/src/bytes/source.ts';
import { formats } from '../packages/scan/src/formats/index.ts';
import { formatsOf } from '../packages/scan/src/recognise.ts';
import { worstInputs } from '../packages/scan/test/slope/worst-inputs.ts';
import { mutate } from './fuzz-mutation.ts';
import type { FuzzNews, FuzzTask } from './fuzz-target.ts';
import { root } from './repository.ts';

const slowest = 10_000; // milliseconds for one file
const memory = 512 * 2 ** 20;
const found = join(root, 'packages/scan/corpus/found');

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seeds: { type: 'string' },
    count: { type: 'string', default: '20000' },
    from: { type: 'string', default: '1' },
  },
});
const [name = ''] = positionals;
const format = formats.find((candidate) => candidate.name === name);
if (format === undefined) {
  console.error(`fuzz: name a format: ${formats.map((candidate) => candidate.name).join(', ')}`);
  process.exit(2);
}
const files = values.seeds === undefined ? ownSeeds() : seedsOf(values.seeds);
if (files.length === 0) {
  console.error(`fuzz: ${values.seeds ?? 'the corpus'} has no file of the format ${name}`);
  process.exit(3);
}
const seeds = files.map((file) => readFileSync(file));
const first = Number(values.from);
const last = first + Number(values.count) - 1;
let problems = 0;
for (let next = first; next <= last; ) next = await stretch(next);
console.log(`${name}: ${last - first + 1} mutated files from ${files.length} seeds, ${problems} problems`);
process.exitCode = problems > 0 ? 1 : 0;

/** Files of the corpus, else those that are made, in a folder that goes with this process. */
function ownSeeds(): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-fuzz-'));
  process.on('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  for (const family of families) unpack(family, folder);
  const inCorpus = seedsOf(folder);
  if (inCorpus.length > 0) return inCorpus;
  for (const [index, make] of Object.values(worstInputs[name] ?? {}).entries()) {
    writeFileSync(join(folder, `worst-${index}`), make(3));
  }
  return seedsOf(folder);
}

/** Files below a folder that are of the format, none over 256 KiB. */
function seedsOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => statSync(file).size <= 2 ** 18)
    .filter((file) => formatsOf(new MemorySource(readFileSync(file))).some((other) => other.name === name))
    .sort();
}

/** Runs a process until it is done, dies or hangs; the seed to go on with. */
async function stretch(from: number): Promise<number> {
  const target = fork(join(import.meta.dirname, 'fuzz-target.ts'), {
    execArgv: ['--conditions=source', '--disable-warning=ExperimentalWarning', '--max-old-space-size=512'],
  });
  target.send({ files, first: from, last, memory } satisfies FuzzTask);
  const state = { trying: from, isDone: false };
  let timer = watch(target);
  target.on('message', (news: FuzzNews) => {
    clearTimeout(timer);
    timer = watch(target);
    state.trying = news.trying ?? state.trying;
    state.isDone ||= news.done === true;
    if (news.problem !== undefined) keep(news.problem.seed, news.problem.text);
  });
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve) => {
    target.on('exit', (...how) => {
      resolve(how);
    });
  });
  clearTimeout(timer);
  if (state.isDone) return last + 1;
  keep(
    state.trying,
    signal === 'SIGKILL' ? `hangs: longer than ${slowest / 1000} s` : `the process ended: ${code ?? signal}`,
  );
  return state.trying + 1;
}

function watch(target: ChildProcess): NodeJS.Timeout {
  return setTimeout(() => target.kill('SIGKILL'), slowest);
}

function keep(seed: number, text: string): void {
  problems += 1;
  if (!existsSync(found)) mkdirSync(found, { recursive: true });
  const file = join(found, `${name}-${seed}.bin`);
  writeFileSync(file, mutate(seeds, seed));
  console.error(`fuzz: seed ${seed}: ${text}\n  kept as ${file}`);
}
