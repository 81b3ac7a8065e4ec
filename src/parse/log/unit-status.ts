/** What `systemctl status` says of a unit, in a paragraph of lines that do not name it again. */
const said = /(?:^|\s)(?<words>(?:Active: \S|Main PID: \d|Process: \d).*)/;
/** systemd src/shared/unit-show.c: a mark and the name, then where the unit was loaded from. Before systemd 219 there is no mark. */
const heading = /(?:^|[^\w.@/\\-])(?<unit>[\w.@\\-]{1,80}\.(?:service|socket))(?: - \S|\s*$)/;
const loadedFrom =
  /(?:^|\s)Loaded: \w[\w-]{1,20} \(\/(?:[\w.@\\-]+\/){1,8}(?<unit>[\w.@\\-]{1,80}\.(?:service|socket))[;)]/;
/** Drop-ins, triggers and conditions stand between, a line each. */
const mostLines = 24;
const longestLine = 400;
const newline = 0x0a;

/**
 * A line of a pasted `systemctl status` with its unit before it, as systemd itself writes to the journal; any other line as it is. What
 * says how a main process exited stays without the unit where the state of the unit is known: a process that was stopped exited too.
 *
 * @param bytes the lines around it
 * @param start where the line begins in them
 */
export function withStatusUnit(line: string, bytes: Uint8Array, start: number): string {
  const words = line.length > longestLine * 4 ? undefined : said.exec(line)?.groups?.['words'];
  if (words === undefined) return line;
  const before = paragraphBefore(bytes, start);
  if (!words.startsWith('Active') && before.some((one) => /(?:^|\s)Active: \w/.test(one))) return line;
  for (const one of before) {
    const unit = loadedFrom.exec(one)?.groups?.['unit'] ?? heading.exec(one)?.groups?.['unit'];
    if (unit !== undefined) return `systemd[1]: ${unit}: ${words}`;
  }
  return line;
}

/** The lines above it up to an empty one, the nearest first. */
function paragraphBefore(bytes: Uint8Array, start: number): string[] {
  const decoder = new TextDecoder();
  const lines: string[] = [];
  for (let end = start - 1; end > 0 && lines.length < mostLines; ) {
    const from = bytes.lastIndexOf(newline, end - 1) + 1;
    const text = decoder.decode(bytes.subarray(from, Math.min(end, from + longestLine)));
    if (/^[\s>]*$/.test(text)) break;
    lines.push(text);
    end = from - 1;
  }
  return lines;
}
