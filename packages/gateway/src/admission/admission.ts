import type { ArtifactFacts } from '@holdfast/policy/artifact-facts';
import type { Binding } from '@holdfast/policy/request';
import type { Guards } from '../protection/guards.ts';

/** A model that is to be served, and the environment whose gate it has to have passed. */
export interface Served {
  readonly model: string;
  readonly environment: string;
}

/** Where the bytes of an admitted model lie, and what they are. */
export interface ModelBytes {
  /** Absolute. */
  readonly path: string;
  /** `dirHash` of a folder only. */
  readonly digests: { readonly sha256: string; readonly dirHash?: string };
}

/** What was last said, as evidence, of how many callers of its route a candidate answers. */
export interface SwitchedWeight {
  /** Its place in the ledger. */
  readonly index: number;
  readonly weight: number;
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
      readonly bytes?: ModelBytes;
      /** How it is known that the model server runs these bytes; `asserted` when absent. */
      readonly binding?: Binding;
      /** Of a candidate. */
      readonly switched?: SwitchedWeight;
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
