import { carryDefinition } from '../../adapter/carry-definition.ts';

export const definition = carryDefinition('peer', 'a peer link');
