import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { createKeyFile, type KeyFile, listKeyFiles } from '@holdfast/evidence/key-files';
import { type Role, roles } from '@holdfast/evidence/roles';
import type { Trust } from '@holdfast/evidence/trust';
import { writeDurably } from '@holdfast/ledger/durable-file';
import { createLedger } from '@holdfast/ledger/ledger';
import { createLedgerSigners } from './ledger-keys.ts';
import { projectPaths } from './project-paths.ts';

/** What every project stands on: a key, a ledger of its own, and a trust file that names both. */
export interface FoundationOptions {
  /** Origin of the ledger. */
  readonly ledger: string;
  readonly keyName: string;
  readonly roles?: readonly Role[];
  readonly passphrase?: string | undefined;
}

/** What was written, and what it is. */
export interface Written {
  readonly path: string;
  readonly what: string;
}

/** Whether a folder has a ledger. */
export async function hasLedger(folder: string): Promise<boolean> {
  return (await stat(join(projectPaths(folder).ledger, 'checkpoint')).catch(() => undefined)) !== undefined;
}

/** Makes the foundation of a folder that has none; a key of that name that is there already is kept. */
export async function layFoundation(
  folder: string,
  options: FoundationOptions,
): Promise<{ key: KeyFile; written: Written[] }> {
  const { ledger, keyName, passphrase } = options;
  const paths = projectPaths(folder);
  const ignored = await ignoreKeys(folder);
  const key = await firstKey(paths.keys, keyName, passphrase);
  const signers = await createLedgerSigners(paths.keys, ledger, passphrase);
  const trust: Trust = {
    ledgers: [{ origin: ledger, verifierKeys: signers.map(({ verifierKey }) => verifierKey) }],
    signers: [{ name: key.name, publicKey: key.publicKey.pem, roles: [...(options.roles ?? firstRoles)] }],
    witnesses: [],
  };
  await writeDurably(paths.trust, `${JSON.stringify(trust, null, 2)}\n`);
  await (await createLedger(paths.ledger, { origin: ledger, signers })).close();
  const written = [
    { path: 'policy/trust.json', what: 'whose keys count' },
    { path: '.holdfast/', what: 'your key, an empty ledger' },
  ];
  return { key, written: [...ignored, ...written] };
}

async function ignoreKeys(folder: string): Promise<Written[]> {
  const path = '.holdfast/.gitignore';
  if ((await stat(join(folder, path)).catch(() => undefined)) !== undefined) return [];
  await writeDurably(join(folder, path), 'keys/\ncache/\nruns/\nlogs/\nseen.json\n');
  return [{ path, what: 'keys are ignored by git' }];
}

/** On a laptop one key holds the roles of a whole team; the policy for production still asks for a second person. */
const firstRoles = roles.filter((role) => role !== 'witness' && role !== 'auditor');

async function firstKey(folder: string, name: string, passphrase: string | undefined): Promise<KeyFile> {
  const [existing] = (await listKeyFiles(folder)).filter((file) => file.name === name);
  return existing ?? createKeyFile(folder, name, passphrase === undefined ? {} : { passphrase });
}

/** The name of a project that nobody named: its folder's. */
export function projectName(folder: string): string {
  const name = basename(folder)
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  return name === '' ? 'project' : name.slice(0, 50);
}
