/** The two directions in which garments differ most, each dimension in units of its sigma: where a projection begins. */
import type { PairTable } from './neighbours.ts';

/** Turns of the power iteration: the plane is a place to begin, and need not be exact. */
const TURNS = 60;

/** @returns 2 numbers a garment, the wider direction within [-half, half] */
export function principalPlane({ count, latentDim: n, mean, variance }: PairTable, half: number): Float64Array {
  const plane = new Float64Array(2 * count);
  const scaled = new Float64Array(count * n);
  for (let d = 0; d < n; d += 1) {
    let [sum, sigmas] = [0, 0];
    for (let place = 0; place < count; place += 1) {
      sum += mean[place * n + d]! / count;
      sigmas += Math.sqrt(variance[place * n + d]!) / count;
    }
    for (let place = 0; place < count; place += 1) {
      scaled[place * n + d] = (mean[place * n + d]! - sum) / sigmas;
    }
  }
  const covariance = covarianceOf(scaled, count, n);
  const first = direction(covariance, n, []);
  const second = direction(covariance, n, [first]);
  let reach = 0;
  for (let place = 0; place < count; place += 1) {
    [first, second].forEach((along, axis) => {
      let at = 0;
      for (let d = 0; d < n; d += 1) at += scaled[place * n + d]! * along[d]!;
      plane[2 * place + axis] = at;
      reach = Math.max(reach, Math.abs(at));
    });
  }
  return reach === 0 ? plane : plane.map(at => (at * half) / reach);
}

function covarianceOf(scaled: Float64Array, count: number, n: number): Float64Array {
  const covariance = new Float64Array(n * n);
  for (let place = 0; place < count; place += 1) {
    for (let a = 0; a < n; a += 1) {
      for (let b = 0; b <= a; b += 1) {
        covariance[a * n + b] = covariance[a * n + b]! + scaled[place * n + a]! * scaled[place * n + b]!;
      }
    }
  }
  for (let a = 0; a < n; a += 1) for (let b = a + 1; b < n; b += 1) covariance[a * n + b] = covariance[b * n + a]!;
  return covariance;
}

/** The direction of the most variance across those there are; its largest part points up, so that it is the same one every time. */
function direction(covariance: Float64Array, n: number, others: readonly Float64Array[]): Float64Array {
  let along = Float64Array.from({ length: n }, (_, d) => 1 / (d + 1));
  for (let turn = 0; turn < TURNS; turn += 1) {
    const next = new Float64Array(n);
    for (let a = 0; a < n; a += 1)
      for (let b = 0; b < n; b += 1) next[a] = next[a]! + covariance[a * n + b]! * along[b]!;
    for (const other of others) {
      const shared = next.reduce((sum, value, d) => sum + value * other[d]!, 0);
      for (let d = 0; d < n; d += 1) next[d] = next[d]! - shared * other[d]!;
    }
    const length = Math.hypot(...next);
    if (length === 0) break;
    along = next.map(value => value / length);
  }
  const largest = along.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
  return largest < 0 ? along.map(value => -value) : along;
}
