/** REST: what a page or `curl` can read. Errors are RFC 9457 problem documents with our `code`. */

import express, { type Request, type Router } from 'express';
import { z } from 'zod';
import { CapsError } from '../../protocol/errors.ts';
import { limits } from '../../protocol/limits.ts';
import { idSchema, parse, statuses } from '../../protocol/messages.ts';
import type { Actor } from '../../protocol/parcel.ts';
import { parseSearch } from '../../protocol/search.ts';
import type { Hub } from '../hub.ts';

const limitSchema = z.coerce.number().int().min(1).max(limits.page).default(100);
const placeSchema = z.string().max(64).optional();
const asSchema = z
  .string()
  .regex(/^(admin|store:.+|driver:.+)$/, 'is "admin", "store:<store>" or "driver:<driver>"')
  .default('admin');

const eventsQuery = z.strictObject({
  as: asSchema,
  after: placeSchema,
  before: placeSchema,
  limit: limitSchema,
  q: z.string().max(limits.stringLength).default(''),
});
const ordersQuery = z.strictObject({
  as: asSchema,
  store: idSchema.optional(),
  driver: idSchema.optional(),
  status: z.enum(statuses).optional(),
  cursor: placeSchema,
  limit: limitSchema,
});
const orderQuery = z.strictObject({ as: asSchema });

/** Of a path that is not there, so much is said again. */
const pathSaidMax = 100;

/** To be mounted at `/api`. */
export function createRestDoor(hub: Hub): Router {
  const router = express.Router();

  router.get('/events', async (request, response) => {
    const { as, q, ...place } = query(eventsQuery, request);
    if (place.after !== undefined && place.before !== undefined) {
      throw new CapsError('bad-message', 'A page lies after a place or before one, not both.');
    }
    response.json(await hub.read.events(actorIn(as), { ...place, terms: parseSearch(q) }));
  });

  router.get('/orders', async (request, response) => {
    const { as, store, driver, status, cursor, limit } = query(ordersQuery, request);
    const statuses = status && [status];
    response.json(
      await hub.read.parcels(actorIn(as), { store, holder: driver, statuses, from: cursor, limit }),
    );
  });

  router.get('/orders/:store/:orderID', async (request, response) => {
    const actor = actorIn(query(orderQuery, request).as);
    const life = await hub.read.life(actor, request.params);
    if (actor.role === 'driver') {
      response.json(life);
      return;
    }
    const token = await hub.read.trackingToken(actor, request.params);
    const origin = `${request.protocol}://${request.headers.host}`;
    response.json({ ...life, tracking: `${origin}/track/${token}` });
  });

  router.use((request) => {
    const path = `${request.baseUrl}${request.path}`.slice(0, pathSaidMax);
    throw new CapsError('bad-message', `There is nothing at ${request.method} ${path}.`, {
      details: { status: 404 },
    });
  });
  return router;
}

/** @throws CapsError bad-message, with the name of the field */
function query<T extends z.ZodType>(schema: T, request: Request): z.output<T> {
  return parse(schema, request.query);
}

/** Open mode: the actor is who the caller says, an admin if they do not say. */
function actorIn(as: string): Actor {
  const [, role, id] = /^(\w+)(?::(.*))?$/s.exec(as) ?? [];
  if (role === 'store') return { role: 'vendor', store: parse(idSchema, id) };
  if (role === 'driver') return { role: 'driver', driver: parse(idSchema, id) };
  return { role: 'admin' };
}
