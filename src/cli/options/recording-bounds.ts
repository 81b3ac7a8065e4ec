import { type Command, Option } from 'commander';
import { parseDuration } from './arguments.ts';
import { parseSize } from './size.ts';

/** How much recordings may take, together with earlier ones in their directory. */
export interface RecordingBounds {
  /** Bytes; Infinity for no limit. */
  readonly maxSize: number;
  /** Milliseconds. */
  readonly maxAge: number | null;
}

/** Adds the options that bound the size of a recording. */
export function withRecordingBounds(command: Command): Command {
  return command
    .addOption(
      new Option('--max-size <size>', 'drop the oldest quarter above this size, as 500MB; or none')
        .default(1_000_000_000, '1GB')
        .argParser(parseSize),
    )
    .addOption(
      new Option('--max-age <duration>', 'drop the oldest quarter when it is older than this, as 24h')
        .default(null, 'any')
        .argParser(parseDuration),
    );
}

/** The bounds as arguments, for the child that writes. */
export function passOnBounds({ maxSize, maxAge }: RecordingBounds): string[] {
  return [
    ...['--max-size', Number.isFinite(maxSize) ? String(maxSize) : 'none'],
    ...(maxAge === null ? [] : ['--max-age', `${maxAge}ms`]),
  ];
}
