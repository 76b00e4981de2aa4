import { element } from '../element.ts';
import { word } from '../words.ts';

const SETTING = 'chartwire-chart-share';
const LEAST = 10;
const MOST = 90;
const DEFAULT = 35;
const STEP = 5;
/** From this width on, in px, text and picture stand beside each other; narrower, one above the other. */
const BESIDE_FROM = 520;

/** The line between text and picture: it is dragged or moved with the arrow keys, and stands there again the next time. */
export function addDivider(split: HTMLElement, picture: HTMLElement): void {
  const line = element('div', {
    class: 'chartwire-tab-divider',
    role: 'separator',
    tabindex: '0',
    'aria-label': word('tab.divider'),
    'aria-valuemin': String(LEAST),
    'aria-valuemax': String(MOST),
  });
  picture.before(line);
  let share = DEFAULT;
  const set = (percent: number): void => {
    share = Math.round(Math.min(MOST, Math.max(LEAST, percent)));
    split.style.setProperty('--chartwire-share', String(share));
    line.setAttribute('aria-valuenow', String(share));
  };
  const keep = (percent: number): void => {
    set(percent);
    localStorage.setItem(SETTING, String(share));
  };
  set(Number(localStorage.getItem(SETTING) ?? DEFAULT) || DEFAULT);

  let beside = false;
  new ResizeObserver(() => {
    beside = split.clientWidth >= BESIDE_FROM;
    split.classList.toggle('chartwire-tab-beside', beside);
    line.setAttribute('aria-orientation', beside ? 'vertical' : 'horizontal');
  }).observe(split);

  line.addEventListener('pointerdown', (event) => {
    line.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  line.addEventListener('pointermove', ({ pointerId, clientX, clientY }) => {
    if (!line.hasPointerCapture(pointerId)) return;
    const { left, top, width, height } = split.getBoundingClientRect();
    keep(100 * (beside ? (clientX - left) / width : (clientY - top) / height));
  });
  line.addEventListener('dblclick', () => keep(DEFAULT));
  line.addEventListener('keydown', (event) => {
    const to = moved(event.key, share);
    if (to === undefined) return;
    keep(to);
    event.preventDefault();
    event.stopPropagation();
  });
}

function moved(key: string, share: number): number | undefined {
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowUp':
      return share - STEP;
    case 'ArrowRight':
    case 'ArrowDown':
      return share + STEP;
    case 'Home':
      return LEAST;
    case 'End':
      return MOST;
    default:
      return undefined;
  }
}
