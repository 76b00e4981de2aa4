import { kick, type RetainedRow, type SessionRow } from './answer.ts';
import { element } from './element.ts';
import { word } from './words.ts';

/** One line of the list: a client, a session, or a retained message. */
export function rowOf(row: SessionRow | RetainedRow): HTMLElement {
  return 'clientId' in row ? sessionRow(row) : retainedRow(row);
}

function sessionRow(row: SessionRow): HTMLElement {
  const { clientId, identity, connected, since, protocol, filters, subscriptions, queued, dropped } = row;
  const time = new Date(since).toLocaleTimeString();
  const facts = [
    ...(identity === undefined ? [] : [word('identity', { identity })]),
    ...(protocol === undefined ? [] : [protocol]),
    word(connected ? 'connected' : 'away', { time }),
    word('subscriptions', { count: subscriptions }),
    ...(queued > 0 ? [word('queued', { count: queued })] : []),
    ...(dropped > 0 ? [word('dropped', { count: dropped })] : []),
  ];
  const rest = subscriptions > filters.length ? ['…'] : [];
  const line = element('li', { title: [...filters, ...rest].join('\n') }, text(clientId, facts.join(', ')));
  if (connected) {
    const label = word('kick', { client: clientId });
    const icon = element('i', { class: 'fa fa-times', 'aria-hidden': 'true' });
    const button = element(
      'button',
      { class: 'red-ui-button red-ui-button-small', title: label, 'aria-label': label },
      icon,
    );
    button.addEventListener('click', () => {
      button.disabled = true;
      void kick(clientId);
    });
    line.append(button);
  }
  return line;
}

function retainedRow({ topic, bytes, text: payload, from }: RetainedRow): HTMLElement {
  return element('li', { title: payload }, text(topic, `${word('bytes', { count: bytes })}, ${from}`));
}

function text(name: string, facts: string): HTMLElement {
  return element('div', {}, element('div', { class: 'chartwire-broker-name' }, name), element('small', {}, facts));
}
