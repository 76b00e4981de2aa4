import { isTooLong, tooLong } from '../../../endpoint/properties.ts';
import type { Properties } from '../../../wire/mqtt/index.ts';

/** Why MQTT cannot say these (MQTT 5, 1.5.4 and 1.5.6). */
export function propertiesProblem(properties: Properties): string | undefined {
  const { contentType = '', responseTopic = '', correlationData, userProperties = [] } = properties;
  if (isTooLong(contentType)) return tooLong('the content type');
  if (isTooLong(responseTopic)) return tooLong('the response topic');
  if (correlationData !== undefined && correlationData.byteLength > 65_535) return tooLong('the correlation data');
  const long = userProperties.find((pair) => pair.some(isTooLong));
  return long === undefined ? undefined : tooLong(`the user property ${long[0].slice(0, 80)}`);
}
