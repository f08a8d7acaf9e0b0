/** Stages of many kinds, whose reads are watched with strace. */
export interface Stage {
  readonly name: string;
  readonly language: 'python' | 'node';
  /** Needs scikit-learn and what comes with it (tools/peers/requirements-onnx.txt). */
  readonly needsPackages?: boolean;
  readonly command: string;
  /** Inputs by path in the project. */
  readonly inputs: Readonly<Record<string, string | Uint8Array>>;
  /** Ends of paths that it must be seen to read: a blind check would find nothing to complain of. */
  readonly sees: readonly RegExp[];
}

const rows = 'x,y\n1,2\n3,4\n5,7\n';

const python = (program: string, more: Partial<Stage> & Pick<Stage, 'name' | 'sees'>): Stage => ({
  language: 'python',
  command: 'python3 stage.py',
  ...more,
  inputs: { 'stage.py': program, 'rows.csv': rows, ...more.inputs },
});

const node = (program: string, more: Partial<Stage> & Pick<Stage, 'name' | 'sees'>): Stage => ({
  language: 'node',
  command: 'node stage.mjs',
  ...more,
  inputs: { 'stage.mjs': program, 'rows.csv': rows, ...more.inputs },
});

export const pythonStages: readonly Stage[] = [
  python(
    `import csv, json
with open("rows.csv") as rows, open("settings.json") as settings, open("build/out", "w") as out:
    json.dump([list(csv.DictReader(rows)), json.load(settings)], out)`,
    {
      name: 'csv and json of the standard library',
      inputs: { 'settings.json': '{"epochs": 1}' },
      sees: [/\/rows\.csv$/, /\/settings\.json$/, /\/stage\.py$/, /\/csv\.py$|\/csv\.cpython-.*\.pyc$/],
    },
  ),
  python(
    `import sqlite3
database = sqlite3.connect("build/out")
database.execute("create table rows (x, y)")
database.executemany("insert into rows values (?, ?)", [line.strip().split(",") for line in open("rows.csv")])
database.commit()
database.close()
assert sqlite3.connect("build/out").execute("select count(*) from rows").fetchone() == (4,)`,
    { name: 'a database', sees: [/\/rows\.csv$/, /sqlite/] },
  ),
  python(
    `import multiprocessing
from lib.work import double
if __name__ == "__main__":
    for way in ["fork", "spawn", "forkserver"]:
        with multiprocessing.get_context(way).Pool(2) as pool:
            results = pool.map(double, [float(line.split(",")[1]) for line in open("rows.csv").readlines()[1:]])
    open("build/out", "w").write(str(results))`,
    {
      name: 'processes, and a module in an input folder',
      inputs: {
        'lib/__init__.py': '',
        'lib/work.py': 'def double(x):\n    return open("rows.csv").readline() and x * 2\n',
      },
      sees: [/\/lib\/work\.py$/, /_multiprocessing|multiprocessing\/pool/, /\/rows\.csv$/],
    },
  ),
  python(
    `import hashlib, secrets, ssl
context = ssl.create_default_context()
context.load_default_certs()
context.load_verify_locations(ssl.get_default_verify_paths().cafile or "/etc/ssl/certs/ca-certificates.crt")
digest = hashlib.new("sha3_256", open("rows.csv", "rb").read() + secrets.token_bytes(1)).hexdigest()
open("build/out", "w").write(f"{len(context.get_ca_certs())} {digest}")`,
    {
      name: 'certificates and digests',
      sees: [/\/etc\/ssl\/certs\/|\/ca-certificates\/|cert\.pem$/, /libssl|_ssl/, /openssl\.cnf$/],
    },
  ),
  python(
    `import subprocess
command = "tail -n +2 rows.csv | sort -r | sed s/,/:/ | awk -F: '{ print $2 }'"
out = subprocess.run(["/bin/sh", "-c", command], check=True, capture_output=True, text=True).stdout
assert out == "7\\n4\\n2\\n", out
open("build/out", "w").write(out)`,
    { name: 'a shell with programs of the system', sees: [/\/sed$/, /\/sort$/, /awk$/, /\/rows\.csv$/] },
  ),
  python(
    `import codecs, datetime, encodings.idna, gettext, locale, unicodedata, zoneinfo
locale.setlocale(locale.LC_ALL, "C.UTF-8")
zone = datetime.datetime(2026, 7, 1, tzinfo=zoneinfo.ZoneInfo("Europe/Berlin"))
names = sorted(zoneinfo.available_timezones())
gettext.translation("none", fallback=True)
text = open("rows.csv", encoding="utf-16-le", errors="replace").read()
open("build/out", "w").write(f"{zone} {len(names)} {unicodedata.name('é')} {codecs.lookup('cp1252').name} {len(text)}")
assert zone.utcoffset() == datetime.timedelta(hours=2)`,
    {
      name: 'time zones, locales and encodings',
      sees: [/zoneinfo\/.*Berlin$|tzdata/, /utf_16_le/, /unicodedata|libpython|python3/],
    },
  ),
  python(
    `import ctypes, ctypes.util
mathematics = ctypes.CDLL("libm.so.6")
mathematics.cos.restype, mathematics.cos.argtypes = ctypes.c_double, [ctypes.c_double]
library = ctypes.CDLL(ctypes.util.find_library("z") or "libc.so.6")
open("build/out", "w").write(f"{mathematics.cos(0.0)} {library} {len(open('rows.csv').read())}")`,
    { name: 'libraries of the system through ctypes', sees: [/libm[.-].*so/, /\/ld\.so\.cache$/, /_ctypes|libffi/] },
  ),
  python(
    `import numpy as np
table = np.loadtxt("rows.csv", delimiter=",", skiprows=1)
np.save("build/table.npy", table)
inverse = np.linalg.pinv(np.load("build/table.npy", mmap_mode="r")) @ np.random.default_rng(7).normal(size=3)
np.savez_compressed("build/out.npz", inverse=inverse)`,
    { name: 'NumPy', needsPackages: true, sees: [/site-packages\/numpy\/.*\.so$/, /openblas/, /\/rows\.csv$/] },
  ),
  python(
    `import joblib, numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
random = np.random.default_rng(len(open("rows.csv").read()))
x, y = random.normal(size=(60, 4)), np.arange(60) % 2
model = make_pipeline(StandardScaler(), RandomForestClassifier(n_estimators=5, random_state=0)).fit(x, y)
score = cross_val_score(model, x, y, cv=2, n_jobs=2).mean()
joblib.dump(model, "build/model.joblib", compress=3)
open("build/out", "w").write(f"{score} {joblib.load('build/model.joblib').predict(x).sum()}")`,
    {
      name: 'scikit-learn, with processes of joblib',
      needsPackages: true,
      sees: [/sklearn\/.*\.so$/, /joblib/, /scipy\/.*\.so$/],
    },
  ),
  python('', {
    name: 'scripts that pip installed',
    needsPackages: true,
    command: 'numpy-config --version > build/out && f2py -v >> build/out && test $(cat build/out | wc -l) -eq 2',
    sees: [/\/bin\/numpy-config$/, /\/bin\/f2py$/, /\/cat$/],
  }),
  python(
    `import runpy, sys, zipfile
with zipfile.ZipFile("build/package.zip", "w") as archive:
    archive.writestr("inner.py", "value = len(open('rows.csv').read())")
sys.path.insert(0, "build/package.zip")
import inner
open("build/out", "w").write(str(inner.value))`,
    { name: 'a module in an archive that it made itself', sees: [/\/zipfile|zipimport/, /\/rows\.csv$/] },
  ),
];

/** (module (func (export "add") (param i32 i32) (result i32) local.get 0 local.get 1 i32.add)) */
const addition = Buffer.from(
  '0061736d0100000001070160027f7f017f030201000707010361646400000a09010700200020016a0b',
  'hex',
);

/** Makes the key and certificate that the stage with TLS reads. */
export interface Certificate {
  readonly key: string;
  readonly certificate: string;
}

export function nodeStages({ key, certificate }: Certificate): readonly Stage[] {
  return [
    node(
      `import { readFileSync, writeFileSync } from 'node:fs';
import { double } from 'doubling';
import { half } from '@workspace/halving';
writeFileSync('build/out', String(double(half(readFileSync('rows.csv', 'utf8').length))));`,
      {
        name: 'packages of node_modules and of a workspace',
        sees: [/node_modules\/doubling\/index\.js$/, /workspace\/halving\/index\.js$/, /doubling\/package\.json$/],
      },
    ),
    node(
      `import { writeFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
const sizes = await Promise.all([1, 2].map(() => new Promise((resolve, reject) => {
  new Worker(new URL('./worker.mjs', import.meta.url)).on('message', resolve).on('error', reject);
})));
writeFileSync('build/out', sizes.join());`,
      {
        name: 'worker threads',
        inputs: {
          'worker.mjs': `import { readFileSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
parentPort.postMessage(readFileSync('rows.csv').length);`,
        },
        sees: [/\/worker\.mjs$/, /\/rows\.csv$/],
      },
    ),
    node(
      `import { execFileSync, execSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
const sorted = execSync('sort rows.csv | tr , :', { encoding: 'utf8' });
const version = execFileSync('node', ['--version'], { encoding: 'utf8' });
const [size] = await once(fork('./child.mjs'), 'message');
writeFileSync('build/out', sorted + version + size);`,
      {
        name: 'child processes',
        inputs: {
          'child.mjs': `import { statSync, readFileSync } from 'node:fs';\nprocess.send(readFileSync('rows.csv').length);`,
        },
        sees: [/\/child\.mjs$/, /\/sort$/, /\/tr$/, /\/node$/],
      },
    ),
    node(
      `import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:https';
import { once } from 'node:events';
const [key, cert] = ['key.pem', 'certificate.pem'].map((name) => readFileSync(name));
const server = createServer({ key, cert }, (_, response) => response.end(readFileSync('rows.csv'))).listen(0, '127.0.0.1');
await once(server, 'listening');
const asked = request({ host: '127.0.0.1', port: server.address().port, ca: cert, servername: 'localhost' }).end();
const [response] = await once(asked, 'response');
const body = Buffer.concat(await response.toArray());
const { privateKey } = generateKeyPairSync('ed25519');
writeFileSync('build/out', createHash('sha256').update(body).digest('hex') + sign(null, body, privateKey).toString('hex'));
server.close();
asked.destroy();`,
      {
        name: 'TLS and signatures',
        inputs: { 'key.pem': key, 'certificate.pem': certificate },
        sees: [/\/key\.pem$/, /\/certificate\.pem$/],
      },
    ),
    node('', {
      name: 'TypeScript',
      command: 'node stage.ts',
      inputs: {
        'stage.ts': `import { readFileSync, writeFileSync } from 'node:fs';
import { count } from './count.ts';
const total: number = count(readFileSync('rows.csv', 'utf8'));
writeFileSync('build/out', String(total));`,
        'count.ts': 'export function count(text: string): number {\n  return text.split("\\n").length;\n}\n',
      },
      sees: [/\/stage\.ts$/, /\/count\.ts$/],
    }),
    node(
      `import { readFileSync, writeFileSync } from 'node:fs';
const { instance } = await WebAssembly.instantiate(readFileSync('add.wasm'));
writeFileSync('build/out', String(instance.exports.add(2, readFileSync('rows.csv').length)));`,
      { name: 'WebAssembly', inputs: { 'add.wasm': addition }, sees: [/\/add\.wasm$/] },
    ),
  ];
}
