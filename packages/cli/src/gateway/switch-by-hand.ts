import { artifactId } from '@holdfast/evidence/statement';
import { findArtifact } from '@holdfast/pipeline/artifacts';
import { openProject } from '@holdfast/pipeline/project';
import { decideServed } from '@holdfast/pipeline/serving/decide-served';
import { recordSwitch } from '@holdfast/pipeline/serving/record-switch';
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
export async function switchByHand(invocation: Invocation, { weight, reason }: SwitchAsked): Promise<CommandResult> {
  const project = await openProject(invocation.folder);
  const { routes } = declaredGateway(project.config.gateway, project.folder);
  const declared = candidateOn(routes, invocation.arguments[0] ?? '');
  const { model, environment, path } = declared;
  const [decision] = await decideServed(project, [{ model, environment }]);
  if (weight > 0 && decision?.isAdmitted !== true) {
    const reasons = decision?.reasons ?? ['unknown'];
    return {
      exit: 1,
      lines: [`${model} is denied by its gate: ${reasons.join(', ')}`, `→ holdfast gate ${model} --to ${environment}`],
      result: { route: path, model, environment, weight: null, reasons },
    };
  }
  const [candidate, stable] = await Promise.all([
    findArtifact(project, model, project.folder),
    findArtifact(project, declared.candidateOf?.model ?? '', project.folder),
  ]);
  const key = textOption(invocation, 'key');
  const switchedOn = new Date().toISOString();
  const { recorded, signer } = await recordSwitch(project, {
    candidate: { name: candidate.path, digest: { ...candidate.digest.digests } },
    stable: { name: stable.path, digest: { ...stable.digest.digests } },
    change: { environment, route: path, weight, by: 'hand', reason, switchedOn },
    ...(key === undefined ? {} : { key }),
  });
  const { id = '', index = 0 } = recorded ?? {};
  return {
    exit: 0,
    lines: [
      `${signer}: ${model} ${shortId(candidate.digest.digests)} ${shareWords(weight)} on ${path}`,
      `evidence ${shortHex(id)} is in the ledger at ${index}`,
    ],
    result: {
      ...{ route: path, model, environment, weight, reason, signer, id, index },
      artifact: artifactId({ ...candidate.digest.digests }),
    },
  };
}

function candidateOn(routes: readonly DeclaredRoute[], asked: string): DeclaredRoute {
  const candidates = routes.filter(({ candidateOf }) => candidateOf !== undefined);
  const found = candidates.find(({ path }) => path === asked);
  if (found !== undefined) return found;
  const known = candidates.map(({ path }) => `\`${path}\``).join(', ');
  throw new CliError('HF_CLI_USAGE', `no route \`${asked}\` has a \`canary\`; there is ${known || 'none'}`);
}
