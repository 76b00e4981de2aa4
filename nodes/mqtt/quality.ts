import { choice } from '../../src/spec/field.ts';

/** How a message is handed over (MQTT 5, 4.3). */
export const qosOptions = {
  '0': '0: at most once',
  '1': '1: at least once',
  '2': '2: exactly once',
} as const;

/** The quality of service of a subscription or of both ways. */
export const qosField = (hint: string) => choice({ label: 'QoS', hint, default: '1', options: qosOptions });
