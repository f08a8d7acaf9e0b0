import type { Node } from './syntax.ts';
import { Untranslatable } from './untranslatable.ts';
import { widthOf } from './width.ts';

/**
 * The groups that a pattern refers to. A reference is let through only where its group has surely matched, in the same turn
 * of every loop: elsewhere JavaScript lets it match nothing, or forgets what an earlier turn matched, and Python does not.
 */
export function referredGroups(node: Node): ReadonlySet<number> {
  const referred = new Set<number>();
  surelySet(node, new Set(), referred);
  if ((referred.size > 0 || some(node, isAtomic)) && some(node, isEmptyLoop)) {
    throw new Untranslatable(
      'empty-loop',
      'a part that may be empty is repeated, beside a backreference or an atomic group',
    );
  }
  return referred;
}

const isAtomic = (node: Node): boolean =>
  node.kind === 'atomic' || (node.kind === 'repeat' && node.mode === 'possessive');

/** JavaScript gives a turn of a loop up that read nothing, Python does not: it shows where the way is kept, not only its end. */
const isEmptyLoop = (node: Node): boolean => node.kind === 'repeat' && widthOf(node.body, []).min === 0;

function inside(node: Node): readonly Node[] {
  if (node.kind === 'sequence') return node.items;
  if (node.kind === 'choice') return node.branches;
  return 'body' in node ? [node.body] : [];
}

const some = (node: Node, is: (node: Node) => boolean): boolean =>
  is(node) || inside(node).some((one) => some(one, is));

type Groups = ReadonlySet<number>;

function ofAll(branches: readonly Groups[]): Groups {
  const [first = new Set<number>(), ...others] = branches;
  return new Set([...first].filter((group) => others.every((other) => other.has(group))));
}

/** The groups that have surely matched after a node, given those before it. */
function surelySet(node: Node, before: Groups, referred: Set<number>): Groups {
  switch (node.kind) {
    case 'set':
    case 'anchor':
      return before;
    case 'reference':
      if (!before.has(node.group)) {
        throw new Untranslatable(
          'unset-backreference',
          `group ${node.group} may not have matched where it is referred to`,
        );
      }
      referred.add(node.group);
      return before;
    case 'group':
      return new Set([...surelySet(node.body, before, referred), node.number]);
    case 'atomic':
      return surelySet(node.body, before, referred);
    case 'sequence':
      return node.items.reduce<Groups>((groups, item) => surelySet(item, groups, referred), before);
    case 'choice':
      return ofAll(node.branches.map((branch) => surelySet(branch, before, referred)));
    case 'repeat': {
      const after = surelySet(node.body, before, referred);
      return node.min === 1 && node.max === 1 ? after : before;
    }
    case 'look': {
      const after = surelySet(node.body, before, referred);
      return node.negated ? before : after;
    }
  }
}
