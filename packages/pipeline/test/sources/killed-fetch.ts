// Fetches until somebody kills it: FOLDER SOURCE AUTHORITY
import { type FetchScene, fetchHere } from './fetch-scene.ts';

const [folder = '', source = '', authority = ''] = process.argv.slice(2);
await fetchHere({ folder, source: JSON.parse(source) as FetchScene['source'], authority });
