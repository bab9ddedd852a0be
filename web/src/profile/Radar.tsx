import { scaleLinear } from 'd3-scale';
import { curveLinearClosed, lineRadial } from 'd3-shape';

import type { Profile } from '@/api/types';
import { useWords } from '@/text/context';
import { useDetails } from '@/text/details';
import { FoldedTable } from '@/ui/FoldedTable';
import { total } from './card-facts';

const AXES = ['energy', 'danceability', 'valence', 'acousticness', 'instrumentalness', 'speechiness'] as const;
const RADIUS = 112;
const WIDTH = 400;
const HEIGHT = 296;
const RINGS = [0.25, 0.5, 0.75, 1];

const reach = scaleLinear([0, 1], [0, RADIUS]).clamp(true);
const angle = (i: number, count: number) => (2 * Math.PI * i) / count;
const outline = (values: number[]) =>
  lineRadial<number>()
    .angle((_, i) => angle(i, values.length))
    .radius((value) => reach(value))
    .curve(curveLinearClosed)(values) ?? '';

interface Axis {
  id: (typeof AXES)[number];
  mean: number;
  low: number;
  high: number;
}

function FeatureTable({ known }: { known: Axis[] }) {
  const { format } = useWords();
  const words = useDetails().radar;
  return (
    <FoldedTable title={words.table} className="mt-1">
      <thead>
        <tr>
          <th scope="col">{words.columns.feature}</th>
          <th scope="col" className="number">
            {words.columns.mean}
          </th>
          <th scope="col" className="number">
            {words.columns.spread}
          </th>
        </tr>
      </thead>
      <tbody>
        {AXES.map((id) => {
          const axis = known.find((one) => one.id === id);
          return (
            <tr key={id}>
              <th scope="row">{words.features[id]}</th>
              <td className="number">{axis ? format.percent(axis.mean) : words.unknown}</td>
              <td className="number">{axis ? words.range(format.percent(axis.low), format.percent(axis.high)) : '–'}</td>
            </tr>
          );
        })}
      </tbody>
    </FoldedTable>
  );
}

export function Radar({ profile }: { profile: Profile }) {
  const { format } = useWords();
  const words = useDetails().radar;
  const known = AXES.flatMap((id): Axis[] => {
    const { mean, spread } = profile.features[id];
    return mean === null ? [] : [{ id, mean, low: Math.max(0, mean - (spread ?? 0)), high: Math.min(1, mean + (spread ?? 0)) }];
  });
  const { tempo, loudness } = profile.features;
  /* We measure loudness in LUFS; services and tables tell dB of their own. */
  const unit = profile.sources.measured === total(profile.sources) ? 'LUFS' : 'dB';
  const all = known.map((axis) => `${words.features[axis.id]} ${format.percent(axis.mean)}`);
  return (
    <>
      <p className="mb-4 max-w-text text-ink-soft">{words.lede}</p>
      <svg viewBox={`${-WIDTH / 2} ${-HEIGHT / 2} ${WIDTH} ${HEIGHT}`} className="mx-auto w-full max-w-[30rem]" role="img" aria-label={`${words.label}: ${format.list(all)}`}>
        {RINGS.map((ring) => (
          <path key={ring} d={outline(known.map(() => ring))} className="radar-grid" />
        ))}
        {known.map((axis, i) => {
          const a = angle(i, known.length);
          return <path key={axis.id} d={`M0 0L${RADIUS * Math.sin(a)} ${-RADIUS * Math.cos(a)}`} className="radar-grid" />;
        })}
        <path d={outline(known.map((axis) => axis.high)) + outline(known.map((axis) => axis.low))} fillRule="evenodd" className="radar-band" />
        <path d={outline(known.map((axis) => axis.mean))} className="radar-mean" />
        {known.map((axis, i) => {
          const a = angle(i, known.length);
          const side = Math.sin(a);
          const anchor = Math.abs(side) < 0.1 ? 'middle' : side > 0 ? 'start' : 'end';
          return (
            <text key={axis.id} x={(RADIUS + 10) * side} y={-(RADIUS + 18) * Math.cos(a)} dy="0.1em" textAnchor={anchor} className="radar-label">
              <tspan>{words.features[axis.id]}</tspan>
              <tspan x={(RADIUS + 10) * side} dy="1.25em" className="font-semibold">
                {format.percent(axis.mean)}
              </tspan>
            </text>
          );
        })}
      </svg>
      <p className="mt-2 text-caption text-ink-soft tabular-nums">
        {[
          tempo.mean !== null && words.tempo(format.number(tempo.mean, 0)),
          loudness.mean !== null && words.loudness(format.number(loudness.mean, 1), unit),
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
      <FeatureTable known={known} />
    </>
  );
}
