import type { Behaviour } from '../../adapter/context.ts';
import { nodeType } from '../../adapter/node-type.ts';
import { definition } from './definition.ts';
import { answerWithEvents } from './events.ts';
import { answerInParts } from './parts.ts';
import { answerWhole } from './whole.ts';

export default nodeType(definition, (context): Behaviour => {
  switch (context.settings.mode) {
    case 'whole':
      return answerWhole(context);
    case 'parts':
      return answerInParts(context);
    case 'events':
      return answerWithEvents(context);
  }
});
