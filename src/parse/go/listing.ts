/** A function; its numbers are bytes, objects, goroutines or nanoseconds. */
interface ListingRow {
  readonly func: string;
  /** Of the function itself. */
  readonly flat: number;
  /** With all that it calls. */
  readonly cumulative: number;
}

/** What `go tool pprof` printed of a profile. */
export interface PprofListing {
  /** `goroutine`, `inuse_space`, `alloc_objects`, `cpu`, `time` where its amounts are durations, …; null where the paste does not tell. */
  readonly type: string | null;
  /** Of the profile; null where the paste does not have it. */
  readonly total: number | null;
  /** Functions without their stacks, as they were printed (`-top`, `-text`, `-tree`). */
  readonly rows: readonly ListingRow[];
  /** Whole stacks, the callee before its caller (`-traces`). */
  readonly stacks: readonly { readonly value: number; readonly functions: readonly string[] }[];
  /** Of so many functions or stacks of the profile only those above are there; null when it does not say. */
  readonly nodes: number | null;
}

const number = String.raw`-?\d[\d.]*|-?\.\d+`;
const percent = String.raw`-?[\d.]+%`;
const row = new RegExp(
  String.raw`^\W{0,12}?(${number})([a-zA-Z]*)\s+${percent}\s+${percent}\s+(${number})([a-zA-Z]*)\s+${percent}\s+(?:\|\s+)?(\S.*)$`,
);
const separator = /^\W{0,12}?-{6,}\+-{6,}\s*$/;
/** The first line of a stack has its value, the others are indented by so much more. */
const traced = new RegExp(String.raw`^\W{0,12}?(${number})([a-zA-Z]*)\s{2,}([^\s|].*)$`);
/** Of a sample, above its stack: `     bytes:  48kB`. */
const label = /^\s*\S+: {2}/;

/** How pprof scales (internal/measurement): sizes by 1024; a number without a unit is a count. */
const units: Readonly<Record<string, number>> = {
  '': 1,
  B: 1,
  kB: 1024,
  KB: 1024,
  MB: 1024 ** 2,
  GB: 1024 ** 3,
  TB: 1024 ** 4,
  PB: 1024 ** 5,
  ns: 1,
  us: 1e3,
  ms: 1e6,
  s: 1e9,
  mins: 60e9,
  hrs: 3600e9,
  days: 86_400e9,
};

/** A profile of the CPU, or of waits. */
const durations: ReadonlySet<string> = new Set(['ns', 'us', 'ms', 's', 'mins', 'hrs', 'days']);

/** Whether this text, or its beginning, is what `go tool pprof` printed. */
export function isPprofListing(text: string): boolean {
  return (
    /^\W{0,12}?flat +flat% +sum% +cum +cum%/m.test(text) ||
    (/^\W{0,12}?Type: [a-z_]+\s*$/m.test(text) && text.split('\n').some((line) => separator.test(line)))
  );
}

/**
 * Reads what `go tool pprof -top`, `-text`, `-tree` and `-traces` print, and the commands of these names at its prompt
 * (github.com/google/pprof internal/report/report.go), with whatever was pasted around it.
 */
export function parsePprofListing(text: string): PprofListing {
  const rows: ListingRow[] = [];
  const stacks: { value: number; functions: string[] }[] = [];
  let isTraced = false;
  let isTime = false;
  let open: { value: number; functions: string[] } | null = null;
  for (const line of text.split(/\r?\n/)) {
    const found = row.exec(line);
    if (found !== null) {
      const [, flat = '', flatUnit = '', cumulative = '', unit = '', func = ''] = found;
      isTime ||= durations.has(unit);
      rows.push({ func: nameOf(func), flat: amountOf(flat, flatUnit), cumulative: amountOf(cumulative, unit) });
    } else if (separator.test(line)) {
      open = null;
      isTraced = true;
    } else if (isTraced && !line.includes('|') && !label.test(line)) {
      const [, value, unit = '', func = ''] = traced.exec(line) ?? [];
      if (value !== undefined) {
        open = { value: amountOf(value, unit), functions: [nameOf(func)] };
        stacks.push(open);
      } else if (line.trim() === '') open = null;
      else open?.functions.push(nameOf(line.trim()));
    }
  }
  return {
    type: typeOf(text) ?? (isTime ? 'time' : null),
    total: totalOf(text),
    rows,
    stacks: rows.length > 0 ? [] : stacks,
    nodes: nodesOf(text),
  };
}

/** Without what pprof adds: `(inline)`, and the place where lines were asked for. */
function nameOf(text: string): string {
  return text
    .trim()
    .replace(/ \((?:partial-)?inline\)$/, '')
    .replace(/ \S+\.(?:go|s|c):\d+$/, '');
}

function amountOf(text: string, unit: string): number {
  const value = Number(text) * (units[unit] ?? 1);
  return Number.isFinite(value) ? Math.round(value) : 0;
}

/** As pprof says it, else as it was asked for on the command line or at the prompt. */
function typeOf(text: string): string | null {
  return (
    /^\W{0,12}?Type: ([a-z_]+)\s*$/m.exec(text)?.[1] ??
    /(?:--?|sample_index=)((?:inuse|alloc)_(?:space|objects))\b/.exec(text)?.[1] ??
    null
  );
}

/** `Showing nodes accounting for 9, 100% of 9 total`; before Go 1.10 `10.10GB of 10.36GB total (97.44%)`. */
function totalOf(text: string): number | null {
  const [, value, unit = ''] = new RegExp(String.raw`\bof (${number})([a-zA-Z]*) total\b`).exec(text) ?? [];
  return value === undefined ? null : amountOf(value, unit);
}

function nodesOf(text: string): number | null {
  const nodes = /^\W{0,12}?Showing top \d+ nodes out of (\d{1,9})/m.exec(text)?.[1];
  return nodes === undefined ? null : Number(nodes);
}
