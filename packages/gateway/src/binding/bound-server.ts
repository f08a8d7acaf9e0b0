import type { Admission } from '../admission/admission.ts';
import type { ModelServer } from '../http/model-server.ts';
import type { Challenger } from './challenger.ts';
import type { LaunchedServer } from './launched-server.ts';

/** What is not known yet, as where nothing has been asked: no switch is told of for it. */
const unasked: Admission = { isAdmitted: false, reasons: ['not-asked-yet'] };

export interface BoundServerParts {
  readonly server: ModelServer;
  /** The same, where it is started here. */
  readonly launched?: LaunchedServer;
  readonly challenger?: Challenger;
}

/** The model server of a route, and how it is known that it runs what was admitted. */
export class BoundServer {
  readonly server: ModelServer;
  readonly #launched: LaunchedServer | undefined;
  readonly #challenger: Challenger | undefined;

  constructor({ server, launched, challenger }: BoundServerParts) {
    this.server = server;
    this.#launched = launched;
    this.#challenger = challenger;
  }

  /**
   * What the gate said, held against what is known of the model server. Waits for nothing: what has to be found out is begun, and told
   * of when it is known.
   */
  bind(admission: Admission): Admission {
    const { artifact, bytes } = admission.isAdmitted ? admission : {};
    this.#launched?.want(artifact, bytes);
    if (!admission.isAdmitted || artifact === undefined) {
      this.#challenger?.about(undefined);
      return admission;
    }
    if (this.#launched !== undefined && this.#launched.serves !== artifact) {
      const { failure } = this.#launched;
      return failure === undefined ? unasked : { isAdmitted: false, artifact, reasons: ['launch'], detail: failure };
    }
    return this.#challenged(admission);
  }

  async close(): Promise<void> {
    this.#challenger?.close();
    await this.server.close();
  }

  #challenged(admission: Extract<Admission, { isAdmitted: true }>): Admission {
    const { artifact, bytes } = admission;
    const launched = this.#launched === undefined ? {} : { binding: 'launched' as const };
    if (this.#challenger === undefined) return { ...admission, ...launched };
    const state = this.#challenger.about(artifact, bytes);
    if (state.is === 'unasked') return unasked;
    if (state.is === 'failed') return { isAdmitted: false, artifact, reasons: [state.reason], detail: state.detail };
    return { ...admission, binding: 'challenged', ...launched };
  }
}
