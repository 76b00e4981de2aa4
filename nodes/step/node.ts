import { nodeType } from '../adapter/node-type.ts';
import type { Behaviour } from '../adapter/context.ts';
import type { FlowMessage } from '../adapter/message.ts';
import { definition } from './definition.ts';
import { Gate } from './gate.ts';
import { Seen } from './seen.ts';

/** Long enough for the nodes behind to have started. */
const TEST_AFTER_MS = 200;

export default nodeType(definition, ({ id, name, node, settings, send, status, signal, fail }) => {
  let passed = 0;
  let dropped = 0;
  let copies = 0;
  const seen = new Seen(settings.once);
  const marks = settings.guard || settings.once > 0;
  /** What dotted arrows brought last. */
  let control: unknown;
  const gate = new Gate(settings.maxWaiting);
  const text = (): string =>
    [
      ...(gate.state === 'open' ? [] : [gate.state]),
      `${passed} message${passed === 1 ? '' : 's'}`,
      ...(gate.waiting > 0 ? [`${gate.waiting} waiting`] : []),
      ...(gate.dropped > 0 ? [`${gate.dropped} dropped`] : []),
      ...(dropped > 0 ? [`loop guard ${dropped}`] : []),
      ...(copies > 0 ? [`copies ${copies}`] : []),
    ].join(', ');
  const show = (): void => {
    status(dropped > 0 || gate.state !== 'open' ? 'waiting' : passed > 0 ? 'up' : 'idle', text);
  };
  const { keepAs } = settings;
  const keep = (payload: unknown): void => {
    node.context().flow.set(keepAs, payload, (error) => {
      if (error) fail(error);
    });
  };
  const test = (): void => {
    passed += 1;
    send({ topic: name, payload: payloadOf(settings.payload, name), ...(marks && { visited: [id] }) });
    show();
  };
  if (settings.test) {
    const timer = setTimeout(test, TEST_AFTER_MS);
    signal.addEventListener('abort', () => clearTimeout(timer));
  }
  show();
  const take: NonNullable<Behaviour['input']> = (message, pass) => {
    if (settings.guard && visitedBy(message).includes(id)) {
      dropped += 1;
      show();
      return;
    }
    if (seen.isCopy(message)) {
      copies += 1;
      show();
      return;
    }
    if (marks) message.visited = [...visitedBy(message), id];
    if (control !== undefined) message['control'] = control;
    if (keepAs !== '') keep(message.payload);
    passed += 1;
    pass(message);
    show();
  };
  return {
    input(message, pass) {
      if (settings.control && message['action'] === 'control') {
        if (!gate.obey(message.payload)) control = message.payload;
        show();
        return;
      }
      if (gate.state === 'open') return take(message, pass);
      const held = gate.hold(() => void take(message, pass));
      show();
      return held;
    },
    close: () => gate.close(name || id),
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
