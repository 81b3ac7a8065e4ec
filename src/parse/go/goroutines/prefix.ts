/** Where the text of a line begins, behind what a logger wrote before it; -1 when the line is of something else. */
export type Prefix = (line: string) => number;

const moment = String.raw`\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?`;

/** Of loggers that write before each line, by what is known of their forms. */
const everyLine: readonly RegExp[] = [
  // kubelet's files of a container (CRI), and docker logs -t.
  new RegExp(`^${moment} (?:std(?:out|err) [FP] )?`),
  // docker compose logs.
  /^[\w.-]{1,80} {0,40}\| ?/,
  // NUL, as `less` and `cat -v` show it, or as it is: what a log has where the machine lost power.
  /^(?:\^@|\0)+/,
  // A supervisor of several programs: `[crio] `.
  /^\[[A-Za-z][\w.@/-]{0,40}\] ?/,
  // A quotation.
  /^(?:> ?)+/,
  // What grep -n writes, also with the name of the file; a colon where it matched, else a hyphen.
  /^(?:[^\s:]{1,80}[:-])?\d{1,9}[:-]/,
  // Of a patch, a table or a list.
  /^ {0,40}[+|*-] {0,4}/,
  /^\[ *\d{1,10}\.\d{1,9}\] /,
];

/** klog and Go's own log: only the first line of a message has it. */
const firstLine = [
  /^[IWEF]\d{4} \d\d:\d\d:\d\d\.\d+ +\d+ \S+:\d+\] $/,
  /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d (?:\S+: )?$/,
];

/**
 * The prefix of the lines of a dump, derived from the text before its first header. Null if that is not a prefix: then the
 * line only mentions goroutines.
 */
export function prefixOf(before: string): Prefix | null {
  if (before.trim() === '' || firstLine.some((form) => form.test(before)) || /["'`([]$/.test(before)) return () => 0;
  const form = everyLine.find((candidate) => candidate.exec(before)?.[0].length === before.length);
  if (form !== undefined) return (line) => form.exec(line)?.[0].length ?? -1;
  // syslog and the journal: `Oct 27 15:20:23 node1 dockerd[1748]: `, or with the time in another form.
  const program = /\S+: $/.exec(before)?.[0];
  if (program !== undefined) {
    return (line) => {
      // An empty line can have lost its last space.
      const at = `${line} `.indexOf(program);
      return at < 0 ? -1 : Math.min(line.length, at + program.length);
    };
  }
  return /\d/.test(before) ? sameButNumbers(before) : null;
}

/** An unknown one, in which only numbers change from line to line. */
function sameButNumbers(before: string): Prefix {
  const literal = before.trimEnd().replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
  const form = new RegExp(`^${literal.replace(/\d+/g, String.raw`\d+`).replace(/\s+/g, String.raw`\s+`)} ?`);
  return (line) => form.exec(line)?.[0].length ?? -1;
}
