import { readFile } from 'node:fs/promises';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { Fault } from '../fault.ts';

export const mqttOptions = {
  url: { type: 'string', default: 'mqtt://127.0.0.1:1883' },
  qos: { type: 'string', default: '1' },
  user: { type: 'string' },
  id: { type: 'string' },
  ca: { type: 'string' },
  cert: { type: 'string' },
  key: { type: 'string' },
  v3: { type: 'boolean', default: false },
} as const;

export const mqttUsage =
  '[--url URL] [--qos 0|1|2] [--user NAME] [--id ID] [--ca FILE] [--cert FILE --key FILE] [--v3]';

interface Given {
  readonly url: string;
  readonly user?: string | undefined;
  readonly id?: string | undefined;
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  readonly v3: boolean;
}

const SCHEMES = ['mqtt:', 'mqtts:', 'ws:', 'wss:'];
const CONNECT_TIMEOUT_MS = 10_000;

/** A client that is connected, with the password in CHARTWIRE_MQTT_PASSWORD. Rejects with FAR_SIDE_GONE or LINK_REFUSED. */
export async function connectMqtt(given: Given): Promise<MqttClient> {
  const { url, user, id, v3 } = given;
  const [ca, cert, key] = await Promise.all([given.ca, given.cert, given.key].map(readPem));
  const password = process.env['CHARTWIRE_MQTT_PASSWORD'];
  const options: IClientOptions = {
    protocolVersion: v3 ? 4 : 5,
    reconnectPeriod: 0,
    connectTimeout: CONNECT_TIMEOUT_MS,
    ...(id !== undefined && { clientId: id }),
    ...(user !== undefined && { username: user }),
    ...(password !== undefined && { password }),
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
  };
  try {
    const client = mqtt.connect(url, options);
    await new Promise<void>((resolve, reject) =>
      client
        .once('connect', () => resolve())
        .on('error', reject)
        .once('close', () => reject(new Error('the connection was closed'))),
    );
    return client;
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('Connection refused'))
      throw new Fault('LINK_REFUSED', { url, answer: error.message }, { cause: error });
    throw new Fault('FAR_SIDE_GONE', { url }, { cause: error });
  }
}

export function urlOf(word: string, usage: string): string {
  if (SCHEMES.includes(URL.parse(word)?.protocol ?? '')) return word;
  throw new Fault('COMMAND_USAGE', { problem: `"${word}" is no address of a broker (mqtt, mqtts, ws or wss)`, usage });
}

export function qosOf(word: string, usage: string): 0 | 1 | 2 {
  if (word === '0' || word === '1' || word === '2') return Number(word) as 0 | 1 | 2;
  throw new Fault('COMMAND_USAGE', { problem: `"${word}" is no QoS (0, 1 or 2)`, usage });
}

async function readPem(file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined;
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Fault('FILE_UNREADABLE', { file, reason }, { cause: error });
  }
}
