import { capturedFaultsOfPods, capturedHealthyPods } from './captured-pods.ts';
import type { Case } from './case.ts';
import { calmCalls, heldUpCalls } from './cri-calls.ts';
import { faultsOfCrio, healthyCrio } from './crio-nodes.ts';
import { faultsOfContainers } from './faults-containers.ts';
import { faultsOfDaemons } from './faults-daemons.ts';
import { faultsOfLimits } from './faults-limits.ts';
import { faultsLogged } from './faults-logged.ts';
import { faultsOfMounts } from './faults-mounts.ts';
import { faultsOfNode } from './faults-node.ts';
import { healthyContainers } from './healthy-containers.ts';
import { healthyDaemons } from './healthy-daemons.ts';
import { healthyLimits } from './healthy-limits.ts';
import { healthyLogged } from './healthy-logged.ts';
import { healthyMounts } from './healthy-mounts.ts';
import { healthyNodes } from './healthy-nodes.ts';
import { calmCreates, heldPodCreates } from './held-creates.ts';
import { faultsOfKubelet, healthyKubelet } from './kubelet.ts';
import { keptShims, leakedShims } from './leaked-shims.ts';
import { faultsOfLoggedClusters, healthyLoggedClusters } from './logged-clusters.ts';
import { faultsOfLoggedDistributions, healthyLoggedDistributions } from './logged-distributions.ts';
import { calmOfLoggedLimits, faultsOfLoggedLimits } from './logged-limits.ts';
import { faultsOfLoggedNodes, healthyLoggedNodes } from './logged-nodes.ts';
import { calmOfPods, loggedOfPods } from './logged-pods.ts';
import { calmReports, loggedReports } from './logged-reports.ts';
import { missing } from './missing.ts';
import { nearlyStuck } from './near-containers.ts';
import { nearlySick } from './near-node.ts';
import { pairs } from './pairs.ts';
import { removedPods, stuckPodRemovals } from './pod-removals.ts';
import { faultsOfPods, healthyPods, heldPods, keptInPods, lostInPods } from './pods.ts';
import { recoveredLogged, unrecoveredLogged } from './recovered-logged.ts';
import { faultsWithConsequences, nearlyCauses } from './root-causes.ts';
import { faultsOfSeveral, healthySeveral } from './several-runtimes.ts';
import { keptSnapshots, leftSnapshots } from './snapshot-copies.ts';
import { faultyStarts, healthyStarts } from './starts.ts';

/** Every labelled state, by kind. */
export const corpus: Readonly<Record<string, readonly Case[]>> = {
  'healthy nodes': [
    ...[...healthyNodes, ...healthyContainers, ...healthyMounts, ...healthyDaemons],
    ...[
      ...healthyLogged,
      ...recoveredLogged,
      ...healthyLimits,
      ...healthyStarts,
      ...healthyPods,
      ...keptInPods,
      ...removedPods,
      ...keptShims,
      ...healthySeveral,
      ...healthyKubelet,
      ...calmOfPods,
      ...calmOfLoggedLimits,
      ...healthyLoggedNodes,
      ...healthyLoggedClusters,
      ...healthyLoggedDistributions,
      ...calmReports,
      ...calmCalls,
      ...capturedHealthyPods,
      ...keptSnapshots,
      ...calmCreates,
      ...healthyCrio,
    ],
  ],
  'one fault': [
    ...[...faultsOfContainers, ...faultsOfMounts, ...faultsOfDaemons, ...faultsOfNode],
    ...[
      ...faultsLogged,
      ...unrecoveredLogged,
      ...loggedReports,
      ...faultsOfLimits,
      ...faultyStarts,
      ...faultsOfPods,
      ...lostInPods,
      ...heldPods,
      ...stuckPodRemovals,
      ...leakedShims,
      ...faultsOfSeveral,
      ...faultsOfKubelet,
      ...loggedOfPods,
      ...faultsOfLoggedLimits,
      ...faultsOfLoggedNodes,
      ...faultsOfLoggedClusters,
      ...faultsOfLoggedDistributions,
      ...heldUpCalls,
      ...capturedFaultsOfPods,
      ...leftSnapshots,
      ...heldPodCreates,
      ...faultsOfCrio,
    ],
  ],
  'several faults': [...pairs, ...faultsWithConsequences],
  'near misses': [...nearlyStuck, ...nearlySick, ...nearlyCauses],
  'sources missing': missing,
};

export const cases: readonly Case[] = Object.values(corpus).flat();
