/** What those who watch the machine ask: whether the hub lives, whether it can record anything, and its numbers. */

import express, { type Router } from 'express';
import { CapsError, unreachable } from '../../protocol/errors.ts';
import type { Access } from '../access.ts';
import type { Hub } from '../hub.ts';
import type { Metrics } from '../metrics.ts';
import type { Presence } from '../presence.ts';
import { noOtherMethod } from '../problems.ts';
import type { Readiness } from '../readiness.ts';

export interface HealthDoorOptions {
  readonly hub: Hub;
  readonly access: Access;
  readonly presence: Presence;
  readonly metrics: Metrics;
}

export function createHealthDoor({ hub, access, presence, metrics }: HealthDoorOptions): Router {
  const router = express.Router();
  router.use(['/healthz', '/readyz', '/metrics'], (_request, response, next) => {
    response.set('cache-control', 'no-store');
    next();
  });
  router.get('/healthz', (_request, response) => void response.json({ status: 'ok' }));
  router.get('/readyz', async (_request, response) => {
    const readiness = await hub.ready();
    response.status(readiness === 'ready' ? 200 : 503).json({ status: wordsFor(readiness) });
  });
  router.get('/metrics', async (request, response) => {
    const caller = await access.identifyRequest(request.get('authorization'));
    // They tell how much all stores send together.
    if (caller.actor({}, 'admin').role !== 'admin')
      throw new CapsError('not-allowed', 'Metrics are for admins.');
    const { head, writable, waiting, readers } = hub;
    const { all: connections = [] } = presence.all();
    const text = await metrics.text({ head, writable, waiting, readers, connections });
    response.set('content-type', metrics.contentType).send(text);
  });
  router.all(['/healthz', '/readyz', '/metrics'], noOtherMethod('GET'));
  return router;
}

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
