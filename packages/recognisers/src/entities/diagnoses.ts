import type { EntityType } from '../entity-type.ts';
import { pattern } from '../form.ts';

/** Codes that say something of somebody's health. */
export const diagnoses: readonly EntityType[] = [
  {
    name: 'icd-10',
    title: 'Code of a diagnosis',
    countries: [],
    classes: ['special', 'hipaa'],
    hipaa: 'R',
    reference: 'WHO ICD-10; GDPR article 9',
    forms: [
      pattern('A##.#', {
        begins: '[A-TV-Z][0-9][0-9AB]\\.[0-9A-Z]{1,4}\\b',
        exact: '(?<![\\p{L}\\p{N}.])[A-TV-Z][0-9][0-9AB]\\.[0-9A-Z]{1,4}(?![\\p{L}\\p{N}])',
        longest: 8,
        telling: 'bare',
      }),
    ],
    chance: 0.5,
    context: {
      en: ['icd', 'icd-10', 'icd10', 'diagnosis', 'diagnosed', 'dx'],
      de: ['diagnose', 'icd-10-gm'],
      fr: ['diagnostic', 'cim-10'],
      es: ['diagnóstico', 'cie-10'],
    },
  },
];
