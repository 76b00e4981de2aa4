/** Another server for a client (MQTT 5, 4.11). */
export interface Elsewhere {
  /** One address or several with spaces between: `host`, `host:port`, `[::1]:8883`. */
  readonly server: string;
  /** The client should remember it. Default false. */
  readonly forGood?: boolean;
}

/** Where a client should go instead; undefined when it is right here. Asked at every CONNECT. */
export type Redirect = (clientId: string, identity: string | undefined) => Elsewhere | undefined;
