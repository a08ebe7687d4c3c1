/**
 * Headers of every answer. The kiosk's page runs its own files and nothing else, and nobody may frame it. They are ones that hold on
 * plain HTTP too: nothing here asks a browser to come by TLS where there may be none (no upgrade-insecure-requests).
 */

/** Styles may be set on an element (Lit's styleMap does), never loaded or written into the page from elsewhere. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "style-src-attr 'unsafe-inline'",
  "img-src 'self' blob: data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "manifest-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  // Nothing but Lit's own templates becomes markup, and no worker is started but the page's own, where the browser knows of it.
  "require-trusted-types-for 'script'",
  'trusted-types lit-html lookdial-worker',
].join('; ');

/** What the page never asks for; a script that got in by a mistake may not either. */
const PERMISSIONS = [
  'accelerometer',
  'bluetooth',
  'camera',
  'display-capture',
  'geolocation',
  'gyroscope',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'serial',
  'usb',
];

export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'permissions-policy': PERMISSIONS.map(name => `${name}=()`).join(', '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'cross-origin-resource-policy': 'same-origin',
};

/** Browsers heed it where the page came by TLS or from the box itself, and complain of it elsewhere. */
const TRUSTWORTHY: Readonly<Record<string, string>> = {
  ...SECURITY_HEADERS,
  'cross-origin-opener-policy': 'same-origin',
};

/** 30 days: long enough to hold from one visit to the next, short enough to get over a box that goes back to plain HTTP. */
const HSTS = 'max-age=2592000';

/**
 * The headers of one answer.
 * @param trustworthy the request came by TLS or from the box itself
 * @param known the certificate of its TLS is one that somebody vouches for. A browser that has heard HSTS lets nobody pass a
 *   certificate it does not know, so one that the box made for itself must not say it.
 */
export function securityHeaders({ trustworthy, known }: { trustworthy: boolean; known: boolean }) {
  if (known) return { ...TRUSTWORTHY, 'strict-transport-security': HSTS };
  return trustworthy ? TRUSTWORTHY : SECURITY_HEADERS;
}
