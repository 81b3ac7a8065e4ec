import { normalizeFunction } from './function-name.ts';

const shim = 'a containerd shim';
const runc = 'runc';

/**
 * Functions that only one program has. Libraries do not count: dockerd has much of BuildKit in it, k3s the kubelet, and
 * everything has parts of containerd and runc; so what holds others comes first.
 */
const programs: readonly { readonly name: string; readonly form: RegExp }[] = [
  { name: 'k3s', form: /^github\.com\/(?:k3s-io|rancher)\/k3s\// },
  {
    name: shim,
    form: /(?:^|\/)(?:shim\.(?:serve|run|Run|reap|handleSignals|handleExitSignals|dumpStacks|setupDumpStacks)(?:\.|$)|shim\.\(\*[Ss]ervice\)\.|runc\/(?:v\d|task)\.|runtime\/v2\/runc\.\(\*Container\)|process\.\(\*(?:Init|execProcess)\)\.|proc\.\(\*Init\)\.|main\.executeShim|sys\/reaper\.)/,
  },
  {
    name: 'dockerd',
    form: /^github\.com\/docker\/docker\/vendor\/|(?:^|\/)(?:main\.\(\*DaemonCli\)|daemon\.\(\*Daemon\)|command\.\(\*daemonCLI\)|libcontainerd[./])/,
  },
  { name: 'docker buildx (a client)', form: /^github\.com\/docker\/buildx\// },
  { name: 'nerdctl (a client)', form: /^github\.com\/containerd\/nerdctl\// },
  { name: 'docker compose', form: /^github\.com\/docker\/compose(?:-cli)?\// },
  { name: 'the docker CLI', form: /^github\.com\/docker\/cli\/(?:cli|cmd|vendor)\/|(?:^|\/)command\.\(\*DockerCli\)/ },
  { name: 'CRI-O', form: /^github\.com\/(?:cri-o|kubernetes-incubator|kubernetes-sigs)\/cri-o\// },
  { name: 'podman', form: /^github\.com\/(?:containers|podman-container-tools)\/(?:podman|libpod)\// },
  { name: 'the kubelet', form: /(?:^|\/)k8s\.io\/kubernetes\/(?:cmd|pkg)\/kubelet[./]/ },
  {
    name: 'containerd',
    form: /(?:^|\/)(?:cmd\/containerd\/command\.|tasks\.\(\*(?:local|service)\)|c?server\.\(\*criService\)|sbserver\.\(\*criService\)|v2\.\(\*(?:ShimManager|TaskManager|shimTask)\)|linux\.\(\*(?:Task|Runtime)\)\.|server\.LoadPlugins|containerd\/(?:v2\/)?(?:pkg|internal)\/cri\/streaming[./]|containerd\/(?:v2\/)?(?:plugins\/)?services\/(?!content\/contentserver)[\w/]{1,40}\.\(\*(?:service|local)\)|docker\/containerd\/supervisor\.)/,
  },
  {
    name: 'BuildKit',
    form: /^github\.com\/moby\/buildkit\/(?:cmd\/buildkitd|control|solver|worker|util\/progress)[./]/,
  },
  {
    name: runc,
    form: /^(?:github\.com\/opencontainers\/runc\/libcontainer|main\.(?:init|startContainer|\(\*runner\)))\b/,
  },
];

/** The program that a dump is of, by its functions; null when they do not tell, or when several dumps are in it. */
export function programOf(groups: Iterable<Stack>): string | null {
  const found = new Set<string>();
  for (const { frames, createdBy } of groups) {
    for (const func of [...frames.map((frame) => frame.func), createdBy ?? '']) {
      const whole = normalizeFunction(func);
      const own = withoutVendor(whole);
      const name = programs.find(({ form }) => form.test(whole) || form.test(own))?.name;
      if (name !== undefined) found.add(name);
    }
  }
  const [first, ...others] = programs.map(({ name }) => name).filter((name) => found.has(name));
  // No other program has the functions of a shim, nor a shim those of another but the library of runc.
  if (found.has(shim) && others.some((name) => name !== runc)) return null;
  return first ?? builtOf(groups);
}

interface Stack {
  readonly frames: readonly { readonly func: string; readonly file?: string | null }[];
  readonly createdBy: string | null;
}

/** Each has its `main` in a folder of its own name. */
const mains: readonly { readonly name: string; readonly form: RegExp }[] = [
  { name: 'BuildKit', form: /\/cmd\/buildkitd\// },
  { name: 'dockerd', form: /\/cmd\/dockerd\// },
  { name: 'CRI-O', form: /\/cmd\/crio\// },
  { name: 'podman', form: /\/cmd\/podman\// },
  { name: 'containerd', form: /\/cmd\/containerd\/|\/docker\/containerd\/containerd\/main\.go$/ },
];

/** Whose sources hold the libraries, or are its own: `/BUILD/podman-5.3.1/vendor/…`, `/_build/src/github.com/cri-o/cri-o/vendor/…`. */
const holders: readonly { readonly name: string; readonly form: RegExp }[] = [
  { name: 'podman', form: /\/(?:containers-)?(?:podman|libpod)(?:-[\w.]+)?\/vendor\// },
  { name: 'CRI-O', form: /\/cri-o(?:-[\w.]+)?\/vendor\// },
  { name: 'crictl (a client)', form: /\/cri-tools(?:-[\w.]+)?\/cmd\/crictl\// },
  { name: runc, form: /\/runc(?:-[\w.]+)?\/vendor\// },
];
/** BuildKit is a library of dockerd and of clients, too: there it stands below `vendor`, or behind its version. */
const ofBuildkit = /(?:^|\/)github\.com\/moby\/buildkit\//;

/** The program by where its sources were, when its functions do not tell. */
function builtOf(groups: Iterable<Stack>): string | null {
  for (const { frames } of groups) {
    for (const { func, file } of frames) {
      if (file == null) continue;
      const holder = (func.startsWith('main.') ? [...mains, ...holders] : holders).find(({ form }) => form.test(file));
      if (holder !== undefined) return holder.name;
      if (ofBuildkit.test(func) && !/\/vendor\/|@v\d/.test(file) && file.includes('/')) return 'BuildKit';
    }
  }
  return null;
}

/** A vendored package is named by its own path. */
function withoutVendor(func: string): string {
  const vendor = func.lastIndexOf('/vendor/');
  return vendor < 0 ? func : func.slice(vendor + '/vendor/'.length);
}
