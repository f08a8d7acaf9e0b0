import { join } from 'node:path';
import { anybody } from '@holdfast/gateway/callers/anybody';
import { ApiKeys } from '@holdfast/gateway/callers/api-keys/api-keys';
import { Authoriser } from '@holdfast/gateway/callers/authorise';
import type { Authenticator } from '@holdfast/gateway/callers/caller';
import { Callers } from '@holdfast/gateway/callers/callers';
import { Certificates } from '@holdfast/gateway/callers/certificates';
import { Tokens } from '@holdfast/gateway/callers/tokens/tokens';
import { countedQuota } from '@holdfast/gateway/quotas/declared-quota';
import { MemoryQuotas } from '@holdfast/gateway/quotas/memory-quotas';
import type { Quotas } from '@holdfast/gateway/quotas/quota';
import { SharedQuotas } from '@holdfast/gateway/quotas/shared/shared-quotas';
import { unlimited } from '@holdfast/gateway/quotas/unlimited';
import { checkRegistry } from '@holdfast/pipeline/check-registry';
import type { Project } from '@holdfast/pipeline/project';
import { countedBefore } from './counted-before.ts';
import type { DeclaredGateway } from './declared-gateway.ts';

/** What is said of callers while serving: a file that cannot be used any more. */
type Said = (line: string) => void;

/** Who asks, whether they may, and how much. */
export interface Access {
  readonly authenticator: Authenticator;
  readonly authoriser: Authoriser;
  readonly quotas: Quotas;
}

/**
 * Who may call, what policy lets them ask, and how much, as declared.
 *
 * @throws GatewayError HF_GATEWAY_KEY_FILE, HF_GATEWAY_CONFIGURATION; PolicyError
 */
export async function openAccess(
  declared: DeclaredGateway,
  { folder, config }: Pick<Project, 'folder' | 'config'>,
  said: Said,
): Promise<Access> {
  return {
    authenticator: await openCallers(declared, folder, said),
    authoriser: await openAuthoriser(declared, folder, said),
    quotas: await openQuotas(declared, { folder, space: config.project }, said),
  };
}

/**
 * Who may call, as declared; everybody on this machine where nothing is.
 */
async function openCallers({ callers }: DeclaredGateway, folder: string, said: Said): Promise<Authenticator> {
  if (callers === undefined) return anybody;
  const { keys, tokens, certificates } = callers;
  if ((keys ?? tokens ?? certificates) === undefined) return anybody;
  const unusable = (what: string) => (error: unknown) => {
    said(`${what} refused from now on: ${error instanceof Error ? error.message : String(error)}`);
  };
  return new Callers({
    ...(keys === undefined ? {} : { keys: await ApiKeys.open(join(folder, keys), { unusable: unusable('keys') }) }),
    ...(tokens === undefined ? {} : { tokens: tokensOf(tokens, folder, unusable('new tokens')) }),
    ...(certificates === undefined ? {} : { certificates: new Certificates(certificates.map(certificateOf)) }),
  });
}

type DeclaredCertificates = NonNullable<NonNullable<DeclaredGateway['callers']>['certificates']>;

/** A subject as Node writes it has one part on each line. */
const certificateOf = ({ subject, ...certificate }: DeclaredCertificates[number]) => ({
  ...certificate,
  ...(subject === undefined ? {} : { subject: subject.join('\n') }),
});

type DeclaredTokens = NonNullable<NonNullable<DeclaredGateway['callers']>['tokens']>;

function tokensOf(tokens: DeclaredTokens, folder: string, unusable: (error: unknown) => void): Tokens {
  const { keys } = tokens;
  return new Tokens({ ...tokens, keys: /^https?:/.test(keys) ? keys : join(folder, keys) }, { unusable });
}

/** How much callers may ask for, as declared. */
async function openQuotas(
  { callers }: DeclaredGateway,
  { folder, space }: { readonly folder: string; readonly space: string },
  said: Said,
): Promise<Quotas> {
  const quotas = (callers?.quotas ?? []).map(countedQuota);
  if (quotas.length === 0) return unlimited;
  const shared = callers?.shared;
  if (shared === undefined) return new MemoryQuotas(quotas);
  const without = shared.fail === 'open' ? 'this gateway counts for itself' : 'nobody is served';
  const memory = countedBefore(folder, shared.redis, space);
  return SharedQuotas.open(
    { quotas, address: shared.redis, fail: shared.fail, space, memory, leases: true },
    {
      lost: () => {
        said(`the shared counter cannot be reached: ${without} until it is`);
      },
      found: () => {
        said('the shared counter counts again');
      },
    },
  );
}

/** Whether policy lets a caller ask a model: the project's own, or the built-in one. */
export async function openAuthoriser({ policy }: DeclaredGateway, folder: string, said: Said): Promise<Authoriser> {
  const knownChecks = checkRegistry.map(({ name }) => name);
  return Authoriser.open(
    { knownChecks, ...(policy === undefined ? {} : { path: join(folder, policy) }) },
    {
      unusable: (error) => {
        said(`everybody refused from now on: ${error instanceof Error ? error.message : String(error)}`);
      },
    },
  );
}
