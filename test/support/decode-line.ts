import { decodeLine } from '../../src/wire/door.ts';
import { ListMemory } from '../../src/wire/list-memory.ts';

/** A line through a foreign door, whatever is before it. */
export function decodeLoneLine(line: string): Omit<ReturnType<typeof decodeLine>, 'missing'> {
  const { missing: _, ...decoded } = decodeLine(line, new ListMemory());
  return decoded;
}
