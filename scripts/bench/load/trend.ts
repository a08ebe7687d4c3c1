/** A line through points, by least squares. */

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** How much y grows as x grows by one; 0 for fewer than two points. */
export function slope(points: readonly Point[]): number {
  const n = points.length;
  const mean = (of: (point: Point) => number): number => points.reduce((sum, point) => sum + of(point), 0) / n;
  const [x, y] = [mean(point => point.x), mean(point => point.y)];
  const spread = mean(point => (point.x - x) ** 2);
  return n < 2 || spread === 0 ? 0 : mean(point => (point.x - x) * (point.y - y)) / spread;
}
