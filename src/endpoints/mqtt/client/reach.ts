import { proxyUrl } from '../../../endpoint/proxy.ts';
import type { BrokerAddress } from './address.ts';
import { maxPacketBytes, type ConnectForm } from './connect-packet.ts';
import { dial, type Transport } from './dial.ts';
import { proxyFor } from './proxy.ts';

/** Opens the way to a broker as the client's settings say: through a proxy or without, TCP, TLS or WebSocket. */
export function reach(
  address: BrokerAddress,
  { settings, limits }: ConnectForm,
  signal: AbortSignal,
): Promise<Transport> {
  const { level = 5, tls, proxy } = settings;
  const subprotocol = level === 3 ? 'mqttv3.1' : 'mqtt';
  const through = proxy === undefined ? proxyFor(address) : proxy === 'none' ? undefined : proxyUrl(proxy);
  return dial(address, { tls, proxy: through, subprotocol, maxPacketBytes: maxPacketBytes(settings, limits), signal });
}
