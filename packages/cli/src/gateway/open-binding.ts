import type { AdmissionSource } from '@holdfast/gateway/admission/admission';
import type { BoundServer } from '@holdfast/gateway/binding/bound-server';
import { type BoundSource, boundSource } from '@holdfast/gateway/binding/bound-source';
import type { Project } from '@holdfast/pipeline/project';
import { boundServers } from './bound-servers.ts';
import type { DeclaredGateway } from './declared-gateway.ts';

/** The model servers of a gateway, and a source of admissions that asks what is known of them. */
export interface Binding {
  readonly servers: readonly BoundServer[];
  source(gate: AdmissionSource): AdmissionSource;
  /** Stops what was launched. */
  close(): Promise<void>;
}

/** @throws GatewayError HF_GATEWAY_CONFIGURATION where the data of a challenge cannot be read */
export async function openBinding(
  project: Project,
  { routes }: DeclaredGateway,
  said: (line: string) => void,
): Promise<Binding> {
  let source: BoundSource | undefined;
  const servers = await boundServers(project, routes, { said, changed: () => source?.changed() });
  return {
    servers,
    source: (gate) => {
      source = boundSource(gate, servers);
      return source;
    },
    close: async () => {
      await Promise.all(servers.map(async (server) => server.close()));
    },
  };
}
