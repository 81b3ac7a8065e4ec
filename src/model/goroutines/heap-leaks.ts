import { isFunction, normalizeFunction } from './function-name.ts';
import type { HeapFunction } from './heap-amounts.ts';

/** A known leak, by the functions whose memory stays. */
export interface HeapLeak {
  readonly id: string;
  readonly title: string;
  readonly meaning: string;
  readonly references: readonly string[];
  readonly bytes: number;
  /** Of what is in use. */
  readonly share: number;
}

const known: readonly (Pick<HeapLeak, 'id' | 'title' | 'meaning' | 'references'> & {
  readonly functions: readonly string[];
  /** With all that they call, which other functions call as well. */
  readonly isWhole?: true;
})[] = [
  {
    id: 'otel-spans',
    title: 'OpenTelemetry spans are kept',
    meaning:
      'A known leak of dockerd 25.0.0 to 27.4.0: spans that never end stay in memory. Update to 27.4.1 or 28.0.0.',
    references: ['https://github.com/moby/moby/issues/49075', 'https://github.com/moby/moby/pull/49078'],
    functions: ['trace.(*tracer).newSpan', 'trace.(*recordingSpan).*'],
  },
  {
    id: 'otel-meters',
    title: 'OpenTelemetry meters are kept',
    meaning:
      'A known leak of dockerd 25.0.0 to 27.3: each gRPC client adds a meter that stays in memory. Update to 25.0.7, ' +
      '27.4.1 or 28.0.0.',
    references: ['https://github.com/moby/moby/issues/48144', 'https://github.com/moby/moby/pull/48690'],
    functions: ['global.(*meter).*'],
  },
  {
    id: 'copy-buffers',
    title: 'Copy buffers of streams are kept',
    meaning:
      'Execs or attaches were left open: each holds two buffers until its streams are closed. Look at the goroutines ' +
      '(exec-or-attach-copy).',
    references: ['https://github.com/projectatomic/docker/issues/257'],
    functions: ['pools.newBufferPoolWithSize.func*', 'io.copyBuffer'],
  },
  {
    id: 'log-decoders',
    title: 'Decoders of container logs are kept',
    meaning:
      'One for each client that reads or follows a log (docker logs -f, agents), with a buffer as long as the longest line. ' +
      'Clients that were left open keep theirs: look at the goroutines (log-follow).',
    references: ['https://github.com/moby/moby/issues/37391'],
    functions: ['jsonfilelog.*', 'local.(*decoder).*', 'loggerutils.followLogs', 'loggerutils.(*follow).Do'],
    isWhole: true,
  },
];

/** Less is what a healthy daemon has, or proves nothing: Go samples the heap. */
const minBytes = 16 * 1024 * 1024;
const minShare = 0.1;

/** The known leaks that hold a good part of what is in use, the largest first. */
export function heapLeaks(functions: readonly HeapFunction[], inuseBytes: number): HeapLeak[] {
  return known
    .map(({ functions: names, isWhole, ...leak }) => {
      const own = functions.filter(({ func }) => names.some((name) => isFunction(normalizeFunction(func), name)));
      const bytes = isWhole
        ? Math.max(0, ...own.map(({ cumulative }) => cumulative.inuseBytes))
        : own.reduce((sum, { flat }) => sum + flat.inuseBytes, 0);
      return { ...leak, bytes, share: inuseBytes === 0 ? 0 : bytes / inuseBytes };
    })
    .filter(({ bytes, share }) => bytes >= minBytes && share >= minShare)
    .sort((a, b) => b.bytes - a.bytes);
}
