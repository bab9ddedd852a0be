import type { Profile } from '@/api/types';
import { useWords } from '@/text/context';
import { useDetails } from '@/text/details';
import type { MapPoint } from './points';

export function MapTable({ profile, points }: { profile: Profile; points: MapPoint[] }) {
  const { format } = useWords();
  const words = useDetails().map;
  const { columns } = words;
  const number = (x: number) => format.signed(x, 2);
  return (
    <table className="data-table">
      <caption className="sr-only">{words.table}</caption>
      <thead>
        <tr>
          <th scope="col">{columns.name}</th>
          <th scope="col">{columns.emotion}</th>
          <th scope="col" className="number">
            {columns.valence}
          </th>
          <th scope="col" className="number">
            {columns.arousal}
          </th>
          <th scope="col" className="number">
            {columns.spread}
          </th>
        </tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row">{words.centre}</th>
          <td>–</td>
          <td className="number">{number(profile.mood.valence)}</td>
          <td className="number">{number(profile.mood.arousal)}</td>
          <td className="number">{format.number(profile.mood.spread, 2)}</td>
        </tr>
        {points.map((point) => (
          <tr key={point.id}>
            <th scope="row">
              <bdi>{point.name}</bdi>
              <span className="block text-ink-soft">{point.kind === 'artist' ? words.artist : <bdi>{point.by}</bdi>}</span>
            </th>
            <td>{point.emotion.label}</td>
            <td className="number">{number(point.valence)}</td>
            <td className="number">{number(point.arousal)}</td>
            <td className="number">
              {point.kind === 'artist'
                ? `${format.number(point.spreadValence, 2)} / ${format.number(point.spreadArousal, 2)}`
                : '–'}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
