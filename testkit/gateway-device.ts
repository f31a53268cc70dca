/**
 * A device of the vehicle gateway, as its own program behaves: it is silent until it is greeted, takes each chunk for one
 * JSON message, says who it is, sends a heartbeat every minute, and answers commands with replies.
 */

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface GatewayMessage {
  readonly type?: string;
  readonly message?: string;
  readonly clientId?: string;
  readonly serverId?: string;
}

const heartbeatMs = 60_000;

export class GatewayDevice {
  readonly id: string;
  readonly socket: Socket;
  readonly heard: GatewayMessage[] = [];
  /** Resolves when the connection has ended. */
  readonly ended: Promise<void>;
  position = { lat: 45.02156165, lon: 8.156484 };
  status: 'RUNNING' | 'RESTING' = 'RESTING';
  battery = 67;
  /** Known once it was greeted. */
  serverId = '';
  #heartbeat: NodeJS.Timeout | undefined;
  #reports: NodeJS.Timeout | undefined;

  constructor(port: number, id: string = crypto.randomUUID()) {
    this.id = id;
    this.socket = connect({ port, host: '127.0.0.1' });
    this.socket.on('error', () => {});
    // Two messages in one chunk end its program; here they fail the test.
    this.socket.on('data', (chunk) => this.#hear(JSON.parse(String(chunk)) as GatewayMessage));
    this.ended = new Promise((resolve) => {
      this.socket.once('close', () => {
        clearInterval(this.#heartbeat);
        clearInterval(this.#reports);
        resolve();
      });
    });
  }

  #hear(message: GatewayMessage): void {
    this.heard.push(message);
    if (message.type === 'connected') {
      this.serverId = message.serverId ?? '';
      this.say(`HELLO, I'M ${this.id}!`);
      this.#heartbeat = setInterval(() => this.say('PING.'), heartbeatMs);
    } else if (message.type === 'command') this.#obey(message.message ?? '');
  }

  #obey(command: string): void {
    const seconds = /^KEEP ME POSTED EVERY (\d+) SECONDS\.$/.exec(command)?.[1];
    if (seconds !== undefined) {
      clearInterval(this.#reports);
      if (Number(seconds) > 0) this.#reports = setInterval(() => this.report(), Number(seconds) * 1_000);
      this.say('SURE, I WILL!', 'reply');
    } else if (command === "HOW'S IT GOING?") this.say(`FINE. ${this.#whereAndHow}`, 'reply');
    else {
      const wanted = command === 'HEY YOU, RUN!' ? 'RUNNING' : 'RESTING';
      this.say(this.status === wanted ? "I CAN'T, SORRY." : 'DONE!', 'reply');
      this.status = wanted;
    }
  }

  get #whereAndHow(): string {
    const { lat, lon } = this.position;
    return `I'M HERE ${lat} ${lon}, ${this.status} AND CHARGED AT ${this.battery}%.`;
  }

  report(): void {
    this.say(`REPORT. ${this.#whereAndHow}`);
  }

  say(message: string, type = 'message'): void {
    this.socket.write(JSON.stringify({ type, message, serverId: this.serverId, clientId: this.id }));
  }

  /** The first message that fits, now or later. @throws Error if the connection ends before */
  async hears(fits: (message: GatewayMessage) => boolean): Promise<GatewayMessage> {
    for (;;) {
      const found = this.heard.find(fits);
      if (found) return found;
      if (this.socket.destroyed) throw new Error(`ended after ${JSON.stringify(this.heard.slice(-3))}`);
      await Promise.race([once(this.socket, 'data'), this.ended]);
    }
  }

  /** Says something. @returns the hub's answer */
  async asks(message: string): Promise<string> {
    const before = this.heard.length;
    this.say(message);
    const answer = await this.hears((one) => one.type === 'message' && this.heard.indexOf(one) >= before);
    return answer.message ?? '';
  }

  /** Resolves when the hub has said hello. */
  async met(): Promise<this> {
    await this.hears(({ message }) => message === 'HI, NICE TO MEET YOU!');
    return this;
  }

  close(): void {
    this.socket.destroy();
  }
}
