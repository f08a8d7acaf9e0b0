import type { Effect } from '../../callables/judge.ts';
import type { ScanRule } from '../../verdict.ts';

/** MITRE ATLAS: User Execution: Unsafe AI Artifacts; OWASP Machine Learning 2023 and LLM Applications 2025: supply chain. */
const always = ['CWE-502', 'AML.T0011.000', 'ML06:2023', 'LLM03:2025'];

const doNotLoad = 'do not load it; get the weights as safetensors, or from someone you trust';

function harmful(effect: Effect, title: string, severity: 'critical' | 'high', ...more: string[]): ScanRule {
  const references = [...always, ...more];
  return { id: `scan.pickle.${effect}`, title, severity, verdict: 'fail', fix: doNotLoad, references };
}

/** What a pickle does that it must not, by its effect. */
export const effectRules = {
  code: harmful('code', 'loading it runs code that it carries', 'critical', 'CWE-94'),
  process: harmful('process', 'loading it starts a program', 'critical', 'CWE-78'),
  file: harmful('file', 'loading it reads or changes files', 'critical', 'CWE-73'),
  network: harmful('network', 'loading it talks to the network', 'critical', 'CWE-918'),
  import: harmful('import', 'loading it imports code by name', 'critical', 'CWE-829'),
  deserialise: harmful('deserialise', 'loading it loads another pickle or model', 'high'),
  state: harmful('state', 'loading it changes the interpreter', 'high', 'CWE-915'),
  memory: harmful('memory', 'loading it takes memory without bound', 'high', 'CWE-789'),
} as const satisfies Record<Effect, ScanRule>;

/** What else can be found in a pickle. */
export const pickleRules = {
  unlisted: {
    id: 'scan.pickle.unlisted',
    title: 'it names or calls something that is on no list',
    severity: 'medium',
    verdict: 'unknown',
    fix: 'look at what it does; then allow it in holdfast.yaml by name, `scan: { allow: [ { callable: "pkg.Class" } ] }`, or this very file, `scan: { allow: [ { sha256: … } ] }`',
    references: always,
  },
  ambiguous: {
    id: 'scan.pickle.ambiguous',
    title: 'loaders disagree on what it means',
    severity: 'medium',
    verdict: 'unknown',
    fix: 'do not load it: no pickler writes this; ask for it to be saved again',
    references: [...always, 'CWE-436'],
  },
  frame: {
    id: 'scan.pickle.frame',
    title: 'opcodes lie across frames: each loader reads another pickle',
    severity: 'high',
    verdict: 'fail',
    fix: 'do not load it: no pickler writes this',
    references: [...always, 'CWE-436'],
  },
  extension: {
    id: 'scan.pickle.extension',
    title: 'it names something by a code that only the loading program knows',
    severity: 'medium',
    verdict: 'unknown',
    fix: 'ask for it to be saved without the extension registry of `copyreg`',
    references: always,
  },
  persistent: {
    id: 'scan.pickle.persistent',
    title: 'it refers to objects that the loading program has to hand in',
    severity: 'medium',
    verdict: 'unknown',
    fix: 'load it only with the program that it was made for',
    references: always,
  },
} as const satisfies Record<string, ScanRule>;
