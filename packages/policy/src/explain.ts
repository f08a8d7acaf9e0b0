import { type Answer, askOnce, type Expr, type PolicyJson, policyText, type Question } from './cedar.ts';
import { type AttributeView, valueRead } from './entities.ts';
import { pathsIn, readExpression } from './expression.ts';
import { conjuncts } from './fails-open.ts';
import type { LoadedPolicy, Rule } from './load-policy.ts';
import type { GateRequest, Reason } from './request.ts';
import { type EntityId, scopeCovers } from './scope.ts';
import { describeUnmet, type Seen } from './unmet.ts';
import { partRead, type Vocabulary } from './vocabulary.ts';
import { filledIn } from './wording.ts';

/** Who asks what about which artifact, with the exact numbers behind Cedar's decimals. */
export interface Subject {
  readonly principal: EntityId;
  readonly action: EntityId;
  readonly resource: EntityId;
  readonly artifact: NonNullable<GateRequest['artifact']>;
  readonly environment: string;
  readonly exact: { readonly resource: AttributeView; readonly context: AttributeView };
}

/**
 * Why Cedar denied: one reason for each forbid that fired, or, where none did, for each permit that could have
 * covered the request.
 *
 * A rule's demands are split at `&&`, and Cedar itself is asked which beginnings of the list hold: the first demand
 * that does not is the reason. The entities fitted the schema when the decision was made; here nothing checks again.
 */
export function explainDenial(
  policy: LoadedPolicy,
  question: Question,
  fired: readonly string[],
  subject: Subject,
): Reason[] {
  const forbids = policy.rules.filter(({ id }) => fired.includes(id));
  const rules =
    forbids.length > 0 ? forbids : policy.rules.filter((r) => r.effect === 'permit' && scopeCovers(r.json, subject));
  if (rules.length === 0) {
    const message = filledIn('no policy permits `{action}` here', subject);
    return [{ policy: 'request', message, fix: 'add a permit for it to the policy' }];
  }
  const demands = rules.map(demandsOf);
  const unmet = firstUnmet(narrowed(question, rules, policy.vocabulary), demands);
  return rules.map((rule, index) => reason(rule, unmet(index), { question, subject, policy }));
}

/** What a rule demands, in order: the conjuncts of `forbid … unless` or of `permit … when`. */
function demandsOf({ effect, clauses }: Rule): Expr[] {
  const demanding = clauses.filter(({ kind }) => kind === (effect === 'permit' ? 'when' : 'unless'));
  // Several `unless` are alternatives; the first stands for all of them.
  return (effect === 'permit' ? demanding : demanding.slice(0, 1)).flatMap(({ body }) => conjuncts(body));
}

/** The question with only what these rules read in its entities: most of the time goes into parsing them. */
function narrowed(question: Question, rules: readonly Rule[], words: Vocabulary): Question {
  const paths = rules.flatMap(({ clauses }) => clauses.flatMap(({ expression }) => pathsIn(expression)));
  const { principal, resource } = partRead(words, paths);
  const entities = question.entities.map((entity, index) => ({
    ...entity,
    attrs: valueRead(index === 0 ? resource : principal, entity.attrs),
  }));
  return { ...question, entities };
}

/** For each list of demands, the first that does not hold, found by Cedar in one question. */
function firstUnmet(question: Question, demands: readonly (readonly Expr[])[]): (index: number) => Expr | undefined {
  const probes = demands.flatMap((list, index) =>
    list.map((_, count): [string, PolicyJson] => [`${index}.${count}`, permitWhen(list.slice(0, count + 1))]),
  );
  const held = holding(askOnce(Object.fromEntries(probes), question));
  return (index) => demands[index]?.find((_, count) => !held.has(`${index}.${count}`));
}

/** Ids of the permits that hold; none where Cedar could not say. */
const holding = (answer: Answer): ReadonlySet<string> =>
  new Set(answer.ok && answer.response.decision === 'allow' ? answer.response.diagnostics.reason : []);

const anybody = { principal: { op: 'All' }, action: { op: 'All' }, resource: { op: 'All' } } as const;

function permitWhen(demands: readonly Expr[]): PolicyJson {
  return { effect: 'permit', ...anybody, conditions: demands.map((body) => ({ kind: 'when' as const, body })) };
}

function reason(
  rule: Rule,
  unmet: Expr | undefined,
  { question, subject, policy }: { question: Question; subject: Subject; policy: LoadedPolicy },
): Reason {
  const seen: Seen = {
    question,
    exact: subject.exact,
    checks: subject.artifact.facts.checks,
    words: policy.vocabulary,
  };
  const { message, fix, ...values } =
    unmet === undefined ? { message: 'its condition is not met' } : describe(unmet, rule, seen);
  const command = rule.fix ?? fix;
  return {
    policy: rule.id,
    message: filledIn(rule.why ?? message, subject),
    ...values,
    ...(command === undefined ? {} : { fix: filledIn(command, subject, 'command') }),
  };
}

function describe(unmet: Expr, rule: Rule, seen: Seen): Omit<Reason, 'policy'> {
  return (
    describeUnmet(readExpression(unmet, rule.where), seen) ?? { message: `does not hold: ${conditionText(unmet)}` }
  );
}

function conditionText(expr: Expr): string {
  const [, condition] = /when\s*\{([\s\S]*)\}\s*;?\s*$/.exec(policyText(permitWhen([expr]))) ?? [];
  return (condition ?? 'its condition').replace(/\s+/g, ' ').trim();
}

/** Ids of the requirements (`forbid … unless`) that cover the request and were met, in file order. */
export function metRequirements(policy: LoadedPolicy, question: Question, answer: Answer): string[] {
  if (!answer.ok) return [];
  const ids = { principal: question.principal, action: question.action, resource: question.resource } as Subject;
  const { reason: fired, errors } = answer.response.diagnostics;
  const unmet = new Set([...fired, ...errors.map(({ policyId }) => policyId)]);
  const covering = policy.rules.filter(
    ({ id, effect, clauses, json }) =>
      effect === 'forbid' && !unmet.has(id) && clauses.some(({ kind }) => kind === 'unless') && scopeCovers(json, ids),
  );
  const conditional = covering.filter(({ clauses }) => clauses.some(({ kind }) => kind === 'when'));
  const skipped = conditional.length === 0 ? new Set<string>() : notApplicable(question, conditional);
  return covering.filter(({ id }) => !skipped.has(id)).map(({ id }) => id);
}

/** Of `forbid … when A unless B`, those whose A does not hold: they ask nothing of this request. */
function notApplicable(question: Question, rules: readonly Rule[]): Set<string> {
  const probes = rules.map(({ id, clauses }): [string, PolicyJson] => [
    id,
    permitWhen(clauses.filter(({ kind }) => kind === 'when').map(({ body }) => body)),
  ]);
  const held = holding(askOnce(Object.fromEntries(probes), question));
  return new Set(rules.map(({ id }) => id).filter((id) => !held.has(id)));
}
