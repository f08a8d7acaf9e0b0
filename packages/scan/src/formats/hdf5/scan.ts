import { NotUnderstood } from '../../bytes/source.ts';
import { shown } from '../../finding.ts';
import type { Inspection } from '../../inspection.ts';
import { reachesCode } from '../../pickle/trial.ts';
import { judgeConfigText } from '../keras/judge-config.ts';
import { type Attribute, attributesOf } from './attributes.ts';
import { checkDataset } from './dataset.ts';
import { type Link, linkMessages, type TableAddresses, tableLinks, tableOf } from './links.ts';
import { Metadata } from './metadata.ts';
import { type Message, messagesOf, messageTypes } from './object-header.ts';
import { hdf5Rules } from './rules.ts';
import { readSuperblock, type Superblock } from './superblock.ts';

/** An object that is still to be looked at. */
interface Pending {
  readonly path: string;
  readonly address: number;
  readonly cached: TableAddresses | undefined;
}

interface Walk {
  readonly metadata: Metadata;
  readonly part: Inspection;
  readonly pending: Pending[];
  readonly seen: Map<number, TableAddresses | undefined>;
  datasets: number;
}

/** Objects of one file: Keras writes a few for each layer. */
const mostObjects = 2 ** 17;
const pathLength = 512;

/**
 * Walks all objects of an HDF5 file from its root: groups, links, attributes, and where datasets lie. Values are
 * numbers and texts, which nobody runs, and are not read; what Keras keeps in attributes is judged.
 */
export function scanHdf5(part: Inspection): void {
  const superblock = readSuperblock(part.source);
  const metadata = new Metadata(part, superblock.file);
  leaveAround(part, superblock);
  if (superblock.extension !== undefined) messagesOf(metadata, superblock.extension);
  const walk: Walk = { metadata, part, pending: [], seen: new Map(), datasets: 0 };
  walk.pending.push({ path: '', address: superblock.root, cached: superblock.cached });
  for (let next = walk.pending.pop(); next !== undefined; next = walk.pending.pop()) visit(walk, next);
  part.summary ??= `${walk.datasets} datasets`;
  part.scan.progress(part.source.size);
}

function leaveAround(part: Inspection, { userBlock, behind }: Superblock): void {
  if (userBlock > 0)
    part.leave(`${userBlock} bytes stand before the HDF5 file: another program may read them`, { at: 0 });
  if (behind > 0)
    part.leave(`${behind} bytes stand behind the end of the HDF5 file`, { at: part.source.size - behind });
}

function visit(walk: Walk, { path, address, cached }: Pending): void {
  if (walk.seen.has(address)) {
    requireSameTable(walk.seen.get(address), cached, path);
    return;
  }
  const messages = messagesOf(walk.metadata, address);
  const table = tableOf(messages);
  walk.seen.set(address, table);
  requireSameTable(table, cached, path);
  judgeAttributes(walk.part, attributesOf(walk.metadata, messages), path);
  if (messages.some(({ type }) => type === messageTypes.layout)) walk.datasets += 1;
  checkDataset(walk.metadata, messages, path);
  follow(walk, messages, table, path);
}

/** A symbol repeats where the table of its group is, and the library may believe either. */
function requireSameTable(table: TableAddresses | undefined, cached: TableAddresses | undefined, path: string): void {
  // A group that got newer links keeps what was repeated, and its header has no table: then only the header counts.
  if (cached === undefined || table === undefined) return;
  if (cached.tree === table.tree && cached.heap === table.heap) return;
  throw new NotUnderstood(`two tables of members are named for ${shown(path)}`);
}

function follow(walk: Walk, messages: readonly Message[], table: TableAddresses | undefined, path: string): void {
  for (const link of linkMessages(messages)) followLink(walk, link, path);
  if (table === undefined) return;
  for (const link of tableLinks(walk.metadata, table)) followLink(walk, link, path);
}

function followLink({ part, pending, seen }: Walk, link: Link, folder: string): void {
  const path = `${folder}/${link.name}`.slice(0, pathLength);
  switch (link.kind) {
    case 'hard':
      if (seen.size + pending.length >= mostObjects) throw new NotUnderstood(`more than ${mostObjects} objects`);
      pending.push({ path, address: link.address, cached: link.cached });
      break;
    case 'soft':
      // Another name of what lies in this file: everything in it is visited under its first name.
      break;
    case 'external':
      part.report(hdf5Rules.externalLink, {
        message: `${shown(path)} leads into the file ${shown(link.file)}`,
        within: path,
        when: 'as soon as the weights are read',
      });
      break;
    case 'user':
      part.report(hdf5Rules.userLink, { message: `${shown(path)} is a link of type ${link.type}`, within: path });
  }
}

/** Marks of libraries that unpickle what they read: PyTables, what pandas writes by it, hickle. */
const unpicklers: ReadonlyMap<string, string> = new Map([
  ...['PYTABLES_FORMAT_VERSION', 'PSEUDOATOM', 'pandas_type', 'pandas_version'].map(
    (name) => [name, 'PyTables'] as const,
  ),
  ...['HICKLE_VERSION', 'HICKLE_PYTHON_VERSION', 'base_type', 'py_obj_type'].map((name) => [name, 'hickle'] as const),
]);

/** Attributes that hold more than words: the configuration of a Keras model, and marks of PyTables. */
function judgeAttributes(part: Inspection, attributes: readonly Attribute[], path: string): void {
  for (const attribute of attributes) {
    const { name } = attribute;
    const library = unpicklers.get(name);
    if (library !== undefined)
      part.leave(
        `${library} wrote it, which unpickles ${library === 'PyTables' ? 'attributes' : 'values'} when it reads`,
      );
    // PyTables asks no attribute who wrote it.
    else if (reachesCode(attribute.data, 0))
      part.leave(`${path}/@${shown(name)} is a pickle, which PyTables would load`);
    if (name === 'model_config' || name === 'training_config') judgeModel(part, attribute, `${path}/@${name}`);
  }
}

/** What is not understood of a configuration does not end the walk: what follows may be worse. */
function judgeModel(part: Inspection, attribute: Attribute, at: string): void {
  try {
    judgeConfigText(part, attribute.text(part.limits.textBytes), at);
    part.summary = 'Keras model in HDF5';
  } catch (error) {
    if (!(error instanceof NotUnderstood)) throw error;
    part.leave(`${at}: ${error.message}`);
  }
}
