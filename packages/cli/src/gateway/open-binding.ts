import type { AdmissionSource } from '@holdfast/gateway/admission/admission';
import type { Admissions } from '@holdfast/gateway/admission/admissions';
import type { BoundServer } from '@holdfast/gateway/binding/bound-server';
import { boundSource } from '@holdfast/gateway/binding/bound-source';
import type { Project } from '@holdfast/pipeline/project';
import { boundServers } from './bound-servers.ts';
import type { DeclaredGateway } from './declared-gateway.ts';

/** The model servers of a gateway, and admissions that ask what is known of them. */
export interface Binding {
  readonly servers: readonly BoundServer[];
  /** @param open admissions of a source */
  admissions(gate: AdmissionSource, open: (source: AdmissionSource) => Admissions): Admissions;
  /** Stops what was launched. */
  close(): Promise<void>;
}

/** @throws GatewayError HF_GATEWAY_CONFIGURATION where the data of a challenge cannot be read */
export async function openBinding(
  project: Project,
  { routes }: DeclaredGateway,
  said: (line: string) => void,
): Promise<Binding> {
  let admissions: Admissions | undefined;
  // Twice: an answer that was on its way may have been made before the change. Other routes are served meanwhile.
  const changed = (): void => {
    void admissions?.refresh().then(async () => admissions?.refresh());
  };
  const servers = await boundServers(project, routes, { said, changed });
  return {
    servers,
    admissions: (gate, open) => {
      admissions = open(boundSource(gate, servers));
      return admissions;
    },
    close: async () => {
      admissions = undefined;
      await Promise.all(servers.map(async (server) => server.close()));
    },
  };
}
