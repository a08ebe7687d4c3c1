/** What is staged and published, in words: what a person reads before signing. */
import type { Key } from '@tufjs/models';
import type { Release } from '../../device/updates/release.ts';
import { bytes } from '../store/report.ts';
import {
  hexOf,
  keysFor,
  nameOf,
  publicValue,
  ROLES,
  type Role,
  type Signed,
  signersOf,
  thresholdOf,
} from './metadata.ts';

export const named = (keys: readonly Key[]): string => keys.map(nameOf).join(', ');

/** With as much of the key itself as one reads aloud: who signs compares it with what its holder says. */
const shown = (keys: readonly Key[]): string =>
  keys.map(key => `${nameOf(key)} (${hexOf(publicValue(key)).slice(0, 16)})`).join(', ');

/** Text that somebody else may have written. */
const quoted = (text: string): string => (/^[\w.-]+$/.test(text) ? text : JSON.stringify(text));

export const totalBytes = ({ members, index }: Release): number =>
  members.reduce((sum, member) => sum + member.bytes, index?.bytes ?? 0);

export function releaseLines(release: Release): string[] {
  const { id, version, members, hardware, rollout, runtime, limits, freeBytes, index } = release;
  const { decodeP95Ms, encodeP95Ms, residentBytes, selfRecall } = limits;
  return [
    `Release ${release.release} is ${id}@${version}: ${members.length} files${index ? ' and an index' : ''}, ${bytes(totalBytes(release))}.`,
    `  for ${hardware.join(', ')}; ${rollout.percent} % of the boxes (salt ${quoted(rollout.salt)})`,
    `  ONNX operator set ${runtime.opset}, ONNX Runtime from ${runtime.from}, below ${runtime.below}; ${bytes(freeBytes)} free beside it`,
    `  limits on each box: decoding ${decodeP95Ms} ms and encoding ${encodeP95Ms} ms (p95), ${bytes(residentBytes)} of memory, ${selfRecall} of the garments their own best match`,
  ];
}

/** What a root says of a role that another does not. */
function* roleChanges(role: Role, root: Signed<'root'>, before: Signed<'root'> | undefined): Generator<string> {
  const values = (of: Signed<'root'> | undefined) =>
    new Set(of === undefined ? [] : keysFor(of, role).map(publicValue));
  const [now, then] = [values(root), values(before)];
  const added = keysFor(root, role).filter(key => !then.has(publicValue(key)));
  const gone = before === undefined ? [] : keysFor(before, role).filter(key => !now.has(publicValue(key)));
  if (added.length > 0) yield `  ${role}: ${shown(added)} ${added.length === 1 ? 'is' : 'are'} trusted`;
  if (gone.length > 0) yield `  ${role}: ${shown(gone)} no more`;
  const threshold = thresholdOf(root, role);
  if (before !== undefined && threshold === thresholdOf(before, role)) return;
  if (role === 'root' || threshold > 1) yield `  ${role}: ${threshold} of ${now.size} must sign`;
}

export function rootLines(root: Signed<'root'>, before: Signed<'root'> | undefined): string[] {
  const changes = ROLES.flatMap(role => [...roleChanges(role, root, before)]);
  return [
    `Root ${root.signed.version}, good until ${root.signed.expires.slice(0, 10)}:`,
    ...(changes.length > 0 ? changes : ['  the same keys as before, for longer']),
  ];
}

/** How far the signing of a draft is by one root's count. */
export function signingState(role: Role, draft: Signed, judge: Signed<'root'>): { missing: number; line: string } {
  const signed = signersOf(judge, role, draft);
  const rest = keysFor(judge, role).filter(key => !signed.includes(key));
  const threshold = thresholdOf(judge, role);
  const missing = Math.max(0, threshold - signed.length);
  const by = signed.length === 0 ? '' : ` (${named(signed)})`;
  const wanting = missing === 0 ? '' : `; wanting ${missing === 1 ? 'one' : missing} of: ${named(rest)}`;
  return { missing, line: `${signed.length} of ${threshold} signatures${by}${wanting}` };
}
