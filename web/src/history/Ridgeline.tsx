/* Emotions by month, one ridge over the other; a line to move through the months by hand, finger or keys. */
import { scaleLinear } from 'd3-scale';
import { area, curveMonotoneX, line } from 'd3-shape';
import { memo, useMemo, useState } from 'react';

import type { Timeline, TimelineMonth } from '@/api/types';
import { useWords } from '@/text/context';
import { overTimeText } from '@/text/overtime';
import { FoldedTable } from '@/ui/FoldedTable';
import { useWidth } from '@/ui/useWidth';
import { useDates } from './dates';
import { FEW_PLAYS, knownPlays, ridgesOf, type Ridge } from './ridges';
import { SliderChart } from './SliderChart';

const AXIS_PX = 24;
/* A year as it is written, and a little air. */
const YEAR_PX = 36;
const TOP_PX = 20;
/* On a wide screen the names stand at the left and ridges overlap; on a phone each has a line above it. */
const WIDE = { left: 148, row: 56, height: 84, first: 44 };
const NARROW = { left: 0, row: 68, height: 44, first: 0 };

const KEYS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 12, PageDown: -12, Home: -Infinity, End: Infinity };

function RidgeShape({ ridge, x, y, base }: { ridge: Ridge; x: (i: number) => number; y: (share: number) => number; base: number }) {
  const shape = area<number>()
    .x((_, i) => x(i))
    .y0(base)
    .y1((share) => base - y(share))
    .curve(curveMonotoneX)(ridge.shares);
  const edge = line<number>()
    .x((_, i) => x(i))
    .y((share) => base - y(share))
    .curve(curveMonotoneX)(ridge.shares);
  return (
    <>
      <path d={shape ?? ''} fill={ridge.color} className="ridge-area" />
      <path d={edge ?? ''} className="ridge-edge" />
      <path d={`M${x(0)} ${base}H${x(ridge.shares.length - 1)}`} className="ridge-base" />
    </>
  );
}

/** How each year is written: from its line on, near the right edge up to it; null where it would touch the one before. */
function anchorsOf(lines: number[], width: number): ('start' | 'end' | null)[] {
  let free = -Infinity;
  return lines.map((line) => {
    const anchor = line > width - YEAR_PX ? 'end' : 'start';
    const from = anchor === 'end' ? line - YEAR_PX : line;
    if (from < free) return null;
    free = from + YEAR_PX;
    return anchor;
  });
}

function Years({ timeline, x, bottom, width }: { timeline: Timeline; x: (i: number) => number; bottom: number; width: number }) {
  const januaries = timeline.months.flatMap(({ month }, i) => (month.endsWith('-01') ? [{ i, year: month.slice(0, 4) }] : []));
  const shown = januaries.length ? januaries : [{ i: 0, year: timeline.months[0]?.month ?? '' }];
  const anchors = anchorsOf(shown.map(({ i }) => x(i)), width);
  return (
    <g>
      {shown.map(({ i, year }, k) => (
        <g key={year}>
          <path d={`M${x(i)} ${TOP_PX}V${bottom + 4}`} className="ridge-grid" />
          {anchors[k] && (
            <text x={x(i)} y={bottom + 18} textAnchor={anchors[k]} className="ridge-year">
              {year}
            </text>
          )}
        </g>
      ))}
    </g>
  );
}

function RidgeLabel({ ridge, base, form }: { ridge: Ridge; base: number; form: typeof WIDE }) {
  const { t, format } = useWords();
  const words = overTimeText[t.lang].time.emotions;
  return (
    <text x="0" y={form.left ? base - 18 : base - form.row + 18} className="ridge-label">
      <tspan className="font-semibold">{ridge.label}</tspan>
      <tspan x={form.left ? 0 : undefined} dx={form.left ? undefined : 8} dy={form.left ? '1.3em' : undefined} className="ridge-soft">
        {words.top(format.percent(ridge.peak))}
      </tspan>
    </text>
  );
}

/** A line between two months, with the number that the words below go by. */
function ChangeMark({ number, at, bottom }: { number: number; at: number; bottom: number }) {
  return (
    <g>
      <path d={`M${at} ${TOP_PX}V${bottom}`} className="ridge-change" />
      <text x={at} y="13" textAnchor="middle" className="ridge-number">
        {number}
      </text>
    </g>
  );
}

/** Long, and the same wherever the line in the chart stands. */
const MonthsTable = memo(function MonthsTable({ months, ridges }: { months: TimelineMonth[]; ridges: Ridge[] }) {
  const { t, format } = useWords();
  const words = overTimeText[t.lang].time.emotions;
  const dates = useDates();
  return (
    <FoldedTable title={words.table} wide tableClassName="whitespace-nowrap">
      <thead>
        <tr>
          <th scope="col">{words.columns.month}</th>
          <th scope="col" className="number">{words.columns.plays}</th>
          <th scope="col" className="number">{words.columns.known}</th>
          <th scope="col" className="number">{words.columns.energy}</th>
          {ridges.map(({ id, label }) => (
            <th key={id} scope="col" className="number">{label}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {months.map((one) => (
          <tr key={one.month}>
            <th scope="row">{dates.month(one.month)}</th>
            <td className="number">{format.number(one.plays, 0)}</td>
            <td className="number">{one.matched_share === null ? '–' : format.percent(one.matched_share)}</td>
            <td className="number">{one.energy === null ? '–' : format.percent(one.energy)}</td>
            {ridges.map(({ id }) => {
              const share = one.emotions[id];
              return (
                <td key={id} className="number">{typeof share === 'number' ? format.percent(share) : '–'}</td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </FoldedTable>
  );
});

export function Ridgeline({ timeline }: { timeline: Timeline }) {
  const { t, format } = useWords();
  const words = overTimeText[t.lang].time.emotions;
  const dates = useDates();
  const [box, width] = useWidth<HTMLDivElement>(640);
  const { months, changes } = timeline;
  const [active, setActive] = useState(months.length - 1);
  const { ridges, others } = useMemo(() => ridgesOf(timeline), [timeline]);

  const form = width < 640 ? NARROW : WIDE;
  const right = width - 6;
  const baseOf = (i: number) => TOP_PX + form.first + (i + 1) * form.row;
  const bottom = baseOf(ridges.length - 1);
  /* One month alone is drawn across. */
  const step = (right - form.left) / Math.max(1, months.length);
  const x = (i: number) => form.left + (i + 0.5) * step;
  const y = scaleLinear([0, Math.max(0.01, ...ridges.map((ridge) => ridge.peak))], [0, form.height]).clamp(true);

  const month = months[active];
  const top = month && ridges.map(({ id, label }) => ({ label, share: month.emotions[id] ?? 0 })).sort((a, b) => b.share - a.share);
  const list = month?.matched_share ? format.list((top ?? []).slice(0, 3).map((one) => `${one.label} ${format.percent(one.share)}`)) : words.nothing;
  const reading = month ? words.reading(dates.month(month.month), format.number(month.plays, 0), list) : '';

  return (
    <>
      <p className="mb-3 max-w-text text-caption text-ink-soft">
        {words.lede(FEW_PLAYS)} {others && words.others(others[0], format.percent(others[1]), format.percent(others[2]))}
      </p>
      <div ref={box}>
        <SliderChart
          width={width}
          height={bottom + AXIS_PX}
          label={`${words.label}. ${words.keys}`}
          active={active}
          last={months.length - 1}
          onActive={setActive}
          placeAt={(x_px) => Math.floor((x_px - form.left) / step)}
          keys={KEYS}
          reading={reading}
        >
          <Years timeline={timeline} x={(i) => x(i) - step / 2} bottom={bottom} width={width} />
          {ridges.map((ridge, i) => (
            <RidgeShape key={ridge.id} ridge={ridge} x={x} y={y} base={baseOf(i)} />
          ))}
          {months.map((one, i) => {
            const known = knownPlays(one);
            return (
              known < FEW_PLAYS && (
                <rect key={one.month} x={x(i) - step / 2} y={TOP_PX} width={step} height={bottom - TOP_PX - 1} className={known ? 'ridge-few' : 'ridge-none'} />
              )
            );
          })}
          {changes.map(({ month: first }, i) => (
            <ChangeMark key={first} number={i + 1} at={x(months.findIndex((one) => one.month === first)) - step / 2} bottom={bottom} />
          ))}
          {ridges.map((ridge, i) => (
            <RidgeLabel key={ridge.id} ridge={ridge} base={baseOf(i)} form={form} />
          ))}
          <path d={`M${x(active)} ${TOP_PX}V${bottom}`} className="ridge-active" />
        </SliderChart>
      </div>
      <MonthsTable months={months} ridges={ridges} />
    </>
  );
}
