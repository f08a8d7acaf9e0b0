import { expect, it } from 'vitest';
import { hasTokenChecksum } from '../src/checksums/crc32-token.ts';
import { entityTypes } from '../src/index.ts';
import { found } from './found.ts';
import { randomSigns } from './random-signs.ts';
import { recorded } from './recorded.ts';

const random = randomSigns('secrets');
const letters = (count: number): string =>
  Array.from({ length: count }, () =>
    random.pick('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'),
  ).join('');
const capitals = (count: number): string =>
  Array.from({ length: count }, () => random.pick('234567ABCDEFGHIJKLMNOPQRSTUVWXYZ')).join('');
const hexadecimal = (count: number): string =>
  Array.from({ length: count }, () => random.pick('0123456789abcdef')).join('');
const base64 = (text: string): string => Buffer.from(text).toString('base64url');

// Put together here, so that nothing in this file looks like a secret to those who look for them.
const made: readonly (readonly [string, string])[] = [
  ['aws-access-key', `AKIA${capitals(16)}`],
  ['gcp-api-key', `AIza${letters(35)}`],
  ['gcp-client-secret', `GOCSPX-${letters(28)}`],
  ['gcp-access-token', `ya29.${letters(120)}`],
  ['azure-client-secret', `${letters(3)}8Q~${letters(34)}`],
  ['azure-storage-key', `AccountKey=${letters(86)}==`],
  ['github-token', (recorded.githubTokens[0] ?? ['', '']).join('')],
  ['github-fine-grained-token', `github_pat_${letters(22)}_${letters(59)}`],
  ['gitlab-token', `glpat-${letters(20)}`],
  ['slack-token', `xoxb-${letters(12)}-${letters(12)}-${letters(24)}`],
  ['slack-webhook', `https://hooks.slack.com/services/T${letters(10)}/B${letters(10)}/${letters(24)}`],
  ['stripe-key', `sk_live_${letters(24)}`],
  ['stripe-webhook-secret', `whsec_${letters(32)}`],
  ['openai-key', `sk-proj-${letters(60)}T3BlbkFJ${letters(60)}`],
  ['anthropic-key', `sk-ant-api03-${letters(93)}AA`],
  ['hugging-face-token', `hf_abcdefghijKLMNOPQRSTuvwxyzABCDEFGH`],
  ['pypi-token', `pypi-AgEIcHlwaS5vcmc${letters(120)}`],
  ['sendgrid-key', `SG.${letters(22)}.${letters(43)}`],
  ['digitalocean-token', `dop_v1_${hexadecimal(64)}`],
  ['shopify-token', `shpat_${hexadecimal(32)}`],
  ['databricks-token', `dapi${hexadecimal(32)}`],
  ['docker-token', `dckr_pat_${letters(27)}`],
  ['vault-token', `hvs.${letters(90)}`],
  ['telegram-bot-token', `${random.some('#', 10)}:AA${letters(33)}`],
  ['age-secret-key', `AGE-SECRET-KEY-1${capitals(58)}`],
  ['json-web-token', `${base64('{"alg":"HS256","typ":"JWT"}')}.${base64('{"sub":"1234567890"}')}.${letters(43)}`],
  ['connection-string', `postgres://app:${letters(12)}@db.example.com`],
  ['private-key', `-----BEGIN RSA PRIVATE KEY-----\n${`${letters(64)}\n`.repeat(12)}-----END RSA PRIVATE KEY-----`],
  ['private-key', `-----BEGIN PRIVATE KEY-----\\n${letters(64)}\\n${letters(64)}\\n-----END PRIVATE KEY-----`],
  [
    'private-key',
    `-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,${hexadecimal(32)}\n\n${letters(64)}\n-----END RSA PRIVATE KEY-----`,
  ],
  ['password-hash', `$2y$10$${letters(53)}`],
  ['password-hash', `$apr1$${letters(8)}$${letters(22)}`],
  ['password-hash', `$6$${letters(16)}$${letters(86)}`],
];

it.each(made)('%s', (type, text) => {
  expect(found(`x ${text}\ny`).filter((one) => !one.startsWith('url'))).toEqual([`${type}: ${text}`]);
});

it.each([
  ['npmrc-credential', '//registry.example.com/:_authToken=', 'abcdEFGH12345678'],
  ['pgpass-line', 'db.example.com:5432:app:bob:', 'hunter22'],
  ['secret-assignment', 'export DB_PASSWORD=', 'f8Kq2LmZ0xPw'],
  ['secret-assignment', '{"apiKey": "', 'q9Zk3Lw8Xv2Bn5Tt'],
  ['secret-assignment', 'client_secret => ', 'q9Zk3Lw8Xv2Bn5Tt'],
  ['basic-credential', 'Authorization: Basic ', Buffer.from('bob:hunter22').toString('base64')],
  ['bearer-token', 'authorization: bearer ', 'q9Zk3Lw8Xv2Bn5Tt-_q'],
])('%s after %s', (type, before, secret) => {
  expect(found(`\n${before}${secret}${before.endsWith('"') ? '"}' : ''}\n`)).toEqual([`${type}: ${secret}`]);
});

it.each([
  'password = "changeme123"',
  'password: ${DB_PASSWORD}',
  'api_key = process.env.API_KEY1',
  'token = "<your-token-1>"',
  'secret: "xxxxxxxx1"',
  'password = hunterhunter',
  'postgres://user:password@localhost/db',
  'postgres://user:${PASSWORD}@localhost/db',
  'the basic principles of the bearer of good news',
  '-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA\n-----END PUBLIC KEY-----',
  'eyJhbGciOiJ.eyJzdWIiOiIxMjM0NTY3.abcdefghijklmnopqrst',
])('no secret in %s', (text) => {
  expect(found(text, { classes: ['secret'] })).toEqual([]);
});

it('holds tokens of GitHub against their CRC-32, as zlib has it', () => {
  for (const halves of recorded.githubTokens) {
    const token = halves.join('');
    expect(hasTokenChecksum(token)).toBe(true);
    expect(found(token)).toEqual([`github-token: ${token}`]);
    const other = token.slice(0, 10) + (token.charAt(10) === 'x' ? 'y' : 'x') + token.slice(11);
    expect(hasTokenChecksum(other)).toBe(false);
    expect(found(other)).toEqual([]);
  }
});

it('tries every type of secret', () => {
  const tried = new Set([
    ...made.map(([type]) => type),
    'npm-token',
    'npmrc-credential',
    'pgpass-line',
    'secret-assignment',
    'basic-credential',
    'bearer-token',
  ]);
  expect(
    entityTypes
      .filter(({ classes }) => classes.includes('secret'))
      .map(({ name }) => name)
      .sort(),
  ).toEqual([...tried].sort());
});

it('finds a token of npm', () => {
  const token = `npm_${(recorded.githubTokens[1] ?? ['', '']).join('').slice(4)}`;
  expect(found(token)).toEqual([`npm-token: ${token}`]);
});
