/**
 * The page's connection to the hub: a WebSocket, because all windows of a browser share six connections for event streams;
 * an event stream if the network blocks WebSockets.
 */

import { safeSessionStorage } from '../../app/safe-storage.ts';

export interface TrackState {
  readonly title: string;
  /** HTML from the hub. */
  readonly state: string;
}

export interface WireEvents {
  readonly onState: (state: TrackState) => void;
  readonly onBeat: () => void;
  /** The connection is lost. It does not reconnect by itself. */
  readonly onLost: () => void;
}

/** The hub sends the state at once, so a WebSocket that stays silent for longer is blocked. */
const patienceMs = 4_000;
/** How long to skip the WebSocket after it was blocked. */
const streamOnlyMs = 600_000;
const memory = 'track.stream-until';

/** @param path path of the stream @returns closes it; safe to call twice */
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
    // EventSource stops retrying after the first answer that is no stream, for example of a hub that is starting.
    source.addEventListener('error', () => {
      source.close();
      events.onLost();
    });
    return () => source.close();
  }

  return () => close();
}
