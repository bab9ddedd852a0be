/* Plays by weekday and hour on the listener's clock: the stronger the shade, the more. */
import { memo, useState } from 'react';

import { useWords } from '@/text/context';
import { overTimeText } from '@/text/overtime';
import { FoldedTable } from '@/ui/FoldedTable';
import { useWidth } from '@/ui/useWidth';
import { useDates } from './dates';
import { SliderChart } from './SliderChart';

const LEFT_PX = 44;
const ROW_PX = 26;
const GAP_PX = 1.5;
const AXIS_PX = 24;
const HOURS = 24;
const LAST = 7 * HOURS - 1;
const KEYS = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: HOURS, ArrowUp: -HOURS, Home: -LAST, End: LAST };

const HoursTable = memo(function HoursTable({ hours }: { hours: number[][] }) {
  const { t, format } = useWords();
  const words = overTimeText[t.lang].time.hours;
  const { shortDays } = useDates();
  return (
    <FoldedTable title={words.table} wide tableClassName="whitespace-nowrap">
      <thead>
        <tr>
          <th scope="col">{words.column}</th>
          {shortDays.map((day) => (
            <th key={day} scope="col" className="number">
              {day}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {Array.from({ length: HOURS }, (_, hour) => (
          <tr key={hour}>
            <th scope="row">{words.hour(hour)}</th>
            {hours.map((day, i) => (
              <td key={i} className="number">
                {format.number(day[hour] ?? 0, 0)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </FoldedTable>
  );
});

export function WeekMap({ hours }: { hours: number[][] }) {
  const { t, format } = useWords();
  const words = overTimeText[t.lang].time.hours;
  const { days, shortDays } = useDates();
  const [box, width] = useWidth<HTMLDivElement>(640);
  const flat = hours.flat();
  const most = Math.max(1, ...flat);
  const peak = flat.indexOf(Math.max(...flat));
  const [active, setActive] = useState(peak);
  const step = (width - LEFT_PX) / HOURS;
  const height = 7 * ROW_PX;

  const dayOf = (i: number) => days[Math.floor(i / HOURS)] ?? '';
  const hourOf = (i: number) => words.hour(i % HOURS);
  const reading = words.reading(dayOf(active), hourOf(active), format.number(flat[active] ?? 0, 0));
  const placeAt = (x_px: number, y_px: number) => {
    const hour = Math.floor((x_px - LEFT_PX) / step);
    const day = Math.floor(y_px / ROW_PX);
    return hour >= 0 && hour < HOURS && day >= 0 && day < 7 ? day * HOURS + hour : null;
  };
  const cell = (i: number) => ({
    x: LEFT_PX + (i % HOURS) * step + GAP_PX / 2,
    y: Math.floor(i / HOURS) * ROW_PX + GAP_PX / 2,
    width: Math.max(1, step - GAP_PX),
    height: ROW_PX - GAP_PX,
    rx: 3,
  });

  return (
    <>
      <p className="mb-3 text-caption text-ink-soft">{words.lede(dayOf(peak), hourOf(peak))}</p>
      <div ref={box}>
        <SliderChart
          width={width}
          height={height + AXIS_PX}
          label={`${words.label}. ${words.keys}`}
          active={active}
          last={LAST}
          onActive={setActive}
          placeAt={placeAt}
          keys={KEYS}
          reading={reading}
        >
          {shortDays.map((day, i) => (
            <text key={day} x="0" y={i * ROW_PX + ROW_PX / 2 + 4}>
              {day}
            </text>
          ))}
          {flat.map((plays, i) => (
            <rect key={i} {...cell(i)} className="week-cell" fillOpacity={(0.05 + 0.95 * Math.sqrt(plays / most)).toFixed(3)} />
          ))}
          <rect {...cell(active)} className="week-active" />
          {[0, 6, 12, 18].map((hour) => (
            <text key={hour} x={LEFT_PX + hour * step} y={height + 18}>
              {words.hour(hour)}
            </text>
          ))}
        </SliderChart>
      </div>
      <HoursTable hours={hours} />
    </>
  );
}
