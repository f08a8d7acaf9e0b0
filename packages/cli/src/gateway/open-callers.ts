import { join } from 'node:path';
import { anybody } from '@holdfast/gateway/callers/anybody';
import { ApiKeys } from '@holdfast/gateway/callers/api-keys/api-keys';
import type { Authenticator } from '@holdfast/gateway/callers/caller';
import { Callers } from '@holdfast/gateway/callers/callers';
import { Tokens } from '@holdfast/gateway/callers/tokens/tokens';
import { countedQuota } from '@holdfast/gateway/quotas/declared-quota';
import { MemoryQuotas } from '@holdfast/gateway/quotas/memory-quotas';
import type { Quotas } from '@holdfast/gateway/quotas/quota';
import { unlimited } from '@holdfast/gateway/quotas/unlimited';
import { type DeclaredGateway, notYet } from './declared-gateway.ts';

/** What is said of callers while serving: a file that cannot be used any more. */
export type Said = (line: string) => void;

/**
 * Who may call, as declared; everybody on this machine where nothing is.
 *
 * @throws GatewayError HF_GATEWAY_KEY_FILE, HF_GATEWAY_CONFIGURATION
 */
export async function openCallers({ callers }: DeclaredGateway, folder: string, said: Said): Promise<Authenticator> {
  if (callers === undefined) return anybody;
  const { keys, tokens, certificates } = callers;
  if (certificates !== undefined) throw notYet('certificates');
  if (keys === undefined && tokens === undefined) return anybody;
  const unusable = (what: string) => (error: unknown) => {
    said(`${what} refused from now on: ${error instanceof Error ? error.message : String(error)}`);
  };
  return new Callers({
    ...(keys === undefined ? {} : { keys: await ApiKeys.open(join(folder, keys), { unusable: unusable('keys') }) }),
    ...(tokens === undefined ? {} : { tokens: tokensOf(tokens, folder, unusable('new tokens')) }),
  });
}

type DeclaredTokens = NonNullable<NonNullable<DeclaredGateway['callers']>['tokens']>;

function tokensOf(tokens: DeclaredTokens, folder: string, unusable: (error: unknown) => void): Tokens {
  const { keys } = tokens;
  return new Tokens({ ...tokens, keys: /^https?:/.test(keys) ? keys : join(folder, keys) }, { unusable });
}

/** How much callers may ask for, as declared. */
export function openQuotas({ callers }: DeclaredGateway): Quotas {
  if (callers?.shared !== undefined) throw notYet('shared');
  const quotas = callers?.quotas ?? [];
  return quotas.length === 0 ? unlimited : new MemoryQuotas(quotas.map(countedQuota));
}
