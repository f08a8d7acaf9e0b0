import { type Entity, entities } from '../pii/kinds/kinds.ts';

/** How confidential data can be, from open to closed; their places are what the metric `class` counts. */
export const levels = ['public', 'internal', 'confidential', 'restricted'] as const;
export type Level = (typeof levels)[number];

export const levelNumber = (level: Level): number => levels.indexOf(level);

export const isHigher = (one: Level, other: Level): boolean => levelNumber(one) > levelNumber(other);

/** Numbers that stand for one person before the state, and with which others can act as them. */
const identity = new Set([
  'passport-number',
  'passport-mrz',
  'identity-card-mrz',
  'driving-licence',
  'us-ssn',
  'us-itin',
]);

/** Licences under which everybody may have the data, by their SPDX identifiers. https://spdx.org/licenses/ */
const open = new Set(
  `CC0-1.0 CC-BY-4.0 CC-BY-3.0 CC-BY-2.0 CC-BY-SA-4.0 CC-BY-SA-3.0 CC-PDDC PDDL-1.0 ODC-By-1.0 ODbL-1.0 CDLA-Permissive-1.0
  CDLA-Permissive-2.0 CDLA-Sharing-1.0 OGL-UK-3.0 DL-DE-BY-2.0 DL-DE-ZERO-2.0 etalab-2.0 MIT Apache-2.0 BSD-3-Clause Unlicense`.split(
    /\s+/,
  ),
);

export const isOpenLicence = (licence: string): boolean => open.has(licence);

/**
 * How confidential a kind of data makes what holds it.
 *
 * | what | at least |
 * |---|---|
 * | secrets; special categories and convictions (GDPR 9, 10); cards (PCI DSS); national identity and health numbers | restricted |
 * | other personal data | confidential |
 * | numbers of companies, banks, securities | internal |
 */
export function levelOf({ name, classes, hipaa }: Entity): Level {
  const isNational =
    (entities.get(name)?.classes.includes('pii') ?? false) && (hipaa === 'G' || /^[a-z]{2}-/.test(name));
  if (classes.some((each) => each === 'secret' || each === 'special' || each === 'pci')) return 'restricted';
  if (identity.has(name) || isNational || hipaa === 'H' || hipaa === 'I') return 'restricted';
  return classes.includes('pii') ? 'confidential' : 'internal';
}
