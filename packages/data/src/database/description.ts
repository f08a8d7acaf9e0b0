import type { PostgresTableOptions } from '@holdfast/dataset';
import type { ArtifactReader } from '@holdfast/evidence/check';
import { Ajv } from 'ajv';
import { type Document, LineCounter, parseDocument } from 'yaml';
import { DataError } from '../errors.ts';

/** Where a table of PostgreSQL is, as a file `NAME.table.yaml` says it. */
interface Description {
  readonly postgres: {
    readonly host: string;
    readonly port: number;
    readonly database: string;
    readonly user: string;
    readonly schema: string;
    readonly table: string;
    readonly passwordEnvironment?: string;
    readonly sslmode?: 'verify-full' | 'disable';
    readonly ca?: string;
  };
  readonly keys?: readonly string[];
}

const text = { type: 'string', minLength: 1, maxLength: 1000 } as const;
const schema = {
  type: 'object',
  required: ['postgres'],
  additionalProperties: false,
  properties: {
    postgres: {
      type: 'object',
      required: ['host', 'database', 'user', 'table'],
      additionalProperties: false,
      properties: {
        ...{ host: text, database: text, user: text, table: text, schema: { ...text, default: 'public' } },
        port: { type: 'integer', minimum: 1, maximum: 65_535, default: 5432 },
        // whoever writes the file chooses the server too: no other secret of the environment may be sent there
        passwordEnvironment: { type: 'string', maxLength: 200, pattern: '^[A-Z][A-Z0-9_]*PASSWORD[A-Z0-9_]*$' },
        sslmode: { enum: ['verify-full', 'disable'] },
        ca: { type: 'string', pattern: '^\\s*-----BEGIN CERTIFICATE-----', maxLength: 60_000 },
      },
    },
    keys: { type: 'array', items: text, minItems: 1, maxItems: 32, uniqueItems: true },
  },
};

/** Bytes. */
const largest = 2 ** 16;

/** Whether an artifact says where a table is, and is none itself. */
export const isDescription = ({ files }: Pick<ArtifactReader, 'files'>): boolean =>
  files.length === 1 && /\.table\.(?:ya?ml|json)$/i.test(files[0]?.name ?? '');

/**
 * What to open. No message holds a value of the file, where somebody may have written a password.
 *
 * @throws DataError HF_DATA_DESCRIPTION
 */
export async function readDescription(artifact: ArtifactReader): Promise<PostgresTableOptions> {
  const refuse = (why: string): never => {
    throw new DataError('HF_DATA_DESCRIPTION', `\`${artifact.name}\` ${why}`, { where: artifact.name });
  };
  const [file] = artifact.files;
  if (file === undefined || file.size > largest) return refuse(`has more than ${largest} bytes`);
  const lines = new LineCounter();
  const document = parseDocument(Buffer.from(await artifact.read(file.name, largest)).toString(), {
    ...{ lineCounter: lines, prettyErrors: false, uniqueKeys: true },
  });
  const [wrong] = document.errors;
  if (wrong !== undefined) return refuse(`is no YAML from line ${lines.linePos(wrong.pos[0]).line} on`);
  const described = plain(document) ?? refuse('refers to a part of itself');
  const validate = new Ajv({ useDefaults: true, strict: true }).compile<Description>(schema);
  if (!validate(described)) return refuse(saidOf(validate.errors?.[0]));
  return optionsOf(described, refuse);
}

function plain(document: Document): unknown {
  try {
    return (document.toJS({ maxAliasCount: 0 }) as unknown) ?? '';
  } catch {
    return undefined;
  }
}

function saidOf(
  error: { instancePath: string; keyword: string; params: object; message?: string } | undefined,
): string {
  const { instancePath = '', keyword = '', params = {}, message = 'is not understood' } = error ?? {};
  const path = instancePath.slice(1).replaceAll('/', '.') || 'the file';
  const odd = (params as Record<string, unknown>)[keyword === 'required' ? 'missingProperty' : 'additionalProperty'];
  if (keyword === 'required') return `does not say \`${String(odd)}\``;
  if (keyword === 'additionalProperties') return `says \`${String(odd).slice(0, 40)}\`, which is not known`;
  return `is not understood: \`${path}\` ${message}`;
}

function optionsOf({ postgres, keys }: Description, refuse: (why: string) => never): PostgresTableOptions {
  const { passwordEnvironment: variable, sslmode, ca, ...where } = postgres;
  const password = variable === undefined ? undefined : process.env[variable];
  if (variable !== undefined && (password ?? '') === '') {
    return refuse(`takes the password from the environment variable \`${variable}\`, which is not set`);
  }
  const isPlain = sslmode === 'disable' || (sslmode === undefined && ca === undefined && isLocal(where.host));
  if (isPlain && ca !== undefined) return refuse('says `ca`, and that it is not to be asked');
  return {
    ...where,
    ssl: isPlain ? false : ca === undefined ? true : { ca },
    ...(password === undefined ? {} : { password }),
    ...(keys === undefined ? {} : { keys }),
  };
}

/** Whether what is sent there does not leave the machine. */
const isLocal = (host: string): boolean => /^(?:localhost|127(?:\.\d{1,3}){3}|::1|\/.*)$/.test(host);
