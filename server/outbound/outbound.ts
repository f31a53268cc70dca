/** What the hub sends by itself: one client for addresses that others chose, webhooks, and who of several hubs sends. */

import { randomUUID } from 'node:crypto';
import { networkInterfaces } from 'node:os';
import type { WebhookReason } from '../../protocol/webhooks.ts';
import type { Access } from '../access/access.ts';
import type { Clock } from '../clock.ts';
import type { Peers } from '../store/peers.ts';
import type { Store } from '../store/store.ts';
import { plainAddress } from './addresses.ts';
import type { FollowedHub } from './follower.ts';
import { HttpClient } from './http-client.ts';
import { type WebhookCounts, WebhookSender } from './webhook-sender.ts';
import { Webhooks } from './webhooks.ts';

export interface OutboundOptions {
  readonly store: Store;
  readonly hub: FollowedHub & { readonly writable: boolean };
  readonly access: Pick<Access, 'credentialOf' | 'isKeyed'>;
  readonly clock: Clock;
  readonly config: {
    /** `private`: also to addresses of private networks. */
    readonly outbound: 'on' | 'private' | 'off';
    readonly publicUrl: string | undefined;
    readonly tcpPort: number | undefined;
  };
  /** The port at which this hub listens, once it does. */
  readonly ownPort: () => number;
  readonly onFault: (error: unknown, what: string) => void;
}

export type OnPaused = (
  webhook: { readonly id: string; readonly store?: string | undefined },
  why: WebhookReason,
) => void;

const reasons: Readonly<Record<WebhookReason, string>> = {
  asked: 'somebody paused it',
  failing: 'for three days it took nothing; resumed, it goes on where it stopped',
  gone: 'its receiver says that it is gone',
  key: 'the key that it was made with was revoked',
};

/** For dispatch. Without its address, which may be a secret. */
export function pausedWords({ id, store }: Parameters<OnPaused>[0], why: WebhookReason): string {
  const whose = store === undefined ? 'of dispatch' : `of ${store}`;
  return `The webhook ${id} ${whose} is sent nothing more: ${reasons[why]}.`;
}

export interface Outbound {
  readonly webhooks: Webhooks;
  readonly counts: WebhookCounts;
  /** Begins to send; once, after the ports are open. */
  start(onPaused: OnPaused): void;
  /** Safe to call twice. */
  close(): Promise<void>;
}

export function createOutbound(options: OutboundOptions): Outbound {
  return new HubOutbound(options);
}

const noCounts: WebhookCounts = {
  tries: { taken: 0, refused: 0, failed: 0 },
  webhooks: { active: 0, failing: 0, paused: 0 },
};

class HubOutbound implements Outbound {
  readonly webhooks: Webhooks;
  readonly #options: OutboundOptions;
  readonly #client: HttpClient | undefined;
  readonly #peers: Peers | undefined;
  #sender: WebhookSender | undefined;

  constructor(options: OutboundOptions) {
    this.#options = options;
    const { store, hub, access, clock, config, ownPort } = options;
    const { outbound: reach, publicUrl, tcpPort } = config;
    this.#peers = store.peers;
    this.#client =
      reach === 'off'
        ? undefined
        : new HttpClient({
            clock,
            isPrivateToo: reach === 'private',
            isOwn: (address, port) => [ownPort(), tcpPort].includes(port) && isOfThisMachine(address),
            ownHosts: publicUrl === undefined ? [] : [hostAndPort(new URL(publicUrl))],
          });
    const onChange = () => this.#changed();
    this.webhooks = new Webhooks({ store, hub, access, clock, client: this.#client, onChange });
  }

  get counts(): WebhookCounts {
    return this.#sender?.counts ?? noCounts;
  }

  start(onPaused: OnPaused): void {
    const client = this.#client;
    if (!client) return;
    const { store, hub, access, clock, onFault } = this.#options;
    const { isKeyed } = access;
    this.#sender = new WebhookSender({ store, hub, client, clock, isKeyed, onFault, onPaused });
    const changed = () => this.#sender?.changed();
    this.#peers?.listen('webhooks', { put: changed, removed: () => {} });
  }

  /** Another hub may be the one that sends. */
  #changed(): void {
    this.#sender?.changed();
    this.#peers?.put('webhooks', 'changed', randomUUID());
  }

  async close(): Promise<void> {
    const closing = this.#sender?.close();
    this.#client?.close();
    await closing;
  }
}

function hostAndPort({ hostname, port, protocol }: URL): string {
  return `${hostname.replace(/^\[|\]$/g, '')}:${port === '' ? (protocol === 'https:' ? 443 : 80) : port}`;
}

/** @param address in its plain spelling */
function isOfThisMachine(address: string): boolean {
  if (/^127\.|^::1?$|^0\.0\.0\.0$/.test(address)) return true;
  return Object.values(networkInterfaces())
    .flatMap((ones) => ones ?? [])
    .some((one) => plainAddress(one.address) === address);
}
