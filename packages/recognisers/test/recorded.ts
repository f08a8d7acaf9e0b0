import { readFileSync } from 'node:fs';

interface Numbers {
  readonly peer: string;
  readonly valid: readonly string[];
  readonly invalid: readonly string[];
}

interface Record {
  readonly versions: { readonly [library: string]: string };
  readonly numbers: { readonly [type: string]: Numbers };
  readonly made: { readonly [type: string]: readonly string[] };
  readonly githubTokens: readonly (readonly [string, string])[];
}

/** What python-stdnum 2.2 and others said of random numbers: tools/peers/record-recognisers.py. */
export const recorded = JSON.parse(
  readFileSync(new URL('./vectors/peers.json', import.meta.url), 'utf8'),
) as unknown as Record;
