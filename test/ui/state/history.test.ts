import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { History, LONGEST_HISTORY } from '../../../ui/state/history.ts';

describe('the history of looks', () => {
  it('goes back and forth, and says when it cannot', () => {
    const history = new History('a');
    assert.equal(history.canUndo, false);
    assert.equal(history.undo(), undefined);
    history.push('b');
    history.push('c');
    assert.equal(history.undo(), 'b');
    assert.equal(history.undo(), 'a');
    assert.equal(history.undo(), undefined);
    assert.equal(history.present, 'a');
    assert.equal(history.redo(), 'b');
    assert.equal(history.canRedo, true);
  });

  it('drops what lay ahead when a new step is taken', () => {
    const history = new History('a');
    history.push('b');
    history.undo();
    history.push('c');
    assert.deepEqual(history.steps, ['a', 'c']);
    assert.equal(history.redo(), undefined);
  });

  it('puts another value in the present’s place alone', () => {
    const history = new History('a');
    history.push('b');
    history.undo();
    history.amend('A');
    assert.deepEqual(history.steps, ['A', 'b']);
    assert.equal(history.redo(), 'b');
  });

  it('puts other values in the places of some, and stays where it is', () => {
    const history = new History('a');
    history.push('b');
    history.push('c');
    history.undo();
    history.amendEach(step => (step === 'b' ? step : step.toUpperCase()));
    assert.deepEqual([history.steps, history.at, history.present], [['A', 'b', 'C'], 1, 'b']);
  });

  it('jumps to any step there is, and to no other', () => {
    const history = new History('a');
    history.push('b');
    assert.equal(history.goTo(0), 'a');
    for (const nowhere of [-1, 2, 0.5, Number.NaN]) assert.equal(history.goTo(nowhere), undefined);
    assert.equal(history.at, 0);
  });

  it('does what a plain list and an index do, and never grows past its bound', () => {
    const step = fc.oneof(fc.constant('undo'), fc.constant('redo'), fc.nat({ max: 1000 }));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), steps => {
        const history = new History<number>(-1);
        let list = [-1];
        let at = 0;
        for (const what of steps) {
          if (what === 'undo') {
            history.undo();
            at = Math.max(0, at - 1);
          } else if (what === 'redo') {
            history.redo();
            at = Math.min(list.length - 1, at + 1);
          } else {
            history.push(what as number);
            list = [...list.slice(0, at + 1), what as number].slice(-LONGEST_HISTORY);
            at = list.length - 1;
          }
          assert.equal(history.present, list[at]);
          assert.deepEqual(history.steps, list);
          assert.ok(list.length <= LONGEST_HISTORY);
        }
      }),
    );
  });
});
