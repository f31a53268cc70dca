/**
 * What hubs on one log tell each other besides the log: who is connected, who gave a sign of life, notices, devices and
 * commands for them. It is live state of the hub that tells it, and ends with that hub.
 */

export const topics = [
  'connection',
  'notice',
  'driver',
  'device',
  'device-command',
  'device-answer',
  'webhooks',
] as const;
export type Topic = (typeof topics)[number];

export interface Peers {
  /** Names this hub among them. */
  readonly hub: string;
  /** Other hubs learn of it within about a second, of commands and their answers at once. Replaces what this hub has put under the id before. */
  put(topic: Topic, id: string, text: string): void;
  /** Ignores an unknown id. */
  remove(topic: Topic, id: string): void;
  /** Calls for everything that is there now and later. One listener per topic. */
  listen(topic: Topic, listener: PeerListener): void;
}

export interface PeerListener {
  /** Another hub has put or replaced it. */
  put(id: string, text: string): void;
  /** Another hub has removed it, or has ended. */
  removed(id: string): void;
}
