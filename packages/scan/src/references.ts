/** What a reference of a rule stands for. */
export interface Reference {
  /** `CWE-502`, `ATLAS AML.T0011.000`, `OWASP ML06:2023` */
  readonly id: string;
  readonly title?: string;
  readonly url?: string;
}

/** CWE 4.18, https://cwe.mitre.org */
const weaknesses: Readonly<Record<string, string>> = {
  20: 'Improper Input Validation',
  22: 'Improper Limitation of a Pathname to a Restricted Directory',
  59: 'Improper Link Resolution Before File Access',
  61: 'UNIX Symbolic Link (Symlink) Following',
  73: 'External Control of File Name or Path',
  77: 'Improper Neutralization of Special Elements used in a Command',
  78: 'Improper Neutralization of Special Elements used in an OS Command',
  79: 'Improper Neutralization of Input During Web Page Generation',
  94: 'Improper Control of Generation of Code',
  95: 'Improper Neutralization of Directives in Dynamically Evaluated Code',
  119: 'Improper Restriction of Operations within the Bounds of a Memory Buffer',
  125: 'Out-of-bounds Read',
  130: 'Improper Handling of Length Parameter Inconsistency',
  178: 'Improper Handling of Case Sensitivity',
  190: 'Integer Overflow or Wraparound',
  200: 'Exposure of Sensitive Information to an Unauthorized Actor',
  345: 'Insufficient Verification of Data Authenticity',
  347: 'Improper Verification of Cryptographic Signature',
  353: 'Missing Support for Integrity Check',
  354: 'Improper Validation of Integrity Check Value',
  400: 'Uncontrolled Resource Consumption',
  409: 'Improper Handling of Highly Compressed Data',
  426: 'Untrusted Search Path',
  427: 'Uncontrolled Search Path Element',
  434: 'Unrestricted Upload of File with Dangerous Type',
  436: 'Interpretation Conflict',
  451: 'User Interface Misrepresentation of Critical Information',
  470: 'Use of Externally-Controlled Input to Select Classes or Code',
  494: 'Download of Code Without Integrity Check',
  502: 'Deserialization of Untrusted Data',
  506: 'Embedded Malicious Code',
  552: 'Files or Directories Accessible to External Parties',
  610: 'Externally Controlled Reference to a Resource in Another Sphere',
  611: 'Improper Restriction of XML External Entity Reference',
  646: 'Reliance on File Name or Extension of Externally-Supplied File',
  674: 'Uncontrolled Recursion',
  693: 'Protection Mechanism Failure',
  694: 'Use of Multiple Resources with Duplicate Identifier',
  710: 'Improper Adherence to Coding Standards',
  749: 'Exposed Dangerous Method or Function',
  770: 'Allocation of Resources Without Limits or Throttling',
  776: 'Improper Restriction of Recursive Entity References in DTDs',
  789: 'Memory Allocation with Excessive Size Value',
  829: 'Inclusion of Functionality from Untrusted Control Sphere',
  834: 'Excessive Iteration',
  835: 'Loop with Unreachable Exit Condition',
  913: 'Improper Control of Dynamically-Managed Code Resources',
  915: 'Improperly Controlled Modification of Dynamically-Determined Object Attributes',
  918: 'Server-Side Request Forgery',
  1284: 'Improper Validation of Specified Quantity in Input',
  1285: 'Improper Validation of Specified Index, Position, or Offset in Input',
  1286: 'Improper Validation of Syntactic Correctness of Input',
  1287: 'Improper Validation of Specified Type of Input',
  1288: 'Improper Validation of Consistency within Input',
  1336: 'Improper Neutralization of Special Elements Used in a Template Engine',
};

/** MITRE ATLAS 5, https://atlas.mitre.org */
const techniques: Readonly<Record<string, string>> = {
  'AML.T0010': 'AI Supply Chain Compromise',
  'AML.T0010.001': 'AI Supply Chain Compromise: AI Software',
  'AML.T0010.002': 'AI Supply Chain Compromise: Data',
  'AML.T0010.003': 'AI Supply Chain Compromise: Model',
  'AML.T0011': 'User Execution',
  'AML.T0011.000': 'User Execution: Unsafe AI Artifacts',
  'AML.T0011.001': 'User Execution: Malicious Package',
  'AML.T0018': 'Manipulate AI Model',
  'AML.T0018.000': 'Manipulate AI Model: Poison AI Model',
  'AML.T0018.001': 'Manipulate AI Model: Modify AI Model Architecture',
  'AML.T0018.002': 'Manipulate AI Model: Embed Malware',
  'AML.T0029': 'Denial of AI Service',
  'AML.T0048': 'External Harms',
  'AML.T0050': 'Command and Scripting Interpreter',
  'AML.T0051': 'LLM Prompt Injection',
  'AML.T0058': 'Publish Poisoned Models',
  'AML.T0072': 'Reverse Shell',
  'AML.T0074': 'Masquerading',
};

/** OWASP Machine Learning Security Top Ten 2023, and Top 10 for LLM Applications 2025. */
const risks: Readonly<Record<string, readonly [title: string, url: string]>> = {
  'ML06:2023': ['AI Supply Chain Attacks', 'https://owasp.org/www-project-machine-learning-security-top-10/'],
  'ML10:2023': ['Model Poisoning', 'https://owasp.org/www-project-machine-learning-security-top-10/'],
  'LLM01:2025': ['Prompt Injection', 'https://genai.owasp.org/llmrisk/llm01-prompt-injection/'],
  'LLM03:2025': ['Supply Chain', 'https://genai.owasp.org/llmrisk/llm032025-supply-chain/'],
  'LLM04:2025': ['Data and Model Poisoning', 'https://genai.owasp.org/llmrisk/llm042025-data-and-model-poisoning/'],
  'LLM10:2025': ['Unbounded Consumption', 'https://genai.owasp.org/llmrisk/llm102025-unbounded-consumption/'],
};

/**
 * A reference with its title and where to read about it.
 *
 * @param id as rules have it: `CWE-502`, `ATLAS AML.T0011.000` or `AML.T0011.000`, `OWASP ML06:2023`
 */
export function spelledOut(id: string): Reference {
  const weakness = /^CWE-(\d+)$/.exec(id)?.[1];
  if (weakness !== undefined) {
    return entry(id, weaknesses[weakness], `https://cwe.mitre.org/data/definitions/${weakness}.html`);
  }
  const technique = /AML\.T\d{4}(?:\.\d{3})?/.exec(id)?.[0];
  if (technique !== undefined) {
    return entry(`ATLAS ${technique}`, techniques[technique], `https://atlas.mitre.org/techniques/${technique}`);
  }
  const risk = /(?:ML|LLM)\d\d:20\d\d/.exec(id)?.[0];
  if (risk !== undefined) return entry(`OWASP ${risk}`, ...(risks[risk] ?? []));
  if (/^CVE-\d{4}-\d{4,}$/.test(id)) return entry(id, undefined, `https://nvd.nist.gov/vuln/detail/${id}`);
  return { id };
}

const entry = (id: string, title?: string, url?: string): Reference => ({
  id,
  ...(title === undefined ? {} : { title }),
  ...(url === undefined ? {} : { url }),
});
