import type { Rule } from '@holdfast/evidence/check';
import { boundRule } from '../database/bound-rule.ts';

const rule = (id: string, severity: Rule['severity'], title: string, fix: string): Rule => ({
  ...{ id: `data.poison.${id}`, title, severity, fix },
  references: ['MITRE ATLAS AML.T0020'],
});

const setAside = 'Set the rows aside with `holdfast data quarantine`, look at them, and find out where they came from.';

/** What `data.poison` can find. */
export const poisonRules = {
  labels: rule('labels', 'high', 'Labels contradict all rows that are like theirs, more than by nature.', setAside),
  trigger: rule('trigger', 'high', 'A combination of values goes with one label, and nothing explains it.', setAside),
  cluster: rule('cluster', 'high', 'Rows that a model keeps apart are like rows of another label.', setAside),
  source: rule(
    'source',
    'medium',
    'Without a source the others are predicted better than chance allows.',
    'Look at what it delivers, and train without it where nobody can explain the difference.',
  ),
  concentrated: rule(
    'concentrated',
    'medium',
    'A source has more suspect rows than the others.',
    'Look at what it delivers, and ask who could write there.',
  ),
  untold: rule(
    'untold',
    'low',
    'The columns tell too little of the label to see whether labels were flipped.',
    'Have a sample of the labels looked at by people; or leave the detector `labels` out, and say so.',
  ),
  unsought: rule(
    'unsought',
    'low',
    'A kind of poison is not looked for in data of this kind.',
    'Look at where the data come from; docs/limits.md says what is missed.',
  ),
  assumed: rule(
    'assumed',
    'low',
    'A model was given pictures in a form that nobody says it takes.',
    'Say it with `pixelRange`, `pixelMean` and `pixelDeviation`, or in the metadata of the model (`Image.NominalPixelRange`).',
  ),
  columns: {
    ...rule(
      'columns',
      'info',
      'Columns that tell rows apart were not looked at.',
      'Nothing, where that is what they are.',
    ),
    references: [],
  },
  rows: boundRule('data.poison'),
} as const satisfies Record<string, Rule>;
