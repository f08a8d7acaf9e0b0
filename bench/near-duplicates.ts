/**
 * Near duplicates among short made documents, beside datasketch (MinHash LSH with as many permutations as it needs for the
 * same recall), in one run. Which pairs are similar is known: each document is of random words, some have a twin with one or
 * two words changed, and the similarity of each twin is worked out from sets of texts.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { NearDuplicates } from '@holdfast/data/anomaly/near/near-duplicates';
import { type Random, randomOf } from '@holdfast/statistics';
import type { BenchResult, BenchRow } from '../tools/bench-tables.ts';

const threshold = 0.8;
const documents = 200_000;
/** datasketch needs some hundred microseconds a document. */
const peerDocuments = 20_000;

interface Corpus {
  readonly texts: readonly string[];
  /** Numbers of twins that are similar. */
  readonly twins: ReadonlySet<string>;
}

function shingles(text: string): Set<string> {
  const words = text.split(' ');
  return new Set(words.slice(2).map((_, at) => words.slice(at, at + 3).join(' ')));
}

function similarity(one: string, other: string): number {
  const [left, right] = [shingles(one), shingles(other)];
  const shared = [...left].filter((each) => right.has(each)).length;
  return shared / (left.size + right.size - shared);
}

function corpus(count: number, random: Random): Corpus {
  const letters = (): string => String.fromCharCode(97 + random.integer(26));
  const vocabulary = Array.from({ length: 20_000 }, () =>
    Array.from({ length: 3 + random.integer(7) }, letters).join(''),
  );
  // Some words are far more frequent than others.
  const word = (): string => vocabulary[Math.floor(vocabulary.length * random.uniform() ** 2)] ?? '';
  const texts: string[] = [];
  const twins = new Set<string>();
  while (texts.length < count) {
    const words = Array.from({ length: 20 + random.integer(30) }, word);
    texts.push(words.join(' '));
    if (random.uniform() > 0.1 || texts.length === count) continue;
    for (let changes = 1 + random.integer(2); changes > 0; changes -= 1) words[random.integer(words.length)] = word();
    const [one, other] = [texts.length - 1, texts.push(words.join(' ')) - 1];
    if (similarity(texts[one] ?? '', texts[other] ?? '') >= threshold) twins.add(`${one} ${other}`);
  }
  return { texts, twins };
}

interface Found {
  readonly wall: number;
  readonly cpu: number;
  readonly pairs: readonly string[];
}

function ours({ texts }: Corpus): Found {
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  const near = new NearDuplicates({ threshold, shingles: { of: 'words', size: 3 } });
  for (const [index, text] of texts.entries()) near.add(index, text);
  const pairs: string[] = [];
  near.pairs((one, other) => pairs.push(`${one} ${other}`));
  const { user, system } = process.cpuUsage(cpu);
  return { wall: (performance.now() - start) / 1000, cpu: (user + system) / 1e6, pairs };
}

const program = `
import json, sys, time
from datasketch import MinHash, MinHashLSH
texts = open(sys.argv[1]).read().split("\\n")
start, cpu = time.perf_counter(), time.process_time()
lsh = MinHashLSH(threshold=float(sys.argv[2]), num_perm=128, weights=(0.1, 0.9))
hashed, pairs = [], []
for text in texts:
    words = text.split(" ")
    one = MinHash(num_perm=128)
    one.update_batch([" ".join(words[at:at + 3]).encode() for at in range(len(words) - 2)])
    hashed.append(one)
for index, one in enumerate(hashed):
    pairs += [f"{other} {index}" for other in lsh.query(one)]
    lsh.insert(index, one)
print(json.dumps({"wall": time.perf_counter() - start, "cpu": time.process_time() - cpu, "pairs": pairs}))
`;

const python = join(homedir(), '.cache/holdfast-peers/data/bin/python');

function datasketch({ texts }: Corpus): Found {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-bench-'));
  try {
    writeFileSync(join(folder, 'texts'), texts.join('\n'));
    const printed = execFileSync(python, ['-c', program, join(folder, 'texts'), String(threshold)], {
      encoding: 'utf8',
      maxBuffer: 2 ** 30,
    });
    return JSON.parse(printed) as Found;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const rounded = (value: number): number => Number(value.toFixed(4));

function row(what: string, { texts, twins }: Corpus, { wall, cpu, pairs }: Found): BenchRow {
  const right = pairs.filter((pair) => twins.has(pair)).length;
  // What is no twin may be similar by chance: it is worked out.
  const good = pairs.filter((pair) => {
    const [one = 0, other = 0] = pair.split(' ').map(Number);
    return twins.has(pair) || similarity(texts[one] ?? '', texts[other] ?? '') >= threshold;
  }).length;
  return {
    what,
    'documents/s': Math.round(texts.length / wall),
    'documents/CPU s': Math.round(texts.length / cpu),
    recall: rounded(right / twins.size),
    precision: rounded(good / Math.max(1, pairs.length)),
    'similar pairs': twins.size,
  };
}

/** Half a minute. */
export function run(): BenchResult {
  const random = randomOf('near duplicates');
  const [large, small] = [corpus(documents, random), corpus(peerDocuments, random)];
  ours(small);
  const rows = [row(`${documents} documents of 20 to 50 words, shingles of 3 words`, large, ours(large))];
  rows.push(row(`${peerDocuments} of them`, small, ours(small)));
  if (existsSync(python))
    rows.push(row(`${peerDocuments} of them, datasketch (candidates as it gives them)`, small, datasketch(small)));
  return { name: 'near duplicates', rows };
}

if (import.meta.main) for (const each of run().rows) console.log(each);
