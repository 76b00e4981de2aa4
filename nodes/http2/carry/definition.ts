import { carryDefinition } from '../../adapter/carry-definition.ts';

export const definition = carryDefinition('http2', 'HTTP/2');
