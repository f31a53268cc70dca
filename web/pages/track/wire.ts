/**
 * The page's line to the hub. A WebSocket, because all windows of a browser share six connections for event streams;
 * an event stream where the network lets no WebSocket through, or swallows it.
 */

import { safeSessionStorage } from '../../app/safe-storage.ts';

export interface TrackState {
  readonly title: string;
  /** HTML, made by the hub. */
  readonly state: string;
}

export interface WireEvents {
  /** What the page shows now. */
  readonly onState: (state: TrackState) => void;
  readonly onBeat: () => void;
  /** It is not tried again by itself. */
  readonly onLost: () => void;
}

/** A WebSocket that says nothing for so long is taken for swallowed: the hub sends the state at once. */
const patienceMs = 4_000;
/** How long it is remembered that event streams alone come through; then a WebSocket is tried once more. */
const streamOnlyMs = 600_000;
const memory = 'track.stream-until';

/** @param path of the live page. @returns what ends it; safe to call twice */
export function openWire(path: string, events: WireEvents): () => void {
  let close = Date.now() < Number(safeSessionStorage.read(memory) ?? 0) ? stream() : socket();

  function socket(): () => void {
    const url = new URL(path, location.href);
    url.protocol = url.protocol.replace('http', 'ws');
    const webSocket = new WebSocket(url);
    let wasHeard = false;
    const end = () => {
      clearTimeout(timer);
      for (const name of ['onmessage', 'onclose'] as const) webSocket[name] = null;
      webSocket.close();
    };
    const instead = () => {
      end();
      close = stream(() => safeSessionStorage.write(memory, String(Date.now() + streamOnlyMs)));
    };
    const timer = setTimeout(instead, patienceMs);
    webSocket.onmessage = ({ data }: MessageEvent<string>) => {
      clearTimeout(timer);
      wasHeard = true;
      const message = JSON.parse(data) as { event: 'state'; data: TrackState } | { event: 'beat' };
      if (message.event === 'beat') events.onBeat();
      else events.onState(message.data);
    };
    webSocket.onclose = () => {
      if (!wasHeard) return instead();
      end();
      events.onLost();
    };
    return end;
  }

  function stream(onHeard = () => {}): () => void {
    const source = new EventSource(path);
    source.addEventListener('state', ({ data }: MessageEvent<string>) => {
      onHeard();
      events.onState(JSON.parse(data) as TrackState);
    });
    source.addEventListener('beat', () => events.onBeat());
    // Its own way of trying again ends with the first answer that is no stream, as of a hub that is just starting.
    source.addEventListener('error', () => {
      source.close();
      events.onLost();
    });
    return () => source.close();
  }

  return () => close();
}
