export { describeAccelerators } from './accelerators.ts';
export { type Adoption, type AdoptionOptions, adoptOutputs } from './adoption.ts';
export { type BubblewrapOptions, bubblewrapIsolation } from './bubblewrap.ts';
export { programsOf } from './command-programs.ts';
export { type ContainerOptions, containerIsolation } from './container.ts';
export { type ContainerProbe, type ContainerProbeOptions, probeContainer } from './container-probe.ts';
export { SandboxError, type SandboxErrorCode, sandboxErrors } from './errors.ts';
export { type FoundToolchain, findToolchain, type ToolchainRequest } from './find-toolchain.ts';
export type { RootKind } from './found-program.ts';
export type {
  Accelerator,
  Confinement,
  EgressPeer,
  EgressRefusal,
  Enforcement,
  IsolatedCommand,
  Isolation,
  IsolationLevel,
  IsolationRequest,
  Kernels,
  Limits,
  RunAccount,
} from './isolation.ts';
export {
  type DemandedLevel,
  describeLevels,
  isolationFor,
  isolationLevels,
  type LevelDescription,
  type LevelOptions,
  type OpenedLevel,
  openLevel,
} from './levels.ts';
export { type ProbeOptions, type ProbeResult, probeSandbox, requireSandbox } from './probe.ts';
export { openSandbox, type SandboxOptions } from './sandbox.ts';
export { seccompFilter } from './seccomp.ts';
export type { SystemRecord } from './system-record.ts';
export {
  type RecordedToolchain,
  resolveToolchain,
  type Toolchain,
  type ToolchainProgram,
} from './toolchain.ts';
export { toolchainDependencies } from './toolchain-dependencies.ts';
export type { ToolchainRoot } from './toolchain-roots.ts';
