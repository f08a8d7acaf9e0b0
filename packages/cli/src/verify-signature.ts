import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parsePublicKey } from '@holdfast/evidence/keys';
import { verifyModel } from '@holdfast/evidence/model-signing/index';
import { type CommandResult, flag, type Invocation, textOption } from './command.ts';
import { pathIn } from './invocation.ts';
import { shortHex } from './short-hex.ts';
import { countOf } from './view-lines.ts';

/** A model signature alone, with a key that the caller names: what the OpenSSF model_signing tool does. */
export async function verifySignature(name: string, invocation: Invocation): Promise<CommandResult> {
  const path = pathIn(invocation, name);
  const key = parsePublicKey(await readFile(pathIn(invocation, textOption(invocation, 'public-key') ?? ''), 'utf8'));
  const named = textOption(invocation, 'signature');
  const isFolder = (await stat(path)).isDirectory();
  const signature = named === undefined ? besides(path, isFolder) : pathIn(invocation, named);
  const symlinks = flag(invocation, 'allow-symlinks') ? ({ symlinks: 'follow' } as const) : {};
  const { manifest, rootDigest } = await verifyModel(path, signature, key, symlinks);
  const files = manifest.resources.length;
  const what = `${countOf(files, 'file is', 'files are')} what ${shortHex(key.id)} signed`;
  return {
    exit: 0,
    lines: [`✓ ${name}: ${what}${isFolder ? ', and there are no others' : ''}`],
    result: { path: name, signature, keyId: key.id, rootDigest, files },
  };
}

const besides = (path: string, isFolder: boolean): string => (isFolder ? join(path, 'model.sig') : `${path}.sig`);
