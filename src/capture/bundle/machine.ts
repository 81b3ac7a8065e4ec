import { Child, type ChildEnd } from '../../child/child.ts';
import type { BundleParts } from './parts.ts';

const file = 'machine.json';

/**
 * Adds what the machine is, read by a child that is abandoned at its deadline: it starts programs, and these may hang.
 *
 * @throws what the archive throws
 */
export async function gatherMachine(parts: BundleParts, command: readonly string[], deadlineMs: number): Promise<void> {
  const started = performance.now();
  const lines: string[] = [];
  const ended = Promise.withResolvers<ChildEnd>();
  new Child({ command, deadlineMs, onLine: (line) => lines.push(line), onEnd: ended.resolve });
  const { kind, code, error, complaint } = await ended.promise;
  if (kind === 'deadline') parts.miss(file, 'reading it hangs');
  else if (code !== 0) parts.miss(file, error?.message ?? complaint ?? `the reader process exited with code ${code}`);
  else await parts.add(file, `${lines.join('\n')}\n`, performance.now() - started);
}
