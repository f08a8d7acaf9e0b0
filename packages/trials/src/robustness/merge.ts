import { TrialsError } from '../errors.ts';
import { type KeptTrial, readOutput } from './output/report-file.ts';
import { shardText } from './shard.ts';
import type { ChangedRows, TrialResult } from './trial-result.ts';

/** Shards put together again. */
export interface MergedTrial {
  readonly name: string;
  /** The same as if the trial had run at once. */
  readonly result: TrialResult;
}

/**
 * Reads shards of a trial and puts them together: every row exactly once.
 * @param folders what each shard wrote
 * @throws TrialsError HF_TRIALS_REPORT, HF_TRIALS_SHARD_MISSING, HF_TRIALS_SHARD_TWICE, HF_TRIALS_SHARD_FOREIGN
 */
export async function mergeShards(folders: readonly string[]): Promise<MergedTrial> {
  const shards: KeptTrial[] = [];
  for (const folder of folders) shards.push(await readOutput(folder));
  const [first] = shards;
  if (first === undefined) throw new TrialsError('HF_TRIALS_SHARD_MISSING', 'there is no shard to merge');
  for (const shard of shards) requireSameTrial(first, shard);
  requireEachOnce(first, shards);
  const rows = shards.flatMap(({ result }) => result.rows).sort((a, b) => a.row - b.row);
  requireEveryRow(
    first.result,
    rows.map(({ row }) => row),
  );
  const { options, subject, software, members, radii, asked } = first.result;
  const processors = [...new Set(shards.map(({ result }) => result.software.processor))].sort();
  return {
    name: first.name,
    result: {
      ...{ options, subject, members, radii, asked },
      software: { ...software, processor: processors.join(' and ') },
      rows,
      signs: shards.flatMap(({ result }) => result.signs),
      changed: joined(shards.map(({ result }) => result)),
      isInterrupted: false,
    },
  };
}

/** What has to be the same; shards may run on different processors. */
function requireSameTrial(one: KeptTrial, other: KeptTrial): void {
  const parts = (result: TrialResult): [string, unknown][] => [
    ['model', result.subject.model],
    ['samples', result.subject.data],
    ['options', { ...result.options, data: '' }],
    ['versions', { ...result.software, processor: '' }],
    ['attacks', [result.members, result.radii]],
    ['rows', [result.asked, result.subject]],
    ['number of shards', result.shard?.of],
  ];
  const [mine, theirs] = [parts(one.result), parts(other.result)];
  const odd = mine.find(([, value], place) => sorted(value) !== sorted(theirs[place]?.[1]));
  if (odd === undefined) return;
  throw new TrialsError('HF_TRIALS_SHARD_FOREIGN', `\`${one.folder}\` and \`${other.folder}\` differ in ${odd[0]}`);
}

/** As text, whatever the order in which fields were written. */
function sorted(value: unknown): string {
  return JSON.stringify([value], (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

function requireEachOnce({ folder, result }: KeptTrial, shards: readonly KeptTrial[]): void {
  const { shard } = result;
  if (shard === undefined) {
    if (shards.length === 1) return;
    throw new TrialsError('HF_TRIALS_SHARD_TWICE', `\`${folder}\` is no shard: it is the whole trial`);
  }
  const seen = new Map<number, string>();
  for (const each of shards) {
    const index = each.result.shard?.index ?? 0;
    const before = seen.get(index);
    if (before !== undefined) {
      const message = `\`${before}\` and \`${each.folder}\` are both shard ${shardText({ index, of: shard.of })}`;
      throw new TrialsError('HF_TRIALS_SHARD_TWICE', message);
    }
    seen.set(index, each.folder);
  }
  const missing = shard.of - seen.size;
  if (missing === 0) return;
  const named: string[] = [];
  for (let index = 1; index <= shard.of && named.length < 10; index += 1) {
    if (!seen.has(index)) named.push(shardText({ index, of: shard.of }));
  }
  const list = `${named.join(', ')}${missing > named.length ? ', …' : ''}`;
  throw new TrialsError('HF_TRIALS_SHARD_MISSING', `not every shard is there; missing: ${list}`);
}

/** @param rows sorted */
function requireEveryRow({ asked }: TrialResult, rows: readonly number[]): void {
  const twice = rows.find((row, place) => row === rows[place - 1]);
  if (twice !== undefined) {
    throw new TrialsError('HF_TRIALS_SHARD_TWICE', `row ${twice} is in more than one shard`);
  }
  if (rows.length === asked) return;
  const absent = rows.findIndex((row, place) => row !== place);
  const message = `${asked - rows.length} of ${asked} rows are in no shard, such as row ${absent < 0 ? rows.length : absent}`;
  throw new TrialsError('HF_TRIALS_SHARD_MISSING', message);
}

/** In the order of the file. */
function joined(results: readonly TrialResult[]): ChangedRows {
  const all = results.flatMap(({ changed }) => changed.rows.map((row, place) => ({ row, place, changed })));
  all.sort((a, b) => a.row - b.row);
  const size = results[0]?.subject.dims.reduce((product, each) => product * each, 1) ?? 0;
  const gathered = (name: 'original' | 'changed'): Float32Array => {
    const found = new Float32Array(all.length * size);
    for (const [index, { place, changed }] of all.entries()) {
      found.set(changed[name].subarray(place * size, (place + 1) * size), index * size);
    }
    return found;
  };
  return { rows: all.map(({ row }) => row), original: gathered('original'), changed: gathered('changed') };
}
