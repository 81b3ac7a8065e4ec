/**
 * What a sleep without a disk is for, in parentheses, with a space before; empty where that is not known. The functions of fs/pipe.c,
 * fs/locks.c, fs/eventpoll.c, kernel/futex, net/unix and kernel/exit.c.
 */
export function sleepWords(wchan: string): string {
  const found = sleeps.find(([pattern]) => pattern.test(wchan));
  return found === undefined ? '' : ` (${found[1]})`;
}

const sleeps: readonly (readonly [RegExp, string])[] = [
  [/^(?:wait_for_partner|fifo_open)$/, 'it opens a FIFO whose other end is not open'],
  [/^(?:ep_poll|do_epoll_wait)/, 'it waits for an event'],
  [/^futex_wait/, 'it waits for another of its threads'],
  [/^(?:pipe_read|pipe_wait|anon_pipe_read)$/, 'it reads from a pipe'],
  [/^(?:pipe_write|anon_pipe_write)$/, 'it writes to a pipe that no process reads'],
  [/^unix_stream_(?:data_wait|read_generic)$/, 'it reads from a socket'],
  [
    /^(?:flock_lock_inode_wait|locks_lock_inode_wait|posix_lock_inode_wait|flock_lock_file_wait)$/,
    'it waits for a file lock',
  ],
  // fs/fuse/dev.c: request_wait_answer() first sleeps interruptibly (S), and only after a signal in D.
  [/^request_wait_answer$/, 'it waits for the daemon of a FUSE filesystem'],
  [/^do_wait$/, 'it waits for its child'],
  [/^do_signal_stop$/, 'a signal stopped it'],
  [/^(?:__refrigerator|do_freezer_trap)$/, 'the cgroup freezer holds it'],
];
