import { createClient } from '../../src/client/client.ts';
import { readingSchema } from '../../src/devices/readings.ts';
import { Fault } from '../../src/fault.ts';
import type { SettingsOf } from '../../src/spec/field.ts';
import { nodeType } from '../adapter/node-type.ts';
import { toWire } from '../adapter/wire-message.ts';
import { definition } from './definition.ts';

type Settings = SettingsOf<typeof definition.fields>;

export default nodeType(definition, ({ settings, status }) => {
  const schema = schemaOf(settings);
  const client = createClient({
    ...(schema !== undefined && { schema }),
    // "on, off, on" of a plain sender is three messages, though two are alike.
    withoutId: 'accept',
    // Nothing is remembered for no time at all.
    dedupeWindow: { count: settings.windowCount, ageMs: settings.deduplicate ? settings.windowAgeS * 1000 : 0 },
  });
  const show = (): void => {
    const { accepted, duplicates, invalid } = client.counts();
    const parts = [`${accepted} valid`];
    if (duplicates > 0) parts.push(`${duplicates} repeated`);
    if (invalid > 0) parts.push(`${invalid} refused`);
    status(invalid > 0 ? 'waiting' : accepted > 0 ? 'up' : 'idle', parts.join(', '));
  };
  show();
  return {
    input(message, send) {
      const taken = client.take(toWire(message));
      show();
      switch (taken.kind) {
        case 'accepted':
          return send({ ...message, payload: taken.value });
        case 'duplicate':
          return undefined;
        case 'invalid':
          throw new Fault('MESSAGE_INVALID', { problem: taken.problem });
      }
    },
  };
});

function schemaOf({ validate, schema }: Settings): unknown {
  switch (validate) {
    case 'reading':
      return readingSchema;
    case 'schema':
      return schema.trim() === '' ? undefined : JSON.parse(schema);
    case 'none':
      return undefined;
  }
}
