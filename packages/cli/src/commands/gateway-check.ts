import type { Admission } from '@holdfast/gateway/admission/admission';
import { openProject } from '@holdfast/pipeline/project';
import type { CommandModule } from '../command.ts';
import { admit } from '../gateway/admit.ts';
import { type DeclaredRoute, declaredGateway } from '../gateway/declared-gateway.ts';
import type { Terminal } from '../terminal.ts';
import { labelled } from '../wrap.ts';

/** Reads the configuration as the gateway would, and says of each route whether it would be served now, and what would be looked at. */
export const run: CommandModule['run'] = async (invocation, terminal) => {
  const project = await openProject(invocation.folder);
  const { routes } = declaredGateway(project.config.gateway, project.folder);
  const admissions = await admit(project, routes, routes);
  const checked = routes.map((route, at) => checkedRoute(route, admissions[at]));
  const isServed = checked.every(({ served }) => served);
  return {
    exit: isServed ? 0 : 1,
    lines: checked.flatMap((route) => routeLines(route, terminal)),
    result: { routes: checked },
  };
};

interface CheckedRoute {
  readonly path: string;
  readonly model: string;
  readonly environment: string;
  readonly upstream: string;
  readonly served: boolean;
  /** It is the candidate of the route: it answers some callers, or none yet. */
  readonly candidate?: boolean;
  readonly reasons: readonly string[];
  /** What went wrong, where it is not the gate that says no. */
  readonly detail?: string;
  /** Protections that look at requests, and how. */
  readonly protections: readonly string[];
}

function checkedRoute(route: DeclaredRoute, admission: Admission | undefined): CheckedRoute {
  const { path, model, environment } = route;
  const upstream = route.upstream ?? `${route.launch?.command[0] ?? ''}, launched`;
  const told = {
    ...{ path, model, environment, upstream },
    ...(route.candidateOf === undefined ? {} : { candidate: true }),
  };
  if (admission?.isAdmitted !== true) {
    const { reasons = ['unknown'], detail } = admission ?? {};
    return { ...told, served: false, reasons, protections: [], ...(detail === undefined ? {} : { detail }) };
  }
  const { inputs, outputs, harden } = admission.guards;
  const placed = [...inputs, ...outputs].map(({ protection, mode }) => `${protection.name} (${mode})`);
  return { ...told, served: true, reasons: [], protections: [...placed, ...(harden === undefined ? [] : ['output'])] };
}

function routeLines(route: CheckedRoute, terminal: Terminal): string[] {
  const { path, model, environment, upstream, served, candidate, reasons, detail, protections } = route;
  const mark = served ? terminal.paint('green', '✓ served') : terminal.paint('red', '✗ stopped');
  return [
    `${mark}   ${path}   ${model} in ${environment}, at ${upstream}${candidate === true ? ', a candidate' : ''}`,
    ...labelled(
      '           ',
      11,
      served ? `looked at by: ${protections.join(', ') || 'nothing'}` : `denied by: ${reasons.join(', ')}`,
    ),
    ...(served ? [] : labelled('           → ', 13, detail ?? `holdfast gate ${model} --to ${environment}`)),
  ];
}
