import { ByteReader } from '../../bytes/byte-reader.ts';
import { NotUnderstood } from '../../bytes/source.ts';
import { shown } from '../../finding.ts';
import { tryPickle } from '../../pickle/trial.ts';
import { addressOf, type Metadata, textOf } from './metadata.ts';
import { type Message, messageTypes } from './object-header.ts';
import { hdf5Rules } from './rules.ts';

/** Filters that are a part of the library (deflate, shuffle, fletcher32, szip, nbit, scale-offset), and h5py's LZF. */
const builtIn: ReadonlySet<number> = new Set([1, 2, 3, 4, 5, 6, 32000]);

/** Where the values of a dataset lie, and what unpacks them. The values are numbers or texts: they are not read. */
export function checkDataset(metadata: Metadata, messages: readonly Message[], path: string): void {
  for (const message of messages) {
    if (message.type === messageTypes.externalFiles) {
      const text = `the values of ${shown(path)} lie in another file`;
      metadata.part.report(hdf5Rules.externalStorage, { message: text, within: path, at: message.at });
    }
    if (message.type === messageTypes.layout) checkLayout(metadata, message, path);
    if (message.type === messageTypes.filters) checkFilters(metadata, message, path);
  }
}

/** A pickle that does something does so in its first bytes, or is longer than they are. */
const pickleGlance = 2 ** 16;

/** IV.A.2.i: versions 1 and 2 name the class behind the rank, later ones at once. */
function checkLayout(metadata: Metadata, { body, at, isShared }: Message, path: string): void {
  const reader = new ByteReader(body);
  const version = reader.u8();
  if (version < 1 || version > 4 || isShared) throw new NotUnderstood(`a layout of version ${version}`, at);
  if (version < 3) reader.skip(1);
  const kind = reader.u8();
  if (kind > 3) throw new NotUnderstood(`a layout of class ${kind}`, at);
  if (kind === 3) {
    const message = `${shown(path)} is put together from other files`;
    metadata.part.report(hdf5Rules.virtual, { message, within: path, at });
  }
  if (kind !== 1 || version < 3) return;
  const address = addressOf(reader);
  const size = reader.length64();
  if (address === undefined) return;
  if (address + size > metadata.size) throw new NotUnderstood(`the values of ${shown(path)} are cut short`, at);
  const { named, acts, cut } = tryPickle(metadata.block(address, Math.min(size, pickleGlance)));
  if (named && (acts || cut || size > pickleGlance))
    metadata.part.leave(`the values of ${shown(path)} are a pickle, which some libraries load`, { at });
}

/** IV.A.2.l. */
function checkFilters(metadata: Metadata, { body, at, isShared }: Message, path: string): void {
  const reader = new ByteReader(body);
  const version = reader.u8();
  if ((version !== 1 && version !== 2) || isShared) throw new NotUnderstood(`filters of version ${version}`, at);
  const count = reader.u8();
  if (version === 1) reader.skip(6);
  for (let index = 0; index < count; index++) {
    const id = reader.u16();
    const nameLength = version === 1 || id >= 256 ? reader.u16() : 0;
    reader.skip(2);
    const values = reader.u16();
    const padded = version === 1 ? Math.ceil(nameLength / 8) * 8 : nameLength;
    const name = textOf(reader.bytes(padded));
    reader.skip(values * 4 + (version === 1 && values % 2 === 1 ? 4 : 0));
    if (builtIn.has(id)) continue;
    const message = `${shown(path)} is packed by the filter ${id} ${shown(name)}`;
    metadata.part.report(hdf5Rules.filter, { message, within: path, at });
  }
}
