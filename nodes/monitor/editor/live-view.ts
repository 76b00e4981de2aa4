import type { LiveReading } from '../../../src/metrics/live-reading.ts';
import { LIVE_SETTING, readRate } from '../live-rate.ts';
import { putOnCanvas } from '../../adapter/editor/on-canvas.ts';
import { drawBadges } from './badge.ts';
import { legend } from './legend.ts';
import { drawWires } from './wires.ts';
import { word } from './words.ts';

/** What the editor's other plugins hear: a reading, or nothing when the figures are hidden. */
const EVENT = 'chartwire:live';

/** Asks for the figures of the tab that is shown, once a second unless set otherwise, while somebody can see them. */
export class LiveView {
  #timer: number | undefined;
  #legend: HTMLElement | undefined;
  #asking = false;
  /** Rises when it is switched off or another tab is shown: answers to older questions are not drawn. */
  #edition = 0;

  constructor() {
    RED.events.on('workspace:change', () => {
      if (this.#timer === undefined) return;
      this.#draw(undefined);
      this.#ask();
    });
  }

  toggle(): void {
    if (this.#timer === undefined) this.#show();
    else this.#hide();
  }

  #show(): void {
    const { everyMs } = readRate(Reflect.get(RED.settings, LIVE_SETTING)).values;
    this.#timer = window.setInterval(() => this.#ask(), everyMs);
    this.#legend = legend(() => this.#hide());
    putOnCanvas(this.#legend);
    this.#ask();
  }

  #hide(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#legend?.remove();
    this.#draw(undefined);
  }

  #ask(): void {
    if (this.#asking || document.hidden) return;
    this.#asking = true;
    const edition = this.#edition;
    $.ajax({
      url: `chartwire/live?tab=${encodeURIComponent(RED.workspaces.active())}`,
      type: 'GET',
      success: (answer) => {
        this.#asking = false;
        // Our own server side says it, in `nodes/monitor/plugin.ts`. The first reading comes a second later.
        const reading = answer as LiveReading;
        if (edition === this.#edition && reading.at > 0) this.#draw(reading);
      },
      error: ({ status }) => {
        this.#asking = false;
        // The connection is gone for a moment, at a restart for one: the editor itself says so.
        if (status === 0) return;
        this.#hide();
        RED.notify(word('live.failed', { status }), 'error');
      },
    });
  }

  #draw(reading: LiveReading | undefined): void {
    if (reading === undefined) this.#edition += 1;
    drawBadges(reading);
    drawWires(reading);
    RED.events.emit(EVENT, reading);
  }
}
