import { noSubjects, rule } from './rule.ts';

/** A container that the engine began to remove and did not finish removing. */
export const stuckRemoval = rule({
  id: 'stuck-removal',
  needs: ['containers'],
  matters: true,
  judge: ({ containers }, model) =>
    containers.list
      .filter(({ stuck, state }) => stuck && (state === 'removing' || state === 'dead'))
      .map((container) => ({
        id: 'stuck-removal',
        severity: 'critical',
        confidence: 'certain',
        title: `${container.label} cannot be removed`,
        summary: `The engine says “${container.status}” of ${container.label}${container.reason === null ? '' : `: ${container.reason}`}.`,
        since:
          container.stuckSeconds === null ? null : Math.round((model.at - container.stuckSeconds * 1000) / 1000) * 1000,
        evidence: [
          { source: 'GET /containers/json', text: `${container.state}, ${container.status}` },
          ...(container.reason === null
            ? []
            : [{ source: `GET /containers/${container.id.slice(0, 12)}/json`, text: container.reason }]),
        ],
        subjects: { ...noSubjects, containers: [container.id], pids: container.pids },
        ruledOut: [],
        remedies: [
          {
            text: 'Free what the error names, then remove it again.',
            command: `docker rm ${container.id.slice(0, 12)}`,
            risk: 'low',
          },
        ],
        references: [],
      })),
});
