import { until } from '../support/browser.ts';
import { EditorSuite } from '../support/editor-suite.ts';

/** While the session says so, nothing is drawn before `drawAtLast()`. */
const LATE = `(() => {
  if (sessionStorage.getItem('late') === null) return;
  const draw = window.requestAnimationFrame.bind(window);
  const waiting = [];
  window.requestAnimationFrame = (act) => waiting.push(act);
  window.drawAtLast = () => {
    window.requestAnimationFrame = draw;
    for (const act of waiting) draw(act);
  };
})()`;

const FITS = `(({ left, right, top, bottom }) => [...document.querySelectorAll('.red-ui-flow-node')]
  .map((node) => node.getBoundingClientRect())
  .every((node) => node.left >= left && node.right <= right && node.top >= top && node.bottom <= bottom)
)(document.getElementById('red-ui-workspace-chart').getBoundingClientRect())`;

describe('the first view of a chart', function () {
  this.timeout(120_000);
  const suite = new EditorSuite();

  it('has all of it, also when the browser has drawn nothing when it is fitted', async () => {
    const { editor, page } = suite;
    await page.addInitScript(LATE);
    await page.evaluate(`sessionStorage.setItem('late', 'yes')`);
    await editor.reload();
    await until(page, `document.querySelector('.red-ui-flow-node') !== null`);
    await page.evaluate(`drawAtLast()`);
    await until(page, `Number.isFinite(RED.view.scale()) && ${FITS}`);
  });
});
