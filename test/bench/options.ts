import { parseArgs } from 'node:util';

/** What the caller chose. */
export interface BenchOptions {
  /** How many sleeping processes to add, one measurement after the other. */
  readonly sleeping: readonly number[];
  /** Length of the window in which CPU and output are measured. */
  readonly seconds: number;
  /** How often each program gets a window. */
  readonly rounds: number;
  /** Of the terminal. */
  readonly size: TerminalSize;
  readonly json: boolean;
}

/** Columns and rows. */
export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

export const usage = `Usage: bin/node test/bench/run.ts [options]

Measures what rtwatch costs, beside htop (and btop, where it is installed), on this machine.

  --processes 200,2000,10000  sleeping processes to add to those of the machine
  --seconds 15                length of a window in which CPU and output are measured
  --rounds 2                  windows per program, in turn; the median is printed
  --size 120x36               columns and rows of the terminal
  --json                      print JSON
  --help                      print this
`;

/** The options are not understood; the message says why. */
export class UsageError extends Error {}

/**
 * The options; null when only help is wanted.
 *
 * @throws UsageError
 */
export function parseOptions(argv: readonly string[]): BenchOptions | null {
  const values = parse(argv);
  if (values.help) return null;
  return {
    sleeping: values.processes.split(',').map((text) => wholeNumber('--processes', text)),
    seconds: wholeNumber('--seconds', values.seconds),
    rounds: wholeNumber('--rounds', values.rounds),
    size: sizeOf(values.size),
    json: values.json,
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        processes: { type: 'string', default: '200,2000,10000' },
        seconds: { type: 'string', default: '15' },
        rounds: { type: 'string', default: '2' },
        size: { type: 'string', default: '120x36' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function sizeOf(text: string): TerminalSize {
  const [, columns, rows] = /^(\d{2,3})x(\d{2,3})$/.exec(text) ?? [];
  if (columns === undefined || rows === undefined)
    throw new UsageError(`--size: "${text}" is not a size such as 120x36`);
  return { columns: Number(columns), rows: Number(rows) };
}

function wholeNumber(option: string, text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new UsageError(`${option}: "${text}" is not a whole number above 0`);
  return Number(text);
}
