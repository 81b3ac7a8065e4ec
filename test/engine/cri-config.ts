import type { Scratch } from './scratch.ts';

/** The settings of a containerd with the CRI and no network but what a test puts into `cni-conf`, every file and socket of which is in the test's folder. */
export function criConfig(scratch: Scratch, sandboxImage: string, newer: boolean): string {
  const of = (name: string): string => JSON.stringify(scratch.of(name));
  const lines = [
    ...(newer ? ['version = 3'] : ['version = 2']),
    `root = ${of('containerd')}`,
    `state = ${of('containerd-state')}`,
    `[grpc]\naddress = ${of('containerd.sock')}`,
    `[debug]\naddress = ${of('containerd-debug.sock')}`,
    `[plugins."io.containerd.internal.v1.opt"]\npath = ${of('containerd-opt')}`,
    '[plugins."io.containerd.grpc.v1.cri"]\ndisable_tcp_service = true\nstream_server_port = "0"',
    ...(newer
      ? [
          '[plugins."io.containerd.cri.v1.images"]\nsnapshotter = "native"',
          `[plugins."io.containerd.cri.v1.images".pinned_images]\nsandbox = "${sandboxImage}"`,
          '[plugins."io.containerd.cri.v1.runtime"]\nrestrict_oom_score_adj = true',
          `[plugins."io.containerd.cri.v1.runtime".cni]\nbin_dirs = [${of('cni-bin')}]\nconf_dir = ${of('cni-conf')}`,
          '[plugins."io.containerd.nri.v1.nri"]\ndisable = true',
        ]
      : [
          `sandbox_image = "${sandboxImage}"\nrestrict_oom_score_adj = true`,
          '[plugins."io.containerd.grpc.v1.cri".containerd]\nsnapshotter = "native"',
          `[plugins."io.containerd.grpc.v1.cri".cni]\nbin_dir = ${of('cni-bin')}\nconf_dir = ${of('cni-conf')}`,
        ]),
  ];
  return `${lines.join('\n')}\n`;
}
