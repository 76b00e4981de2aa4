import type { FilledLimits } from '../../../endpoint/limits.ts';
import type { Connect } from '../../../wire/mqtt/index.ts';
import { HEADER_BYTES, type MqttClientSettings } from './settings.ts';

/** Topic aliases we let the broker use, when nothing else is said. */
const TOPIC_ALIASES = 32;

export interface ConnectForm {
  readonly settings: MqttClientSettings;
  readonly limits: FilledLimits;
  readonly clientId: string;
  readonly cleanStart: boolean;
}

/** What we say first, from the client's settings. */
export function connectPacket({ settings, limits, clientId, cleanStart }: ConnectForm): Connect {
  const { level = 5, username, password, will, userProperties, authentication } = settings;
  const { requestResponseInformation = true, requestProblemInformation = true, sessionExpirySeconds = 0 } = settings;
  return {
    type: 'connect',
    level,
    clientId,
    cleanStart,
    keepAlive: keepAliveSeconds(limits),
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password: typeof password === 'string' ? Buffer.from(password) : password }),
    ...(will === undefined ? {} : { will }),
    properties: {
      sessionExpiryInterval: sessionExpirySeconds,
      receiveMaximum: receiveMaximum(settings, limits),
      maximumPacketSize: maxPacketBytes(settings, limits),
      topicAliasMaximum: topicAliasMaximum(settings),
      requestResponseInformation,
      requestProblemInformation,
      ...(userProperties === undefined ? {} : { userProperties }),
      ...(authentication === undefined ? {} : { authenticationMethod: authentication.method }),
      ...(authentication?.data === undefined ? {} : { authenticationData: authentication.data }),
    },
  };
}

/** A far side is taken for gone after one and a half keep alives. */
export function keepAliveSeconds({ keepAliveMs }: FilledLimits): number {
  return Math.min(65_535, Math.max(1, Math.floor(keepAliveMs / 1500)));
}

/** Messages of QoS 1 and 2 the broker may have under way to us. */
export function receiveMaximum(settings: MqttClientSettings, { maxInFlight }: FilledLimits): number {
  return settings.receiveMaximum ?? Math.min(maxInFlight, 65_535);
}

/** The largest packet we take, in bytes. */
export function maxPacketBytes({ maximumPacketSize }: MqttClientSettings, { maxPayloadBytes }: FilledLimits): number {
  return maximumPacketSize ?? maxPayloadBytes + HEADER_BYTES;
}

export const topicAliasMaximum = (settings: MqttClientSettings): number => settings.topicAliasMaximum ?? TOPIC_ALIASES;
