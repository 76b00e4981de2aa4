import { nodeType } from '../adapter/node-type.ts';
import type { FlowMessage } from '../adapter/message.ts';
import { definition } from './definition.ts';

/** Long enough for the nodes behind to have started. */
const TEST_AFTER_MS = 200;

export default nodeType(definition, ({ id, name, settings, send, status, signal }) => {
  let passed = 0;
  let dropped = 0;
  /** What dotted arrows brought last. */
  let control: unknown;
  const text = (): string => {
    const count = `${passed} message${passed === 1 ? '' : 's'}`;
    return dropped > 0 ? `${count}, loop guard ${dropped}` : count;
  };
  const show = (): void => {
    status(dropped > 0 ? 'waiting' : passed > 0 ? 'up' : 'idle', text);
  };
  const test = (): void => {
    passed += 1;
    send({ topic: name, payload: payloadOf(settings.payload, name), ...(settings.guard && { visited: [id] }) });
    show();
  };
  if (settings.test) {
    const timer = setTimeout(test, TEST_AFTER_MS);
    signal.addEventListener('abort', () => clearTimeout(timer));
  }
  show();
  return {
    input(message, pass) {
      if (settings.control && message['action'] === 'control') {
        control = message.payload;
        return;
      }
      if (settings.guard && visitedBy(message).includes(id)) {
        dropped += 1;
        show();
        return;
      }
      if (settings.guard) message.visited = [...visitedBy(message), id];
      if (control !== undefined) message['control'] = control;
      passed += 1;
      pass(message);
      show();
    },
    press: test,
  };
});

function payloadOf(text: string, name: string): unknown {
  if (text === '') return `test message from ${name}`;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** What comes from outside may hold anything in this place. */
function visitedBy({ visited }: FlowMessage): readonly string[] {
  return Array.isArray(visited) ? visited : [];
}
