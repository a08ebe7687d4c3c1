import { resolve } from 'node:path';
import { defineConfig } from 'vite';

export default defineConfig({
  // The kiosk's browser is Chromium, kept up to date with the box.
  build: {
    target: 'chrome120',
    outDir: 'dist',
    emptyOutDir: true,
    // The page's security policy takes files from its own origin alone: nothing is inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The kiosk, and the list that a shopper takes away on a phone.
    rolldownOptions: { input: ['index.html', 'kept.html'].map(page => resolve(import.meta.dirname, page)) },
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
