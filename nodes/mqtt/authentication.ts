import type { NodeAPI } from 'node-red';
import type { MqttClientSettings } from '../../src/endpoints/mqtt/index.ts';
import { isRecord } from '../../src/is-record.ts';
import { bytesOf } from './announcement.ts';

type Authentication = NonNullable<MqttClientSettings['authentication']>;

/** Where `settings.ts` holds, by method, who answers what a broker asks. */
const SETTING = 'chartwireMqttAuthentication';

/** How a link proves who it is (MQTT 5, 4.12): what its settings say first, and who answers after that. */
export function authenticationOf(
  { settings }: Pick<NodeAPI, 'settings'>,
  method: string,
  data: string,
): Authentication {
  const methods: unknown = Reflect.get(settings, SETTING);
  const named = isRecord(methods) ? methods[method] : undefined;
  const { answer, verify } = isRecord(named) ? named : {};
  return {
    method,
    ...(data !== '' && { data: Buffer.from(data) }),
    ...(isFunction(answer) && { answer: async (challenge) => bytesOf(await answer(challenge)) }),
    ...(isFunction(verify) && { verify: (last) => void verify(last) }),
  };
}

type Act = (given: Uint8Array | undefined) => unknown;

const isFunction = (value: unknown): value is Act => typeof value === 'function';
