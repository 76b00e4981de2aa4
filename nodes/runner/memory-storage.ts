/**
 * A Node-RED storage module that keeps nothing on disk: what this runner runs comes over IPC, and what a trial leaves
 * behind must be gone with the process.
 */
export function memoryStorage(): object {
  let settings: object = {};
  let sessions: object = {};
  return {
    init: async () => {},
    getFlows: async () => [],
    saveFlows: async () => {},
    getCredentials: async () => ({}),
    saveCredentials: async () => {},
    getSettings: async () => settings,
    saveSettings: async (changed: object) => {
      settings = changed;
    },
    getSessions: async () => sessions,
    saveSessions: async (changed: object) => {
      sessions = changed;
    },
    getLibraryEntry: async () => [],
    saveLibraryEntry: async () => {},
  };
}
