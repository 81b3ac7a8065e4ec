import fs from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Debug1Parser } from '../../src/parse/go/goroutines/debug1.ts';
import type { FoldedStack } from '../../src/sample/stacks.ts';

/** A dump of `test/recordings/goroutines` as the sampler folds it, e.g. `stop-leak-t1.dockerd`. */
export function recordedStacks(name: string): FoldedStack[] {
  const file = path.join(import.meta.dirname, '../recordings/goroutines', `${name}.debug1.txt.gz`);
  const groups: FoldedStack[] = [];
  const parser = new Debug1Parser(({ count, frames }) => {
    groups.push({ count, funcs: frames.map(({ func }) => func) });
  });
  parser.feed(gunzipSync(fs.readFileSync(file)).toString());
  parser.end();
  return groups;
}
