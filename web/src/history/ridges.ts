/* Which emotions are drawn by month, and how high; which moved most where a taste turned. */
import type { Timeline, TimelineMonth } from '@/api/types';

/** A month of fewer known plays says little: it is pale, and counts for no peak. */
export const FEW_PLAYS = 10;
const SHOWN = 6;

export interface Ridge {
  id: string;
  label: string;
  color: string;
  peak: number;
  /** For each month; where nobody known was heard, on the way between its neighbours. */
  shares: number[];
}

export const knownPlays = (month: TimelineMonth) => month.plays * (month.matched_share ?? 0);
const shareOf = (month: TimelineMonth, id: string) => month.emotions[id] ?? null;

/** Straight on between what is known; the ends go on as they are. */
function filled(values: (number | null)[]): number[] {
  const at = values.flatMap((value, i) => (value === null ? [] : [i]));
  return values.map((value, i) => {
    if (value !== null) return value;
    const before = at.filter((k) => k < i).pop();
    const after = at.find((k) => k > i);
    const a = before === undefined ? null : (values[before] ?? null);
    const b = after === undefined ? null : (values[after] ?? null);
    if (a === null || b === null || before === undefined || after === undefined) return a ?? b ?? 0;
    return a + ((b - a) * (i - before)) / (after - before);
  });
}

export function ridgesOf({ emotions, months }: Timeline): { ridges: Ridge[]; others: [count: number, low: number, high: number] | null } {
  const telling = months.filter((month) => knownPlays(month) >= FEW_PLAYS);
  const counted = telling.length ? telling : months;
  const all = emotions
    .map(({ id, label, color }): Ridge => {
      const shares = filled(months.map((month) => shareOf(month, id)));
      return { id, label, color, shares, peak: Math.max(0, ...counted.map((month) => shareOf(month, id) ?? 0)) };
    })
    .sort((a, b) => b.peak - a.peak);
  const ridges = all.slice(0, SHOWN);
  const rest = all.slice(SHOWN);
  const sums = counted
    .filter((month) => month.matched_share)
    .map((month) => rest.reduce((sum, { id }) => sum + (shareOf(month, id) ?? 0), 0));
  return { ridges, others: rest.length && sums.length ? [rest.length, Math.min(...sums), Math.max(...sums)] : null };
}

/** The emotion whose share differs most between the stretches before and after a turning point; null when none moved. */
export function movedMost({ emotions, months, changes }: Timeline, k: number): { label: string; by: number } | null {
  const from = changes[k - 1]?.month ?? '';
  const turn = changes[k]?.month ?? '';
  const to = changes[k + 1]?.month ?? '\uffff';
  const mean = (some: TimelineMonth[], id: string) => {
    const all = some.reduce((sum, month) => sum + knownPlays(month), 0);
    return all && some.reduce((sum, month) => sum + knownPlays(month) * (shareOf(month, id) ?? 0), 0) / all;
  };
  const before = months.filter(({ month }) => month >= from && month < turn);
  const after = months.filter(({ month }) => month >= turn && month < to);
  return emotions
    .filter(({ id }) => id !== 'neutral') /* more of that says nothing */
    .map(({ id, label }) => ({ label, by: mean(after, id) - mean(before, id) }))
    .reduce<{ label: string; by: number } | null>((most, one) => (Math.abs(one.by) > Math.abs(most?.by ?? 0) ? one : most), null);
}
