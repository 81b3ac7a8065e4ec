import type { DumpEnd, Goroutine } from '../../../sample/goroutines.ts';
import { Debug2Parser } from './debug2.ts';
import { headerIn } from './shape.ts';

/** A function with its arguments ends a line, behind whatever a logger wrote. */
const functionLine = /(?:^|\s)(?:\S+\/)?[\w-]+\.(?:[^\s()]|\(\*?[^\s()]+\))+\(.{0,300}\)\s*$/;

/** Whether the lines of a dump stand in reverse order (`journalctl -r`, most viewers of logs): each header below its functions. */
export function isReversed(text: string): boolean {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  let reversed = 0;
  for (const [at, line] of lines.entries()) {
    if (headerIn(line) < 0) continue;
    if (isFunction(lines[at + 1])) return false;
    if (isFunction(lines[at - 1])) reversed++;
  }
  return reversed > 0;
}

/** Judged by the end of the line: the expression takes long for a long one. */
const isFunction = (line = ''): boolean => functionLine.test(line.slice(-1024));

/** Turns the lines around, and says so. */
export function parseReversed(text: string, onGoroutine: (goroutine: Goroutine) => void): DumpEnd {
  const parser = new Debug2Parser(onGoroutine);
  parser.feed(`${text.trimEnd().split('\n').reverse().join('\n')}\n`);
  const end = parser.end();
  const note = 'the lines were in reverse order, newest first';
  return { ...end, error: end.error === null ? note : `${note}; ${end.error}` };
}
