/** A newline as a logger writes it into a line: `\n`, or `\\n` where a log was logged again. */
const newline = '\\n';

/** rsyslog escapes control characters as # and three octal digits. */
const rsyslogNewline = '#012';

/** Whether a line of a log holds lines of a dump. */
export function holdsEscapedDump(line: string): boolean {
  return line.includes('goroutine ') && (line.includes(newline) || line.includes(rsyslogNewline));
}

/** Whether a line holds the end of a program of which only the stack of the Go runtime follows, without a goroutine. */
export function holdsEscapedStack(line: string): boolean {
  return /runtime stack:\\+n/.test(line);
}

/** The keys under which loggers and collectors keep a line: Docker's json-file, the journal, klog, zap, Cloud Logging, Loki, Splunk. */
const messageKeys = ['log', 'MESSAGE', 'message', 'msg', 'text', 'textPayload', 'line', '_raw'];
/** Cloud Logging, Elasticsearch and Datadog keep them one level down. */
const inner = ['jsonPayload', '_source', 'attributes', 'content', 'fields'];

/** The one line of text that a line of JSON holds; null when it holds several, or none. */
export function unwrapLog(line: string): string | null {
  const text = line.trim();
  if (!text.startsWith('{"') || !text.endsWith('}')) return null;
  try {
    const whole = messageOf(JSON.parse(text))?.replace(/\r?\n$/, '');
    if (whole === undefined) return null;
    return whole.includes('\n') || holdsEscapedDump(whole) ? null : whole;
  } catch {
    return null;
  }
}

/** The text in an entry of a log; null when it has none. */
export function messageOf(entry: unknown): string | null {
  if (!isEntry(entry)) return null;
  for (const level of [entry, ...inner.map((key) => entry[key])]) {
    const found = isEntry(level)
      ? messageKeys.map((key) => level[key]).find((value) => typeof value === 'string')
      : null;
    if (typeof found === 'string') return found;
  }
  return null;
}

function isEntry(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** Where the last escaped newline of a text ends, so that what is before it is whole lines; 0 when there is none. */
export function endOfEscapedLines(text: string): number {
  const last = text.lastIndexOf(newline);
  return last < 0 ? 0 : last + newline.length;
}

/**
 * Undoes the escapes of logrus (`%q` in text, JSON) and of loggers around it. A stack has no backslashes itself, so any
 * number of them before a letter is one escape, however often the line was quoted.
 */
export function unescapeLog(text: string): string {
  let plain = '';
  let from = 0;
  if (text.includes(rsyslogNewline))
    return unescapeLog(text.replaceAll(rsyslogNewline, newline).replaceAll('#011', '\t'));
  for (let at = text.indexOf('\\'); at >= 0; at = text.indexOf('\\', from)) {
    plain += text.slice(from, at);
    while (text[at] === '\\') at++;
    const code = text[at] === 'u' ? /^[0-9a-fA-F]{4}/.exec(text.slice(at + 1, at + 5))?.[0] : undefined;
    if (code !== undefined) plain += String.fromCharCode(Number.parseInt(code, 16));
    else plain += letters[text[at] ?? ''] ?? text[at] ?? '';
    from = at + 1 + (code?.length ?? 0);
  }
  return plain + text.slice(from);
}

const letters: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '' };
