import type { ProtocolName } from '../endpoint/traits.ts';
import { http2Endpoint } from './http2/index.ts';
import { mqttEndpoint } from './mqtt/index.ts';
import { peerEndpoint } from './peer/index.ts';
import { websocketEndpoint } from './websocket/index.ts';

/** Every protocol we speak: the one list. Each has a folder of the same name. */
export const endpoints = {
  mqtt: mqttEndpoint,
  http2: http2Endpoint,
  websocket: websocketEndpoint,
  peer: peerEndpoint,
} as const satisfies Record<ProtocolName, object>;
