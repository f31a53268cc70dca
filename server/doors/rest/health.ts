/** Monitoring: liveness, readiness and metrics. */

import type { IncomingMessage } from 'node:http';
import express, { type RequestHandler, type Router } from 'express';
import { CapsError, unreachable } from '../../../protocol/errors.ts';
import type { Access } from '../../access/access.ts';
import { type Answers, answerBytes } from '../../edge/answers.ts';
import type { Drain } from '../../edge/drain.ts';
import { noOtherMethod } from '../../edge/problems.ts';
import { clockFault } from '../../hub/clock-watch.ts';
import type { Hub } from '../../hub/hub.ts';
import type { Presence } from '../../hub/presence.ts';
import type { Readiness } from '../../hub/write-health.ts';
import type { Outbound } from '../../outbound/outbound.ts';
import { type Metrics, metricsType } from '../../output/metrics.ts';
import type { Damage } from '../../store/store.ts';

export interface HealthDoorOptions {
  readonly hub: Hub;
  readonly damage: Damage;
  /** Which of several hubs this is. */
  readonly serverId: string;
  /** A hub that drains works, but is not ready for anything new. */
  readonly drain: Pick<Drain, 'isDraining'>;
  /** What else a person has to know about; undefined if nothing. */
  readonly more?: () => string | undefined;
}

/** For load balancers: everyone is answered, whatever `Host` they name. */
export function createHealthDoor({ hub, damage, serverId, drain, more }: HealthDoorOptions): Router {
  const router = express.Router();
  router.use(['/healthz', '/readyz'], notKept);
  router.get('/healthz', (_request, response) => void response.json({ status: 'ok', serverId }));
  router.get('/readyz', async (_request, response) => {
    const readiness = drain.isDraining ? 'stopping' : await hub.ready();
    const warning = [clockFault(hub), more?.()].filter((words) => words !== undefined).join(' ');
    const said = {
      status: wordsFor(readiness),
      ...(warning === '' ? {} : { warning }),
      // The hub goes on recording, so damage does not make it unready.
      ...(damage.count === 0 ? {} : { damaged: damage.names, damagedCount: damage.count }),
    };
    response.status(readiness === 'ready' ? 200 : 503).json(said);
  });
  router.all(['/healthz', '/readyz'], noOtherMethod('GET'));
  return router;
}

export interface MetricsDoorOptions {
  readonly hub: Hub;
  readonly access: Access;
  readonly presence: Presence;
  readonly metrics: Metrics;
  readonly answers: Answers;
  readonly outbound: Pick<Outbound, 'counts'>;
  readonly addressOf: (request: IncomingMessage) => string;
}

export function createMetricsDoor(options: MetricsDoorOptions): Router {
  const { hub, access, presence, metrics, answers, outbound, addressOf } = options;
  const router = express.Router();
  router.use('/metrics', notKept);
  router.get('/metrics', async (request, response) => {
    const from = { address: addressOf(request), door: 'rest' } as const;
    const caller = await access.identifyRequest(request.get('authorization'), from);
    // Metrics tell how much all stores send together.
    if (caller.actor({}, 'admin').role !== 'admin')
      throw new CapsError('not-allowed', 'Metrics are for admins.');
    const make = () => {
      const { head, writable, waiting, readers } = hub;
      const { all: connections = [] } = presence.all();
      const sent = { answers: answers.held, webhooks: outbound.counts };
      return metrics.text({ head, writable, waiting, readers, connections, ...sent });
    };
    await answers.text({ request, response }, metricsType, make, answerBytes.numbers);
  });
  router.all('/metrics', noOtherMethod('GET'));
  return router;
}

const notKept: RequestHandler = (_request, response, next) => {
  response.set('cache-control', 'no-store');
  next();
};

function wordsFor(readiness: Readiness): string {
  switch (readiness) {
    case 'ready':
      return 'ok';
    case 'not-writable':
      return 'the log cannot be written';
    case 'stopping':
      return 'the hub is stopping';
    default:
      return unreachable(readiness);
  }
}
