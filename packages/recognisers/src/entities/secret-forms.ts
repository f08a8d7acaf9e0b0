import { entropyOf } from '../checksums/entropy.ts';
import type { Check, EntityType } from '../entity-type.ts';
import { type Form, pattern } from '../form.ts';

/** A header that is JSON and names an algorithm (RFC 7519, section 5). */
export function isJsonWebToken(text: string): boolean {
  try {
    const header: unknown = JSON.parse(Buffer.from(text.slice(0, text.indexOf('.')), 'base64url').toString());
    return typeof header === 'object' && header !== null && 'alg' in header;
  } catch {
    return false;
  }
}

/** A user's name and a password in base 64 (RFC 7617). */
export function isBasicCredential(text: string): boolean {
  return /^[^\0-\x1f:]{1,128}:[^\0-\x1f]/.test(Buffer.from(text, 'base64').toString('latin1'));
}

const placeholders =
  /^(?:\$|%|\{|<|\[|\*|x{3}|\.{3}|your|my[_-]|the[_-]|example|sample|dummy|fake|change|replace|insert|placeholder|todo|none|null|undefined|true|false|process\.|os\.|env\.|getenv|secrets?\.|config\.|self\.|args\.)|password|passw0rd|example/i;

/** Random enough for a secret, and not what stands where a secret is to be put: two kinds of signs and 3 bits a sign. */
export function isRandom(text: string): boolean {
  if (placeholders.test(text)) return false;
  const kinds = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^0-9A-Za-z]/].filter((kind) => kind.test(text)).length;
  return kinds >= 2 && /[0-9]/.test(text) && entropyOf(text) >= 3;
}

function isPasswordOfAddress(text: string): boolean {
  const [, secret = ''] = /:\/\/[^:]*:(.*)@/s.exec(text) ?? [];
  return !placeholders.test(secret) && !/^(?:pass|pwd|secret|user|x+)$/i.test(secret);
}

interface Described {
  readonly name: string;
  readonly title: string;
  readonly reference: string;
  readonly form: Form;
  readonly check?: Check;
  readonly chance: number;
  readonly context?: readonly string[];
}

const ends = '(?:[A-Z0-9]{1,16} ){0,3}PRIVATE KEY(?: BLOCK)?-----';
const armour = '(?:[0-9A-Za-z+/=:,.;()\\s\\\\]|-(?!----)){0,8192}';
const keys = ['api', 'access', 'auth', 'account', 'private'].flatMap((of) => [`${of}key`, `${of}_key`, `${of}-key`]);
const names = ['password', 'passwd', 'passphrase', 'pwd', 'secret', 'token', 'credential', ...keys];
const named = `(?:${names.join('|')})`;
const hashes = [
  '$apr1$',
  '$1$',
  '$5$',
  '$6$',
  '$y$',
  '$7$',
  '$2a$',
  '$2b$',
  '$2x$',
  '$2y$',
  '$argon2',
  '$scrypt$',
  '{sha}',
  '{ssha}',
];

const described: readonly Described[] = [
  {
    name: 'private-key',
    title: 'Private key',
    reference: 'RFC 7468, sections 10 and 11; RFC 9580, section 6.2',
    form: pattern('PEM', {
      marks: ['-----BEGIN '],
      exact: `-----BEGIN ${ends}(?:\\s|\\\\[nr]){1,8}(?:(?:Proc-Type|Version|Comment)[^\\n]{0,120}\\n[^\\n]{0,120}\\n{1,2})?[0-9A-Za-z+/=]{32}(?:${armour}-----END ${ends})?`,
      longest: 8800,
    }),
    chance: 0.001,
  },
  {
    name: 'json-web-token',
    title: 'JSON Web Token',
    reference: 'RFC 7519',
    form: pattern('JWS in compact form', {
      begins: 'eyJ',
      exact:
        '(?<![0-9A-Za-z_.-])eyJ[0-9A-Za-z_-]{10,1024}\\.eyJ[0-9A-Za-z_-]{10,4096}\\.[0-9A-Za-z_-]{16,1024}(?![0-9A-Za-z_-])',
      longest: 6200,
    }),
    check: isJsonWebToken,
    chance: 0.001,
  },
  {
    name: 'connection-string',
    title: 'Address with a password in it',
    reference: 'RFC 3986, section 3.2.1',
    form: pattern('scheme://user:password@host', {
      marks: ['://'],
      before: { signs: '[0-9A-Za-z+.-]', most: 21 },
      exact:
        '(?<![\\p{L}\\p{N}])[a-z][a-z0-9+.-]{1,20}://[^\\s:/@"\'<>]{0,64}:[^\\s/@"\'<>]{3,128}@[^\\s/@"\'<>,;]{1,253}',
      longest: 480,
      ignoreCase: true,
    }),
    check: isPasswordOfAddress,
    chance: 0.02,
  },
  {
    name: 'secret-assignment',
    title: 'Something random assigned to the name of a secret',
    reference: 'CWE-798; CWE-312',
    form: pattern('name = value', {
      marks: names,
      exact: `${named}[0-9A-Za-z_-]{0,24}["']?[ \\t]{0,4}(?:=>|:=|[:=])[ \\t]{0,4}["']?([^\\s"'\`,;<>(){}[\\]]{8,200})`,
      longest: 260,
      ignoreCase: true,
    }),
    check: isRandom,
    chance: 0.3,
  },
  {
    name: 'npmrc-credential',
    title: 'Credential of an .npmrc file',
    reference: 'https://docs.npmjs.com/cli/configuring-npm/npmrc#auth-related-configuration',
    form: pattern('//registry/:_auth…=', {
      marks: [':_auth', ':_password'],
      exact: '(?<=//[^\\s=]{1,253}):_(?:authToken|auth|password)[ ]{0,2}=[ ]{0,2}"?([^\\s"$]{8,512})',
      longest: 540,
    }),
    chance: 0.02,
  },
  {
    name: 'pgpass-line',
    title: 'Line of a .pgpass file',
    reference: 'https://www.postgresql.org/docs/current/libpq-pgpass.html',
    form: pattern('host:port:database:user:password', {
      marks: [':543', ':643', ':*:'],
      before: { signs: '[^\\s:#]', most: 80 },
      exact: '(?<![^\\n])[^\\s:#]{1,80}:(?:[56]43[0-9]|\\*):[^\\s:]{1,64}:[^\\s:]{1,64}:([^\\s]{3,128})(?![^\\r\\n])',
      longest: 360,
    }),
    chance: 0.1,
  },
  {
    name: 'password-hash',
    title: 'Hash of a password, as in htpasswd or shadow',
    reference: 'https://httpd.apache.org/docs/current/misc/password_encryptions.html; crypt(5)',
    form: pattern('$id$…', {
      marks: hashes,
      exact:
        '(?:\\$(?:apr1|1|5|6|y|7|2[abxy]|argon2(?:id|i|d)|scrypt)\\$[0-9A-Za-z./=,+$-]{20,200}|\\{S?SHA\\}[0-9A-Za-z+/]{26,64}={0,2})',
      longest: 220,
    }),
    chance: 0.02,
  },
  {
    name: 'basic-credential',
    title: 'User and password of HTTP Basic',
    reference: 'RFC 7617',
    form: pattern('Basic …', {
      begins: '(?i:basic) [0-9A-Za-z+/]{8}',
      exact: '(?<![\\p{L}\\p{N}])Basic ([0-9A-Za-z+/]{8,512}={0,2})(?![0-9A-Za-z+/=])',
      longest: 530,
      ignoreCase: true,
    }),
    check: isBasicCredential,
    chance: 0.05,
  },
  {
    name: 'bearer-token',
    title: 'Bearer token',
    reference: 'RFC 6750',
    form: pattern('Bearer …', {
      begins: '(?i:bearer) [0-9A-Za-z._~+/-]{16}',
      exact: '(?<![\\p{L}\\p{N}])Bearer ([0-9A-Za-z._~+/-]{16,2048}={0,2})(?![0-9A-Za-z+/=])',
      longest: 2060,
      ignoreCase: true,
    }),
    check: isRandom,
    chance: 0.2,
  },
];

/** Secrets that their form tells. */
export const secretForms: readonly EntityType[] = described.map(({ form, context = [], ...rest }) => ({
  ...rest,
  countries: [],
  classes: ['secret'],
  forms: [form],
  context: { en: context },
}));
