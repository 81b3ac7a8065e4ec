import type { ContainerLogLine } from '../../sample/container-log.ts';

/** `2026-11-21T12:00:00.123456789Z stdout F text` (kubernetes, "CRI Container Log Format"); tag P is a part of a longer line. */
const criLine =
  /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)) (stdout|stderr) ([FP])(?::[^ ]*)? (.*)$/s;

/**
 * The lines of a container's log file: as a CRI runtime writes them, as Docker's `json-file` does, or as they are. The parts of
 * one long line are joined.
 *
 * @param text whole lines
 */
export function parseContainerLog(text: string): ContainerLogLine[] {
  const lines: ContainerLogLine[] = [];
  let parts = '';
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const { at, stream, text: part, isPart } = parsed(line);
    parts += part;
    if (isPart) continue;
    lines.push({ at, stream, text: parts });
    parts = '';
  }
  if (parts !== '') lines.push({ at: null, stream: null, text: parts });
  return lines;
}

interface ParsedLine extends ContainerLogLine {
  readonly isPart: boolean;
}

function parsed(line: string): ParsedLine {
  const [, time, stream = null, tag, text = ''] = criLine.exec(line) ?? [];
  if (time !== undefined) return { at: momentOf(time), stream, text, isPart: tag === 'P' };
  return (line.startsWith('{') ? ofDocker(line) : null) ?? { at: null, stream: null, text: line, isPart: false };
}

/** Docker cuts a line after 16 KiB: what has no line break goes on in the next (moby, daemon/logger/copier.go). */
function ofDocker(line: string): ParsedLine | null {
  try {
    const { log, stream, time } = JSON.parse(line) as { log?: unknown; stream?: unknown; time?: unknown };
    if (typeof log !== 'string') return null;
    return {
      at: typeof time === 'string' ? momentOf(time) : null,
      stream: typeof stream === 'string' ? stream : null,
      text: log.replace(/\n$/, ''),
      isPart: !log.endsWith('\n'),
    };
  } catch {
    return null;
  }
}

function momentOf(time: string): number | null {
  const at = Date.parse(time);
  return Number.isFinite(at) ? at : null;
}
