/** What travels over every link, whatever the protocol. */
export interface Message {
  /** Where it is published to: an MQTT topic, the rest of an HTTP path, a WebSocket or peer channel. No wildcards. */
  readonly topic: string;
  readonly payload: Uint8Array;
  /** MIME type of the payload, when the sender said it. */
  readonly contentType?: string;
  /** User properties (MQTT 5), `cw-` headers (HTTP) or envelope entries (WebSocket, peer). Lower-case names. */
  readonly properties?: Readonly<Record<string, string>>;
}

/** A message as it came in. */
export interface ReceivedMessage extends Message {
  /** Identity of the far side: certificate subject, user or address. */
  readonly from: string;
}
