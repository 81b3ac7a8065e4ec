import { expect, test } from 'vitest';
import { adviceOf, foundInKernelLog } from '../support/kernel-log.ts';

const avc = (rest: string): string =>
  `audit: type=1400 audit(1598482910.854:4): avc:  denied  { entrypoint } for  pid=5723 comm="${rest}`;
const entry =
  'path="/sbin/docker-init" dev="dm-0" ino=79 scontext=system_u:system_r:container_t:s0 tcontext=system_u:object_r:runtime_exec_t:s0 tclass=file';
const notLoaded =
  'audit: type=1400 audit(1681798863.662:130): apparmor="DENIED" operation="change_onexec" info="label not found" error=-2 profile="unconfined" name="docker-default" pid=53222 comm="runc:[2:INIT]"';
const confined =
  'audit: type=1400 audit(1602564380.386:31): apparmor="DENIED" operation="change_onexec" profile="/usr/bin/dockerd" pid=19306 comm="runc:[2:INIT]" target="docker-default"';

test('a profile that is not loaded is named; once is no more than a note', () => {
  expect(foundInKernelLog('denied-start', [notLoaded])).toMatchObject({
    severity: 'info',
    title: 'Containers cannot be started: the AppArmor profile docker-default is not loaded',
  });
  const again = foundInKernelLog('denied-start', [notLoaded, notLoaded]);
  expect(again.severity).toBe('warning');
  expect(adviceOf(again)).toContain('apparmor_parser');
});

test('a daemon that is confined itself is told apart', () => {
  const finding = foundInKernelLog('denied-start', [confined, confined]);
  expect(finding.title).toBe('Containers cannot be started: AppArmor denies the change to the profile docker-default');
  expect(adviceOf(finding)).toContain('change_profile');
});

test('SELinux is told with the program; what it only reports, and what runs in a container, is silent', () => {
  const finding = foundInKernelLog('denied-start', [avc(`runc:[2:INIT]" ${entry} permissive=0`)]);
  expect(finding.title).toBe('Containers cannot be started: SELinux denies the execution of /sbin/docker-init');
  expect(adviceOf(finding)).toContain('container_runtime_exec_t');
  const silent = [avc(`runc:[2:INIT]" ${entry} permissive=1`), avc(`bash" ${entry} permissive=0`)];
  expect(() => foundInKernelLog('denied-start', silent)).toThrow('no finding');
});
