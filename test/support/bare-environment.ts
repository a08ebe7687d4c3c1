/** What a process is started with that is to know nothing of this one's settings. */

/** Where programs are, and what Node has made of the TypeScript before: a daemon then starts in half the time. */
export const bareEnvironment = (): Record<string, string | undefined> => ({
  PATH: process.env.PATH,
  NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
});
