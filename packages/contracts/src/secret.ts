import { z } from 'zod';
import { expected, refused, unprintable } from './wording.ts';

/** How a secret can be handed to a command: in a variable, or in a file whose path is in a variable. */
export const handovers = ['variable', 'file'] as const;

/** The most secrets of one stage. */
const mostSecrets = 64;

/**
 * Variables that decide which code runs, where it connects to or whom it trusts: a value that nobody sees and no
 * evidence holds must not. Names in full, or a beginning that ends in `*`.
 */
const reserved = [
  'PATH HOME TMPDIR TMP TEMP PWD OLDPWD SHELL USER LOGNAME LANG LANGUAGE LC_* TZ TZDIR TERM TERMINFO',
  'IFS ENV BASH_* BASHOPTS SHELLOPTS CDPATH GLOBIGNORE PS4 PROMPT_COMMAND EDITOR VISUAL PAGER BROWSER',
  'LD_* DYLD_* GLIBC_* MALLOC_* GCONV_PATH LOCPATH NLSPATH HOSTALIASES OPENSSL_*',
  'NODE_OPTIONS NODE_PATH NODE_EXTRA_CA_CERTS NODE_TLS_REJECT_UNAUTHORIZED NODE_V8_COVERAGE',
  'PERL5OPT PERL5LIB PERL5DB PERLLIB RUBYOPT RUBYLIB CLASSPATH JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS',
  'R_HOME R_PROFILE R_PROFILE_USER R_ENVIRON R_ENVIRON_USER',
  'GIT_SSH GIT_SSH_COMMAND GIT_EXEC_PATH GIT_CONFIG* GIT_EXTERNAL_DIFF GIT_PROXY_COMMAND GIT_SSL_*',
  'HTTP_PROXY HTTPS_PROXY FTP_PROXY ALL_PROXY NO_PROXY SSL_CERT_DIR SSL_CERT_FILE CURL_CA_BUNDLE REQUESTS_CA_BUNDLE',
  'HOLDFAST_*',
].flatMap((names) => names.split(' '));

/** Python's own have no `_` in them: `PYTHONPATH`, `PYTHONSTARTUP`, … */
const isReserved = (name: string): boolean =>
  /^PYTHON[A-Z]/.test(name) ||
  reserved.some((entry) => (entry.endsWith('*') ? name.startsWith(entry.slice(0, -1)) : name === entry));

const nameRule = 'is not the name of a secret: capital letters, digits and `_`, at most 64, a letter first';

/** What the command finds it by: a POSIX variable name (XBD 8.1) in capital letters that no program has its own use for. */
const secretName = z
  .string({ error: expected('the name of a secret such as `API_TOKEN`') })
  .regex(/^[A-Z][A-Z0-9_]{0,63}$/, { error: refused(nameRule), abort: true })
  .refine((name) => !isReserved(name) && !isReserved(`${name}_FILE`), {
    error: refused('is a variable with a meaning of its own: choose another name'),
  });

const sourceVariable = z
  .string({ error: expected('the name of an environment variable') })
  .regex(/^[A-Za-z_][A-Za-z0-9_]{0,255}$/, {
    error: refused('is not the name of an environment variable'),
    abort: true,
  })
  .refine((name) => !name.startsWith('HOLDFAST_'), { error: refused('belongs to Holdfast and is not handed over') });

const sourceFile = z
  .string({ error: expected('a path such as `~/.config/token`') })
  .max(1024, { error: 'is longer than 1024 characters' })
  .regex(/^(?:~\/|\/)[^/]/, {
    error: refused('is neither absolute nor below `~/`: secrets lie outside of the project'),
  })
  .refine((path) => !unprintable.test(path), { error: refused('holds control characters or direction marks') });

const handover = z
  .enum(handovers, { error: expected('`variable` or `file`') })
  .default('variable')
  .describe('`variable` (the default), or `file`: then the variable with `_FILE` behind its name holds a path.');

/** What stands there instead could be the secret itself, so it is not repeated. */
const wanted =
  'expected where it comes from, such as `{ env: NAME }` or `{ file: PATH }`; a value does not belong here';

const sourceKeys = {
  env: sourceVariable.exactOptional().describe('The variable that Holdfast finds it in; the same name when left out.'),
  file: sourceFile.exactOptional().describe('The file that holds it, absolute or below `~/`, readable by nobody else.'),
  as: handover,
};

const source = z
  .strictObject(sourceKeys, { error: ({ code }) => (code === 'unrecognized_keys' ? undefined : wanted) })
  .refine(({ env, file }) => env === undefined || file === undefined, {
    error: 'comes from a variable or from a file, not from both',
  });

/** A secret that a stage declares: where it comes from and how its command gets it; never its value. */
export interface SecretDeclaration {
  readonly name: string;
  readonly from: { readonly env: string } | { readonly file: string };
  readonly as: (typeof handovers)[number];
}

/** The variable that the command finds a secret in, or the path of its file. */
export function variableOf({ name, as }: Pick<SecretDeclaration, 'name' | 'as'>): string {
  return as === 'file' ? `${name}_FILE` : name;
}

const list = z
  .array(secretName, { error: expected('a list of names, or a mapping from names to where they come from') })
  .refine((names) => new Set(names).size === names.length, { error: 'names a secret twice' })
  .transform((names) => names.map((name): SecretDeclaration => ({ name, from: { env: name }, as: 'variable' })));

const mapping = z
  .record(secretName, source, { error: expected('a list of names, or a mapping from names to where they come from') })
  .transform((map) =>
    Object.entries(map).map(([name, { env = name, file, as }]): SecretDeclaration => {
      return { name, from: file === undefined ? { env } : { file }, as };
    }),
  );

/** The secrets of a stage: `[API_TOKEN]`, or `{ API_TOKEN: { env: TOKEN }, DB_PASSWORD: { file: ~/.password, as: file } }`. */
export const secrets = z
  .union([list, mapping], { error: expected('a list of names, or a mapping from names to where they come from') })
  .refine((declared) => declared.length <= mostSecrets, { error: `holds more than ${mostSecrets} secrets` })
  .refine((declared) => new Set(declared.map(variableOf)).size === declared.length, {
    error: 'hands two secrets over in one variable',
  });
