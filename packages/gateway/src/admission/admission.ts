import type { ArtifactFacts } from '@holdfast/policy/artifact-facts';
import type { Guards } from '../protection/guards.ts';

/** A model that is to be served, and the environment whose gate it has to have passed. */
export interface Served {
  readonly model: string;
  readonly environment: string;
}

/** What the gate says of a model now. */
export type Admission =
  | {
      readonly isAdmitted: true;
      /** Of the artifact as its evidence names it: `sha256:…`. */
      readonly artifact: string;
      readonly facts: ArtifactFacts;
      /** Made for these bytes: another model has other inputs. */
      readonly guards: Guards;
    }
  | {
      readonly isAdmitted: false;
      readonly artifact?: string;
      /** Ids of the rules that denied it, or the code of what kept it from being found out. */
      readonly reasons: readonly string[];
      /** What went wrong where it could not be found out, for whoever runs the gateway; callers do not hear it. */
      readonly detail?: string;
    };

/** Where the gateway learns what may be served: evidence, gate and ledger, verified there. */
export interface AdmissionSource {
  /** One answer for each, in order, all of the same moment. What cannot be found out is an answer, too: not admitted. */
  decide(served: readonly Served[]): Promise<readonly Admission[]>;
  /** Calls back when evidence may have changed; ends with what is returned. */
  watch(changed: () => void): () => void;
}
