import { execFileSync, spawnSync } from 'node:child_process';
import { describe, expect, type TestContext, test } from 'vitest';
import { type Makefile, parseMakefile } from '../src/adopt/makefile-parser.ts';
import { expandRecipe } from '../src/adopt/makefile-recipe.ts';
import { type MakefileTarget, makefileTargets } from '../src/adopt/makefile-targets.ts';
import { openProjectFolder } from '../src/adopt/project-folder.ts';
import { doubtsOf, type Files, found, repository, stageNamed } from './adopt-scene.ts';
import { needs } from './execution-scene.ts';

const hasMake = spawnSync('sh', ['-c', 'make --version']).stdout.toString().startsWith('GNU Make');
const needsMake = (context: TestContext): void => {
  needs(context, hasMake, 'GNU make');
};

/** What make itself says. It runs in a folder without an environment that it could take variables from. */
function make(folder: string, ...words: string[]): string {
  const env = { PATH: process.env['PATH'] ?? '', LANG: 'C' };
  const { stdout, stderr, status } = spawnSync('make', ['--no-print-directory', ...words], {
    cwd: folder,
    env,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

interface Read {
  readonly makefile: Makefile;
  readonly targets: readonly MakefileTarget[];
}

async function read(folder: string, text: string): Promise<Read> {
  const opened = await openProjectFolder(folder, '');
  const makefile = parseMakefile(text, 'Makefile');
  return { makefile, targets: makefileTargets(makefile, (path) => opened.isFile(path) || opened.isFolder(path)) };
}

/** The lines that make would print for one target, by our reading. */
function linesOf({ makefile, targets }: Read, name: string): string[] {
  const target = targets.find((one) => one.targets.includes(name));
  if (target === undefined) throw new Error(`no target ${name}`);
  const recipe = expandRecipe(target, makefile);
  if ('problem' in recipe) throw new Error(recipe.problem);
  return recipe.lines.flatMap(({ text }) => text.split('\n'));
}

/** Prerequisites by the data base that `make -pn` prints. */
function prerequisitesByMake(folder: string): Map<string, { needs: string[]; order: string[] }> {
  const printed = make(folder, '-pnr').split('# Files\n')[1] ?? '';
  const entries = printed.split('\n\n').flatMap((block) => {
    const rule = block.split('\n').find((line) => /^[^#\t:][^:]*:(?![=:])/.test(line));
    if (rule === undefined || block.startsWith('# Not a target')) return [];
    const [target = '', rest = ''] = rule.split(/:(.*)/s);
    const [needed = '', order = ''] = rest.split('|');
    const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '');
    return [[target.trim(), { needs: words(needed), order: words(order) }] as const];
  });
  return new Map(entries);
}

const makefiles: Readonly<Record<string, { files: Files; text: string; targets: readonly string[] }>> = {
  variables: {
    files: { 'in.csv': 'x' },
    targets: ['out.csv', 'late.csv', 'append.csv', 'once.csv', 'cost.csv'],
    text: `
A = one $(B)
B := two
B := $(B) three
C ?= given
C ?= ignored
D := start
D += $(B)
E = start
E += $(LATER)
LATER = is late
NAME = B
X.csv = dotted
out.csv: in.csv ; echo $(A) \${C} $(D) $(E) $($(NAME)) $(X.csv) > $@
late.csv: in.csv
\techo $A-$(B:three=3) $(SRC:.c=.o) $(SRC:%.c=build/%.x) \\
\t  and more > $@
SRC = a.c b.c
append.csv: in.csv # a comment
\t# a comment of the shell
\t@echo quiet; \\
\techo 'one  \\
\ttwo'
\t-rm -f nothing
\t@ -echo both
once.csv: in.csv;
cost.csv: in.csv
\techo $$HOME $$$$ '\\#' > $@
`,
  },
  'automatic variables': {
    files: { 'data/a.csv': 'x', 'b.csv': 'y', 'data/sub/c.csv': 'z' },
    targets: ['made/x/out.txt', 'plain.txt'],
    text: `
made/x/out.txt: data/a.csv b.csv data/a.csv data/sub/c.csv | data
\techo '$@' '$<' '$^' '$+' '$|'
\techo '$(@D)' '$(@F)' '$(<D)' '$(<F)' '$(^D)' '$(^F)' '\${@D}'
plain.txt: b.csv
\techo $(@D) $(@F) $(@:.txt=.md) $(<D) > $@
`,
  },
  'pattern rules': {
    files: { 'raw/a.txt': '1', 'raw/b.txt': '2', 'raw/b.special': '3', 'tool.sh': '' },
    targets: ['made/a.csv', 'made/b.csv', 'made/c.csv', 'made/all.parquet', 'x.one', 'y.one', 'deep/x.two'],
    text: `
all: made/all.parquet x.one y.one deep/x.two
made/%.csv: raw/%.txt tool.sh | made
\tsh tool.sh $< $@ $*
made/b%.csv: raw/b%.special
\techo never $@
made/all.parquet: made/a.csv made/b.csv made/c.csv
\tcat $^ > $@
made/c.csv: tool.sh
made/c.csv: raw/a.txt
\techo explicit $^ > $@
made: ; mkdir -p $@
%.two: %.one
\techo $* $< > $@
x.one y.one deep/x.one: %.one: raw/a.txt tool.sh
\techo static $* $@ $^
`,
  },
  'several targets': {
    files: { 'a.txt': '' },
    targets: ['one.csv', 'two.csv', 'grouped.a'],
    text: `
one.csv two.csv: a.txt
\techo $@ > $@
grouped.a grouped.b &: a.txt
\techo $@
\techo both > grouped.a
`,
  },
};

describe('the commands are those that make would run', () => {
  for (const [name, { files, text, targets }] of Object.entries(makefiles)) {
    test(name, async (context) => {
      needsMake(context);
      const folder = repository({ ...files, Makefile: text });
      const ours = await read(folder, text);
      expect(ours.makefile.doubts).toEqual([]);
      for (const target of targets) {
        const needed = make(folder, '-n', target).trimEnd();
        const tail = linesOf(ours, target);
        // `make -n` prints the recipes of what the target needs first
        const printed = needed.split('\n').map((line) => line.trim());
        const own = tail.map((line) => line.trim());
        expect([target, printed.slice(printed.length - own.length)]).toEqual([target, own]);
      }
    });

    test(`${name}: and the files that they need`, async (context) => {
      needsMake(context);
      const folder = repository({ ...files, Makefile: text });
      const { targets: ours } = await read(folder, text);
      const theirs = prerequisitesByMake(folder);
      for (const target of targets) {
        const own = ours.find((one) => one.targets.includes(target));
        const unique = (words: readonly string[] | undefined): string[] => [...new Set(words)].sort();
        const expected = theirs.get(target);
        expect([target, unique(own?.prerequisites)]).toEqual([target, unique(expected?.needs)]);
        expect([target, unique(own?.orderOnly)]).toEqual([target, unique(expected?.order)]);
      }
    });
  }
});

test('stages make the same files as make does', async (context) => {
  needsMake(context);
  const text = `
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
export LEVEL := it's 3
OUT := made
.PHONY: all clean
all: $(OUT)/total.txt
$(OUT): ; mkdir -p $(OUT)
$(OUT)/%.sorted: raw/%.txt | $(OUT)
\t@cd raw; sort $*.txt > ../$@
\t-false
\techo "level $$LEVEL" >> $@
$(OUT)/total.txt: $(OUT)/a.sorted $(OUT)/b.sorted
\tcat $^ > $@; [[ -s $@ ]] && echo "$(words 1)" > /dev/null
`.replace('; [[ -s $@ ]] && echo "$(words 1)" > /dev/null', '; [[ -s $@ ]]');
  const files = { 'raw/a.txt': '2\n1\n', 'raw/b.txt': '4\n3\n', Makefile: text };
  const [byMake, byStages] = [repository(files), repository(files)];
  make(byMake, 'all');
  const result = await found(files);
  expect(doubtsOf(result)).toEqual([]);
  for (const name of ['a', 'b', 'total']) {
    execFileSync('/bin/sh', ['-c', stageNamed(result, name).command], { cwd: byStages });
  }
  const read = (folder: string): string =>
    execFileSync('cat', ['made/a.sorted', 'made/total.txt'], { cwd: folder, encoding: 'utf8' });
  expect(read(byStages)).toBe(read(byMake));
  expect(read(byMake)).toContain("level it's 3");
});

test('stages are rules whose target is a file; inputs are what they need', async () => {
  const result = await found({
    'raw/a.txt': '',
    'raw/b.txt': '',
    'clean.py': 'import shared\n',
    'shared.py': '',
    Makefile: `
PYTHON ?= python3
.PHONY: all setup
all: made/model.pkl
setup: ; pip install -r requirements.txt
made: ; mkdir -p made
made/table.csv: clean.py raw/*.txt | made
\t$(PYTHON) clean.py --out $@ $(ARGS)
made/model.pkl made/metrics.json &: made/table.csv setup ../outside.csv gone.csv
\t$(PYTHON) -m trainer made/table.csv
train: clean.py
\tpython clean.py
.venv/bin/activate: ; python -m venv .venv
/tmp/elsewhere.csv: ; touch $@
`,
  });
  expect(stageNamed(result, 'table')).toEqual({
    name: 'table',
    command: 'mkdir -p made && python3 clean.py --out made/table.csv',
    toolchain: ['python3'],
    inputs: ['clean.py', 'raw/a.txt', 'raw/b.txt', 'shared.py'],
    outputs: ['made/table.csv'],
    metrics: undefined,
    kind: 'makefile',
    from: 'Makefile:7',
    description: undefined,
  });
  expect(stageNamed(result, 'model')).toMatchObject({
    command: 'python3 -m trainer made/table.csv',
    inputs: ['made/table.csv', 'gone.csv'],
    outputs: ['made/model.pkl'],
    metrics: 'made/metrics.json',
  });
  expect(result.stages).toHaveLength(2);
  expect(doubtsOf(result)).toEqual([
    'Makefile:9: `made/model.pkl` needs `setup`, which is no file: not an input',
    'Makefile:9: `made/model.pkl` needs `../outside.csv`, outside of the project: not an input',
    'Makefile:9: `made/model.pkl` needs `gone.csv`, which is not there and which no rule makes',
    'Makefile:11: `train` is left out: its recipe does not say that it makes a file',
    'Makefile:14: `/tmp/elsewhere.csv` is left out: it is outside of the project',
    'Makefile: `$(ARGS)` is not set: taken for nothing, as make does',
    'Makefile:7: `table` runs `shared.py` too: added to its inputs',
  ]);
});

test('what is not understood is told with its line, and the rule is left out; nothing is run', async () => {
  const folder = repository({
    a: '',
    Makefile: `
include more.mk
NOW := $(shell touch hacked1)
LISTED = $(wildcard *.csv)
FROM != touch hacked2
ifeq ($(shell touch hacked3),)
IN = 1
cond.csv: a ; echo > $@
else
IN = 2
endif
define LONG
echo one
endef
shell.csv: a ; echo $(shell touch hacked4) > $@
now.csv: a ; echo $(NOW) > $@
list.csv: $(LISTED) ; echo > $@
from.csv: a ; echo $(FROM) > $@
in.csv: a ; echo $(IN) > $@
long.csv: a
\t$(LONG) > $@
cond.csv: a ; echo > $@
open.csv: a ; echo $(MAYBE) > $@
recurse.csv: a ; $(MAKE) -C sub
newer.csv: a ; echo $? > $@
double.csv:: a ; echo > $@
target.csv: X = 1
target.csv: a ; echo $(X) > $@
.csv.tsv: ; echo
heredoc.csv: a
\tcat <<EOF > $@
quote.csv: a
\techo 'open > $@
$(shell touch hacked5): a ; echo
fine.csv: a ; echo fine > $@
`,
  });
  const { lookAround } = await import('../src/adopt/look-around.ts');
  const result = await lookAround(folder, { searchPath: '' });
  expect(result.stages.map(({ name }) => name)).toEqual(['fine']);
  const left = (name: string, why: string): string => `\`${name}\` is left out: ${why}`;
  expect(doubtsOf(result)).toEqual([
    'Makefile:2: includes `more.mk`, which is not read',
    'Makefile:6: the condition `ifeq ($(shell touch hacked3),)` is not understood: what is in it is left out',
    `Makefile:17: ${left('list.csv: $(LISTED)', 'the function `$(wildcard …)` is not understood')}`,
    `Makefile:26: ${left('double.csv:: a', 'a double colon is not understood')}`,
    `Makefile:27: ${left('target.csv: X = 1', 'it sets a variable for one target')}`,
    'Makefile:29: the suffix rule `.csv.tsv:` is not understood',
    `Makefile:34: ${left('$(shell touch hacked5): a', 'the function `$(shell …)` is not understood')}`,
    `Makefile:15: ${left('shell.csv', 'the function `$(shell …)` is not understood')}`,
    `Makefile:16: ${left('now.csv', 'the function `$(shell …)` is not understood')}`,
    `Makefile:18: ${left('from.csv', '`FROM` asks the shell')}`,
    `Makefile:19: ${left('in.csv', '`IN` is set in a condition (line 10)')}`,
    `Makefile:20: ${left('long.csv', '`LONG` is a `define` of line 12')}`,
    `Makefile:22: ${left('cond.csv', 'a condition speaks of it')}`,
    `Makefile:23: ${left('open.csv', '`$(MAYBE)` may be set in a file that is included')}`,
    `Makefile:24: ${left('recurse.csv', '`$(MAKE)` is built into make')}`,
    `Makefile:25: ${left('newer.csv', '`$?` is not understood here')}`,
    `Makefile:28: ${left('target.csv', '`$(X)` may be set in a file that is included')}`,
    `Makefile:30: ${left('heredoc.csv', 'its recipe is not understood by the grammar of the shell')}`,
    `Makefile:32: ${left('quote.csv', 'its recipe is not understood by the grammar of the shell')}`,
  ]);
  expect((await openProjectFolder(folder, '')).files).toEqual(['Makefile', 'a']);
});

test('what stands before a command is for make: @ and + go, - goes on after a failure', async () => {
  const result = await found({ a: '', Makefile: 'x.csv: a\n\t@+echo 1 > $@\n\t-@false; true\n\t- echo 2\n' });
  expect(stageNamed(result, 'x').command).toBe('echo 1 > x.csv && ( (false; true) || true ) && (echo 2 || true)');
});

test.for([
  ['.ONESHELL:', 'left out: it says `.ONESHELL`'],
  ['.SECONDEXPANSION:', 'left out: it says `.SECONDEXPANSION`'],
  ['.RECIPEPREFIX = >', 'left out: its recipes do not begin with tabs'],
])('a makefile that says %s is left out as a whole', async ([line = '', why]) => {
  const result = await found({ a: '', Makefile: `${line}\nx.csv: a ; echo > $@\n` });
  expect(result.stages).toEqual([]);
  expect(result.origins).toEqual([{ kind: 'makefile', file: 'Makefile', stages: [], why }]);
});

test('variables that refer to each other, twice each, end', () => {
  const names = Array.from({ length: 60 }, (_, at) => `V${at} = $(V${at + 1})$(V${at + 1})`);
  const makefile = parseMakefile([...names, 'loop = $(loop)'].join('\n'), 'Makefile');
  for (const reference of ['$(V0)', '$(loop)']) expect(makefile.variables.expand(reference).problem).toBeDefined();
});
