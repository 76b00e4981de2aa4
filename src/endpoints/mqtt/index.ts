import type { Endpoint } from '../../endpoint/endpoint.ts';
import { MqttLink } from './link.ts';
import { listenAtBroker } from './listener.ts';
import type { MqttLinkSettings, MqttListenSettings } from './settings.ts';
import { mqttTraits } from './traits.ts';

export type { MqttLinkSettings, MqttListenSettings, Qos } from './settings.ts';

/** MQTT 5 over TLS; the listening side is the embedded broker. */
export const mqttEndpoint: Endpoint<MqttLinkSettings, MqttListenSettings> = {
  traits: mqttTraits,
  connect: (settings) => new MqttLink(settings),
  listen: listenAtBroker,
};
