import { describe, expect, test } from 'vitest';
import { nodeClock } from '../../src/collect/node-clock.ts';
import { liveRoots, World } from '../../src/collect/world.ts';
import { capturedWorld, Tree } from '../support/world.ts';

describe('the node’s clock', () => {
  test('of a captured tree stands still at the moment it was captured', () => {
    const clock = nodeClock(capturedWorld('stop-leak'));
    expect(clock()).toBe((1_795_241_845 + 1470.88) * 1000);
    expect(clock()).toBe(clock());
  });

  test('is ours on this machine', () => {
    expect(nodeClock(new World(liveRoots))).toBe(Date.now);
  });

  test('is ours for this machine’s /proc at another place', () => {
    const bootTime = Math.round(Date.now() / 1000) - 1000;
    expect(nodeClock(new Tree().write('proc/stat', `btime ${bootTime}\n`).world())).toBe(Date.now);
  });

  test('is ours where a tree does not have it', () => {
    expect(nodeClock(new Tree().world())).toBe(Date.now);
    expect(nodeClock(new Tree().write('proc/stat', 'btime 7\n').remove('proc/uptime').world())).toBe(Date.now);
  });
});
