import { expect, it } from 'vitest';
import type { Notice } from '../../protocol/messages.ts';
import type { PeerListener, Peers, Topic } from '../store/peers.ts';
import { PeerPresence } from './peer-presence.ts';

it('a notice of a hub that was taken for dead, and puts its own again, is told once', () => {
  const listeners = new Map<Topic, PeerListener>();
  const peers: Peers = {
    hub: 'a',
    put() {},
    remove() {},
    listen: (topic, listener) => void listeners.set(topic, listener),
  };
  const heard: Notice[] = [];
  new PeerPresence(peers, undefined, {
    joined() {},
    left() {},
    noticed: (notice) => void heard.push(notice),
  });
  const time = '2026-11-20T18:00:00.000Z';
  const notice: Notice = { time, kind: 'hub', message: 'The disk is full.', door: 'hub', count: 1 };
  const put = (id: string) => listeners.get('notice')?.put(id, JSON.stringify(notice));
  put('b/1');
  listeners.get('notice')?.removed('b/1');
  put('b/1');
  put('c/1');
  expect(heard).toEqual([notice, notice]);
});
