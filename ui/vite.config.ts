import { resolve } from 'node:path';
import { defineConfig } from 'vite';

export default defineConfig({
  // The page of help is opened as a file, where there is no root to begin from.
  base: './',
  // The kiosk's browser is Chromium, kept up to date with the box.
  build: {
    target: 'chrome120',
    outDir: 'dist',
    emptyOutDir: true,
    // The page's security policy takes files from its own origin alone: nothing is inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The kiosk, the list that a shopper takes away on a phone, and what the screen shows while the daemon is not ready.
    rolldownOptions: {
      input: ['index.html', 'kept.html', 'help.html'].map(page => resolve(import.meta.dirname, page)),
    },
  },
  // While the page is worked on, a daemon on its usual port answers it, which takes no writes from pages of another origin.
  server: {
    proxy: {
      '/api': {
        target: 'http://127.0.0.1:8080',
        changeOrigin: true,
        configure: proxy => proxy.on('proxyReq', request => request.removeHeader('origin')),
      },
    },
  },
});
