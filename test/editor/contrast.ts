/** WCAG 2.1, 1.4.3: what normal text needs. */
export const LEAST_CONTRAST = 4.5;

/** Runs in the page: the contrast of an element's text to the first opaque background behind it (WCAG 2.1, relative luminance). */
export const contrastOf = (selector: string): string => `(() => {
  const channels = (color) => color.match(/[\\d.]+/g).map(Number);
  const luminance = (color) => {
    const [r, g, b] = channels(color).map((value) => (value /= 255) <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const element = document.querySelector(${JSON.stringify(selector)});
  let behind = element;
  while (channels(getComputedStyle(behind).backgroundColor)[3] === 0) behind = behind.parentElement;
  const [light, dark] = [getComputedStyle(element).color, getComputedStyle(behind).backgroundColor].map(luminance).sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
})()`;
