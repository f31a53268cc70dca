/** For tests of the modules of a driver's page: what they share, connected to a hub that the test plays by hand. */

import { vi } from 'vitest';
import { type Client, connect } from '../client/client.ts';
import type { AcceptedAnswer, Answer } from '../protocol/messages.ts';
import { Announcer } from '../web/app/announcer.ts';
import { HeldParcels } from '../web/pages/driver/held-parcels.ts';
import { Offers } from '../web/pages/driver/offers.ts';
import { type HandWire, handDial, pageTimers } from './stub-browser.ts';

export class DriverFixture {
  readonly client: Client;
  readonly hub: HandWire;
  readonly offers = new Offers();
  readonly held: HeldParcels;
  readonly announcer = new Announcer();
  readonly changed = vi.fn<() => void>();
  /** Every news about a held parcel. */
  readonly news: string[] = [];
  /** Order ids of the parcels whose order was changed. */
  readonly amended: string[] = [];

  constructor(driver = 'ana') {
    const { dial, wire } = handDial();
    this.client = connect({ url: 'http://hub', identity: { role: 'driver', driver }, dial });
    this.hub = wire();
    this.held = new HeldParcels({
      driver,
      timers: pageTimers,
      amended: ({ view }) => this.amended.push(view.payload.orderID),
      news: (_, text) => this.news.push(text),
      recorded: () => {},
      changed: this.changed,
    });
  }

  /** Order ids of the offers, in their order. */
  get offered(): string[] {
    return this.offers.first(100).map(({ view }) => view.payload.orderID);
  }

  /** Order id and status of each held parcel. */
  get inHand(): [string, string][] {
    return Array.from(
      this.held,
      ([
        ,
        {
          known: { view },
        },
      ]) => [view.payload.orderID, view.status],
    );
  }

  close(): void {
    this.client.close();
    this.announcer.close();
  }
}

/** The key of an order of the store `red`. */
export function keyOfRed(orderID: string): string {
  return `red\n${orderID}`;
}

export function accepted(rev: number, status: AcceptedAnswer['status']): AcceptedAnswer {
  return { ok: true, seq: 9, rev, status, time: '2026-01-01T00:01:00.000Z' };
}

export function takenBy(by: string): Answer {
  return { ok: false, error: { code: 'taken', message: 'Taken.', retryable: false, details: { by } } };
}
