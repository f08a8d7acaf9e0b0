import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './repository.ts';

export interface ErrorEntry {
  readonly exit: number;
  readonly meaning: string;
  readonly fix: string;
}

/** Every error that one package raises. */
export interface ErrorRegistry {
  /** `ledger`: the folder below `packages/`. */
  readonly package: string;
  /** Where the codes are declared, from the root. */
  readonly file: string;
  readonly errors: Readonly<Record<string, ErrorEntry>>;
}

/** Package, export and file: in ledger and evidence the verifier may import nothing outside its folder, hence the exception. */
const places = [
  ['ledger', 'ledgerErrors', 'src/verify/errors.ts'],
  ['evidence', 'evidenceErrors', 'src/errors.ts'],
  ['onnx', 'onnxErrors', 'src/errors.ts'],
  ['policy', 'policyErrors', 'src/errors.ts'],
  ['pipeline', 'pipelineErrors', 'src/errors.ts'],
  ['cli', 'cliErrors', 'src/errors.ts'],
] as const;

/** Reads the registries of all packages. */
export async function errorRegistries(): Promise<ErrorRegistry[]> {
  return Promise.all(
    places.map(async ([name, exported, source]) => {
      const file = `packages/${name}/${source}`;
      const module = (await import(pathToFileURL(join(root, file)).href)) as Record<string, unknown>;
      const errors = module[exported];
      if (typeof errors !== 'object' || errors === null) throw new Error(`\`${file}\` exports no \`${exported}\``);
      return { package: name, file, errors: errors as ErrorRegistry['errors'] };
    }),
  );
}
