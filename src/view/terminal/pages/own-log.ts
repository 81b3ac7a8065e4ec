import type { LogLine } from '../../../sample/logs.ts';
import { clean, truncate } from '../../text.ts';
import { fitLine, type Line, span } from '../parts/line.ts';
import { paragraph } from './fields.ts';

/** What the container itself wrote, read while its log page is open. */
export interface OwnLog {
  /** The file; null before the first answer. */
  readonly path: string | null;
  /** The newest last. */
  readonly lines: readonly OwnLine[];
  /** Why there are no newer lines; null while it is read. */
  readonly trouble: string | null;
}

/** One of these lines, shown between those of the daemons. */
export interface OwnLine extends LogLine {
  readonly isOwn: true;
}

export const unreadLog: OwnLog = { path: null, lines: [], trouble: null };

/** A page in the past shows what was written until then. */
export function writtenUntil({ lines }: OwnLog, at: number): readonly OwnLine[] {
  return lines.filter((line) => line.at === null || line.at <= at);
}

/** Where the lines come from, and why there are no more. */
export function ownLogHead(log: OwnLog, width: number): Line[] {
  const { path, lines, trouble } = log;
  const file = path === null ? 'its own log' : clean(path);
  if (trouble !== null) return paragraph(`${file}: ${trouble}`, width, 'warning');
  if (path === null) return paragraph(`${file}: not read yet`, width, 'dim');
  // A long path is cut in the middle: its end, and what is said of it, are read.
  const said = lines.length === 0 ? ': empty so far' : '';
  return [fitLine([span(`${truncate(file, width - said.length, 'middle')}${said}`, 'dim')], width)];
}
