import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { builtInPolicies } from '../src/built-in.cedar.ts';
import { policyText, validationProblems } from '../src/cedar.ts';
import { PolicyError, type PolicyErrorCode, policyErrors } from '../src/errors.ts';
import { loadPolicy } from '../src/load-policy.ts';
import { textBounds } from '../src/policy-text.ts';
import { quoted, schemaText } from '../src/schema.ts';
import { vocabulary } from '../src/vocabulary.ts';

const knownChecks = ['scan', 'trial.robustness'];
const load = (text: string, checks: readonly string[] = knownChecks): ReturnType<typeof loadPolicy> =>
  loadPolicy({ texts: [{ name: 'p.cedar', text }], knownChecks: checks });

function raisedBy(call: () => unknown): PolicyError {
  try {
    call();
  } catch (error) {
    expect(error).toBeInstanceOf(PolicyError);
    return error as PolicyError;
  }
  throw new Error('nothing was raised');
}

const demand = (body: string, id = 'case'): string =>
  `@id("${id}")\nforbid (principal, action, resource)\nunless { ${body} };\n`;

describe('loading', () => {
  it('keeps file order and appends the built-in policies', () => {
    const { rules } = loadPolicy({
      texts: [
        {
          name: 'a.cedar',
          text: Array.from({ length: 12 }, (_, i) => demand('resource has scan', `n${i}`)).join('\n'),
        },
        { name: 'b.cedar', text: demand('resource has approval', 'last') },
      ],
      knownChecks,
    });
    expect(rules.map(({ id }) => id)).toEqual([
      ...Array.from({ length: 12 }, (_, i) => `n${i}`),
      'last',
      'withdrawn',
      'planted',
      'evidence-verifies',
    ]);
    expect(rules[11]?.where).toBe('a.cedar:45');
    expect(rules[12]?.where).toBe('b.cedar:1');
  });

  it('digests the texts and the schema', () => {
    const text = demand('resource has scan');
    const policy = load(text);
    const sha256 = (data: string): string => createHash('sha256').update(data).digest('hex');
    expect(policy.policyDigest).toBe(sha256(JSON.stringify([text, builtInPolicies])));
    expect(policy.schemaDigest).toBe(sha256(policy.schema));
    expect(load(text, ['trial.robustness', 'scan']).schemaDigest).toBe(policy.schemaDigest);
  });

  it('puts into the schema what the policies read, and no more', () => {
    const policy = load(demand('resource has scan.metrics.f1 && resource.scan.metrics.f1.greaterThan(decimal("0.5"))'));
    expect(policy.schema).toBe(`namespace Holdfast {
  entity Key = {};
  entity Person = {};
  entity Artifact = {
    "scan"?: {
      "metrics"?: {
        "f1"?: decimal
      }
    },
    "standing"?: {
      "ancestorWithdrawn": Bool,
      "setAside": Bool,
      "suspect": Bool,
      "withdrawn": Bool
    }
  };
  action "run", "sign", "promote", "deploy", "invoke", "decrypt", "approve", "shred", "revoke" appliesTo {
    principal: [Key, Person],
    resource: [Artifact],
    context: {
      "evidenceVerified": Bool
    }
  };
}
`);
  });

  it('shows how to turn a rule that fails open round', () => {
    const { fix } = raisedBy(() =>
      load(
        '@id("a") forbid (principal, action, resource) when { resource has scan && resource.scan.verdict != "pass" };',
      ),
    );
    expect(fix).toContain('unless { (resource has scan) && (resource.scan.verdict == "pass") }');
    const rewritten = fix.slice(fix.indexOf('@id'));
    expect(load(rewritten).rules[0]?.id).toBe('a');
  });

  it('suggests the nearest attribute', () => {
    const { message } = raisedBy(() => load(demand('resource has trial.robustnes')));
    expect(message).toBe('nothing ever fills `resource.trial.robustnes`; did you mean `resource.trial.robustness`?');
    expect(raisedBy(() => load(demand('context has oldestEvidenceHour'))).message).toContain(
      '`context.oldestEvidenceHours`',
    );
    expect(raisedBy(() => load(demand('resource has zzzzzzzz'))).message).not.toContain('did you mean');
    expect(raisedBy(() => load(demand('resource has metrics && resource.metrics has __extn'))).code).toBe(
      'HF_POLICY_UNKNOWN_ATTRIBUTE',
    );
  });

  it('names the line of a syntax error', () => {
    expect(raisedBy(() => load(`// größer\n${demand('resource has scan')}forbid(`)).where).toBe('p.cedar:5');
  });

  it.each([
    [['scan', 'scan.deep']],
    [['provenance']],
    [['metrics.f1']],
    [['standing.withdrawn']],
    [['Scan']],
    [['a..b']],
    [['a.b.c.d.e']],
    [['x'.repeat(101)]],
    [['__entity']],
    [['']],
    [Array.from({ length: 501 }, (_, index) => `c${index}`)],
  ])('refuses the checks %j', (checks) => {
    expect(raisedBy(() => load(demand('resource has kind'), checks)).code).toBe('HF_POLICY_CHECK_NAME');
  });

  it.each([
    ['bytes', 'x'.repeat(textBounds.fileBytes + 1)],
    ['policies', demand('resource has scan').repeat(textBounds.policies + 1)],
    ['nesting, behind a comment that ends with CR', `// "\r${demand('('.repeat(30) + 'true' + ')'.repeat(30))}`],
    ['nesting, behind an unfinished string', `" ${demand('('.repeat(30) + 'true' + ')'.repeat(30))}`],
    ['operators', demand(`resource${'.a'.repeat(300)}`)],
    ['conditions', `@id("a") permit (principal, action, resource) ${'when { true } '.repeat(300)};`],
  ])('bounds %s', (_, text) => {
    expect(raisedBy(() => load(text)).code).toBe('HF_POLICY_TOO_BIG');
  });

  it('bounds the number of files', () => {
    const texts = Array.from({ length: textBounds.files + 1 }, (_, i) => ({
      name: `${i}`,
      text: demand('true', `n${i}`),
    }));
    expect(raisedBy(() => loadPolicy({ texts, knownChecks })).code).toBe('HF_POLICY_TOO_BIG');
    const two = ['a', 'b'].map((name) => ({
      name,
      text: Array.from({ length: 300 }, (_, i) => demand('resource has scan', `${name}${i}`)).join(''),
    }));
    expect(raisedBy(() => loadPolicy({ texts: two, knownChecks })).code).toBe('HF_POLICY_TOO_BIG');
  });
});

describe('the engine', () => {
  it('refuses what Holdfast never gives it', () => {
    expect(raisedBy(() => policyText({} as never)).code).toBe('HF_POLICY_ENGINE');
  });

  it('denies once it has stopped', { timeout: 60_000 }, () => {
    // In a process of its own: the trap spoils the engine for good (cedar-wasm 4.13.0).
    const script = `
      import { splitPolicies } from '@holdfast/policy/cedar';
      import { loadPolicy } from '@holdfast/policy/load-policy';
      import { decide } from '@holdfast/policy/decide';
      const text = '@id("a") permit (principal, action, resource);';
      const policy = loadPolicy({ texts: [{ name: 'a', text }], knownChecks: [] });
      const ask = () => decide(policy, {
        principal: { id: 'a', name: 'a', roles: [] }, action: 'run',
        artifact: { id: 'sha256:0', facts: {} }, context: { environment: 'e', evidenceVerified: true } });
      const before = ask().allowed;
      let code = 'none';
      try { splitPolicies('permit(principal,action,resource) when {' + '('.repeat(5000) + 'true' + ')'.repeat(5000) + '};'); } catch (e) { code = e.code; }
      process.stdout.write(JSON.stringify([before, code, ask().allowed, ask().reasons[0].policy]));`;
    const output = execFileSync(process.execPath, ['--conditions=source', '--input-type=module', '--eval', script], {
      cwd: new URL('..', import.meta.url),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    expect(JSON.parse(output)).toEqual([true, 'HF_POLICY_ENGINE', false, 'request']);
  });
});

describe('hostile texts', () => {
  const seed = ['valid', 'must-fail'].flatMap((kind) =>
    ['verdict', 'de-morgan', 'floor', 'has-equals-false', 'hidden-in-record'].flatMap((name) => {
      try {
        const file = new URL(`../../../spec/vectors/${kind}/policy/${name}.cedar`, import.meta.url);
        return [readFileSync(file, 'utf8')];
      } catch {
        return [];
      }
    }),
  );

  it('either load or raise a PolicyError', () => {
    const piece = fc.constantFrom(
      '!',
      '(',
      ')',
      '"',
      '\\',
      '//',
      '\r',
      'has',
      '.scan',
      '||',
      '&&',
      'if',
      '{',
      '}',
      '\u0000',
      '\ud800',
      '?principal',
      '@id',
      ';',
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...seed),
        fc.array(fc.tuple(fc.nat(), fc.nat(3), piece), { maxLength: 4 }),
        (text, edits) => {
          let mutated = text;
          for (const [at, cut, insert] of edits) {
            const offset = at % (mutated.length + 1);
            mutated = mutated.slice(0, offset) + insert + mutated.slice(offset + cut);
          }
          try {
            load(mutated);
          } catch (error) {
            expect(error).toBeInstanceOf(PolicyError);
            expect((error as PolicyError).code).not.toBe('HF_POLICY_ENGINE');
          }
        },
      ),
      { numRuns: 400 },
    );
  });
});

describe('the schema', () => {
  it('is accepted by Cedar for every set of checks and metrics', () => {
    const name = fc.stringMatching(/^[a-z][A-Za-z0-9_-]{0,8}$/);
    fc.assert(
      fc.property(
        fc.uniqueArray(name, { maxLength: 5 }),
        fc.string({ minLength: 1, maxLength: 12 }),
        (leaves, metric) => {
          fc.pre(metric.isWellFormed());
          const checks = leaves.map((leaf, index) => `group${index % 2}.${leaf}`);
          const words = vocabulary(checks, new Map([['metrics', new Set([metric])]]));
          expect(validationProblems({}, schemaText(words))).toEqual([]);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('quotes any text', () => {
    expect(quoted('a"\\\n\u0001\b')).toBe('"a\\"\\\\\\n\\u{0001}\\u{8}"');
  });
});

describe('the registry of errors', () => {
  it.each(Object.keys(policyErrors) as PolicyErrorCode[])('%s says what to do', (code) => {
    const error = new PolicyError(code, 'a message', { where: 'here', cause: 'x' });
    expect(error).toMatchObject({ code, where: 'here', cause: 'x', exit: policyErrors[code].exit });
    expect(error.fix.length).toBeGreaterThan(10);
  });
});
