import { programsOf } from '@holdfast/sandbox';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

describe('programsOf', () => {
  it.each([
    ['python train.py', ['python']],
    ['FOO=1 python train.py && node x.mjs | tee log', ['python', 'node', 'tee']],
    ['A=1 B="two words" C=$(date) python x', ['date', 'python']],
    ['python a.py; python b.py\npython3 c.py & wait', ['python', 'python3']],
    ['cd build && mkdir -p out; echo done > out/log', ['mkdir']],
    ['if test -f x; then python x; elif grep -q a b; then node y; else git log; fi', ['python', 'grep', 'node', 'git']],
    ['while read line; do python "$line"; done < list', ['python']],
    ['for seed in python node; do torchrun $seed; done', ['torchrun']],
    ['(cd x && dvc pull) || { mlflow run .; }', ['dvc', 'mlflow']],
    ['! python check.py', ['python']],
    ['time python x', ['python']],
    ['exec python x', ['python']],
    ['env A=1 python x', ['env', 'python']],
    ['nohup python x', ['nohup', 'python']],
    ['command -v python', []],
    ['python x > "a;node" 2>&1 < in', ['python']],
    ['>log 2>&1 python x', ['python']],
    ['2>/dev/null python x', ['python']],
    ['python x # && node y', ['python']],
    ['python x;# node\njq .', ['python', 'jq']],
    ['python -c \'import os; os.system("node x")\'', ['python']],
    ['python "a && node b"', ['python']],
    ['python a\\;node', ['python']],
    ['pyth\\\non x', []],
    ['python \\\n  --epochs 5 && node x', ['python', 'node']],
    ['"python" x', ['python']],
    ["p'yth'on x", ['python']],
    ['\\python x', ['python']],
    ["'if' x", ['if']],
    ['python $(git rev-parse HEAD) && jq "$(node -p 1)"', ['git', 'python', 'node', 'jq']],
    ['python `git rev-parse HEAD`', ['git', 'python']],
    ['python ${SEED:-1} && node $SEED', ['python', 'node']],
    ['./train.sh && scripts/run && /usr/bin/python3 x && ~/bin/tool', []],
    ['.venv/bin/python x; ./venv/bin/jupyter lab', ['python', 'jupyter']],
    ['other/venv/bin/python x', []],
    ['$PYTHON x && node y', ['node']],
    ['python x |& tee log', ['python', 'tee']],
    ['train() { python x; }; train && node y', ['python', 'node']],
    ['train () ( python x ); train', ['python']],
    ['', []],
    [' \n ; ', []],
    ['# nothing', []],
  ])('%j begins with %j', (command, expected) => {
    expect(programsOf(command).toSorted()).toEqual(expected.toSorted());
  });

  it.each([
    ['a case', 'python x; case $1 in node) jq;; esac'],
    ['a here-document', 'python x <<EOF\nnode y\nEOF\n'],
    ['a here-document without tabs', 'python x <<-EOF\nnode y\nEOF\n'],
    ['a here-string', 'python x <<< node; node y'],
    ['arithmetic', 'python $((1 + node)); node y'],
    ['a test of bash', 'python x; [[ -f a && node ]]'],
    ['a quote that does not end', "python x; node 'y; jq"],
    ['a quote that does not end', 'python x; node "y; jq'],
    ['a substitution that does not end', 'python x; a=$("node; jq'],
    ['a substitution of processes', 'python x; node <(jq .)'],
    ['a group that ends twice', 'python x ) node y'],
    ['an expansion in an expansion', 'python x; a=${b:-$(node)}; jq'],
    ['a function of bash', 'python x; function node { jq; }'],
  ])('leaves out what follows %s', (_, command) => {
    const found = programsOf(command);
    expect(found[0]).toBe('python');
    expect(found).not.toContain('jq');
  });

  it('is not led astray by depth or length', () => {
    expect(programsOf(`${'('.repeat(100_000)}python`)).toEqual([]);
    expect(programsOf(`python ${'$('.repeat(50_000)}`)).toEqual(['python']);
    expect(programsOf('python;'.repeat(100_000))).toEqual([]);
    expect(programsOf('python;'.repeat(10_000))).toEqual(['python']);
  });

  it('finds the commands of a list that was put together from them', () => {
    const program = fc.constantFrom('python', 'node', 'git', 'dvc', 'torchrun', 'python3.12', 'g++', 'x-y_z');
    const argument = fc.constantFrom(
      'a',
      '-x',
      '--y=1',
      "'node; git'",
      '"python && git"',
      '$HOME',
      '${A}',
      'a\\;git',
      '> f',
      '2>&1',
    );
    const prefix = fc.constantFrom('', 'A=1 ', "B='node x' ", '! ', 'exec ', 'time ');
    const simple = fc.tuple(prefix, program, fc.array(argument, { maxLength: 3 }));
    const separator = fc.constantFrom(' && ', ' || ', ' | ', '; ', '\n', ' & ');
    fc.assert(
      fc.property(fc.array(fc.tuple(simple, separator), { minLength: 1, maxLength: 6 }), (parts) => {
        const command = parts
          .map(([[before, name, rest], after]) => `${before}${[name, ...rest].join(' ')}${after}`)
          .join('');
        expect(programsOf(command)).toEqual([...new Set(parts.map(([[, name]]) => name))]);
        expect(programsOf(`(${command.replace(/ (?:&&|\|\||\|) $/, '; ')})`)).toEqual(programsOf(command));
      }),
    );
  });

  it('takes anything', () => {
    const part = fc.constantFrom(
      'python',
      ' ',
      '"',
      "'",
      '`',
      '$',
      '(',
      ')',
      '{',
      '}',
      '\\',
      ';',
      '&',
      '|',
      '<',
      '>',
      '\n',
      '#',
      '=',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(part, { maxLength: 40 }).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(text, (command) => {
        for (const name of programsOf(command)) expect(name).toMatch(/^\w[\w.+-]{0,63}$/);
      }),
    );
  });
});
