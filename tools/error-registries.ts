import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { publishedPackages, root } from './repository.ts';

interface ErrorEntry {
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

/** Reads the registry of every published package: the export of `src/errors.ts` whose name ends in `Errors`; not all have one. */
export async function errorRegistries(): Promise<ErrorRegistry[]> {
  const files = publishedPackages.map((name) => ({ name, file: `packages/${name}/src/errors.ts` }));
  return Promise.all(
    files
      .filter(({ file }) => existsSync(join(root, file)))
      .map(async ({ name, file }) => {
        const module = (await import(pathToFileURL(join(root, file)).href)) as Record<string, unknown>;
        const errors = Object.entries(module).find(([exported]) => exported.endsWith('Errors'))?.[1];
        if (typeof errors !== 'object' || errors === null) throw new Error(`\`${file}\` exports no registry of errors`);
        return { package: name, file, errors: errors as ErrorRegistry['errors'] };
      }),
  );
}
