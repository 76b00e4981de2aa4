import { svg } from '../picture/svg-element.ts';

/** What of the page's style a picture needs to look the same elsewhere. */
const LOOKS = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'font-family',
  'font-size',
  'font-weight',
  'font-style',
  'opacity',
  'paint-order',
  'unicode-bidi',
];
const CAPTION_PX = 26;
/** Pixels of the PNG for each of the picture: sharp on paper too. */
const SCALE = 2;
/** The longest side of a PNG that browsers draw. */
const LONGEST_PX = 12_000;

/** The picture as it is seen, as a file that needs nothing else; with a line of text below it. */
export function pictureFile(picture: SVGSVGElement, background: string, caption?: string): string {
  const copy = picture.cloneNode(true) as SVGSVGElement;
  const [from, to] = [
    [picture, ...picture.querySelectorAll('*')],
    [copy, ...copy.querySelectorAll('*')],
  ];
  for (const [at, element] of from.entries()) dress(element, to[at]);
  const width = Number(picture.getAttribute('width'));
  const height = Number(picture.getAttribute('height')) + (caption === undefined ? 0 : CAPTION_PX);
  for (const [name, value] of Object.entries({ width, height, viewBox: `0 0 ${width} ${height}` }))
    copy.setAttribute(name, String(value));
  copy.prepend(svg('rect', { width, height, style: `fill: ${background}` }));
  if (caption !== undefined) copy.append(captionText(caption, width, height, picture));
  return new XMLSerializer().serializeToString(copy);
}

/** The same as pixels. */
export async function pictureAsPng(source: string): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(source)}`;
  await image.decode();
  const scale = Math.min(SCALE, LONGEST_PX / Math.max(image.width, image.height));
  const canvas = new OffscreenCanvas(Math.ceil(image.width * scale), Math.ceil(image.height * scale));
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.convertToBlob({ type: 'image/png' });
}

function dress(from: Element, to: Element | undefined): void {
  if (!(to instanceof SVGElement)) return;
  const style = getComputedStyle(from);
  for (const name of LOOKS) to.style.setProperty(name, style.getPropertyValue(name));
  for (const name of ['class', 'tabindex', 'role', 'aria-pressed']) to.removeAttribute(name);
}

function captionText(caption: string, width: number, height: number, picture: SVGSVGElement): SVGTextElement {
  const style = getComputedStyle(picture.querySelector('text') ?? picture);
  const text = svg('text', { x: width / 2, y: height - 9, 'text-anchor': 'middle' }, caption);
  for (const name of ['fill', 'font-family']) text.style.setProperty(name, style.getPropertyValue(name));
  text.style.setProperty('font-size', '12px');
  return text;
}
