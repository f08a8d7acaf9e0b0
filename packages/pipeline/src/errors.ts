/** Every error that this package raises: its exit code, what it means and what to do about it. */
export const pipelineErrors = {
  HF_CONFIG_NOT_FOUND: {
    exit: 2,
    meaning: 'there is no holdfast.yaml here or in a folder above',
    fix: '`holdfast init` makes one from what is in the folder',
  },
  HF_CONFIG_YAML: { exit: 2, meaning: 'holdfast.yaml is not valid YAML', fix: 'correct the line that is named' },
  HF_CONFIG_INVALID: {
    exit: 2,
    meaning: 'holdfast.yaml says something that Holdfast does not understand',
    fix: 'correct the line that is named; spec/holdfast.schema.json makes editors help',
  },
  HF_CONFIG_EXISTS: { exit: 2, meaning: 'there is a holdfast.yaml already', fix: 'edit it, or remove it first' },
  HF_ADOPT_UNREADABLE: {
    exit: 2,
    meaning: 'a file that describes the repository, such as dvc.yaml, dvc.lock or MLproject, cannot be understood',
    fix: 'correct the file, or move it away and run `holdfast init` again',
  },
  HF_ADOPT_MISMATCH: {
    exit: 1,
    meaning: 'data that DVC tracks is not the bytes that DVC recorded; nothing is adopted',
    fix: '`dvc checkout` brings the recorded bytes back; if the change is meant, `dvc commit` records it',
  },
  HF_PATH_OUTSIDE: {
    exit: 2,
    meaning: 'a path leaves the project folder',
    fix: 'move the file into the project, and name it by a relative path',
  },
  HF_STAGE_UNKNOWN: { exit: 2, meaning: 'holdfast.yaml declares no such stage', fix: '`holdfast status` lists them' },
  HF_STAGE_CYCLE: {
    exit: 2,
    meaning: 'stages wait for each other in a circle',
    fix: 'remove one of the inputs that close the circle',
  },
  HF_STAGE_OUTPUT_SHARED: {
    exit: 2,
    meaning: 'two stages write the same output',
    fix: 'give each stage outputs of its own',
  },
  HF_ARTIFACT_UNKNOWN: {
    exit: 2,
    meaning: 'no artifact has this name or path',
    fix: '`holdfast status` lists them',
  },
  HF_ENVIRONMENT_UNKNOWN: {
    exit: 2,
    meaning: 'holdfast.yaml declares no such environment',
    fix: 'add it under `environments:` with its policy',
  },
  HF_CHECK_UNKNOWN: { exit: 2, meaning: 'there is no such check', fix: 'docs/reference/checks.md lists the checks' },
  HF_CHECK_OPTIONS: {
    exit: 2,
    meaning: 'a check was given options that it does not take',
    fix: 'docs/reference/checks.md says which it takes',
  },
  HF_INPUT_MISSING: {
    exit: 2,
    meaning: 'an input of a stage does not exist, and no stage makes it',
    fix: 'create the file, or correct the path in holdfast.yaml',
  },
  HF_SOURCE_MISMATCH: {
    exit: 1,
    meaning: 'data from a declared source is not the bytes that holdfast.yaml pins',
    fix: 'fetch it again; if the source really changed, review the change and pin the new digest',
  },
  HF_SOURCE_UNKNOWN: {
    exit: 2,
    meaning: 'holdfast.yaml declares no such source',
    fix: 'declare it under `sources:` with its `uri`',
  },
  HF_SOURCE_TARGET: {
    exit: 2,
    meaning: 'there is no place for what a source gives',
    fix: 'name the source in an artifact: `artifacts: { NAME: { path: FILE, kind: dataset, source: SOURCE } }`',
  },
  HF_SOURCE_SCHEME: {
    exit: 2,
    meaning: 'a source is fetched over TLS or copied from a file, and this one is neither',
    fix: 'write `https://…`, `file:///…` or a path in the project; fetch others with the tool that they belong to',
  },
  HF_SOURCE_UNPINNED: {
    exit: 2,
    meaning: 'a source says neither which bytes are expected nor who must have signed them',
    fix: '`holdfast data fetch SOURCE --record` fetches it and tells the digest to pin',
  },
  HF_SOURCE_SIGNER: {
    exit: 2,
    meaning: 'the signer of a source is not in the trust file, or was revoked',
    fix: '`holdfast key trust FILE --name NAME`, if you know whose key it is',
  },
  HF_SOURCE_SIGNATURE: {
    exit: 1,
    meaning: 'the bytes of a source are not what its signer signed',
    fix: 'do not use them; ask the signer for data and signature that belong together',
  },
  HF_SOURCE_REDIRECT: {
    exit: 1,
    meaning: 'a source leads elsewhere than it may',
    fix: 'find out why; if it is meant, add the host to `origins` of the source',
  },
  HF_SOURCE_TOO_LARGE: {
    exit: 1,
    meaning: 'a source gives more bytes than it may',
    fix: 'find out why; if it is meant, raise `maxSize` of the source',
  },
  HF_SOURCE_TLS: {
    exit: 3,
    meaning: 'the server of a source could not prove who it is, or speaks no TLS that is safe',
    fix: 'name a private authority with --ca FILE or NODE_EXTRA_CA_CERTS; an unknown certificate may be an attack',
  },
  HF_SOURCE_AUTHORITY: {
    exit: 2,
    meaning: 'the file with certificates of authorities cannot be used',
    fix: 'name a file with certificates in PEM',
  },
  HF_SOURCE_UNREACHABLE: {
    exit: 3,
    meaning: 'a source cannot be reached',
    fix: 'try again later, or correct its `uri`',
  },
  HF_SOURCE_ANSWER: {
    exit: 3,
    meaning: 'the server of a source answers otherwise than with the bytes that it was asked for',
    fix: 'look at the `uri` with another program; correct it, or ask who runs the server',
  },
  HF_SOURCE_INCOMPLETE: {
    exit: 3,
    meaning: 'a source ended before all of its bytes were there',
    fix: 'try again later',
  },
  HF_SOURCE_TIMEOUT: {
    exit: 3,
    meaning: 'a source took longer than it may',
    fix: 'try again later, or raise `time` of the source',
  },
  HF_SOURCE_DISK_FULL: {
    exit: 3,
    meaning: 'the disk is full; what lies at the place of the data is as it was before',
    fix: 'free some space and fetch again',
  },
  HF_SOURCE_INTERRUPTED: {
    exit: 3,
    meaning: 'a fetch was interrupted; what lies at the place of the data is as it was before',
    fix: 'fetch again',
  },
  HF_STAGE_FAILED: {
    exit: 1,
    meaning: 'the command of a stage ended with an error',
    fix: 'read its log; nothing that depends on it was run',
  },
  HF_STAGE_CLASS: {
    exit: 1,
    meaning:
      'a policy denies a stage one of its inputs, because of how confidential it is and what the stage can reach',
    fix: 'confine the stage as the policy demands, or give it data that are less confidential',
  },
  HF_ISOLATION_DEMANDED: {
    exit: 2,
    meaning: 'a stage asks for a weaker isolation than a policy demands',
    fix: 'ask for no less than the policy does, or change the policy',
  },
  HF_ISOLATION_UNAVAILABLE: {
    exit: 3,
    meaning: 'the isolation that is demanded cannot be had on this machine, and no weaker one is taken for it',
    fix: '`holdfast doctor` says what is missing',
  },
  HF_NO_SIGNER: {
    exit: 2,
    meaning: 'no key here has the role that is needed',
    fix: '`holdfast key create NAME --roles ROLE`',
  },
  HF_CLOCK: {
    exit: 3,
    meaning: 'the clock of this machine is behind the newest evidence, so no age can be told',
    fix: 'set the clock; evidence from the future counts for nothing',
  },
  HF_LEDGER_ROLLED_BACK: {
    exit: 3,
    meaning: 'the ledger is smaller than the one seen here before',
    fix: 'restore the newer ledger from a backup; keep the copy that you have as proof',
  },
  HF_LEDGER_FORKED: {
    exit: 1,
    meaning: 'the ledger has another history than the one seen here before',
    fix: 'keep both copies: together they prove that somebody rewrote the ledger',
  },
  HF_RELEASE_VERSION: {
    exit: 2,
    meaning: 'a release needs a version that is higher than every one before it',
    fix: 'leave --version out: it is the next one then',
  },
  HF_RELEASE_FILES: {
    exit: 2,
    meaning: 'an artifact holds more files than an update can carry, or one whose name a device could not write',
    fix: 'release a single file, or fewer; no name may hold a backslash or a control character',
  },
  HF_INSTALL_SETTINGS: {
    exit: 2,
    meaning: 'a device is set up once, by the first install: class, environment, policy and trust file',
    fix: 'holdfast install ARCHIVE --to DIR --device CLASS --environment NAME --policy FILE --trust FILE',
  },
  HF_INSTALL_UNSIGNED: {
    exit: 1,
    meaning: 'an update is not released by anybody whom this device trusts with that',
    fix: '`holdfast release ARTIFACT --device CLASS` by an approver, then export it anew',
  },
  HF_INSTALL_OTHER_DEVICE: {
    exit: 1,
    meaning: 'an update is for devices of another class, or comes from another ledger',
    fix: 'get the update that was released for this class',
  },
  HF_INSTALL_OLDER: {
    exit: 1,
    meaning: 'an update is older than what this device has seen',
    fix: 'get the newest one; to go back on purpose, release the old artifact again under a higher version',
  },
  HF_INSTALL_DENIED: {
    exit: 1,
    meaning: 'the policy of this device denies an update, or what is installed',
    fix: 'produce the evidence that is named, and export it anew',
  },
  HF_INSTALL_INCOMPLETE: {
    exit: 3,
    meaning: 'an archive does not hold the bytes of the release that is in it',
    fix: 'holdfast evidence export FILE.holdfast --with ARTIFACT',
  },
  HF_INSTALL_CONTRADICTION: {
    exit: 1,
    meaning: 'a release names files that are not the artifact it is about',
    fix: 'do not use it; ask whoever signed it',
  },
  HF_INSTALL_DAMAGED: {
    exit: 1,
    meaning: 'what is installed is not what was signed',
    fix: 'holdfast install check DIR --recover goes back to the last good one; install the update again',
  },
  HF_INSTALL_NOTHING: {
    exit: 3,
    meaning: 'nothing is installed there',
    fix: 'holdfast install ARCHIVE --to DIR …',
  },
  HF_INSTALL_STATE: {
    exit: 3,
    meaning: 'what a device remembers of itself cannot be read, so nobody can say what is older',
    fix: 'set the device up anew in an empty folder, with the newest update',
  },
  HF_INSTALL_DISK_FULL: {
    exit: 3,
    meaning: 'the disk is full; what was installed before is still there, and current',
    fix: 'free some space and install again',
  },
  HF_DECISION_REPLAY: {
    exit: 1,
    meaning: 'a decision does not follow from the evidence and the policy that it names',
    fix: 'do not rely on it; run `holdfast gate` again',
  },
  HF_METRICS_FORMAT: {
    exit: 1,
    meaning: 'the metrics file of a stage is not a flat JSON object of numbers',
    fix: 'write {"accuracy": 0.93, …}',
  },
  HF_SECRET_MISSING: {
    exit: 2,
    meaning: 'a secret that a stage declares is not there',
    fix: 'set the variable, or make the file, that `secrets:` of the stage names',
  },
  HF_SECRET_EXPOSED: {
    exit: 2,
    meaning: 'the file of a secret can be reached by other users',
    fix: 'take their access away: `chmod 600 FILE`',
  },
  HF_SECRET_UNUSABLE: {
    exit: 2,
    meaning: 'a secret cannot be read, or cannot be handed over as declared',
    fix: 'correct its source, or `secrets:` of the stage',
  },
  HF_SECRET_WEAK: {
    exit: 2,
    meaning: 'a secret is so short or common that taking it out of a log would take the log apart',
    fix: 'use a longer value that was made at random',
  },
  HF_SECRET_LEAKED: {
    exit: 1,
    meaning: 'a stage wrote a secret into one of its outputs, which are there to be given away',
    fix: 'have the stage leave it out, and replace the secret if the output went anywhere',
  },
  HF_RUN_TIMEOUT: {
    exit: 1,
    meaning: 'a stage ran longer than it may',
    fix: 'raise `sandbox.time` of the stage, or make it faster',
  },
  HF_RUN_OUTPUT_MISSING: {
    exit: 1,
    meaning: 'a stage ended well but did not write an output that it declares',
    fix: 'correct the script or the declaration',
  },
  HF_RUN_UNDECLARED: {
    exit: 2,
    meaning: 'a command without a configuration reads or writes more than can be found out by looking',
    fix: 'name it: `holdfast run --input PATH --output PATH -- COMMAND`',
  },
  HF_RUN_INPUT_CHANGED: {
    exit: 1,
    meaning: 'an input changed while the stage ran, so nobody can say what it read',
    fix: 'stop what writes to it; if the stage does, declare the file as an output',
  },
  HF_RUN_SPAWN: { exit: 3, meaning: 'a command could not be started', fix: 'check that /bin/sh can run it' },
  HF_RUN_INTERRUPTED: {
    exit: 3,
    meaning: 'the run was interrupted; the outputs are as they were before it',
    fix: '`holdfast run` goes on where it stopped',
  },
  HF_RUN_DISK_FULL: {
    exit: 3,
    meaning: 'the disk is full; the outputs are as they were before the run',
    fix: 'free some space and run again',
  },
  HF_RUN_LOG_LIMIT: { exit: 1, meaning: 'a stage wrote a larger log than it may', fix: 'make the stage say less' },
  HF_RUN_IN_PROGRESS: {
    exit: 3,
    meaning: 'another run of this project is going on',
    fix: 'wait for it to end, or stop it',
  },
  HF_RUN_RECOVERY: {
    exit: 3,
    meaning: 'what an interrupted run left behind could not be put right',
    fix: 'look into .holdfast/runs, and restore the outputs from there',
  },
} as const satisfies Record<string, { exit: 1 | 2 | 3; meaning: string; fix: string }>;

export type PipelineErrorCode = keyof typeof pipelineErrors;

/** What this package throws. `code` is stable, `fix` says what to do, `where` is a file, line and column. */
export class PipelineError extends Error {
  readonly code: PipelineErrorCode;
  readonly fix: string;
  readonly exit: 1 | 2 | 3;
  readonly where: string | undefined;

  constructor(
    code: PipelineErrorCode,
    message: string,
    options: { where?: string; fix?: string; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'PipelineError';
    this.code = code;
    this.fix = options.fix ?? pipelineErrors[code].fix;
    this.exit = pipelineErrors[code].exit;
    this.where = options.where;
  }
}
