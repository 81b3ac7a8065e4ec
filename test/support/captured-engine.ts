import fs from 'node:fs';
import path from 'node:path';
import { EngineScript } from '../collect/engine/script.ts';
import { answer } from '../collect/stand-in.ts';

const worlds = path.join(import.meta.dirname, '../worlds');

/** The engine's API of a captured node of `test/worlds`: its list, what its events remembered, and its inspects. */
export function capturedEngine(name: string): EngineScript {
  const read = (file: string): string => fs.readFileSync(path.join(worlds, name, 'engine', file), 'utf8');
  const script = new EngineScript();
  script.list = JSON.parse(read('containers.json')) as unknown[];
  script.past = read('events.json')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as object);
  for (const inspect of JSON.parse(read('inspect.json')) as { Id: string }[]) {
    script.routes[`/containers/${inspect.Id}/json`] = answer(JSON.stringify(inspect));
  }
  return script;
}
