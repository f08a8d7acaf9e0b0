export { type Adoption, type AdoptionOptions, adoptOutputs } from './adoption.ts';
export { type BubblewrapOptions, bubblewrapIsolation } from './bubblewrap.ts';
export { SandboxError, type SandboxErrorCode, sandboxErrors } from './errors.ts';
export type {
  Confinement,
  EgressPeer,
  EgressRefusal,
  Enforcement,
  IsolatedCommand,
  Isolation,
  IsolationLevel,
  IsolationRequest,
  Limits,
  RunAccount,
} from './isolation.ts';
export { type ProbeOptions, type ProbeResult, probeSandbox, requireSandbox } from './probe.ts';
export { openSandbox, type SandboxOptions } from './sandbox.ts';
export { seccompFilter } from './seccomp.ts';
export type { SystemRecord } from './system-files.ts';
export {
  resolveToolchain,
  type Toolchain,
  type ToolchainProgram,
  type ToolchainRequest,
  toolchainDependencies,
} from './toolchain.ts';
