import { formatMs } from '../../base/durations.ts';
import { quote } from '../../base/shell-word.ts';
import { Child } from '../../child/child.ts';

/** For one page. */
const deadlineMs = 30_000;
/** A page of 500 nodes has some ten megabytes. */
const maxBytes = 64 * 1024 * 1024;

/**
 * Asks the API server through kubectl, which knows how to log in.
 *
 * @param context of its configuration; the current one if undefined
 */
export function kubectlGet(context: string | undefined): (path: string) => Promise<string> {
  const of = context === undefined ? [] : ['--context', context];
  return (path) =>
    new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      const child = new Child({
        command: ['kubectl', ...of, `--request-timeout=${deadlineMs}ms`, 'get', '--raw', path],
        // A plugin that logs in must not ask on the terminal, which is the screen's.
        hasOwnSession: true,
        deadlineMs,
        onBytes: (more) => {
          bytes += more.length;
          chunks.push(more);
          if (bytes <= maxBytes) return;
          child.abandon();
          reject(new Error('the answer of kubectl is too long'));
        },
        onEnd: ({ kind, code, error, complaint }) => {
          if (kind === 'exited' && code === 0) resolve(Buffer.concat(chunks).toString('utf8'));
          else if (kind === 'deadline') reject(new Error(`no answer within ${formatMs(deadlineMs)}`));
          else if (error !== null && 'code' in error && error.code === 'ENOENT')
            reject(new Error('kubectl is not installed on this machine'));
          else
            reject(
              new Error(
                complaint?.replace(/^error: |\.$/g, '') ??
                  error?.message ??
                  `kubectl failed (exit code ${code ?? 'unknown'})`,
              ),
            );
        },
      });
    });
}

/** What `Enter` runs for a node of a cluster: rtwatch in the pod of the DaemonSet. */
export function openInPod(context: string | undefined): string {
  const kubectl = `kubectl${context === undefined ? '' : ` --context ${quote(context)}`} -n rtwatch`;
  const pod = `$(${kubectl} get pod -o name --field-selector spec.nodeName={node} | head -n 1)`;
  return `${kubectl} exec -i "${pod}" -- /rtwatch sample --rootfs /host --sysfs /host/sys | rtwatch watch -`;
}
