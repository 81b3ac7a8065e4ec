import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Sample } from '../../src/sample/sample.ts';
import { type Judged, type KnownNode, NodeFollower } from '../../src/timeline/node-follower.ts';
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

const at = (second: number): number => noon + second * 1000 + 100;
const moments = {
  anywhere: [5, 6, 120, 119, 118, 711, 708, 900, 0, 450].map(at),
  inThePast: [900, 899, 890, 130, 129, 121, 119, 705].map(at),
  far: at(790),
};

/** As whoever followed the node from the beginning knows it at those moments, and the past that was kept. In one go: it is most of the work here. */
function follow(): { known: (at: number) => Judged; ring: PastRing } {
  const ring = new PastRing();
  const follower = new NodeFollower();
  const known = new Map<number, Judged>();
  let next = 0;
  for (const moment of Object.values(moments)
    .flat()
    .toSorted((a, b) => a - b)) {
    for (; (story[next]?.at ?? Number.POSITIVE_INFINITY) <= moment; next++) {
      const sample = story[next] as Sample;
      ring.take(sample, follower);
      follower.take(sample);
    }
    known.set(moment, follower.judge());
  }
  return { ring, known: (moment) => known.get(moment) ?? expect.unreachable(`${moment} was not followed`) };
}

let followed: ReturnType<typeof follow>;
let scan: Scan;
beforeAll(async () => {
  followed = follow();
  scan = await scanned(storeOf(story));
});

function expectJudged({ model, verdicts }: Judged, known: Judged, what: string): void {
  expectSame({ model, verdicts }, known, what);
}

let seeker: Seeker | null = null;
afterEach(() => seeker?.close());

function open(store: SampleStore, known: () => readonly KnownNode[] = () => []) {
  const moments: Moment[] = [];
  const failures: string[] = [];
  const opened = new Seeker({
    store,
    historyMs,
    known,
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
    const { goTo } = open(storeOf(story), () => scan.kept);
    for (const moment of moments.anywhere) {
      expectJudged(await goTo(moment), followed.known(moment), `at ${moment - noon} ms`);
    }
  });

  test('is the same from the past of the live screen', async () => {
    const { ring, known } = followed;
    const { goTo } = open(ring, () => ring.known);
    for (const moment of moments.inThePast) expectJudged(await goTo(moment), known(moment), `at ${moment - noon} ms`);
  });

  test('far from all that is known is shown at once, and then with all that it stands on', async () => {
    const { goTo, moments: shown } = open(storeOf(story));
    const whole = await goTo(moments.far);
    expect(shown.map((moment) => moment.whole)).toEqual([false, true]);
    expect(shown[0]?.model.containers?.list).toHaveLength(3);
    expect(whole.model.at).toBe(followed.known(moments.far).model.at);
    expect(whole.verdicts.resolved).toHaveLength(1);
    expect(shown[0]?.verdicts.resolved).toHaveLength(0);
  });

  test('that is wished for while another is read comes after it, and those between are passed over', async () => {
    const { seeker: opened, moments: shown, whole } = open(storeOf(story));
    for (let second = 300; second <= 320; second++) opened.goTo(noon + second * 1000);
    await whole(noon + 320_000);
    expect(shown.filter(({ at }) => at !== noon + 300_000 && at !== noon + 320_000)).toEqual([]);
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
  test('finds when findings came and went, and says how far it is', () => {
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
