import { World } from '../../src/collect/world.ts';
import type { Tree } from './world.ts';

/** A tree that passes for the running kernel's own /proc, where sockets can be told. */
export class LiveWorld extends World {
  override get live(): boolean {
    return true;
  }
}

/** Lets a process of the tree listen at a path. */
export function listens(tree: Tree, pid: number, path: string): Tree {
  const line = `0: 00000002 00000000 00010000 0001 01 ${pid}99 ${path}\n`;
  return tree.write(`proc/${pid}/net/unix`, line).write(`proc/${pid}/fd/9`, `socket:[${pid}99]`);
}
