import { zoomToFit } from './zoom-to-fit.ts';

/** Where this browser notes that it has shown the editor before. */
const SEEN = 'chartwire-first-view';

/** Shows a newcomer the whole chart at once; afterwards the view is the user's own. */
export function showWholeChartOnce(): void {
  if (localStorage.getItem(SEEN) !== null) return;
  let fitted = false;
  RED.events.on('flows:loaded', () => {
    if (fitted) return;
    fitted = true;
    localStorage.setItem(SEEN, '1');
    // By then the editor is where the user sees it.
    setTimeout(zoomToFit, 300);
  });
}
