/** REST's answers about devices. They are dispatch's: a fleet's whereabouts belong to no store and no driver. */

import type { z } from 'zod';
import { type Device, deviceCommandSchema, deviceIdPattern } from '../../../protocol/devices.ts';
import { CapsError, unreachable } from '../../../protocol/errors.ts';
import { parse } from '../../../protocol/messages.ts';
import type { AnswerOf } from '../../../protocol/rest.ts';
import type { DeviceDirectory } from '../../devices/device-directory.ts';
import type { Answers } from '../../edge/answers.ts';
import { badRequest } from '../../edge/problems.ts';
import { readJson } from '../../edge/requests.ts';
import type { routes } from './api.ts';
import { type Call, readerOf } from './calls.ts';

type Query<R extends keyof typeof routes> = z.output<(typeof routes)[R]['query']>;

export interface DeviceDeskOptions {
  readonly directory: DeviceDirectory;
  readonly answers: Answers;
  readonly isKeyed: boolean;
}

export class DeviceDesk {
  readonly #options: DeviceDeskOptions;

  constructor(options: DeviceDeskOptions) {
    this.#options = options;
  }

  async list(call: Call<Query<'listDevices'>>): Promise<void> {
    this.#admitDispatch(call);
    const { cursor, limit } = call.query;
    const after = cursor?.toLowerCase();
    if (after !== undefined && !deviceIdPattern.test(after))
      throw new CapsError('bad-cursor', undefined, { details: { field: 'cursor' } });
    const { answers, directory } = this.#options;
    await answers.json(call, () => directory.list({ after, limit }));
  }

  async show(call: Call<Query<'readDevice'>>): Promise<void> {
    this.#admitDispatch(call);
    const device: Device | undefined = await this.#options.directory.find(deviceIdIn(call));
    if (!device) throw noDevice();
    call.response.json(device);
  }

  async send(call: Call<Query<'sendCommand'>>): Promise<void> {
    this.#admitDispatch(call);
    const id = deviceIdIn(call);
    const { message } = readDeviceCommand(await readJson(call.request));
    const delivery = await this.#options.directory.send(id, { message, waitMs: call.query.wait * 1_000 });
    switch (delivery.kind) {
      case 'sent': {
        const { hub, sentAt, answer } = delivery;
        const sent: AnswerOf<'POST /api/devices/:id/commands'> = { id, message, hub, sentAt, answer };
        call.response.status(202).json(sent);
        return;
      }
      case 'unknown':
        throw noDevice();
      case 'not-connected':
        throw badRequest(409, 'id', 'id: The device is not connected now; nothing was sent.');
      case 'unanswered':
        throw new CapsError(
          'unavailable',
          'The hub that has the device did not answer; the command may have been sent, or not.',
        );
      case 'too-many':
        throw new CapsError('too-fast', 'The device has not answered its last 16 commands; wait a minute.', {
          details: { retryAfterMs: 60_000 },
        });
      default:
        unreachable(delivery);
    }
  }

  /** @throws CapsError not-allowed */
  #admitDispatch(call: Call<{ as?: string | undefined }>): void {
    const { role } = readerOf(call);
    if (role === 'admin') return;
    const details = this.#options.isKeyed || role === 'customer' ? {} : { field: 'as' };
    throw new CapsError('not-allowed', 'Only admins have to do with devices.', { details });
  }
}

function deviceIdIn({ request }: Call<unknown>): string {
  return String(request.params['id']).toLowerCase();
}

function noDevice(): CapsError {
  return badRequest(404, 'id', 'id: There is no device of this id, or none that was heard of for a day.');
}

/** @throws CapsError 422 if it is no command */
function readDeviceCommand(body: unknown): z.output<typeof deviceCommandSchema> {
  try {
    return parse(deviceCommandSchema, body ?? {});
  } catch (error) {
    if (!(error instanceof CapsError)) throw error;
    throw badRequest(422, String(error.details?.['field'] ?? 'body'), error.message, error);
  }
}
