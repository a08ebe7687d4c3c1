import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pageAddressOf } from '../device/page-address.ts';

const found = ['http://127.0.0.1:8080', 'http://192.168.1.20:8080', 'http://10.0.0.7:8080'];
const plain = { pageAddress: '', reads: 'open', tls: 'off' } as const;

describe('the page’s address on the store’s network', () => {
  it('is the first that is not the box’s own, where plain HTTP is listened to', () => {
    assert.equal(pageAddressOf(plain, found), 'http://192.168.1.20:8080');
    assert.equal(pageAddressOf(plain, ['http://[::1]:8080', 'http://localhost:8080', 'http://127.0.0.1:1']), undefined);
    assert.equal(pageAddressOf(plain, []), undefined);
  });

  it('is what the setting says, and by a certificate it is that or none', () => {
    const named = { ...plain, pageAddress: 'https://kiosk.shop.example' };
    assert.equal(pageAddressOf(named, found), 'https://kiosk.shop.example');
    assert.equal(pageAddressOf({ ...named, tls: 'files' }, found), 'https://kiosk.shop.example');
    assert.equal(pageAddressOf({ ...plain, tls: 'files' }, found), undefined);
    assert.equal(pageAddressOf({ ...plain, tls: 'self-signed' }, ['https://10.0.0.7:8443']), undefined);
  });

  it('is none where the store is shown to keys alone', () => {
    assert.equal(
      pageAddressOf({ ...plain, reads: 'keys', pageAddress: 'https://kiosk.shop.example' }, found),
      undefined,
    );
  });
});
