import { nodeType } from '../adapter/node-type.ts';
import { definition } from './definition.ts';

/** Holds text and bindings; the editor and the commands read them from the flow. */
export default nodeType(definition, () => ({}));
