import type { Endpoint } from '../../endpoint/endpoint.ts';
import { MqttClient } from './client/index.ts';
import { MqttLink } from './link.ts';
import { listenAtBroker } from './listener.ts';
import type { MqttLinkSettings, MqttListenSettings } from './settings.ts';
import { mqttTraits } from './traits.ts';

export * from './client/index.ts';
export { MqttLink } from './link.ts';
export type { MqttLinkSettings, MqttListenSettings, Qos } from './settings.ts';

/** MQTT 5 over TLS; the listening side is the embedded broker. */
export const mqttEndpoint: Endpoint<MqttLinkSettings, MqttListenSettings> = {
  traits: mqttTraits,
  connect: ({ qos = 1, retain = false, subscribe = [], ...settings }) => {
    const client = new MqttClient({ ...settings, level: 5, needsQos: qos, needsAllSubscriptions: true });
    const link = new MqttLink(client, { qos, retain, subscribe }, { close: () => client.close() });
    client.start();
    return link;
  },
  listen: listenAtBroker,
};
