/**
 * The PIN that a customer tells the courier at the door: four digits of a parcel, made from the log's secret, so that
 * nothing is stored and every hub on the log knows the same. It is on the customer's page and nowhere else: what a
 * driver types becomes `right` or `wrong` before anything else is done with it.
 */

import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { parcelName } from '../../protocol/ids.ts';
import type { Command } from '../../protocol/messages.ts';
import type { ParcelId } from '../../protocol/orders.ts';

export interface Pins {
  pinOf(parcel: ParcelId): string;
  /** The command with a verdict in place of a PIN; any other command as it is. */
  checked(command: Command): Command;
}

const pinsInAll = 10_000;
/** 2⁴⁸ is so much more than ten thousand that every PIN is as likely as any other. */
const usedBytes = 6;

/** @param secret the log's 32 random bytes */
export function createPins(secret: Uint8Array): Pins {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'caps pin', 32));
  const pinOf = (parcel: ParcelId): string => {
    // No two parcels have one name, whatever their ids are.
    const mac = createHmac('sha256', key).update(parcelName(parcel)).digest();
    return String(mac.readUIntBE(0, usedBytes) % pinsInAll).padStart(4, '0');
  };
  return {
    pinOf,
    checked(command) {
      if (command.event !== 'proof' || command.details.kind !== 'pin') return command;
      const [typed, known] = [command.details.text ?? '', pinOf(command.payload)].map((pin) =>
        createHmac('sha256', key).update(`typed ${pin}`).digest(),
      ) as [Buffer, Buffer];
      const text = timingSafeEqual(typed, known) ? 'right' : 'wrong';
      return { ...command, details: { ...command.details, text } };
    },
  };
}
