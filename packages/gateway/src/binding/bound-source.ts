import type { AdmissionSource } from '../admission/admission.ts';
import type { BoundServer } from './bound-server.ts';

/** A source of admissions that also asks whether model servers run what was admitted. */
export interface BoundSource extends AdmissionSource {
  /** What is known of a model server is another. */
  changed(): void;
}

/** @param servers of what is served, in its order */
export function boundSource(source: AdmissionSource, servers: readonly BoundServer[]): BoundSource {
  const watchers = new Set<() => void>();
  return {
    decide: async (served) => {
      const answers = await source.decide(served);
      return answers.map((answer, place) => servers[place]?.bind(answer) ?? answer);
    },
    watch: (changed) => {
      watchers.add(changed);
      const end = source.watch(changed);
      return () => {
        watchers.delete(changed);
        end();
      };
    },
    changed: () => {
      for (const watcher of watchers) watcher();
    },
  };
}
