/** What a runtime says to a CNI plugin in its environment (containernetworking/cni, SPEC.md and invoke/args.go). */
interface CniEnvironment {
  readonly command: string;
  /** 64 hexadecimal digits. */
  readonly sandboxId: string | null;
  /** `namespace/name` */
  readonly pod: string | null;
}

/** As Kubernetes names pods and namespaces. */
const podWord = /^[\w.-]{1,253}$/;

/**
 * Reads the environment of a process (`/proc/PID/environ`, words that end in a zero byte). Nothing but the variables of CNI is
 * kept: the rest is the runtime's own and can hold passwords.
 *
 * @returns null if it is not that of a CNI plugin
 */
export function parseCniEnvironment(environ: string): CniEnvironment | null {
  const variables = new Map(
    environ
      .split('\0')
      .filter((word) => word.startsWith('CNI_'))
      .map((word) => split(word)),
  );
  const command = variables.get('CNI_COMMAND');
  if (command === undefined || !/^[A-Z]{1,12}$/.test(command)) return null;
  const id = variables.get('CNI_CONTAINERID') ?? '';
  const args = new Map((variables.get('CNI_ARGS') ?? '').split(';').map((word) => split(word)));
  const words = [args.get('K8S_POD_NAMESPACE') ?? '', args.get('K8S_POD_NAME') ?? ''];
  return {
    command,
    sandboxId: /^[0-9a-f]{64}$/.test(id) ? id : null,
    pod: words.every((word) => podWord.test(word)) ? words.join('/') : null,
  };
}

function split(word: string): [string, string] {
  const at = word.indexOf('=');
  return at < 0 ? [word, ''] : [word.slice(0, at), word.slice(at + 1)];
}
