const LOOK_MS = 5_000;
/** Standard output and errors, when they are no files. */
const OUTPUTS = new Set(['PipeWrap', 'TTYWrap']);

/**
 * Ends this process when nothing but the WebRTC library keeps it: of a channel that both sides close in the same moment the
 * library may forget to say that it is closed, and then it waits for ever to say so. Whatever else is left open shows among
 * the active resources and keeps the process, as it must.
 */
after(() => {
  setInterval(() => {
    const resources = process.getActiveResourcesInfo();
    if (resources.length <= 2 && resources.every((name) => OUTPUTS.has(name))) process.exit();
  }, LOOK_MS).unref();
});
