/** Every check there is, in the order it is made and shown. Each is loaded when it is its turn: what is broken in one is its own finding. */
import type { Check } from './check.ts';

export interface Listed {
  readonly name: string;
  readonly load: () => Promise<Check>;
}

export const CHECKS: readonly Listed[] = [
  { name: 'settings', load: async () => (await import('./checks/settings.ts')).settings },
  { name: 'node', load: async () => (await import('./checks/node.ts')).node },
  { name: 'memory', load: async () => (await import('./checks/memory.ts')).memory },
  { name: 'temperature', load: async () => (await import('./checks/temperature.ts')).temperature },
  { name: 'disk', load: async () => (await import('./checks/disk.ts')).disk },
  { name: 'clock', load: async () => (await import('./checks/clock.ts')).clock },
  { name: 'permissions', load: async () => (await import('./checks/permissions.ts')).permissions },
  { name: 'databases', load: async () => (await import('./checks/databases.ts')).databases },
  { name: 'bundle', load: async () => (await import('./checks/bundle.ts')).bundle },
  { name: 'index', load: async () => (await import('./checks/index.ts')).index },
  { name: 'pictures', load: async () => (await import('./checks/pictures.ts')).pictures },
  { name: 'nets', load: async () => (await import('./checks/nets.ts')).nets },
  { name: 'engines', load: async () => (await import('./checks/engines.ts')).engines },
  { name: 'search', load: async () => (await import('./checks/search.ts')).search },
  { name: 'ports', load: async () => (await import('./checks/ports.ts')).ports },
  { name: 'certificate', load: async () => (await import('./checks/certificate.ts')).certificate },
  { name: 'updates', load: async () => (await import('./checks/updates.ts')).updates },
  { name: 'chain', load: async () => (await import('./checks/chain.ts')).chain },
  { name: 'kiosk', load: async () => (await import('./checks/kiosk.ts')).kiosk },
  { name: 'chromium', load: async () => (await import('./checks/chromium.ts')).chromium },
  { name: 'screen', load: async () => (await import('./checks/screen.ts')).screen },
];
