import type { Confinement, Isolation, IsolationRequest } from '@holdfast/sandbox/isolation';

export type {
  Confinement,
  Enforcement,
  IsolatedCommand,
  Isolation,
  IsolationLevel,
  IsolationRequest,
  Limits,
  RunAccount,
} from '@holdfast/sandbox/isolation';

/**
 * Confines nothing and says so: the command runs as the user, with the user's files and network.
 */
export const noIsolation: Isolation = {
  level: 'none',
  wrap: (request) => ({
    argv: request.argv,
    environment: request.environment,
    cwd: request.cwd,
    enforcement: { level: 'none', mechanism: 'none', enforced: {}, notEnforced: asked(request) },
  }),
};

/** The confinements that a request asks for, in the order of {@link Confinement}. */
function asked(request: IsolationRequest): readonly Confinement[] {
  const { limits } = request;
  const wanted: readonly (readonly [Confinement, boolean])[] = [
    ['network', request.network !== 'open'],
    ['files', request.readable.length > 0 || request.writable.length > 0],
    ['memory', limits.memoryBytes !== undefined],
    ['cpus', limits.cpus !== undefined],
    ['process-count', limits.processCount !== undefined],
    ['open-files', limits.openFiles !== undefined],
    ['output-size', limits.outputBytes !== undefined],
    ['gpu', request.gpu === 'none'],
  ];
  return wanted.filter(([, isAsked]) => isAsked).map(([confinement]) => confinement);
}
