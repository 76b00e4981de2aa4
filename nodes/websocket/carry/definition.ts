import { carryDefinition } from '../../adapter/carry-definition.ts';

export const definition = carryDefinition('websocket', 'WebSocket');
