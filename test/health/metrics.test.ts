import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { describe, it } from 'node:test';
import { STEPS } from '../../device/api/step-times.ts';
import { ERRORS } from '../../device/errors.ts';
import { EventHub } from '../../device/events.ts';
import { afterwards } from '../support/afterwards.ts';
import { readExposition } from '../support/exposition.ts';
import { everyMetric, sampleOf, scrape, watchedDaemon } from '../support/scrape.ts';
import { bearer, pair } from '../support/staff.ts';
import { drawPicture } from '../support/store.ts';

const z = [0.3, -0.2, 0.9, 0, -1, 0.5];

describe('GET /metrics', () => {
  it('is Prometheus’s text format, and has a sample of everything', async t => {
    const families = await everyMetric(t);
    assert.ok(families.size >= 25, `${families.size} metrics`);
    for (const { name, help, samples } of families.values()) {
      assert.match(name, /^lookdial_[a-z_]+$/);
      assert.ok(help.length > 10, name);
      assert.ok(samples.length > 0, `${name} has no sample`);
    }
  });

  it('is for the box itself without a key, and for others with one that may look, or one for admin', async t => {
    const { daemon } = await watchedDaemon(t);
    const [till, office] = [await pair(daemon, 'inventory'), await pair(daemon, 'admin')];
    const elsewhere = { remoteAddress: '192.0.2.9' };
    for (const url of ['/metrics', '/api/v1/system']) {
      const ask = async (options: object): Promise<number> => (await daemon.ask({ url, ...options })).statusCode;
      assert.equal(await ask({}), 200);
      assert.equal(await ask({ headers: { 'x-forwarded-for': '192.0.2.9' } }), 401);
      assert.equal(await ask(elsewhere), 401);
      assert.equal(await ask({ ...elsewhere, headers: bearer(till.token) }), 403);
      assert.equal(await ask({ ...elsewhere, headers: bearer(office.token) }), 200);
      assert.equal(await ask({ ...elsewhere, headers: daemon.key('watch') }), 200);
    }
  });

  it('counts each step of a drag, of a match and of a picture, and the whole of each', async t => {
    const { daemon } = await watchedDaemon(t);
    const before = await scrape(daemon);
    for (const step of STEPS) assert.equal(sampleOf(before, 'lookdial_step_seconds_count', { step }), 0);
    await daemon.post('/api/v1/dial', { z });
    await daemon.post('/api/v1/dial', { z });
    await daemon.post('/api/v1/match', { z });
    await daemon.post('/api/v1/generate', { z });
    const payload = await drawPicture(1);
    await daemon.ask({ method: 'POST', url: '/api/v1/encode', headers: { 'content-type': 'image/png' }, payload });
    const families = await scrape(daemon);
    const steps = STEPS.map(step => sampleOf(families, 'lookdial_step_seconds_count', { step }));
    assert.deepEqual(Object.fromEntries(STEPS.map((step, at) => [step, steps[at]])), {
      decode: 3,
      search: 3,
      draw: 1,
      read: 1,
      encode: 1,
      cutout: 0,
    });
    const calls = ['dial', 'match', 'generate', 'encode', 'image'];
    assert.deepEqual(
      calls.map(call => sampleOf(families, 'lookdial_request_seconds_count', { call })),
      [2, 1, 1, 1, 0],
    );
    const whole = sampleOf(families, 'lookdial_request_seconds_sum', { call: 'generate' }) ?? 0;
    assert.ok(whole >= (sampleOf(families, 'lookdial_step_seconds_sum', { step: 'draw' }) ?? 1), 'seconds of both');
    assert.ok(whole < 60);
  });

  it('tells how long a step took, its queue included', async t => {
    const { daemon } = await watchedDaemon(t);
    const gate = Promise.withResolvers<void>();
    daemon.inference.hold = () => gate.promise;
    const asked = [1, 2, 3].map(() => daemon.post('/api/v1/dial', { z }));
    for (;;) {
      const waiting = sampleOf(await scrape(daemon), 'lookdial_waiting', { queue: 'pictures' });
      if (waiting === 2) break;
    }
    await new Promise(go => setTimeout(go, 60));
    gate.resolve();
    for (const one of asked) assert.equal((await one).statusCode, 200);
    const families = await scrape(daemon);
    assert.equal(sampleOf(families, 'lookdial_waiting', { queue: 'pictures' }), 0);
    const quick = sampleOf(families, 'lookdial_step_seconds_bucket', { step: 'decode', le: '0.033' });
    assert.ok((quick ?? 3) <= 2, 'the first was held up');
  });

  it('counts what was refused by its code, and times it not', async t => {
    const { daemon } = await watchedDaemon(t);
    await daemon.post('/api/v1/dial', { z: [1] });
    await daemon.post('/api/v1/dial', { z: [1] });
    await daemon.ask({ url: '/api/v1/keys' });
    await daemon.app.inject({ url: '/api/v1/nothing' });
    await daemon.app.inject({ url: '/%' });
    const families = await scrape(daemon);
    const refused = (code: string): number | undefined => sampleOf(families, 'lookdial_refused_total', { code });
    assert.deepEqual(
      ['invalid-point', 'key-required', 'not-found', 'invalid-request', 'busy'].map(refused),
      [2, 1, 1, 1, 0],
    );
    assert.equal(sampleOf(families, 'lookdial_request_seconds_count', { call: 'dial' }), 0);
    const codes = families.get('lookdial_refused_total')?.samples.map(({ labels }) => labels.code);
    assert.deepEqual(codes?.toSorted(), Object.keys(ERRORS).sort(), 'every code, so that an alert on it has a 0');
  });

  it('counts what Node refused before there was a request', async t => {
    const { daemon } = await watchedDaemon(t, { hosts: ['localhost:80', '127.0.0.1'] });
    await daemon.app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = daemon.app.server.address() as AddressInfo;
    for (const nonsense of ['nonsense\r\n\r\n', `GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`]) {
      const socket = connect(port, '127.0.0.1').on('error', () => undefined);
      socket.end(nonsense);
      await once(socket.resume(), 'close');
    }
    const families = await scrape(daemon);
    for (const code of ['invalid-request', 'headers-too-large']) {
      assert.equal(sampleOf(families, 'lookdial_refused_total', { code }), 1, code);
    }
  });

  it('names what serves: the edition, and what each net runs on', async t => {
    const { daemon } = await watchedDaemon(t);
    const families = await scrape(daemon);
    const labels = { edition: daemon.edition.id, bundle: 'own@1.2.3', version: '0.0.0' };
    assert.equal(sampleOf(families, 'lookdial_edition_info', labels), 1);
    for (const net of ['encoder', 'decoder']) {
      assert.equal(sampleOf(families, 'lookdial_provider_info', { net, provider: 'cpu', precision: 'float32' }), 1);
    }
    assert.equal(sampleOf(families, 'lookdial_serving'), 1);
    daemon.inference.state = 'down';
    assert.equal(sampleOf(await scrape(daemon), 'lookdial_serving'), 0);
  });

  it('counts the store as it is: in stock, out of it, and without an encoding', async t => {
    const { daemon } = await watchedDaemon(t);
    const counted = async (): Promise<(number | undefined)[]> => {
      const families = await scrape(daemon);
      return ['in_stock', 'out_of_stock', 'not_encoded'].map(state =>
        sampleOf(families, 'lookdial_garments', { state }),
      );
    };
    const [inStock = 0, out = 0, without = 0] = await counted();
    assert.equal(inStock + out + without, daemon.catalogue.count);
    assert.equal(without, 1);
    const headers = daemon.key('inventory');
    const body = { title: 'New', category: 'Dress' };
    const made = await daemon.ask({ method: 'PUT', url: '/api/v1/items/fresh', payload: body, headers });
    assert.ok(made.statusCode < 300, made.body);
    assert.deepEqual(await counted(), [inStock, out, without + 1]);
  });

  it('tells how the engine of each net stands, and where it failed why', async t => {
    const standings = {
      encoder: { state: 'ready' },
      decoder: { state: 'failed', reason: 'it ended with code 1: no implementation for node Conv_3' },
    } as const;
    const engines = { standing: (_: unknown, role: 'encoder' | 'decoder') => standings[role] };
    const { daemon } = await watchedDaemon(t, { engines });
    const { daemon: without } = await watchedDaemon(t);
    const netsOf = async (one: typeof daemon) => (await one.ask({ url: '/api/v1/system' })).json().nets;
    const inState = async (one: typeof daemon, net: string) =>
      (await scrape(one))
        .get('lookdial_engine_state')
        ?.samples.filter(({ labels, value }) => labels.net === net && value === 1)
        .map(({ labels }) => labels.state);
    assert.deepEqual([await inState(daemon, 'encoder'), await inState(daemon, 'decoder')], [['ready'], ['failed']]);
    assert.equal((await scrape(daemon)).get('lookdial_engine_state')?.samples.length, 8);
    const { encoder, decoder } = await netsOf(daemon);
    assert.deepEqual([encoder.engine, decoder.engine], [{ state: 'ready', reason: null }, standings.decoder]);
    assert.deepEqual(await inState(without, 'encoder'), ['none']);
    assert.deepEqual((await netsOf(without)).decoder.engine, { state: 'none', reason: 'nothing builds engines here' });
  });

  it('has the memory of the daemon and of each net’s process', async t => {
    const { daemon } = await watchedDaemon(t);
    daemon.inference.processes = { encoder: process.ppid, decoder: undefined };
    const families = await scrape(daemon);
    const of = (process: string): number | undefined => sampleOf(families, 'lookdial_resident_bytes', { process });
    assert.ok((of('daemon') ?? 0) > 2 ** 20);
    assert.ok((of('encoder') ?? 0) > 2 ** 20);
    assert.equal(of('decoder'), undefined, 'there is none');
  });

  it('tells how the update stands, and nothing of it where the box takes none', async t => {
    const { daemon } = await watchedDaemon(t);
    const families = await scrape(daemon);
    const states = families.get('lookdial_update_state')?.samples ?? [];
    assert.deepEqual(
      states.filter(({ value }) => value === 1).map(({ labels }) => labels.state),
      ['trial'],
    );
    assert.equal(states.length, 8);
    assert.equal(sampleOf(families, 'lookdial_update_release'), 7);
    assert.equal(sampleOf(families, 'lookdial_update_alarm'), 1);
    assert.equal(sampleOf(families, 'lookdial_update_check_time_seconds'), Date.UTC(2026, 4, 4, 3) / 1000);
    const { daemon: without } = await watchedDaemon(t, { updates: () => undefined as never });
    const bare = await scrape(without);
    for (const name of ['state', 'release', 'alarm', 'check_time_seconds']) {
      assert.deepEqual(bare.get(`lookdial_update_${name}`)?.samples, []);
    }
  });

  it('has the machine’s heat, load and power, and the rate that follows from it', async t => {
    const { daemon, sysfs, machine } = await watchedDaemon(t);
    sysfs.heat('gpu-thermal', 99.5);
    sysfs.throttle('devfreq-17000000.gpu', 3);
    const events = new EventHub();
    const told = new Promise<void>(heard => events.listen(() => heard()));
    const log = { info: () => undefined, warn: () => undefined };
    machine.watch({ events, log, everyMs: 5 });
    await told;
    const families = await scrape(daemon);
    assert.equal(sampleOf(families, 'lookdial_temperature_celsius', { zone: 'gpu-thermal' }), 99.5);
    assert.equal(sampleOf(families, 'lookdial_temperature_limit_celsius', { zone: 'gpu-thermal' }), 99);
    assert.equal(sampleOf(families, 'lookdial_gpu_load_ratio'), 0.372);
    assert.equal(sampleOf(families, 'lookdial_power_watts', { rail: 'VDD_IN' }), 5.04);
    assert.equal(sampleOf(families, 'lookdial_throttled'), 1);
    assert.equal(sampleOf(families, 'lookdial_picture_rate_limit'), 8);
    const { heat, gpu, temperatures } = (await daemon.ask({ url: '/api/v1/system' })).json();
    assert.deepEqual(heat, { state: 'throttled', picturesPerSecond: 8, slowedDown: ['devfreq-17000000.gpu'] });
    assert.deepEqual(gpu, { load: 0.372 });
    assert.deepEqual(temperatures[1], { zone: 'gpu-thermal', celsius: 99.5, limitCelsius: 99 });
  });

  it('counts who listens to events', async t => {
    const { daemon } = await watchedDaemon(t, { hosts: ['localhost:80', '127.0.0.1'] });
    await daemon.app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = daemon.app.server.address() as AddressInfo;
    const address = `http://127.0.0.1:${port}`;
    const leave = new AbortController();
    afterwards(t, () => leave.abort());
    await fetch(`${address}/api/v1/events`, { signal: leave.signal });
    assert.equal(sampleOf(await scrape(daemon), 'lookdial_event_listeners'), 1);
    leave.abort();
    while (sampleOf(await scrape(daemon), 'lookdial_event_listeners') !== 0);
  });
});

describe('what tests read the metrics with', () => {
  const family = '# HELP a Something.\n# TYPE a gauge\n';
  it('refuses what is not the format', () => {
    const wrong: Record<string, string> = {
      'without an end': `${family}a 1`,
      'of no family': 'a 1\n',
      'of another family': `${family}b 1\n`,
      'no number': `${family}a one\n`,
      'a label that is not quoted': `${family}a{b=c} 1\n`,
      'a label that is not escaped': `${family}a{b="c"d"} 1\n`,
      'a label twice': `${family}a{b="c",b="d"} 1\n`,
      'a comma at the end': `${family}a{b="c",} 1\n`,
      'a series twice': `${family}a{b="c"} 1\na{b="c"} 2\n`,
      'a family twice': `${family}a 1\n${family}a 2\n`,
      'a counter without _total': '# HELP a Something.\n# TYPE a counter\na 1\n',
      'a histogram that shrinks':
        '# HELP a Something.\n# TYPE a histogram\na_bucket{le="1"} 2\na_bucket{le="+Inf"} 1\na_sum 1\na_count 1\n',
      'a histogram without its end':
        '# HELP a Something.\n# TYPE a histogram\na_bucket{le="1"} 2\na_sum 1\na_count 2\n',
    };
    for (const [what, text] of Object.entries(wrong)) assert.throws(() => readExposition(text), what);
    const { samples = [] } = readExposition(`${family}a{b="c\\"\\\\\\n"} -1.5e-3\n`).get('a') ?? {};
    assert.deepEqual(samples, [{ name: 'a', labels: { b: 'c"\\\n' }, value: -0.0015 }]);
  });
});
