import { isIP } from 'node:net';
import type { EntityType } from '../entity-type.ts';
import { pattern } from '../form.ts';

// What looks like the end of an address and is the end of a file name.
const endingsOfFiles = new Set(
  'png jpg jpeg gif svg webp ico bmp tif tiff css scss js jsx ts tsx mjs json html htm xml yml yaml md txt pdf'.split(
    ' ',
  ),
);

/** No dots beside each other or at the end of the local part, and no file name at the end (`logo@2x.png`). */
export function isEmail(text: string): boolean {
  const [local = '', domain = ''] = text.split('@');
  const ending = domain.slice(domain.lastIndexOf('.') + 1).toLowerCase();
  return !local.includes('..') && !local.endsWith('.') && domain.length <= 253 && !endingsOfFiles.has(ending);
}

/** Colons between pairs of digits and letters, and not the same pair six times. */
function isHardwareAddress(text: string): boolean {
  const pairs = new Set(text.toLowerCase().split(/[:.-]/));
  return pairs.size > 1;
}

const hexadecimal = '[0-9A-Fa-f]';

export const network: readonly EntityType[] = [
  {
    name: 'email',
    title: 'Email address',
    countries: [],
    classes: ['pii', 'hipaa', 'ccpa'],
    hipaa: 'F',
    reference: 'RFC 5321, section 4.1.2; RFC 6531',
    forms: [
      pattern('local@domain', {
        marks: ['@'],
        before: { signs: "[0-9A-Za-z._%+'&-]", most: 64 },
        exact:
          "(?<![\\p{L}\\p{N}._%+-])[\\p{L}\\p{N}_](?:[\\p{L}\\p{M}\\p{N}._%+'&-]{0,63})@(?:[\\p{L}\\p{N}](?:[\\p{L}\\p{M}\\p{N}-]{0,61}[\\p{L}\\p{M}\\p{N}])?\\.){1,8}\\p{L}{2,63}(?![\\p{L}\\p{N}])",
        longest: 64 + 1 + 512 + 64,
      }),
    ],
    check: isEmail,
    chance: 0.05,
    context: { en: ['email', 'e-mail', 'mail', 'contact'], es: ['correo'], fr: ['courriel', 'mél'] },
  },
  {
    name: 'url',
    title: 'Web address',
    countries: [],
    classes: ['hipaa'],
    hipaa: 'N',
    reference: 'RFC 3986',
    forms: [
      pattern('scheme://…', {
        begins: '(?i:https?|ftps?|wss?)://',
        exact: '(?<![\\p{L}\\p{N}])(?:https?|ftps?|wss?)://[^\\s<>"\'`{}|\\\\^]{2,2000}[^\\s<>"\'`{}|\\\\^.,;:!?)\\]]',
        longest: 2016,
        ignoreCase: true,
      }),
    ],
    chance: 0.02,
    context: {},
    container: true,
  },
  {
    name: 'ipv4',
    title: 'IPv4 address',
    countries: [],
    classes: ['pii', 'hipaa', 'ccpa'],
    hipaa: 'O',
    reference: 'RFC 791; Breyer v Germany (CJEU C-582/14)',
    forms: [
      pattern('#.#.#.#', {
        begins: `[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]`,
        exact: '(?<![\\p{L}\\p{N}.-])[0-9]{1,3}(?:\\.[0-9]{1,3}){3}(?![\\p{L}\\p{N}]|\\.[0-9])',
        longest: 15,
      }),
    ],
    check: (text) => isIP(text) === 4 && !text.startsWith('0.'),
    chance: 0.6,
    context: { en: ['ip', 'ip address', 'client', 'remote', 'host', 'ipv4'] },
  },
  {
    name: 'ipv6',
    title: 'IPv6 address',
    countries: [],
    classes: ['pii', 'hipaa', 'ccpa'],
    hipaa: 'O',
    reference: 'RFC 4291, section 2.2',
    forms: [
      pattern('#:#:…', {
        begins: `(?:${hexadecimal}{1,4}|:):${hexadecimal}{0,4}:`,
        exact: `(?<![\\p{L}\\p{N}:.])(?:${hexadecimal}{1,4}|:):(?:${hexadecimal}{0,4}:){1,6}(?:${hexadecimal}{1,4}|[0-9]{1,3}(?:\\.[0-9]{1,3}){3})?(?![\\p{L}\\p{N}:])`,
        longest: 56,
      }),
    ],
    check: (text) => isIP(text) === 6 && text !== '::' && /[0-9a-fA-F]{2}/.test(text),
    chance: 0.3,
    context: { en: ['ip', 'ip address', 'ipv6', 'client', 'remote', 'host'] },
  },
  {
    name: 'mac-address',
    title: 'Hardware address',
    countries: [],
    classes: ['pii', 'hipaa', 'ccpa'],
    hipaa: 'M',
    reference: 'IEEE 802, EUI-48',
    forms: [
      pattern('xx:xx:xx:xx:xx:xx', {
        begins: `${hexadecimal}{2}[:-]${hexadecimal}{2}[:-]${hexadecimal}{2}[:-]${hexadecimal}{2}[:-]`,
        exact: `(?<![\\p{L}\\p{N}]|[\\p{N}A-Fa-f][:-])${hexadecimal}{2}(?:(?::${hexadecimal}{2}){5}|(?:-${hexadecimal}{2}){5})(?![\\p{L}\\p{N}]|[:-]${hexadecimal})`,
        longest: 17,
      }),
      pattern('xxxx.xxxx.xxxx', {
        begins: `${hexadecimal}{4}\\.${hexadecimal}{4}\\.`,
        exact: `(?<![\\p{L}\\p{N}.])${hexadecimal}{4}\\.${hexadecimal}{4}\\.${hexadecimal}{4}(?![\\p{L}\\p{N}]|\\.[\\p{L}\\p{N}])`,
        longest: 14,
        telling: 'grouped',
      }),
    ],
    check: isHardwareAddress,
    chance: 0.1,
    context: { en: ['mac', 'mac address', 'ethernet', 'hardware address', 'wifi', 'bssid'] },
  },
];
