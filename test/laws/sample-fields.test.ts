import { expect, test } from 'vitest';
import { codeOf, files, roomOf } from './source-files.ts';

/** Fields that are sent although nothing above the wire reads them by name, each with the reason. */
const exceptions: Readonly<Record<string, string>> = {
  'containers.died': 'counted beside `created` in a recording; no view shows it',
  'cri.uid': 'joins a recorded pod with the API server’s; no view shows it',
  'daemons.unixSockets': 'the whole of which `accepted` and `peerless` are parts; no view shows it',
  'host.cpus': 'load averages of a recording mean nothing without it; no view shows it',
  'mounts.deleted': 'decides in collect/mounts which mounts are sent',
  'disks.dirtiedBytes': 'read by a name that is a value (model/disks/flush.ts)',
};

const readingRooms: ReadonlySet<string> = new Set(['model', 'rules', 'timeline', 'view', 'app', 'cli', 'capture']);
const readers = files
  .filter((file) => readingRooms.has(roomOf(file)))
  .map(codeOf)
  .join('\n');

/** As a property, or taken out of an object; a function that is called in a spread is neither. Names that several types share count for all of them. */
const isRead = (name: string): boolean => new RegExp(`(?<!\\.)\\.${name}\\b|[{,]\\s*${name}\\s*[,}:=]`).test(readers);

const fields = files
  .filter((file) => /^sample\/[\w-]+\.ts$/.test(file))
  .flatMap((file) => {
    const noun = /\/([\w-]+)\.ts$/.exec(file)?.[1] ?? '';
    return [...codeOf(file).matchAll(/readonly (\w+)\??:/g)].map(([, name = '']) => ({
      field: `${noun}.${name}`,
      name,
    }));
  });

test('each field of a Sample is read by the model, a rule or a view', () => {
  expect(fields.length).toBeGreaterThan(200);
  const unread = new Set(fields.filter(({ name }) => !isRead(name)).map(({ field }) => field));
  expect([...unread].sort()).toEqual(Object.keys(exceptions).sort());
});
