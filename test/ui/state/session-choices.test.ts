import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ApiError } from '../../../ui/lib/api.ts';
import { NO_FILTERS } from '../../../ui/lib/filters.ts';
import { LOOK_AGAIN_MS } from '../../../ui/state/display.ts';
import { FakeAsked } from '../support/fake-asked.ts';
import { garment, openRested, tick } from '../support/open-session.ts';

describe('what a shopper chooses beside the dials', () => {
  it('matches on what matters alone, and on everything once nothing does', async () => {
    const { session, asked } = await openRested();
    const matched: (readonly number[] | undefined)[] = [];
    const match = asked.match;
    asked.match = question => {
      matched.push(question.on);
      return match(question);
    };
    session.change({ mattering: [2, 0] });
    await tick();
    session.change({ mattering: [] });
    await tick();
    assert.deepEqual(matched, [[2, 0], undefined]);
  });

  it('looks at once at each choice, however soon after another, and hangs nothing of a choice that is taken back', async () => {
    const { session, asked, skus } = await openRested();
    const { match } = asked;
    const waiting: (() => void)[] = [];
    asked.match = async question => {
      await new Promise<void>(go => waiting.push(go));
      const answer = await match(question);
      const colour = question.filter?.colours?.[0] ?? 'any';
      return { ...answer, matches: answer.matches.map(found => ({ ...found, sku: colour })) };
    };
    const answer = async (): Promise<void> => {
      waiting.shift()?.();
      await tick();
    };
    const before = skus();
    session.change({ filters: { ...NO_FILTERS, colours: ['red'] } });
    session.change({ filters: { ...NO_FILTERS, colours: ['blue'] } });
    assert.ok(session.display.lookingAgain);
    await answer();
    assert.deepEqual(skus(), before);
    await answer();
    assert.deepEqual(skus(), ['blue']);
    assert.equal(session.display.lookingAgain, false);
    session.change({ filters: NO_FILTERS });
    await tick();
    assert.equal(waiting.length, 1, 'no pause');
    await answer();
    assert.deepEqual(skus(), ['any']);
  });

  it('asks the chain, which has one measure, without what matters', async () => {
    const asked = new FakeAsked();
    asked.chain = [];
    const { session, rest } = await openRested(asked);
    session.change({ mattering: [1] });
    session.turn(0, 1);
    await rest();
    assert.deepEqual(asked.questions.at(-1)?.on, [1]);
    assert.ok(asked.chainQuestions.length > 0);
    assert.ok(asked.chainQuestions.every(question => !('on' in question)));
  });

  it('leaves a locked dial where it is: at a surprise, from a garment, at another kind, in a blend', async () => {
    const { session, asked } = await openRested();
    session.turn(1, 3);
    session.commit();
    session.change({ locked: [1] });
    asked.mu = [1, 1, 1];
    await session.surprise();
    assert.deepEqual(asked.wishes.at(-1)?.locked, [1]);
    assert.deepEqual(session.dials.map(Math.round), [5, 3, 5]);
    asked.mu = [0, 0, 0];
    await session.startFrom('A');
    assert.deepEqual(session.dials.map(Math.round), [-5, 3, -5]);
    asked.mu = [0.7, 0.7, 0.7];
    await session.choose('Dress');
    assert.deepEqual(session.dials.map(Math.round), [2, 3, 2]);
    await session.blendWith('A');
    session.blendTo(1);
    assert.equal(session.dials[1], 3);
    session.endBlend(true);
    session.turn(1, -2);
    assert.equal(session.dials[1], -2, 'a finger turns it all the same');
  });

  it('surprises within the kind and the filters', async () => {
    const { session, asked } = await openRested();
    await session.choose('Dress');
    session.change({ filters: { sizes: ['M'], colours: ['red'], price: { max: 50 } } });
    await session.surprise();
    assert.deepEqual(asked.wishes.at(-1), {
      filter: { categories: ['Dress'], sizes: ['M'], colours: ['red'], priceMax: 50 },
    });
  });

  it('takes back and repeats everything: dials, kind, locks, what matters, filters, what is kept', async () => {
    const { session } = await openRested();
    const state = () => ({
      dials: session.dials.map(Math.round),
      kind: session.kind,
      ...session.choices,
      kept: session.choices.kept.map(({ sku }) => sku),
    });
    const steps: ReturnType<typeof state>[] = [state()];
    const did = async (run: () => unknown): Promise<void> => {
      await run();
      steps.push(state());
    };
    await did(() => {
      session.turn(0, 2);
      session.commit();
    });
    await did(() => session.choose('Dress'));
    await did(() => session.change({ locked: [2] }));
    await did(() => session.change({ mattering: [1] }));
    await did(() => session.change({ filters: { ...NO_FILTERS, sizes: ['M'] } }));
    await did(() => session.shelf.keep(garment('K1')));
    await did(() => session.shelf.keep(garment('K2')));
    await did(() => session.shelf.keep(garment('K1')));
    await did(() => session.reset());
    assert.deepEqual(state().kept, ['K2'], 'what is kept outlasts a new start');
    assert.deepEqual(state().locked, []);
    for (let at = steps.length - 2; at >= 0; at--) {
      session.undo();
      assert.deepEqual(state(), steps[at], `back at step ${at}`);
      assert.deepEqual(
        session.kept.garments.map(({ sku }) => sku),
        steps[at]!.kept,
      );
    }
    assert.equal(session.history?.canUndo, false);
    for (let at = 1; at < steps.length; at++) {
      session.redo();
      assert.deepEqual(state(), steps[at], `forth to step ${at}`);
    }
    assert.equal(session.history?.canRedo, false);
  });

  it('walks between what was dialled and a garment, and goes back or stays', async () => {
    const { session, asked } = await openRested();
    asked.mu = [0.9, 0.5, 0.5];
    const before = session.history?.steps.length;
    await session.blendWith('A');
    assert.deepEqual(
      session.dials.map(value => Math.round(value * 10) / 10),
      [2, 0, 0],
    );
    session.blendTo(0.25);
    assert.equal(session.dials[0]?.toFixed(6), '1.000000');
    session.endBlend(false);
    assert.deepEqual(session.dials, [0, 0, 0]);
    assert.equal(session.history?.steps.length, before);
    await session.blendWith('A');
    session.blendTo(1);
    session.endBlend(true);
    assert.equal(session.dials[0]?.toFixed(6), '4.000000');
    assert.equal(session.blend, undefined);
    session.undo();
    assert.deepEqual(session.dials, [0, 0, 0]);
  });

  it('asks what goes with the kind that is dialled, and again when one of it is sold', async () => {
    const { session, asked, rest } = await openRested();
    await session.choose('Dress');
    await rest();
    assert.equal(asked.pairings.at(-1)?.category, 'Dress');
    const [pair] = session.goesWith.matches;
    const times = asked.pairings.length;
    session.heard({ skus: [pair!.sku], more: false });
    await tick();
    assert.equal(asked.pairings.length, times + 1);
  });

  it('counts the choices while somebody looks at them, and as the stock changes', async () => {
    const { session, asked, time } = await openRested();
    session.pick(false);
    const counted = asked.counted.length;
    session.heard({ skus: ['X'], more: false });
    await tick();
    assert.equal(asked.counted.length, counted, 'nobody looks');
    session.watchChoices(true);
    session.change({ filters: { ...NO_FILTERS, colours: ['red'] } });
    await tick();
    assert.deepEqual(asked.counted.at(-1), { colours: ['red'] });
    const watched = asked.counted.length;
    for (let sale = 0; sale < 5; sale++) session.heard({ skus: ['X'], more: false });
    await tick();
    assert.equal(asked.counted.length, watched + 1);
    time.pass(LOOK_AGAIN_MS);
    await tick();
    assert.equal(asked.counted.length, watched + 2, 'once more for all that came since');
  });

  it('knows of a kept garment that it is sold out, or gone, as soon as that is told', async () => {
    const { session, asked } = await openRested();
    session.shelf.keep(garment('K1'));
    session.shelf.keep(garment('K2'));
    asked.item = async sku => {
      if (sku === 'K2') throw new ApiError({ type: '', title: '', status: 404, detail: '', code: 'item-not-found' });
      return { ...garment(sku), sizes: [{ name: 'M', quantity: 0 }], encoded: true, attributes: {} };
    };
    session.heard({ skus: ['K1', 'K2', 'other'], more: false });
    await tick();
    const k1 = session.shelf.of('K1');
    assert.ok(k1 !== undefined && k1 !== 'gone' && k1.sizes?.[0]?.quantity === 0);
    assert.equal(session.shelf.of('K2'), 'gone');
    assert.equal(session.shelf.of('other'), undefined);
  });
});
