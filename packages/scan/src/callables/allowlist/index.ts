import type { Entry } from '../entry.ts';
import { boosting } from './boosting.ts';
import { builtins } from './builtins.ts';
import { joblib } from './joblib.ts';
import { numpy } from './numpy.ts';
import { pandas } from './pandas.ts';
import { scipy } from './scipy.ts';
import { sklearn } from './sklearn.ts';
import { standardLibrary } from './standard-library.ts';
import { torch } from './torch.ts';

/** Everything that files may name and call, without asking the user. */
export const allowlist: readonly Entry[] = [
  ...builtins,
  ...standardLibrary,
  ...numpy,
  ...scipy,
  ...sklearn,
  ...joblib,
  ...boosting,
  ...pandas,
  ...torch,
];
