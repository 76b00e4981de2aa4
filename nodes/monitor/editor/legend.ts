import { word } from './words.ts';

const TONES = ['flowing', 'slow', 'lossy', 'idle'] as const;

/** Says what the colours mean, and hides the figures again. */
export function legend(hide: () => void): HTMLElement {
  const box = document.createElement('div');
  box.className = 'chartwire-live-legend';
  box.setAttribute('role', 'status');
  const said = document.createElement('span');
  said.textContent = word('live.on');
  const keys = TONES.map((tone) => {
    const key = document.createElement('span');
    const line = document.createElement('i');
    line.className = `chartwire-key-${tone}`;
    key.append(line, word(`live.${tone}`));
    return key;
  });
  const close = document.createElement('button');
  close.type = 'button';
  close.className = 'red-ui-button red-ui-button-small';
  close.textContent = word('live.hide');
  close.addEventListener('click', hide);
  box.append(said, ...keys, close);
  return box;
}
