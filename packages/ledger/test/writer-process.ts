import { createPrivateKey } from 'node:crypto';
import { writeSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import type { DiskCalls } from '../src/durable-folder.ts';
import { ed25519Signer, openLedger } from '../src/index.ts';

// A writer that others kill. Arguments: folder, key, name, number of appends, and the disk call to die at (0: none).
// It says on standard output what has been acknowledged, one `index text` a line.
const [folder = '', pem = '', name = '', appends = '0', dieAt = '0'] = process.argv.slice(2);

let calls = 0;
function maybeDie(): void {
  if (++calls === Number(dieAt)) process.kill(process.pid, 'SIGKILL');
}

const disk: Partial<DiskCalls> = {
  async write(file, bytes) {
    await file.writeFile(bytes.subarray(0, bytes.length / 2));
    maybeDie();
    await file.writeFile(bytes.subarray(bytes.length / 2));
  },
  async sync(file) {
    await file.sync();
    maybeDie();
  },
  async rename(from, to) {
    await rename(from, to);
    maybeDie();
  },
};

const signer = ed25519Signer('credit-risk.example', createPrivateKey(pem));
const ledger = await openLedger(folder, { signers: [signer], ...(dieAt === '0' ? {} : { disk }) });
writeSync(1, `open ${ledger.size}\n`);
for (let turn = 0; turn < Number(appends); turn++) {
  const texts = Array.from({ length: 1 + ((turn * 37) % 90) }, (_, at) => `${name} ${turn} ${at}`);
  const appended = await ledger.append([...texts, `shared ${turn}`].map((text) => Buffer.from(text)));
  const lines = texts.map((text, at) => `${appended[at]?.index ?? -1} ${text}\n`);
  writeSync(1, lines.join(''));
}
await ledger.close();
writeSync(1, 'done\n');
