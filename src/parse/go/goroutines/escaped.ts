/** A newline as a logger writes it into a line: `\n`, or `\\n` where a log was logged again. */
const newline = '\\n';

/** Whether a line of a log holds lines of a dump. */
export function holdsEscapedDump(line: string): boolean {
  return line.includes('goroutine ') && line.includes(newline);
}

/** Where the last escaped newline of a text ends, so that what is before it is whole lines; 0 when there is none. */
export function endOfEscapedLines(text: string): number {
  const last = text.lastIndexOf(newline);
  return last < 0 ? 0 : last + newline.length;
}

/**
 * Undoes the escapes of logrus (`%q` in text, JSON) and of loggers around it. A stack has no backslashes of its own, so
 * any number of them before a letter is one escape, however often the line was quoted.
 */
export function unescapeLog(text: string): string {
  let plain = '';
  let from = 0;
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
