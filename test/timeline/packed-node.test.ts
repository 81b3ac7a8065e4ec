import { describe, expect, test } from 'vitest';
import { NodeFollower } from '../../src/timeline/node-follower.ts';
import { PackedNode } from '../../src/timeline/packed-node.ts';
import { expectSame } from '../support/expect-same.ts';
import { samplesOf } from '../support/stories.ts';
import { nodeStream } from '../wire/recording/streams.ts';

const blocked = [
  [10, 30],
  [32, 34],
  [45, 60],
] as const;

describe('a packed node', () => {
  test.each([
    ['with findings that come and go', [...samplesOf({ seconds: 60, blocked })]],
    ['of many containers', [...nodeStream({ containers: 50, seconds: 60 })]],
  ])('%s goes on as the one that was packed', (_, story) => {
    const follower = new NodeFollower();
    for (const [index, sample] of story.entries()) {
      follower.take(sample);
      if (index % 40 !== 0) continue;
      const packed = new PackedNode(follower);
      expect(packed.newest).toEqual(follower.newest);
      const [fork, other] = [follower.fork(), packed.fork()];
      expectSame(other.state, follower.state);
      for (const later of story.slice(index + 1, index + 60)) {
        fork.take(later);
        other.take(later);
      }
      expectSame(other.state, fork.state);
      expectSame(other.judge(), fork.judge());
    }
  });

  test('takes a tenth of the text of what it knows', () => {
    const follower = new NodeFollower();
    for (const sample of nodeStream({ containers: 200, seconds: 30 })) follower.take(sample);
    expect(new PackedNode(follower).size).toBeLessThan(JSON.stringify(follower.state).length / 10);
  });
});
