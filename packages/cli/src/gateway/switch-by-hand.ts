import { artifactId } from '@holdfast/evidence/statement';
import { findArtifact } from '@holdfast/pipeline/artifacts';
import { openProject, type Project } from '@holdfast/pipeline/project';
import { decideServed } from '@holdfast/pipeline/serving/decide-served';
import { recordSwitch, type SwitchedModel } from '@holdfast/pipeline/serving/record-switch';
import { type CommandResult, type Invocation, textOption } from '../command.ts';
import { CliError } from '../errors.ts';
import { shortHex, shortId } from '../short-hex.ts';
import { type DeclaredRoute, declaredGateway } from './declared-gateway.ts';
import { shareWords } from './switch-events.ts';

export interface SwitchAsked {
  readonly weight: number;
  readonly reason: string;
}

/**
 * Puts on record how many callers of a route its candidate answers from now on; gateways that serve it hear of it from there. A
 * candidate that its gate denies is given nobody.
 */
export async function switchByHand(invocation: Invocation, asked: SwitchAsked): Promise<CommandResult> {
  const project = await openProject(invocation.folder);
  const { routes } = declaredGateway(project.config.gateway, project.folder);
  const declared = candidateOn(routes, invocation.arguments[0] ?? '');
  const { model, environment } = declared;
  const [decision] = await decideServed(project, [{ model, environment }]);
  if (asked.weight > 0 && decision?.isAdmitted !== true) return denied(declared, decision?.reasons ?? ['unknown']);
  const [candidate, stable] = await Promise.all(
    [model, declared.candidateOf?.model ?? ''].map(async (name) => modelOf(project, name)),
  );
  const key = textOption(invocation, 'key');
  const switchedOn = new Date().toISOString();
  const { recorded, signer } = await recordSwitch(project, {
    candidate: candidate as SwitchedModel,
    stable: stable as SwitchedModel,
    change: { environment, route: declared.path, ...asked, by: 'hand', switchedOn },
    ...(key === undefined ? {} : { key }),
  });
  return switched(declared, asked, {
    ...(candidate as SwitchedModel),
    signer,
    id: recorded?.id ?? '',
    index: recorded?.index ?? 0,
  });
}

async function modelOf(project: Project, name: string): Promise<SwitchedModel> {
  const { path, digest } = await findArtifact(project, name, project.folder);
  return { name: path, digest: { ...digest.digests } };
}

function denied({ model, environment, path }: DeclaredRoute, reasons: readonly string[]): CommandResult {
  return {
    exit: 1,
    lines: [`${model} is denied by its gate: ${reasons.join(', ')}`, `→ holdfast gate ${model} --to ${environment}`],
    result: { route: path, model, environment, weight: null, reasons },
  };
}

function switched(
  { model, environment, path }: DeclaredRoute,
  { weight, reason }: SwitchAsked,
  {
    digest,
    signer,
    id,
    index,
  }: SwitchedModel & { readonly signer: string; readonly id: string; readonly index: number },
): CommandResult {
  return {
    exit: 0,
    lines: [
      `${signer}: ${model} ${shortId(digest)} ${shareWords(weight)} on ${path}`,
      `evidence ${shortHex(id)} is in the ledger at ${index}`,
    ],
    result: { route: path, model, artifact: artifactId(digest), environment, weight, reason, signer, id, index },
  };
}

function candidateOn(routes: readonly DeclaredRoute[], asked: string): DeclaredRoute {
  const candidates = routes.filter(({ candidateOf }) => candidateOf !== undefined);
  const found = candidates.find(({ path }) => path === asked);
  if (found !== undefined) return found;
  const known = candidates.map(({ path }) => `\`${path}\``).join(', ');
  throw new CliError('HF_CLI_USAGE', `no route \`${asked}\` has a \`canary\`; there is ${known || 'none'}`);
}
