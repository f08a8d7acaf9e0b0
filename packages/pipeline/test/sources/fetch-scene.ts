import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { holdfastYaml } from '@holdfast/contracts';
import { temporaryFolder } from '@holdfast/testkit';
import { authorities } from '../../src/sources/authorities.ts';
import { declaredSources } from '../../src/sources/declared-source.ts';
import { type FetchWish, fetchTo } from '../../src/sources/fetch-source.ts';
import type { Received } from '../../src/sources/receive.ts';

export const sha256 = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** What one fetch came to, and what lies in the folder of its target then. */
export interface Fetched {
  readonly received: Received | undefined;
  readonly error: { code?: string; message?: string; where?: string; fix?: string; exit?: number } | undefined;
  /** What lies at the target, if anything does. */
  readonly target: string | undefined;
  readonly files: readonly string[];
  readonly notices: readonly string[];
}

export interface FetchScene {
  /** Of a source, beside its URI. */
  readonly source: Readonly<Record<string, unknown>> & { readonly uri: string };
  readonly origins?: readonly string[];
  /** What lies there before. */
  readonly before?: string;
  /** File of an authority; absent: Node's own. */
  readonly authority?: string;
  readonly wish?: Partial<FetchWish>;
  readonly folder?: string;
}

/** Fetches one source to `data/target.csv` of an empty folder. */
export async function fetchHere({ source, origins, before, authority, wish, ...scene }: FetchScene): Promise<Fetched> {
  const folder = scene.folder ?? temporaryFolder();
  const config = holdfastYaml.parse({
    ...{ project: 'a', ledger: 'a.example', sources: { bureau: source } },
    artifacts: { raw: { path: 'target.csv', kind: 'dataset', source: 'bureau' } },
    ...(origins === undefined ? {} : { origins: [...origins] }),
  });
  const [declared] = declaredSources(config);
  const target = join(folder, 'target.csv');
  if (before !== undefined) writeFileSync(target, before);
  const notices: string[] = [];
  const asked: FetchWish = {
    ...{ folder, keys: [], authorities: await authorities(authority), signal: new AbortController().signal },
    ...{ pauseMs: 1, notice: (text) => notices.push(text), ...wish },
  };
  const [received, error] = await fetchTo(target, declared!, asked).then(
    (done) => [done, undefined] as const,
    (thrown: unknown) => [undefined, thrown as Fetched['error']] as const,
  );
  const there = existsSync(target) ? readFileSync(target, 'utf8') : undefined;
  return { received, error, target: there, files: readdirSync(folder).sort(), notices };
}
