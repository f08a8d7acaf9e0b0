import type { GatewayResponse } from '@holdfast/evidence';
import { findArtifact, type NamedArtifact } from '@holdfast/pipeline/artifacts';
import { type Project, verifyProject } from '@holdfast/pipeline/project';
import { recordedResponses } from '@holdfast/pipeline/serving/recorded-responses';
import { requireSound } from '@holdfast/pipeline/sound';

/** How a caller of a model is answered at present. */
export interface CurrentResponse {
  readonly found: NamedArtifact;
  readonly response: GatewayResponse;
}

/**
 * What gateways do about callers now, by the evidence: the newest about each counts until it ends.
 * @throws PipelineError; as `verifyProject`
 */
export async function currentResponses(project: Project, now: Date): Promise<readonly CurrentResponse[]> {
  const models = new Set((project.config.gateway?.routes ?? []).map(({ model }) => model));
  const view = await verifyProject(project);
  requireSound(view);
  const current: CurrentResponse[] = [];
  for (const model of models) {
    const found = await findArtifact(project, model, project.folder);
    const newest = new Map<string, GatewayResponse>();
    for (const each of recordedResponses(view, found)) {
      if (each.kind !== 'response') continue;
      const { environment, route, caller = '' } = each.response;
      newest.set(JSON.stringify([environment, route, caller]), each.response);
    }
    for (const response of newest.values()) {
      if (response.to !== 'none' && Date.parse(response.until) > now.getTime()) current.push({ found, response });
    }
  }
  return current;
}
