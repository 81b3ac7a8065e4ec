import type { WriterCounters, WritersValue } from '../writers.ts';
import { list, nullable, number, object, text } from './shape.ts';

const writer = object<WriterCounters>({
  pid: number,
  starttime: number,
  comm: text,
  containerId: nullable(text),
  readBytes: number,
  writeBytes: number,
  readDelta: number,
  writeDelta: number,
  overMs: number,
});

export const writersValue = object<WritersValue>({ processes: list(writer), unreadable: number });
