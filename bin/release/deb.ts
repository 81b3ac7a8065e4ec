import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { Made } from './executables.ts';
import type { Release } from './release-facts.ts';
import { put, run, setTimes } from './run.ts';
import { stage, type Texts } from './stage.ts';

/** A Debian package, with plain dpkg-deb. It depends on nothing. */
export async function makeDeb(made: Made, texts: Texts, release: Release): Promise<string> {
  const { debian } = made.machine;
  const folder = path.join(release.work, `deb-${debian}`);
  stage(folder, made, texts, { units: 'lib/systemd/system', zsh: 'usr/share/zsh/vendor-completions' });
  const files = fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => fs.statSync(path.join(folder, name)).isFile())
    .toSorted();
  const bytes = files.map((name) => fs.readFileSync(path.join(folder, name)));
  const sums = files.map(
    (name, index) =>
      `${createHash('md5')
        .update(bytes[index] ?? '')
        .digest('hex')}  ${name}\n`,
  );
  const kilobytes = bytes.reduce((sum, { length }) => sum + Math.ceil(length / 1024), 0);
  put(path.join(folder, 'DEBIAN/control'), control(release.version, debian, kilobytes));
  put(path.join(folder, 'DEBIAN/md5sums'), sums.join(''));
  put(path.join(folder, 'DEBIAN/conffiles'), '/etc/rtwatch/config.toml\n');
  for (const [name, text] of Object.entries(scripts)) put(path.join(folder, 'DEBIAN', name), text, 0o755);
  setTimes(folder, release.seconds);
  const file = path.join(release.out, `rtwatch_${release.version}_${debian}.deb`);
  const packing = ['-Zxz', `-z${Math.min(release.preset, 1)}`, '--threads-max=1'];
  await run('dpkg-deb', ['--root-owner-group', ...packing, '--build', folder, file], {
    SOURCE_DATE_EPOCH: `${release.seconds}`,
  });
  return file;
}

const control = (version: string, architecture: string, kilobytes: number): string => `Package: rtwatch
Version: ${version}
Architecture: ${architecture}
Maintainer: rtwatch maintainers <rtwatch@localhost>
Installed-Size: ${kilobytes}
Section: admin
Priority: optional
Description: show why a container node is sick
 A live terminal screen of the daemons, containers, processes, mounts and disks
 of a container node. It finds and explains containers that cannot stop.
 .
 The service rtwatch-recorder (not enabled) keeps the last days in
 /var/lib/rtwatch, and has metrics for Prometheus.
`;

const reload = '[ -d /run/systemd/system ] && systemctl daemon-reload || true\n';

const scripts = {
  postinst: `#!/bin/sh\nset -e\n${reload}if [ -d /run/systemd/system ] && [ -n "$2" ]; then systemctl try-restart rtwatch-recorder.service || true; fi\n`,
  prerm: `#!/bin/sh\nset -e\nif [ "$1" = remove ] && [ -d /run/systemd/system ]; then systemctl disable --now rtwatch-recorder.service || true; fi\n`,
  postrm: `#!/bin/sh\nset -e\nif [ "$1" = purge ]; then rm -rf /var/lib/rtwatch; fi\n${reload}`,
};
