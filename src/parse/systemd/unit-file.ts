/** One assignment of a unit file. */
interface UnitAssignment {
  /** `Service`, `Unit`, …; empty above the first section. */
  readonly section: string;
  readonly key: string;
  /** Empty: it resets what was assigned before. */
  readonly value: string;
}

/**
 * The assignments of a systemd unit file or drop-in, in their order (systemd.syntax(7)): comments start with `#` or `;`, and
 * a backslash at the end of a line joins it with the next one by a space, over comments between them.
 */
export function parseUnitFile(text: string): UnitAssignment[] {
  const assignments: UnitAssignment[] = [];
  let section = '';
  let pieces: string[] = [];
  const take = (): void => {
    const line = pieces.join(' ').trim();
    pieces = [];
    const name = /^\[([^\]]*)\]$/.exec(line)?.[1];
    const equals = line.indexOf('=');
    if (name !== undefined) section = name;
    else if (equals > 0) {
      assignments.push({ section, key: line.slice(0, equals).trim(), value: line.slice(equals + 1).trim() });
    }
  };
  for (const raw of text.split('\n')) {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    if (/^\s*[#;]/.test(line)) continue;
    pieces.push(line.endsWith('\\') ? line.slice(0, -1) : line);
    if (!line.endsWith('\\')) take();
  }
  take();
  return assignments;
}

/** The values of a setting that may be given more than once; an empty one resets those before it. */
export function valuesOfUnit(text: string, section: string, key: string): string[] {
  const values = parseUnitFile(text).filter((one) => one.section === section && one.key === key);
  return values.slice(values.findLastIndex(({ value }) => value === '') + 1).map(({ value }) => value);
}
