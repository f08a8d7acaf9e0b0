import type { AdmissionSource } from '../admission/admission.ts';
import type { BoundServer } from './bound-server.ts';

/**
 * A source of admissions that also asks whether model servers run what was admitted.
 * @param servers of what is served, in its order
 */
export function boundSource(source: AdmissionSource, servers: readonly BoundServer[]): AdmissionSource {
  return {
    decide: async (served) => {
      const answers = await source.decide(served);
      return answers.map((answer, place) => servers[place]?.bind(answer) ?? answer);
    },
    watch: (changed) => source.watch(changed),
  };
}
