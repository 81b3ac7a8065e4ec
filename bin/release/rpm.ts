import fs from 'node:fs';
import path from 'node:path';
import type { Made } from './executables.ts';
import type { Release } from './release-facts.ts';
import { put, run, setTimes } from './run.ts';
import { stage, type Texts } from './stage.ts';

/** An RPM package, with rpmbuild: no compiler. It requires /bin/sh, for its scripts, and nothing else. For systemd 219 and later. */
export async function makeRpm(made: Made, texts: Texts, release: Release): Promise<string> {
  const { rpm } = made.machine;
  const top = path.join(release.work, `rpm-${rpm}`);
  const staged = path.join(top, 'stage');
  stage(staged, made, texts, { units: 'usr/lib/systemd/system', zsh: 'usr/share/zsh/site-functions' });
  setTimes(staged, release.seconds);
  const spec = path.join(top, 'rtwatch.spec');
  put(spec, specOf(release, staged, top));
  const definitions = ['--define', `_topdir ${top}`, '--define', '_buildhost release'];
  await run('rpmbuild', ['-bb', '--quiet', '--target', `${rpm}-linux`, ...definitions, spec], {
    SOURCE_DATE_EPOCH: `${release.seconds}`,
  });
  const name = `rtwatch-${release.version}-1.${rpm}.rpm`;
  const file = path.join(release.out, name);
  fs.copyFileSync(path.join(top, 'RPMS', rpm, name), file);
  return file;
}

const specOf = ({ version, preset }: Release, staged: string, top: string): string => `%global debug_package %{nil}
%global __os_install_post %{nil}
%global _build_id_links none
%global _binary_payload w${Math.min(preset, 1)}.xzdio
%global use_source_date_epoch_as_buildtime 1
%global clamp_mtime_to_source_date_epoch 1
%global _buildrootdir ${top}/BUILDROOT
Name: rtwatch
Version: ${version}
Release: 1
Summary: Show why a container node is sick
License: MIT and LGPLv2+ and GPLv3+ with exceptions
AutoReqProv: no
%description
A live terminal screen of the daemons, containers, processes, mounts and disks of a container node. It finds and explains containers that
cannot stop. The service rtwatch-recorder (not enabled) keeps the last days in /var/lib/rtwatch, and has
metrics for Prometheus.
%install
mkdir -p %{buildroot}
cp -a ${staged}/. %{buildroot}/
%files
%defattr(-,root,root)
%attr(755,root,root) /usr/bin/rtwatch
/usr/lib/systemd/system/rtwatch-recorder.service
%config(noreplace) /etc/rtwatch/config.toml
/usr/share/man/man1/rtwatch.1.gz
/usr/share/bash-completion/completions/rtwatch
/usr/share/zsh/site-functions/_rtwatch
/usr/share/fish/vendor_completions.d/rtwatch.fish
/usr/share/doc/rtwatch
%post
[ -d /run/systemd/system ] && systemctl daemon-reload || :
%preun
if [ "$1" = 0 ] && [ -d /run/systemd/system ]; then systemctl disable --now rtwatch-recorder.service || :; fi
%postun
[ -d /run/systemd/system ] && systemctl daemon-reload || :
if [ "$1" -ge 1 ] && [ -d /run/systemd/system ]; then systemctl try-restart rtwatch-recorder.service || :; fi
`;
