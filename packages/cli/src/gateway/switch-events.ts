import type { Admission } from '@holdfast/gateway/admission/admission';
import { findArtifact } from '@holdfast/pipeline/artifacts';
import type { Project } from '@holdfast/pipeline/project';
import { recordSwitch, type SwitchedModel } from '@holdfast/pipeline/serving/record-switch';
import type { RolledBack, SwitchingEvents } from './compose-routes.ts';
import type { GatewayRecorder } from './gateway-recorder.ts';

export interface SwitchSurroundings {
  readonly project: Project;
  readonly recorder: GatewayRecorder;
  /** As the evidence calls this gateway. */
  readonly gateway: string;
  readonly key?: string;
  readonly tells: (line: string) => void;
}

/** Says what is switched, and puts on record what a rule switched. What somebody switched by hand is on record already. */
export function switchEvents({ project, recorder, gateway, key, tells }: SwitchSurroundings): SwitchingEvents {
  return {
    switched: ({ model, path }, weight) => {
      tells(`switched ${model} on ${path}   ${shareWords(weight)}`);
    },
    rolledBack: (told) => {
      const { model, path } = told.candidate;
      const switchedOn = new Date().toISOString();
      tells(`rolled back ${model} on ${path}   ${told.reason}`);
      recorder.also(`that \`${model}\` is rolled back`, async () => {
        const change = { ...changeOf(told), by: 'rule', gateway, switchedOn } as const;
        await recordSwitch(project, {
          ...(await modelsOf(project, told)),
          change,
          ...(key === undefined ? {} : { key }),
        });
      });
    },
  };
}

export const shareWords = (weight: number): string =>
  weight === 0
    ? 'answers nobody'
    : weight === 1
      ? 'answers everybody'
      : `answers ${Number((weight * 100).toFixed(2))} % of callers`;

function changeOf({ candidate, reason, measured }: RolledBack) {
  const { environment, path } = candidate;
  return { environment, route: path, weight: 0, reason, ...(measured === undefined ? {} : { measured }) };
}

async function modelsOf(
  project: Project,
  { candidate, admission, stable }: RolledBack,
): Promise<{ readonly candidate: SwitchedModel; readonly stable: SwitchedModel }> {
  return {
    candidate: await modelOf(project, candidate.model, admission),
    stable: await modelOf(project, candidate.candidateOf?.model ?? '', stable),
  };
}

/** The bytes that were served, where they were: those on the disk may be others by now. */
async function modelOf(project: Project, model: string, admission: Admission): Promise<SwitchedModel> {
  const found = await findArtifact(project, model, project.folder);
  const served = admission.isAdmitted ? admission.bytes?.digests : undefined;
  return { name: found.path, digest: { ...(served ?? found.digest.digests) } };
}
