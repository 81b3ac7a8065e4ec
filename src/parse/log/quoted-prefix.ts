import type { Prefix } from './syslog-prefix.ts';
import { isoTime } from './time.ts';
import { programs, zone } from './writer.ts';

/** Where a line of syslog may begin behind what quotes it: `> `, `syslog.1:214:`, `node-3: `, `<td>`, a cell of CSV. */
const inner = /[\s|>:"',;](?=[A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d |\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)/g;
const farthest = 200;
/** These have their time in themselves, and what they say may quote another. */
const ownForm = /^(?:\{|(?:time|ts|level|msg)=|[IWEF]\d{4} |(?:TRAC|DEBU|INFO|WARN|ERRO|FATA|PANI)\[)/;

/**
 * The prefix of a line of syslog that stands behind something else.
 *
 * @param prefixOf what takes a line apart that begins with it
 */
export function quotedPrefix(message: string, prefixOf: (line: string) => Prefix | null): Prefix | null {
  if (ownForm.test(message)) return null;
  for (const { index } of message.slice(0, farthest).matchAll(inner)) {
    const at = index + 1;
    const prefix = prefixOf(message.slice(at));
    // A time alone, or behind it a word that is no program of a node, may be part of a sentence.
    const isLine = prefix?.found.unit != null && (prefix.found.unit !== 'other' || /^[A-Z]/.test(message.slice(at)));
    if (prefix !== null && isLine) return { length: at + prefix.length, found: prefix.found };
  }
  return null;
}

const timeCell = new RegExp(String.raw`^"?(\d{4}-\d\d-\d\d[T ][\d:.,]{8,18}${zone})"?([,;\t])`);
const mostCells = 6;

/** A row as Grafana, Datadog and Cloud Logging export it: the time, the host, the program, the message. */
export function rowPrefix(message: string): Prefix | null {
  const [whole, time = '', separator = ''] = timeCell.exec(message) ?? [];
  if (whole === undefined) return null;
  const cell = new RegExp(`"?([^",;\\t]{0,80})"?${separator}`, 'y');
  cell.lastIndex = whole.length;
  for (let n = 0; n < mostCells; n++) {
    const unit = programs.get(cell.exec(message)?.[1] ?? '');
    if (unit !== undefined) return { length: unquoted(message, cell.lastIndex), found: { at: isoTime(time), unit } };
    if (cell.lastIndex === 0) break;
  }
  return { length: unquoted(message, whole.length), found: { at: isoTime(time) } };
}

const unquoted = (message: string, at: number): number => (message[at] === '"' ? at + 1 : at);
