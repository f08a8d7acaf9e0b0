import type { Entry } from '../entry.ts';
import { lightgbmClasses } from '../generated/plain-lightgbm.ts';
import { xgboostClasses } from '../generated/plain-xgboost.ts';
import { absent, plainClasses } from './plain.ts';

/** XGBoost 1.6 to 3.2, LightGBM 3.3 to 4.7: a booster is a model in the library's own format, in bytes or text. */
export const boosting: readonly Entry[] = [
  ...plainClasses(xgboostClasses),
  ...plainClasses(lightgbmClasses),
  {
    names: ['xgboost.core.Booster'],
    new: [{ arguments: [] }],
    returns: 'xgboost.core.Booster',
    state: { fields: { handle: { either: ['none', 'bytes'] } } },
    opens: { handle: 'ubjson' },
  },
  {
    names: ['lightgbm.basic.Booster'],
    new: [{ arguments: [] }],
    returns: 'lightgbm.basic.Booster',
    // Its destructor frees the network by a method.
    state: {
      fields: { _handle: { either: ['none', 'str'] }, handle: { either: ['none', 'str'] }, free_network: absent },
    },
  },
];
