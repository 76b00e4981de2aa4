/** Colours of the palette sets: mid-tones, so that white icons and dark names both stand out, in light and dark. */
export const colors = {
  chart: '#B9A9DB',
  choose: '#DDBE62',
  client: '#87AFCF',
  deploy: '#E0A273',
  devices: '#8CBF9F',
  http2: '#7DBB8F',
  monitor: '#D79DB8',
  mqtt: '#9AA6DC',
  optimize: '#A49AD2',
  peer: '#C495C9',
  route: '#D9C06A',
  script: '#DBA27C',
  set: '#D8B98A',
  step: '#A9B8C9',
  websocket: '#D9AF5F',
} as const;
