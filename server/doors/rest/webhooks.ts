/** REST's webhooks. */

import type { z } from 'zod';
import { parse } from '../../../protocol/messages.ts';
import type { Actor } from '../../../protocol/parcel.ts';
import { rest } from '../../../protocol/rest.ts';
import { newWebhookSchema, replaySchema, webhookChangeSchema } from '../../../protocol/webhooks.ts';
import { badRequest } from '../../edge/problems.ts';
import { readJson } from '../../edge/requests.ts';
import type { Webhooks } from '../../outbound/webhooks.ts';
import { type Call, readerOf } from './calls.ts';
import type { Route } from './route.ts';
import { webhookRoutes as routes } from './webhook-routes.ts';

type AnyCall = Call<{ readonly as?: string | undefined }>;

type Serve = <Q extends z.ZodType>(route: Route<Q>, answer: (call: Call<z.output<Q>>) => unknown) => void;

export function serveWebhooks(serve: Serve, webhooks: Webhooks): void {
  serve(routes.listWebhooks, async (call) => {
    call.response.json(await webhooks.list(readerOf(call)));
  });
  serve(routes.addWebhook, async (call) => {
    const actor = readerOf(call);
    call.response.status(201).json(await webhooks.add(actor, await bodyOf(call, newWebhookSchema)));
  });
  serve(routes.readWebhook, (call) => answer(call, (actor, id) => webhooks.find(actor, id)));
  serve(routes.changeWebhook, (call) =>
    answer(call, async (actor, id) => webhooks.change(actor, id, await bodyOf(call, webhookChangeSchema))),
  );
  serve(routes.removeWebhook, async (call) => {
    if (!(await webhooks.remove(readerOf(call), idIn(call)))) throw none();
    call.response.status(204).end();
  });
  serve(routes.pauseWebhook, (call) => answer(call, (actor, id) => webhooks.pause(actor, id)));
  serve(routes.resumeWebhook, (call) => answer(call, (actor, id) => webhooks.resume(actor, id)));
  serve(routes.replayWebhook, (call) =>
    answer(call, async (actor, id) => {
      const { from } = await bodyOf(call, replaySchema);
      return webhooks.replay(actor, id, from);
    }),
  );
  serve(routes.rotateWebhook, (call) => answer(call, (actor, id) => webhooks.rotate(actor, id)));
  serve(routes.testWebhook, (call) => answer(call, (actor, id) => webhooks.test(actor, id)));
  serve(routes.listDeliveries, (call) => answer(call, (actor, id) => webhooks.deliveries(actor, id)));
}

async function answer(
  call: AnyCall,
  run: (actor: Actor, id: string) => Promise<object | undefined>,
): Promise<void> {
  const found = await run(readerOf(call), idIn(call));
  if (!found) throw none();
  call.response.json(found);
}

async function bodyOf<T extends z.ZodType>({ request }: AnyCall, schema: T): Promise<z.output<T>> {
  return parse(schema, (await readJson(request)) ?? {});
}

function idIn({ request }: AnyCall): string {
  return parse(rest['GET /api/webhooks/:id'].params, request.params).id;
}

function none(): Error {
  return badRequest(404, 'id', 'id: There is no webhook of this id.');
}
