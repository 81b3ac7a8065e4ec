import type { Entries } from './entries.ts';
import { ExportEntries, VerboseEntries } from './journal-entries.ts';
import { JsonEntries } from './json-entries.ts';

const noteLine = /^\s*(?:-- [^\n]*\n\s*)*/;

/**
 * What to read a log through that is not one entry a line: `journalctl -o export`, `-o verbose` and `-o json-pretty`, and the
 * JSON that consoles and clients of collectors export as one array. Null for all others.
 *
 * @param head the beginning
 */
export function entriesOf(head: string): Entries | null {
  const text = head.slice(noteLine.exec(head)?.[0].length ?? 0);
  if (/^__(?:CURSOR|REALTIME_TIMESTAMP)=/.test(text)) return new ExportEntries();
  if (/^[A-Z][a-z]{2} \d{4}-\d\d-\d\d [\d:.]{8,15} \S{1,6} \[s=[0-9a-f]+;i=/.test(text)) return new VerboseEntries();
  return /^(?:\[\s*\{|\{\s*\n|\{\s*"\w{1,40}"\s*:\s*\[\s*\{)/.test(text) ? new JsonEntries() : null;
}
