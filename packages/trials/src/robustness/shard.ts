import { TrialsError } from '../errors.ts';

/** One of several parts of a trial that run apart, and are merged. */
export interface Shard {
  /** From 1. */
  readonly index: number;
  readonly of: number;
}

/** Reads `3/8`. @throws TrialsError HF_TRIALS_OPTIONS */
export function parseShard(text: string): Shard {
  const [, index = '', of = ''] = /^([1-9]\d{0,5})\/([1-9]\d{0,5})$/.exec(text) ?? [];
  const shard = { index: Number(index), of: Number(of) };
  if (index !== '' && shard.index <= shard.of) return shard;
  throw new TrialsError('HF_TRIALS_OPTIONS', `\`${text}\` is no shard`, {
    fix: 'write which one and of how many: `--shard 3/8`',
  });
}

export const shardText = ({ index, of }: Shard): string => `${index}/${of}`;

/**
 * The first rows of the blocks that a shard has: every block is in exactly one of the shards.
 * @throws TrialsError HF_TRIALS_OPTIONS if there is none for it
 */
export function blocksOf(rows: number, blockRows: number, shard: Shard = { index: 1, of: 1 }): number[] {
  const blocks = Math.ceil(rows / blockRows);
  const firsts = Array.from({ length: blocks }, (_, block) => block * blockRows);
  const own = firsts.filter((_, block) => block % shard.of === shard.index - 1);
  if (own.length > 0) return own;
  throw new TrialsError('HF_TRIALS_OPTIONS', `${rows} rows cannot be cut into ${shard.of} shards`, {
    fix: `rows go together by ${blockRows}: at most ${blocks} shards`,
  });
}
