import { afterEach, describe, expect, test } from 'vitest';
import type { Sample } from '../../src/sample/sample.ts';
import { type Judged, NodeFollower } from '../../src/timeline/node-follower.ts';
import { PastRing } from '../../src/timeline/past-ring.ts';
import type { SampleStore } from '../../src/timeline/sample-store.ts';
import { Scan } from '../../src/timeline/scan.ts';
import { type Moment, Seeker } from '../../src/timeline/seeker.ts';
import { expectSame } from '../support/expect-same.ts';
import { noon } from '../support/samples.ts';
import { samplesOf, storeOf } from '../support/stories.ts';
import { waitFor } from '../support/wait-for.ts';

const historyMs = 600_000;
const story = [
  ...samplesOf({
    seconds: 900,
    blocked: [
      [10, 700],
      [800, 820],
    ],
  }),
];

/** As whoever followed it from the beginning knows the node at some moments: in one go, for that is most of the work here. */
function knownAt(...moments: readonly number[]): (at: number) => Judged {
  const follower = new NodeFollower();
  const known = new Map<number, Judged>();
  let next = 0;
  for (const at of moments.toSorted((a, b) => a - b)) {
    for (; (story[next]?.at ?? Number.POSITIVE_INFINITY) <= at; next++) follower.take(story[next] as Sample);
    known.set(at, follower.judge());
  }
  return (at) => known.get(at) ?? expect.unreachable(`${at} was not followed`);
}

function expectJudged({ model, verdicts }: Judged, known: Judged, what: string): void {
  expectSame({ model, verdicts }, known, what);
}

let seeker: Seeker | null = null;
afterEach(() => seeker?.close());

function open(store: SampleStore, known: () => readonly NodeFollower[] = () => []) {
  const moments: Moment[] = [];
  const failures: string[] = [];
  const opened = new Seeker({
    ...{ store, historyMs, known },
    onMoment: (moment) => void moments.push(moment),
    onFailed: (because) => void failures.push(because),
  });
  seeker = opened;
  const whole = (at: number): Promise<Moment> =>
    waitFor(`the moment ${at}`, () => moments.findLast((moment) => moment.at === at && moment.whole));
  const goTo = (at: number): Promise<Moment> => {
    moments.length = 0;
    opened.goTo(at);
    return whole(at);
  };
  return { seeker: opened, moments, failures, goTo, whole };
}

async function scanned(store: SampleStore): Promise<Scan> {
  const scan = new Scan({ store, onProgress: () => {}, onFailed: (because) => expect.unreachable(because) });
  await scan.run();
  return scan;
}

describe('a moment', () => {
  test('is as if one had watched from the beginning, forwards and backwards, when the whole has been followed', async () => {
    const store = storeOf(story);
    const scan = await scanned(store);
    const { goTo } = open(store, () => scan.kept);
    const moments = [5, 6, 120, 119, 118, 711, 708, 900, 0, 450].map((second) => noon + second * 1000 + 100);
    const known = knownAt(...moments);
    for (const at of moments) expectJudged(await goTo(at), known(at), `at ${at - noon} ms`);
  });

  test('is the same from the past of the live screen', async () => {
    const ring = new PastRing();
    const follower = new NodeFollower();
    for (const sample of story) {
      ring.take(sample, follower);
      follower.take(sample);
    }
    const { goTo } = open(ring, () => ring.followers);
    const moments = [900, 899, 890, 130, 129, 121, 119, 705].map((second) => noon + second * 1000 + 100);
    const known = knownAt(...moments);
    for (const at of moments) expectJudged(await goTo(at), known(at), `at ${at - noon} ms`);
  });

  test('far from all that is known is shown at once, and then with all that it stands on', async () => {
    const { goTo, moments } = open(storeOf(story));
    const at = noon + 790_100;
    const whole = await goTo(at);
    expect(moments.map((moment) => moment.whole)).toEqual([false, true]);
    expect(moments[0]?.model.containers?.list).toHaveLength(3);
    expect(whole.model.at).toBe(knownAt(at)(at).model.at);
    expect(whole.verdicts.resolved).toHaveLength(1);
    expect(moments[0]?.verdicts.resolved).toHaveLength(0);
  });

  test('that is wished for while another is read comes after it, and those between are passed over', async () => {
    const { seeker: opened, moments, whole } = open(storeOf(story));
    for (let second = 300; second <= 320; second++) opened.goTo(noon + second * 1000);
    await whole(noon + 320_000);
    expect(moments.filter(({ at }) => at !== noon + 300_000 && at !== noon + 320_000)).toEqual([]);
  });

  test('that cannot be read any more is reported, and others still can be', async () => {
    const good = storeOf(story);
    let isBroken = true;
    const store: SampleStore = {
      ...good,
      async *samplesFrom(at): AsyncGenerator<Sample> {
        if (isBroken) throw new Error('/r.zst cannot be read at byte 7: EIO');
        yield* good.samplesFrom(at);
      },
    };
    const { seeker: opened, failures, goTo } = open(store);
    opened.goTo(noon + 5000);
    await waitFor('the failure', () => failures.length > 0);
    expect(failures).toEqual(['/r.zst cannot be read at byte 7: EIO']);
    isBroken = false;
    expect((await goTo(noon + 5000)).model.at).toBe(noon + 4010);
  });
});

describe('following a whole recording', () => {
  test('finds when findings came and went, and says how far it is', async () => {
    const scan = await scanned(storeOf(story));
    expect(scan.markers.map(({ at, kind }) => [Math.floor((at - noon) / 1000), kind])).toEqual([
      [10, 'opened'],
      [707, 'resolved'],
      [800, 'opened'],
      [827, 'resolved'],
    ]);
    expect(scan.markedTo).toBe(Number.POSITIVE_INFINITY);
    expect(scan.kept.length).toBeGreaterThan(20);
  });
});
