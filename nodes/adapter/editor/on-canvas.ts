/** How wide the canvas is that no sidebar lies on, for the style of what is put there. */
const WIDTH = '--chartwire-canvas';

/** Puts an element on the canvas and tells it how much of that is to be seen, for as long as it is there. */
export function putOnCanvas(element: HTMLElement): void {
  const [canvas, sidebar] = ['red-ui-workspace', 'red-ui-sidebar'].map((id) => document.getElementById(id));
  if (!canvas || !sidebar) return;
  const observer = new ResizeObserver(() => {
    if (!element.isConnected) {
      observer.disconnect();
      return;
    }
    const [room, cover] = [canvas.getBoundingClientRect(), sidebar.getBoundingClientRect()];
    const right = cover.width > 0 ? Math.min(room.right, cover.left) : room.right;
    element.style.setProperty(WIDTH, `${Math.max(0, right - room.left)}px`);
  });
  canvas.append(element);
  for (const one of [canvas, sidebar]) observer.observe(one);
}
