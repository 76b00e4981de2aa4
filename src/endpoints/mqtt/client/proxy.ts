import { environmentProxy, type Environment } from '../../../endpoint/proxy.ts';
import type { BrokerAddress } from './address.ts';

/**
 * The proxy the environment names for a broker. A WebSocket takes `http_proxy` or `https_proxy` too; a plain MQTT connection
 * only `mqtt_proxy`, `mqtts_proxy` or `all_proxy`, as proxies for pages seldom let others through.
 */
export function proxyFor(address: BrokerAddress, environment?: Environment): URL | undefined {
  const { secure, path } = address;
  const schemes = path === undefined ? [secure ? 'mqtts' : 'mqtt'] : secure ? ['wss', 'https'] : ['ws', 'http'];
  return environmentProxy(address, schemes, environment);
}
