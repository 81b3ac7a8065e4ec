import { ok } from '../../src/sample/reading.ts';
import * as make from '../support/samples.ts';
import { type Case, glance, quiet, watch } from './case.ts';
import { dockerNode, initPid, shimPid } from './node.ts';
import { batch1, sigterm, trio, web1, web2 } from './parts.ts';

/** A stop that will end by itself. */
const stoppingFor = (seconds: number): ReturnType<typeof make.container> =>
  make.container('aa', 'slow-1', {
    kill: make.pendingKill({
      firstAt: make.noon - seconds * 1000,
      lastAt: make.noon - seconds * 1000,
      count: 1,
      attempts: 1,
      signal: 15,
    }),
  });

/** What containers and their processes do when all is well. */
export const healthyContainers: readonly Case[] = [
  quiet('CI that makes and removes a container a second', () =>
    watch((second) => {
      const job = make.container(`${(second % 100).toString().padStart(2, '0')}ef`, `job-${second}`, {
        createdAt: make.noon / 1000 + second - 1,
        status: 'Up 1 second',
        kill: make.pendingKill({
          firstAt: make.noon + second * 1000 - 300,
          lastAt: make.noon + second * 1000 - 200,
          count: 2,
        }),
      });
      const going = make.container(`${((second + 50) % 100).toString().padStart(2, '0')}ef`, `job-${second - 2}`, {
        state: 'removing',
        status: 'Removal In Progress',
      });
      return dockerNode(second, {
        containers: [...trio, job, going],
        processes:
          second % 4 === 0 ? [make.zombie(9000 + second, { ppid: shimPid(3), parentComm: 'containerd-shim' })] : [],
        containersValue: {
          churn: { since: make.noon - 200_000, created: 200 + second, died: 199 + second, destroyed: 198 + second },
        },
      });
    }),
  ),
  quiet('A stop in its grace of ten seconds', () =>
    glance((second) => dockerNode(second, { containers: [...trio, stoppingFor(8)] })),
  ),
  quiet('A stop that needed force and ended in time', () =>
    glance((second) =>
      dockerNode(second, {
        containers: [...trio, make.container('aa', 'slow-1', { state: 'exited', status: 'Exited (137) 1 second ago' })],
        logs: {
          tallies: [
            make.logTally('stop-force', make.idOf('aa'), { firstAt: make.noon - 4000, lastAt: make.noon - 4000 }),
          ],
        },
      }),
    ),
  ),
  quiet('Containers that exited long ago', () =>
    watch((second) =>
      dockerNode(second, {
        containers: [
          ...trio,
          make.container('ae', 'old-1', { state: 'exited', status: 'Exited (0) 2 weeks ago' }),
          make.container('af', 'old-2', { state: 'exited', status: 'Exited (137) 3 days ago' }),
          make.container('a0', 'never-1', { state: 'created', status: 'Created' }),
        ],
      }),
    ),
  ),
  quiet('A container that is started again and again', () =>
    watch((second) =>
      dockerNode(second, {
        containers: [
          ...trio,
          make.container('ad', 'loop-1', {
            state: second % 6 < 4 ? 'restarting' : 'running',
            status: second % 6 < 4 ? 'Restarting (1) 2 seconds ago' : 'Up 1 second',
          }),
        ],
      }),
    ),
  ),
  quiet('A paused container', () =>
    watch((second) =>
      dockerNode(second, {
        containers: [...trio, make.container('ac', 'paused-1', { state: 'paused', status: 'Up 3 hours (Paused)' })],
      }),
    ),
  ),
  quiet('Processes that are in D for a moment', () =>
    watch((second) =>
      dockerNode(second, {
        processes: Array.from({ length: second % 4 }, (_, n) =>
          make.blocked(
            9200 + second * 4 + n,
            { comm: 'postgres', containerId: web1.id },
            { offCpuSeconds: 0.4, wchan: 'jbd2_log_wait_commit', stack: ['jbd2_log_wait_commit', 'ext4_sync_file'] },
          ),
        ),
      }),
    ),
  ),
  quiet('A database that is in D at each poll, on a kernel without CONFIG_SCHED_DEBUG: it runs in between', () =>
    watch((second) =>
      dockerNode(second, {
        processes: [
          make.blocked(
            9250,
            { comm: 'mysqld', containerId: web1.id },
            {
              offCpuSeconds: null,
              switches: 81_000 + second * 40,
              wchan: 'io_schedule',
              stack: ['io_schedule', 'folio_wait_bit_common', 'filemap_read', 'vfs_read'],
            },
          ),
        ],
      }),
    ),
  ),
  quiet('A parent in D that waits for the child it vforked', () =>
    watch((second) =>
      dockerNode(second, {
        processes: [
          make.blocked(
            9300,
            { comm: 'make', containerId: web1.id },
            {
              offCpuSeconds: 300 + second,
              wchan: 'kernel_clone',
              stack: ['kernel_clone', '__do_sys_vfork', 'do_syscall_64'],
              syscall: { number: 58, name: 'vfork', fd: null, file: null },
            },
          ),
        ],
      }),
    ),
  ),
  quiet('Zombies that a program reaps with some delay', () =>
    watch((second) =>
      dockerNode(second, {
        processes: [0, 1].map((n) =>
          make.zombie(9400 + Math.floor(second / 6) * 2 + n, {
            comm: 'sh',
            ppid: initPid(0),
            parentIsInit: true,
            containerId: web1.id,
          }),
        ),
      }),
    ),
  ),
  quiet('A paused container on cgroup v1, whose tasks are in D because the freezer holds them', () =>
    watch((second) =>
      dockerNode(second, {
        containers: [web1, web2, { ...batch1, state: 'paused', status: 'Up 3 hours (Paused)' }],
        processes: [0, 1].map((n) =>
          make.blocked(
            initPid(2) + n,
            { comm: 'app', containerId: batch1.id, ppid: n === 0 ? shimPid(2) : initPid(2), nsPid: n + 1 },
            {
              offCpuSeconds: 5000 + second,
              wchan: '__refrigerator',
              stack: ['__refrigerator', 'get_signal', 'arch_do_signal_or_restart', 'exit_to_user_mode_prepare'],
            },
          ),
        ),
        cgroups: { version: 'v1' },
      }),
    ),
  ),
  quiet('A build whose shell always has some zombies, never the same for long', () =>
    watch((second) =>
      dockerNode(second, {
        processes: Array.from({ length: 6 }, (_, n) =>
          make.zombie(40_000 + second * 10 + n, {
            comm: 'cc1',
            ppid: initPid(0),
            parentComm: 'make',
            parentIsInit: true,
            containerId: web1.id,
            starttime: 144_229 + second * 100,
          }),
        ),
      }),
    ),
  ),
  quiet('A stop that may take five minutes, two minutes in', () =>
    glance((second) =>
      dockerNode(second, {
        containers: [
          web1,
          web2,
          {
            ...batch1,
            kill: sigterm(make.noon - 120_000),
            inspect: ok(make.inspected({ pid: initPid(2), stopTimeoutSeconds: 300 }), 3),
          },
        ],
      }),
    ),
  ),
  quiet('A cron job sends SIGHUP to a container all day', () =>
    glance((second) =>
      dockerNode(second, {
        containers: [
          web1,
          web2,
          {
            ...batch1,
            kill: make.pendingKill({
              firstAt: make.noon - 86_400_000,
              lastAt: make.noon - 400_000,
              count: 96,
              attempts: 1,
              signal: 1,
            }),
          },
        ],
      }),
    ),
  ),
  quiet('A paused container on cgroup v1 and Linux 6.18: frozen where its tasks slept, and shown in D', () =>
    watch((second) =>
      dockerNode(second, {
        containers: [web1, web2, { ...batch1, state: 'paused', status: 'Up 3 hours (Paused)' }],
        processes: [
          make.blocked(
            initPid(2),
            { comm: 'sleep', containerId: batch1.id, ppid: shimPid(2), nsPid: 1 },
            {
              offCpuSeconds: 5000 + second,
              wchan: 'hrtimer_nanosleep',
              stack: ['hrtimer_nanosleep', 'common_nsleep', '__x64_sys_clock_nanosleep', 'do_syscall_64'],
            },
          ),
        ],
        cgroups: { version: 'v1' },
      }),
    ),
  ),
];
