import type { Admission } from '@holdfast/gateway/admission/admission';
import type { Project } from '@holdfast/pipeline/project';
import type { DeclaredGateway } from '../declared-gateway.ts';
import { lintAccess } from './lint-access.ts';
import { lintCertificates } from './lint-certificates.ts';
import { lintUpstreams } from './lint-upstreams.ts';

/** Something in a configuration that is allowed and hardly meant. */
export interface Note {
  /** The place in holdfast.yaml. */
  readonly where: string;
  readonly says: string;
  /** Nothing is served, or nobody is let in, while it is so. */
  readonly stops: boolean;
}

export interface Linting {
  readonly admissions: readonly Admission[];
  /** Whether model servers are connected to. */
  readonly probes: boolean;
}

/** What can be said of a configuration without serving it. */
export async function lintGateway(
  declared: DeclaredGateway,
  project: Project,
  { admissions, probes }: Linting,
): Promise<readonly Note[]> {
  return [
    ...overlapping(declared),
    ...lintCertificates(declared, Date.now()),
    ...(await lintAccess(declared, project, admissions)),
    ...(probes ? await lintUpstreams(declared) : []),
  ];
}

/** The longest path counts; that a request for one model can never reach the other's is hardly seen from the file. */
function overlapping({ routes }: DeclaredGateway): Note[] {
  return routes.flatMap(({ path, model }) =>
    routes
      .filter((other) => other.path !== path && `${other.path}/`.startsWith(path === '/' ? '/' : `${path}/`))
      .map((other) => ({
        where: `gateway.routes  ${path}`,
        says: `\`${other.path}\` lies below \`${path}\`: what begins with it goes to \`${other.model}\`, not to \`${model}\``,
        stops: false,
      })),
  );
}
