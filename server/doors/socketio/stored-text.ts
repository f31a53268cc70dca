import { Encoder, type Packet, PacketType } from 'socket.io-parser';

/** JSON that is already text: the encoder below writes it as it is. */
export class Encoded {
  readonly json: string;
  constructor(json: string) {
    this.json = json;
  }
}

/** The library's own encoding, but for messages that were put together from the log's text. */
export class StoredTextEncoder extends Encoder {
  override encode(packet: Packet): (string | Buffer)[] {
    const message: unknown = Array.isArray(packet.data) ? packet.data[1] : undefined;
    if (packet.type !== PacketType.EVENT || !(message instanceof Encoded)) return super.encode(packet);
    return [`${packet.type}${packet.nsp},["${packet.data[0]}",${message.json}]`];
  }
}
